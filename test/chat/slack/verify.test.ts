// What the HTTP route lets in and what not: Slack's own positive vector, 48 negative ones, and what each is answered.
// Every request goes over a real socket to the product's server.
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { deliveryOf } from '../../../src/chat/slack/delivery.ts';
import type { Identity } from '../../../src/chat/slack/identity.ts';
import { recentKeys } from '../../../src/chat/slack/recent.ts';
import { signatureCheck } from '../../../src/chat/slack/signature.ts';
import { slackVerifier } from '../../../src/chat/slack/verify.ts';
import { healthRoutes } from '../../../src/http/health.ts';
import { openServer } from '../../../src/http/server.ts';
import { secretOf } from '../../../src/lib/secret.ts';
import type { RawRequest } from '../../../src/local/slack/deliver-http.ts';
import { isVerified } from '../../../src/ports/route.ts';
import { manualClock } from '../../fakes/manual-clock.ts';
import { keptLog, platformFor, type Rig, rig } from './rig.ts';
import { eventBody, FORM, form, JSON_TYPE, pressPayload, signature, signed, slashFields } from './signed.ts';

const PREVIOUS = 'previous-secret-of-32-characters!';
const OTHER_APP = 'secret-of-another-app-32-letters!';

interface Case {
  readonly rig: Rig;
  readonly secret: string;
  readonly now: number;
  readonly body: string;
}

const right = (at: Case, headers: NonNullable<Parameters<typeof signed>[1]['headers']> = {}) =>
  signed(at.body, { secret: at.secret, stamp: at.now, headers });
const stamped = (stamp: number | string) => (at: Case) => signed(at.body, { secret: at.secret, stamp });
const stampHeader = (stamp: string | readonly string[] | undefined) => (at: Case) =>
  right(at, { 'x-slack-request-timestamp': stamp });
const signatureHeader = (of: (good: string) => string | readonly string[] | undefined) => (at: Case) =>
  right(at, { 'x-slack-signature': of(signature(at.secret, at.now, at.body)) });
const bodyOf = (of: (body: string) => string | Buffer) => (at: Case) =>
  signed(of(at.body), { secret: at.secret, stamp: at.now, over: at.body });
const secretly = (secret: string) => (at: Case) => signed(at.body, { secret, stamp: at.now });
const interactive = (payload: Record<string, unknown>) => (at: Case) =>
  signed(form({ payload: JSON.stringify(payload) }), { secret: at.secret, stamp: at.now });
const alias = (path: string) => (at: Case) => ({ ...right(at), path });

const NEGATIVE: readonly (readonly [name: string, status: number, make: (at: Case) => RawRequest])[] = [
  ['body with one byte more', 401, bodyOf((body) => `${body}x`)],
  ['body with its parameters in another order', 401, bodyOf((body) => body.split('&').reverse().join('&'))],
  ['body with %20 for +', 401, bodyOf((body) => body.replaceAll('+', '%20'))],
  ['body with a line feed at its end', 401, bodyOf((body) => `${body}\n`)],
  ['body with a byte order mark', 401, bodyOf((body) => `\uFEFF${body}`)],
  ['timestamp of 301 s ago', 401, (at) => stamped(at.now - 301)(at)],
  ['timestamp of 301 s ahead', 401, (at) => stamped(at.now + 301)(at)],
  ['timestamp missing', 401, stampHeader(undefined)],
  ['timestamp empty', 401, stampHeader('')],
  ['timestamp twice', 401, (at) => stampHeader([String(at.now), String(at.now)])(at)],
  ['timestamp with a fraction', 401, (at) => stamped(`${at.now}.0`)(at)],
  ['timestamp in hex', 401, (at) => stamped(`0x${at.now.toString(16)}`)(at)],
  ['timestamp negative', 401, (at) => stamped(`-${at.now}`)(at)],
  ['timestamp with a blank', 401, (at) => stamped(`${at.now} 0`)(at)],
  ['timestamp of 19 digits', 401, (at) => stamped(`${at.now}000000000`)(at)],
  ['signature missing', 401, signatureHeader(() => undefined)],
  ['signature empty', 401, signatureHeader(() => '')],
  ['signature twice', 401, signatureHeader((good) => [good, good])],
  ['signature of another version', 401, signatureHeader((good) => good.replace('v0=', 'v1='))],
  ['signature without =', 401, signatureHeader((good) => good.replace('=', ''))],
  ['signature with two =', 401, signatureHeader((good) => good.replace('=', '=='))],
  ['signature in capitals', 401, signatureHeader((good) => `v0=${good.slice(3).toUpperCase()}`)],
  ['signature of 63 digits', 401, signatureHeader((good) => good.slice(0, -1))],
  ['signature of 65 digits', 401, signatureHeader((good) => `${good}0`)],
  ['signature with a letter that is no digit', 401, signatureHeader((good) => `${good.slice(0, -1)}g`)],
  ['signature with a blank', 401, signatureHeader((good) => good.replace('=', '= '))],
  ['signed with the empty secret', 401, secretly('')],
  ['signed with a blank for a secret', 401, secretly(' ')],
  ["signed with another app's secret", 401, secretly(OTHER_APP)],
  ['signed with the previous secret after its time', 401, secretly(PREVIOUS)],
  [
    'signature of another timestamp',
    401,
    (at) =>
      signed(at.body, {
        secret: at.secret,
        stamp: at.now,
        headers: { 'x-slack-signature': signature(at.secret, at.now - 1, at.body) },
      }),
  ],
  ['signature of a GET', 404, (at) => ({ ...signed('', { secret: at.secret, stamp: at.now }), method: 'GET' })],
  [
    'signature of the same JSON, encoded again',
    401,
    (at) => {
      const event = eventBody({ type: 'app_home_opened', user: 'U0ANA', tab: 'home' });
      return signed(JSON.stringify(event, null, 1), {
        secret: at.secret,
        stamp: at.now,
        over: JSON.stringify(event),
        type: JSON_TYPE,
      });
    },
  ],
  ['of another workspace', 403, interactive(pressPayload({ team: { id: 'T0OTHER' } }))],
  ['of another app', 403, interactive(pressPayload({ api_app_id: 'A0OTHER' }))],
  ['of another organisation', 403, interactive(pressPayload({ enterprise: { id: 'E0OTHER' } }))],
  [
    'with its payload twice',
    400,
    (at) => {
      const payload = encodeURIComponent(JSON.stringify(pressPayload()));
      return signed(`payload=${payload}&payload=${payload}`, { secret: at.secret, stamp: at.now });
    },
  ],
  [
    'that is no UTF-8',
    400,
    (at) => signed(Buffer.concat([Buffer.from(at.body), Buffer.from([0xff])]), { secret: at.secret, stamp: at.now }),
  ],
  [
    'packed with gzip',
    415,
    (at) => signed(gzipSync(at.body), { secret: at.secret, stamp: at.now, headers: { 'content-encoding': 'gzip' } }),
  ],
  ['of 1 MB', 413, (at) => signed(`${at.body}&x=${'x'.repeat(1_000_000)}`, { secret: at.secret, stamp: at.now })],
  ['an address probe in the place of a click', 403, interactive({ type: 'url_verification', challenge: 'abc' })],
  [
    'with the verification token alone',
    401,
    (at) => right(at, { 'x-slack-signature': undefined, 'x-slack-request-timestamp': undefined }),
  ],
  ['to /slack//events', 404, alias('/slack//events')],
  ['to /slack/events/', 404, alias('/slack/events/')],
  ['to /Slack/Events', 404, alias('/Slack/Events')],
  ['to /slack%2Fevents', 404, alias('/slack%2Fevents')],
];

async function at(settings: Parameters<typeof rig>[1] = {}): Promise<Case> {
  const opened = await rig('http', settings);
  const now = opened.clock.now() / 1000;
  return { rig: opened, secret: opened.workspace.signingSecret, now, body: form(slashFields()) };
}

describe("Slack's published vector", () => {
  // docs.slack.dev/authentication/verifying-requests-from-slack and slackapi/python-slack-sdk test_signature_verifier.py
  const secret = secretOf('8f742231b10e8888abcd99yyyzzz85a5');
  const stamp = '1531420618';
  const body = Buffer.from(
    'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
  );
  const given = 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503';
  const ask = (atSecond: number, signature_: string) =>
    signatureCheck([secret])(
      {
        method: 'POST',
        path: '/',
        query: '',
        headers: { 'x-slack-request-timestamp': [stamp], 'x-slack-signature': [signature_] },
        body,
      },
      atSecond * 1000,
    );

  it('is accepted', () => {
    expect(ask(Number(stamp), given)).toEqual({ signature: given });
  });

  it.each([
    [-301, 'stale_timestamp'],
    [-300, undefined],
    [300, undefined],
    [301, 'stale_timestamp'],
    [3_600, 'stale_timestamp'],
    [-3_600, 'stale_timestamp'],
  ])('with our clock %i s off (A07, A08)', (off, refused) => {
    expect(ask(Number(stamp) + off, given)).toEqual(refused ? { refused } : { signature: given });
  });

  it('is refused with any letter changed', () => {
    for (let index = 3; index < given.length; index += 1) {
      const other = given[index] === '0' ? '1' : '0';
      const changed = given.slice(0, index) + other + given.slice(index + 1);
      expect(ask(Number(stamp), changed)).toEqual({ refused: 'bad_signature' });
    }
  });
});

describe('negative vectors', () => {
  it('are 46 here and two of replay below', () => {
    expect(new Set(NEGATIVE.map(([name]) => name)).size).toBe(46);
  });

  it('differ from a request that is let in', async () => {
    const good = await at();
    expect(await good.rig.workspace.deliverRaw(right(good))).toMatchObject({ status: 200 });
    expect(good.rig.inbox.of('command')).toMatchObject([{ text: 'prod-db 2h fix INC-42' }]);
    const press = interactive(pressPayload())(good);
    expect(await good.rig.workspace.deliverRaw(press)).toMatchObject({ status: 200 });
    expect(good.rig.inbox.of('press')).toHaveLength(1);
  });

  it.each(NEGATIVE)('%s: %i', async (_, status, make) => {
    const bad = await at();
    const answer = await bad.rig.workspace.deliverRaw(make(bad));
    expect({ status: answer.status, body: answer.body }).toEqual({ status, body: '' });
    expect(bad.rig.inbox.heard.filter(({ verb }) => verb !== 'refused')).toEqual([]);
  });

  it('replay of the same bytes: 200 and nothing happens again (A06)', async () => {
    const first = await at();
    const { workspace, inbox } = first.rig;
    const bytes = right(first);
    expect(await workspace.deliverRaw(bytes)).toMatchObject({ status: 200 });
    expect(await workspace.deliverRaw(bytes)).toMatchObject({ status: 200, body: '' });
    expect(inbox.of('command')).toHaveLength(1);
    expect(inbox.of('refused')).toEqual([{ code: 'replay' }]);
  });

  it('replay on a second replica: the same delivery id, which the store counts once (A06)', async () => {
    const first = await at();
    const { workspace, clock } = first.rig;
    const bytes = right(first);
    await workspace.deliverRaw(bytes);
    const second = await platformFor(workspace, 'http', clock);
    await workspace.deliverRaw(bytes);
    const [here] = first.rig.inbox.of('command');
    const [there] = second.inbox.of('command');
    expect(here?.delivery).toMatch(/./);
    expect(there?.delivery).toBe(here?.delivery);
  });

  it('replay of one click in other bytes, signed anew: nothing happens again (C10)', async () => {
    const first = await at();
    const { workspace, inbox } = first.rig;
    await workspace.deliverRaw(right(first));
    await workspace.deliverRaw(stamped(first.now - 1)(first));
    expect(inbox.of('command')).toHaveLength(1);
  });
});

describe('every route of the product (A01)', () => {
  it('answers an unsigned body with 401 and nothing, unless it says why it is open', async () => {
    const { rig: on } = await at();
    const routes = [...on.platform.routes, ...healthRoutes(() => true)];
    const server = await openServer({ host: '127.0.0.1', port: 0, routes, log: keptLog() });
    onTestFinished(() => server.stop());
    const closed = routes.filter(({ verify }) => !verify.name.startsWith('open: '));
    expect(closed.length).toBeGreaterThan(0);
    for (const { method, path } of closed)
      for (const body of ['', '{}', 'payload={}', form({ payload: JSON.stringify(pressPayload()) })]) {
        const reply = await fetch(`http://127.0.0.1:${server.port}${path}`, { method, body });
        expect([path, reply.status, await reply.text()]).toEqual([path, 401, '']);
      }
    expect(on.inbox.heard.filter(({ verb }) => verb !== 'refused')).toEqual([]);
  });
});

describe('signed nonsense', () => {
  const us: Identity = {
    teamId: 'T0LOCAL',
    teamName: 'Acme',
    appId: 'A0HALLPASS',
    botId: 'B0',
    botUserId: 'U0',
    enterpriseId: undefined,
    orgInstall: false,
  };
  const clock = manualClock();
  const secret = 'x'.repeat(32);
  const verifierOf = () =>
    slackVerifier({
      signed: signatureCheck([secretOf(secret)]),
      us: () => us,
      hosts: ['https://hooks.slack.com'],
      seen: recentKeys(1, 10),
      clock,
      onRefused: () => undefined,
    });
  const ask = async (body: Buffer, type: string) => {
    const stamp = clock.now() / 1000;
    const headers = {
      'content-type': [type],
      'x-slack-request-timestamp': [String(stamp)],
      'x-slack-signature': [signature(secret, stamp, body)],
    };
    const verdict = await verifierOf().check({ method: 'POST', path: '/slack/events', query: '', headers, body });
    return isVerified(verdict) ? 200 : verdict.status;
  };
  const KNOWN = [200, 400, 403, 415];

  it('of any bytes is refused, never an error', async () => {
    const bytes = fc.uint8Array({ maxLength: 300 }).map((all) => Buffer.from(all));
    const check = fc.asyncProperty(bytes, fc.constantFrom(FORM, JSON_TYPE), async (body, type) => {
      expect(KNOWN).toContain(await ask(body, type));
    });
    await fc.assert(check, { numRuns: 1_000 });
  });

  it('of any JSON in any packing is refused, or in the shape that is ours', async () => {
    const key = fc.constantFrom(
      'type',
      'team',
      'id',
      'api_app_id',
      'user',
      'event',
      'actions',
      'view',
      'command',
      '__proto__',
    );
    const word = fc.constantFrom(
      'block_actions',
      'event_callback',
      'url_verification',
      'T0LOCAL',
      'A0HALLPASS',
      '/jit',
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        word,
        fc.jsonValue(),
        fc.dictionary(key, tie('value')),
        fc.array(tie('value')),
      ),
    }));
    const packing = fc.constantFrom<readonly [string, (json: string) => string]>(
      [JSON_TYPE, (json) => json],
      [FORM, (json) => form({ payload: json })],
    );
    const check = fc.asyncProperty(value, packing, async (body, [type, pack]) => {
      expect(KNOWN).toContain(await ask(Buffer.from(pack(JSON.stringify(body) ?? '')), type));
    });
    await fc.assert(check, { numRuns: 1_000 });
  });
});

describe('beyond the vectors', () => {
  it('keeps a signature in mind for ten minutes, longer than it would be good for', async () => {
    const first = await at();
    const { workspace, inbox, clock } = first.rig;
    const ahead = signed(first.body, { secret: first.secret, stamp: first.now + 300 });
    await workspace.deliverRaw(ahead);
    await clock.advance(599_000);
    expect(await workspace.deliverRaw(ahead)).toMatchObject({ status: 200, body: '' });
    await clock.advance(2_000);
    expect(await workspace.deliverRaw(ahead)).toMatchObject({ status: 401 });
    expect(inbox.of('command')).toHaveLength(1);
  });

  it('takes the previous secret while it is configured, for rotation', async () => {
    const during = await at({ settings: { previousSigningSecret: secretOf(PREVIOUS) } });
    expect(await during.rig.workspace.deliverRaw(secretly(PREVIOUS)(during))).toMatchObject({ status: 200 });
    expect(await during.rig.workspace.deliverRaw(stamped(during.now)(during))).toMatchObject({ status: 200 });
    expect(await during.rig.workspace.deliverRaw(secretly(OTHER_APP)(during))).toMatchObject({ status: 401 });
  });

  it.each([
    ['31 characters', 'x'.repeat(31)],
    ['32 with blanks around', `  ${'x'.repeat(28)}  `],
  ])('does not start with a signing secret of %s (A03)', async (_, secret) => {
    const settings = { signingSecret: secretOf(secret) };
    await expect(rig('http', { settings })).rejects.toThrow('at least 32 characters');
    const previous = { previousSigningSecret: secretOf(secret) };
    await expect(rig('http', { settings: previous })).rejects.toThrow('at least 32 characters');
  });

  it.each(['', ' ', '\n'])('cannot even hold a blank secret: %j (A03)', (secret) => {
    expect(() => secretOf(secret)).toThrow('must not be blank');
  });

  it('does not start without a signing secret, nor with an empty list of them (A04)', async () => {
    expect(() => signatureCheck([])).toThrow('needed');
    const opened = rig('http', { settings: { mode: 'http', signingSecret: undefined as never } });
    await expect(opened).rejects.toThrow('needs a signing secret');
  });

  it('answers 503 until it knows who it is, even to Slack (A04)', async () => {
    const before = await at({ start: false });
    const { workspace, platform, inbox } = before.rig;
    expect(await workspace.deliverRaw(right(before))).toMatchObject({ status: 503 });
    expect(await workspace.deliverRaw(secretly(OTHER_APP)(before))).toMatchObject({ status: 401 });
    await platform.start(inbox);
    expect(await workspace.deliverRaw(stamped(before.now - 1)(before))).toMatchObject({ status: 200 });
    await platform.stop();
    expect(await workspace.deliverRaw(stamped(before.now - 2)(before))).toMatchObject({ status: 503 });
  });

  it('repeats a signed challenge as text, and no other (A19)', async () => {
    const probe = await at();
    const { workspace } = probe.rig;
    expect(await workspace.verifyRequestUrl()).toBe(true);
    const ask = (challenge: unknown, signing: Partial<Parameters<typeof signed>[1]> = {}) =>
      workspace.deliverRaw(
        signed(JSON.stringify({ type: 'url_verification', token: 't', challenge }), {
          secret: probe.secret,
          stamp: probe.now,
          type: JSON_TYPE,
          ...signing,
        }),
      );
    const good = await ask('3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P');
    expect(good.body).toBe('3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P');
    expect(good.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(good.headers['x-content-type-options']).toBe('nosniff');
    expect(await ask('<script>alert(1)</script>')).toMatchObject({ status: 400, body: '' });
    expect(await ask({ a: 1 })).toMatchObject({ status: 400, body: '' });
    expect(await ask('abc', { secret: OTHER_APP })).toMatchObject({ status: 401, body: '' });
  });

  it('answers the probe of its certificate when it is signed', async () => {
    const probe = await at();
    const body = form({ ssl_check: '1', token: 't' });
    const good = signed(body, { secret: probe.secret, stamp: probe.now });
    expect(await probe.rig.workspace.deliverRaw(good)).toMatchObject({ status: 200, body: '' });
    expect(probe.rig.inbox.heard).toEqual([]);
  });

  it.each([
    'http://169.254.169.254/latest/meta-data',
    'http://hooks.slack.com/x',
    'https://hooks.slack.com.evil.test/x',
    'https://hooks.slack.com@evil.test/x',
    'https://user@hooks.slack.com/x',
    'https://hooks.slack.com:8443/x',
    'file:///etc/passwd',
    'not a url',
    7,
  ])('refuses a response_url to %s (A19)', async (response_url) => {
    const bad = await at();
    const answer = await bad.rig.workspace.deliverRaw(interactive(pressPayload({ response_url }))(bad));
    expect(answer).toMatchObject({ status: 403, body: '' });
    expect(bad.rig.inbox.heard).toEqual([{ verb: 'refused', event: { code: 'bad_response_url' } }]);
  });

  it('takes a response_url of Slack', async () => {
    const good = await at();
    const press = pressPayload({ response_url: 'https://hooks.slack.com/actions/T/1/x' });
    expect(await good.rig.workspace.deliverRaw(interactive(press)(good))).toMatchObject({ status: 200 });
  });

  const inJson = (text: string) => (one: Case) =>
    signed(form({ payload: text }), { secret: one.secret, stamp: one.now });
  const PRESS = JSON.stringify(pressPayload());
  it.each<readonly [string, (one: Case) => RawRequest]>([
    ['a JSON key twice', inJson(PRESS.replace('{', '{"type":"x",'))],
    ['a JSON key twice, once in other letters', inJson(PRESS.replace('{', '{"typ\\u0065":"x",'))],
    ['a nested JSON key twice', inJson(PRESS.replace('"user":{', '"user":{"id":"U0BEN",'))],
    ['__proto__ as a key', inJson(PRESS.replace('{', '{"__proto__":{"x":1},'))],
    ['JSON that is none', inJson(`${PRESS},`)],
    ['JSON that is no object', inJson('[]')],
    ['JSON nested a thousand deep', inJson(`{"a":${'['.repeat(1_000)}${']'.repeat(1_000)}}`)],
    ['no payload', inJson('')],
    [
      'a payload and something else',
      (one) => signed(form({ payload: PRESS, x: '1' }), { secret: one.secret, stamp: one.now }),
    ],
    [
      'percent signs that are no UTF-8',
      (one) => signed(`payload=%FF${encodeURIComponent(PRESS)}`, { secret: one.secret, stamp: one.now }),
    ],
    ['no trigger', interactive(pressPayload({ trigger_id: undefined }))],
    ['an event wrapped as a click', interactive(eventBody({ type: 'app_home_opened' }))],
    ['a click sent as an event', (one) => signed(PRESS, { secret: one.secret, stamp: one.now, type: JSON_TYPE })],
    ['an empty body', (one) => signed('', { secret: one.secret, stamp: one.now })],
  ])('refuses %s (A10, A11)', async (_, make) => {
    const bad = await at();
    expect(await bad.rig.workspace.deliverRaw(make(bad))).toMatchObject({ status: 400, body: '' });
    expect(bad.rig.inbox.heard.filter(({ verb }) => verb !== 'refused')).toEqual([]);
  });

  it.each([
    ['text/plain', 415],
    ['multipart/form-data; boundary=x', 415],
    [`${FORM}; charset=utf-16`, 415],
    [`${FORM}, ${JSON_TYPE}`, 415],
    [`${FORM}; charset=utf-8`, 200],
    [`${FORM};charset=UTF-8`, 200],
  ])('of type %s: %i', async (type, status) => {
    const one = await at();
    const answer = await one.rig.workspace.deliverRaw(signed(one.body, { secret: one.secret, stamp: one.now, type }));
    expect(answer.status).toBe(status);
  });

  it('takes no query, which would not be signed', async () => {
    const one = await at();
    const answer = await one.rig.workspace.deliverRaw({ ...right(one), path: '/slack/events?team_id=T0OTHER' });
    expect(answer).toMatchObject({ status: 400, body: '' });
  });

  it('never hands the verification token on (A14)', async () => {
    const one = await at();
    const { workspace, inbox, log } = one.rig;
    await workspace.deliverRaw(right(one));
    await workspace.deliverRaw(interactive(pressPayload())(one));
    const everything = JSON.stringify([inbox.heard, log.lines]);
    expect(inbox.heard).toHaveLength(2);
    expect(everything).not.toContain('old-verification-token');
    const us = {
      teamId: 'T0LOCAL',
      teamName: 'x',
      appId: 'A0HALLPASS',
      botId: 'B',
      botUserId: 'U',
      enterpriseId: undefined,
      orgInstall: false,
    };
    const made = deliveryOf(pressPayload(), us, []);
    expect('delivery' in made && Object.keys(made.delivery.body)).toContain('actions');
    expect('delivery' in made && Object.keys(made.delivery.body)).not.toContain('token');
  });

  it('counts every refusal for the log', async () => {
    const one = await at();
    const { workspace, inbox } = one.rig;
    await workspace.deliverRaw(secretly(OTHER_APP)(one));
    await workspace.deliverRaw(stamped(one.now - 400)(one));
    await workspace.deliverRaw(interactive(pressPayload({ team: { id: 'T0OTHER' } }))(one));
    expect(inbox.heard.map(({ event }) => event)).toEqual([
      { code: 'bad_signature' },
      { code: 'stale_timestamp' },
      { code: 'wrong_team' },
    ]);
  });

  it('lets a proven request be sent again by Slack when reading the event failed', async () => {
    const one = await at();
    const { workspace, inbox } = one.rig;
    inbox.says.changed = () => {
      throw new Error('the store is away');
    };
    const event = eventBody({ type: 'user_change', user: { id: 'U0ANA' } });
    const bytes = signed(JSON.stringify(event), { secret: one.secret, stamp: one.now, type: JSON_TYPE });
    expect(await workspace.deliverRaw(bytes)).toMatchObject({ status: 500, body: '' });
    inbox.says.changed = () => undefined;
    expect(await workspace.deliverRaw(bytes)).toMatchObject({ status: 200, body: '' });
    expect(inbox.of('changed')).toHaveLength(2);
    expect(await workspace.deliverRaw(bytes)).toMatchObject({ status: 200 });
    expect(inbox.of('changed')).toHaveLength(2);
  });
});
