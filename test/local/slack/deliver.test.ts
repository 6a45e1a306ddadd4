// Deliveries to a request URL: signatures, encodings, retries of events, the same request twice, raw bytes.
import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { sendRaw, slackSignature } from '../../../src/local/slack/deliver-http.ts';
import { listeningApp, withApp } from './listening-app.ts';
import { ANA, bench, never, REVIEW } from './support.ts';

describe('signatures', () => {
  it('are Slack’s: the vector of its documentation', () => {
    const body =
      'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
    expect(slackSignature('8f742231b10e8888abcd99yyyzzz85a5', 1_531_420_618, body)).toBe(
      'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
    );
  });

  it('cover the raw body and the time of the workspace', async () => {
    const { workspace, app, clock } = await withApp();
    await workspace.slash(ANA, '/jit', 'prod', REVIEW);
    const { headers, raw } = app.received[0] ?? never();
    const timestamp = String(headers['x-slack-request-timestamp']);
    expect(timestamp).toBe(String(clock.now() / 1_000));
    const hex = createHmac('sha256', workspace.signingSecret).update(`v0:${timestamp}:`).update(raw).digest('hex');
    expect(headers['x-slack-signature']).toBe(`v0=${hex}`);
  });

  it('may carry another time than the clock', async () => {
    const { workspace, app } = await withApp({ signedAt: () => 1_800_000_000_000 });
    await workspace.slash(ANA, '/jit', '', REVIEW);
    expect(app.received[0]?.headers['x-slack-request-timestamp']).toBe('1800000000');
  });
});

describe('encodings', () => {
  it('commands are form fields, interactions a payload field, events JSON', async () => {
    const { workspace, app, call } = await withApp();
    const blocks = [
      { type: 'actions', elements: [{ type: 'button', action_id: 'go', text: { type: 'plain_text', text: 'Go' } }] },
    ];
    const ts = String((await call('chat.postMessage', { channel: REVIEW, text: 'x', blocks })).body.ts);
    await workspace.slash(ANA, '/jit', '', REVIEW);
    await workspace.click(ANA, { channel: REVIEW, ts, actionId: 'go' });
    await workspace.openHome(ANA);
    const types = app.received.map(({ headers }) => headers['content-type']);
    expect(types).toEqual([
      'application/x-www-form-urlencoded',
      'application/x-www-form-urlencoded',
      'application/json',
    ]);
    const [slash, click] = app.received.map(({ raw }) => new URLSearchParams(raw.toString()));
    expect([slash?.get('command'), slash?.has('payload')]).toEqual(['/jit', false]);
    expect([...(click?.keys() ?? [])]).toEqual(['payload']);
  });
});

describe('what the app answers', () => {
  it('counts when it is 2xx within the time', async () => {
    const { workspace, app } = await withApp({ ackMs: 100 });
    app.answer = () => ({ status: 201 });
    expect(await workspace.slash(ANA, '/jit', '', REVIEW)).toMatchObject({ acked: true, status: 201 });
    app.answer = () => ({ status: 500 });
    expect(await workspace.slash(ANA, '/jit', '', REVIEW)).toMatchObject({
      acked: false,
      status: 500,
      failure: 'dispatch_failed',
    });
    app.answer = () => undefined;
    expect(await workspace.slash(ANA, '/jit', '', REVIEW)).toMatchObject({
      acked: false,
      status: 'timeout',
      failure: 'operation_timeout',
    });
    workspace.setRequestUrl('http://127.0.0.1:9/');
    expect(await workspace.slash(ANA, '/jit', '', REVIEW)).toMatchObject({
      acked: false,
      status: 'no_connection',
      failure: 'dispatch_failed',
    });
  });

  it('is waited for no longer than Slack waits', async () => {
    const { workspace, app } = await withApp();
    app.answer = () => undefined;
    const started = process.hrtime.bigint();
    await workspace.slash(ANA, '/jit', '', REVIEW);
    const ms = Number(process.hrtime.bigint() - started) / 1e6;
    expect(ms).toBeGreaterThan(2_900);
    expect(ms).toBeLessThan(4_500);
  });
});

describe('events', () => {
  const retries = { eventRetries: true, ackMs: 100 } as const;

  it('come with the app, the team, an id and authorizations', async () => {
    const { workspace, app } = await withApp();
    await workspace.openHome(ANA);
    expect(app.received[0]?.payload).toMatchObject({
      type: 'event_callback',
      api_app_id: 'A0HALLPASS',
      team_id: 'T0LOCAL',
      event_id: expect.stringMatching(/^Ev/),
      event_time: expect.any(Number),
      authorizations: [{ team_id: 'T0LOCAL', user_id: 'U0HALLPASS', is_bot: true }],
      event: { type: 'app_home_opened', user: ANA, tab: 'home', channel: 'D0ANA', event_ts: expect.any(String) },
    });
  });

  it('are retried at once, after a minute and after five, with the same id', async () => {
    const { workspace, app, clock } = await withApp({ eventRetries: true });
    app.answer = () => ({ status: 500 });
    await workspace.openHome(ANA);
    const arrived = (count: number) =>
      workspace.until(
        `delivery ${count}`,
        () => workspace.deliveries.filter(({ status }) => status !== 'running').length === count,
      );
    await arrived(2);
    await clock.advance(60_000);
    await arrived(3);
    await clock.advance(300_000);
    await arrived(4);
    expect(app.received.map(({ headers }) => [headers['x-slack-retry-num'], headers['x-slack-retry-reason']])).toEqual([
      [undefined, undefined],
      ['1', 'http_error'],
      ['2', 'http_error'],
      ['3', 'http_error'],
    ]);
    expect(new Set(app.received.map(({ payload }) => payload.event_id)).size).toBe(1);
  });

  it('are not retried once taken, nor after x-slack-no-retry', async () => {
    const { workspace, app, clock } = await withApp({ eventRetries: true });
    app.answer = () => ({ status: 500, headers: { 'x-slack-no-retry': '1' } });
    await workspace.openHome(ANA);
    app.answer = ({ headers }) => ({ status: headers['x-slack-retry-num'] ? 200 : 500 });
    await workspace.openHome(ANA);
    await workspace.until('the retry', () => workspace.deliveries.at(-1)?.acked === true);
    await clock.advance(360_000);
    expect(workspace.deliveries.map(({ retry }) => retry?.num)).toEqual([undefined, undefined, 1]);
  });

  it('say why they were retried', async () => {
    const { workspace, app } = await withApp(retries);
    app.answer = ({ headers }) => (headers['x-slack-retry-num'] ? {} : undefined);
    await workspace.openHome(ANA);
    await workspace.until('the retry', () => workspace.deliveries.at(-1)?.acked === true);
    expect(app.received.at(-1)?.headers['x-slack-retry-reason']).toBe('http_timeout');
  });

  it('that the app does not subscribe to are not sent', async () => {
    const { workspace, app } = await withApp({ app: { events: ['user_change'] } });
    expect(await workspace.openHome(ANA)).toMatchObject({ status: 'not_sent', acked: false });
    expect(app.received).toEqual([]);
  });
});

describe('for tests of the receiver', () => {
  it('the same request again is the same to the byte', async () => {
    const { workspace, app, clock } = await withApp();
    const { delivery } = await workspace.slash(ANA, '/jit', 'x', REVIEW);
    await clock.advance(1_000);
    expect(await workspace.redeliver(delivery ?? never())).toMatchObject({ acked: true });
    const [first, second] = app.received;
    expect(second?.raw.equals(first?.raw ?? never())).toBe(true);
    expect(second?.headers['x-slack-signature']).toBe(first?.headers['x-slack-signature']);
  });

  it('any bytes with any headers, to any path of the request URL', async () => {
    const { workspace, app } = await withApp();
    app.answer = ({ raw }) => ({ status: 418, body: `${raw.length}` });
    const body = Uint8Array.of(0xff, 0xfe);
    const answer = await workspace.deliverRaw({ headers: { 'x-slack-signature': ['v0=a', 'v0=b'] }, body });
    expect(answer).toMatchObject({ status: 418, body: '2' });
    expect(app.received[0]?.headers['x-slack-signature']).toBe('v0=a, v0=b');
    expect(app.received[0]?.headers).not.toHaveProperty('content-type');
  });

  it('the url_verification handshake', async () => {
    const { workspace, app } = await withApp();
    app.answer = ({ payload }) => ({ body: String(payload.challenge) });
    expect(await workspace.verifyRequestUrl()).toBe(true);
    app.answer = () => ({ body: 'ok' });
    expect(await workspace.verifyRequestUrl()).toBe(false);
  });

  it('nothing leaves this machine', async () => {
    const send = async (url: string) => sendRaw(url, { headers: {}, body: '' }, 100);
    await expect(send('http://acme.test/')).rejects.toThrow('not on this machine');
    await expect(send('https://127.0.0.1/')).rejects.toThrow('not on this machine');
    const { url } = await listeningApp();
    expect(await sendRaw(url, { headers: {}, body: '' }, 1_000)).toMatchObject({ status: 200 });
  });

  it('needs a request URL', async () => {
    const { workspace } = await bench({ mode: 'http' });
    await expect(workspace.deliverRaw({ headers: {}, body: '' })).rejects.toThrow('no request URL');
    expect(await workspace.slash(ANA, '/jit', '', REVIEW)).toMatchObject({ status: 'no_connection' });
  });
});
