// The control API as the page uses it: each route, what each person sees, the change stream, and who is refused.
import { IncomingMessage, request, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { serveControl } from '../../../src/local/slack/control.ts';
import type { ActOutcome, Snapshot } from '../../../src/local/slack/control-api.ts';
import { createDeliverer } from '../../../src/local/slack/deliver.ts';
import { newState } from '../../../src/local/slack/new-state.ts';
import { DEFAULT_APP, DEFAULT_TEAM } from '../../../src/local/slack/seeds.ts';
import { createSocketMode } from '../../../src/local/slack/socket.ts';
import { waitUntil } from '../../../src/local/slack/waiting.ts';
import { manualClock } from '../../fakes/manual-clock.ts';
import { listeningApp, withApp } from './listening-app.ts';
import {
  ANA,
  BEN,
  type Bench,
  bench,
  countingIds,
  mrkdwn,
  option,
  PRIVATE,
  plain,
  REVIEW,
  STRANGER,
} from './support.ts';

const button = { type: 'actions', block_id: 'act', elements: [{ type: 'button', action_id: 'go', text: plain('Go') }] };

function page({ workspace }: Bench) {
  const headers = { 'content-type': 'application/json' };
  return {
    async post<Reply = ActOutcome>(path: string, body: unknown): Promise<{ status: number; reply: Reply }> {
      const answer = await fetch(`${workspace.url}/local/${path}`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
      return { status: answer.status, reply: (await answer.json()) as Reply };
    },
    async state(as?: string): Promise<Snapshot> {
      const answer = await fetch(`${workspace.url}/local/state${as === undefined ? '' : `?as=${as}`}`);
      return (await answer.json()) as Snapshot;
    },
  };
}

async function started() {
  const on = await withApp({ app: { messageShortcuts: [{ callbackId: 'about', name: 'About' }] } });
  return { ...on, ...page(on) };
}

/** The control API without a server around it. */
function unserved() {
  const clock = manualClock();
  const ids = countingIds(clock);
  const [botToken, appToken, mode, requestUrl] = ['xoxb-1', 'xapp-1', 'http', undefined] as const;
  const seeds = {
    team: DEFAULT_TEAM,
    app: DEFAULT_APP,
    users: [{ id: ANA, name: 'ana' }],
    channels: [],
    usergroups: [],
  };
  const state = newState({ clock, ids, ...seeds, scopes: [], botToken, appToken, mode, requestUrl });
  const settings = {
    signingSecret: '',
    ackMs: 1,
    signedAt: clock.now,
    eventRetries: false,
    signal: AbortSignal.abort(),
  };
  const deliverer = createDeliverer(state, createSocketMode(state), settings);
  return { state, control: { stage: { state, deliverer }, reachable: () => false } };
}

describe('the page', () => {
  it('gives commands and sees what came of them', async () => {
    const { post, state, app } = await started();
    app.answer = () => ({ body: { text: 'hello' } });
    const { status, reply } = await post('slash', { as: ANA, channel: REVIEW, command: '/jit', text: 'help' });
    expect([status, reply]).toMatchObject([200, { acked: true, status: 200, body: { text: 'hello' }, view: null }]);
    const { channels } = await state(ANA);
    expect(channels.find(({ id }) => id === REVIEW)?.ephemerals).toMatchObject([
      { text: 'hello', ephemeral: true, user: 'U0HALLPASS' },
    ]);
  });

  it('says something, in threads too', async () => {
    const { post, state } = await started();
    const { reply } = await post<{ message: { ts: string } }>('say', { as: ANA, channel: REVIEW, text: 'root' });
    await post('say', { as: BEN, channel: REVIEW, text: 'reply', thread: reply.message.ts });
    const { channels } = await state(BEN);
    expect(channels.find(({ id }) => id === REVIEW)?.messages).toMatchObject([
      { text: 'root', replies: [{ text: 'reply', user: BEN }] },
    ]);
  });

  it('presses buttons of messages, homes and forms; fills in, asks, submits, closes', async () => {
    const { post, state, app, call } = await started();
    const { ts } = (await call('chat.postMessage', { channel: REVIEW, text: 'card', blocks: [button] })).body;
    await post('click', { as: ANA, channel: REVIEW, ts, actionId: 'go', blockId: 'act' });
    const { trigger_id } = app.received.at(-1)?.payload ?? {};
    const role = { type: 'external_select', action_id: 'pick', min_query_length: 0 };
    const blocks = [{ type: 'input', block_id: 'role', label: plain('Role'), element: role }, button];
    await call('views.open', { trigger_id, view: { type: 'modal', title: plain('T'), submit: plain('S'), blocks } });
    expect((await state(ANA)).views).toMatchObject([
      { title: plain('T'), values: { role: { pick: { selected_option: null } } } },
    ]);

    app.answer = () => ({ body: { options: [option('prod')] } });
    const asked = await post('suggest', { as: ANA, blockId: 'role', actionId: 'pick', value: '' });
    expect(asked.reply.options).toEqual([option('prod')]);
    app.answer = () => ({});
    expect((await post('view/click', { as: ANA, actionId: 'go', values: { role: 'prod' } })).reply.acked).toBe(true);
    app.answer = () => ({ body: { response_action: 'errors', errors: { role: 'No' } } });
    const refused = await post('view/submit', { as: ANA, values: {} });
    expect(refused.reply).toMatchObject({ fieldErrors: { role: 'No' }, view: { errors: { role: 'No' } } });
    expect((await post('view/close', { as: ANA, all: true })).reply).toMatchObject({ status: 'not_sent', view: null });

    await call('views.publish', { user_id: ANA, view: { type: 'home', blocks: [button] } });
    expect((await state(ANA)).home?.blocks).toMatchObject([{ block_id: 'act' }]);
    await post('home/open', { as: ANA });
    await post('home/click', { as: ANA, actionId: 'go' });
    await post('shortcut', { as: ANA, callbackId: 'about', channel: REVIEW, ts });
    const types = app.received.map(({ payload }) => payload.type);
    expect(types).toEqual([
      'block_actions',
      'block_suggestion',
      'block_actions',
      'view_submission',
      'event_callback',
      'block_actions',
      'message_action',
    ]);
  });

  it('hears of each change, once', async () => {
    const { workspace, post, call } = await started();
    const stream = await fetch(`${workspace.url}/local/events`);
    expect(stream.headers.get('content-type')).toBe('text/event-stream');
    const reader = stream.body?.getReader();
    const next = async () => new TextDecoder().decode((await reader?.read())?.value);
    const first = await next();
    expect(first).toMatch(/^event: change\ndata: \{"version":\d+\}\n\n$/);
    await call('auth.test');
    await post('say', { as: ANA, channel: REVIEW, text: 'x' });
    const second = await next();
    const version = (text: string) => Number(/\d+/.exec(text)?.[0]);
    expect(version(second)).toBe(version(first) + 1);
    expect((await page({ workspace } as Bench).state(ANA)).version).toBe(version(second));
    await reader?.cancel();
  });

  it('that is gone is not told any more', async () => {
    const { control, state } = unserved();
    const req = new IncomingMessage(new Socket());
    req.method = 'GET';
    await serveControl(control, req, new ServerResponse(req), new URL('http://127.0.0.1/local/events'));
    expect(state.watchers.size).toBe(1);
    req.emit('close');
    expect(state.watchers.size).toBe(0);
  });

  it.each([
    [
      'an act that is not possible',
      'slash',
      { as: 'U0NO', channel: REVIEW, command: '/jit', text: '' },
      409,
      'unknown_user',
    ],
    ['a body with too much', 'say', { as: ANA, channel: REVIEW, text: 'x', more: 1 }, 400, 'invalid_body'],
    ['a body with too little', 'say', { as: ANA }, 400, 'invalid_body'],
    ['a body of nothing', 'say', undefined, 400, 'invalid_body'],
    ['an unknown act', 'dance', {}, 404, 'not_found'],
  ])('is told of %s', async (_name, path, body, status, error) => {
    const { post } = await started();
    expect(await post<unknown>(path, body)).toMatchObject({ status, reply: { error, message: expect.any(String) } });
  });

  it.each([
    ['/local/state?as=U0NO', 'unknown_user'],
    ['/local/state?as=U0HALLPASS', 'unknown_user'],
    ['/local/other', 'not_found'],
    ['/local/files/F0NO?as=U0ANA', 'file_not_found'],
  ])('finds nothing at %s', async (path, error) => {
    const { workspace } = await started();
    const answer = await fetch(workspace.url + path);
    expect([answer.status, await answer.json()]).toMatchObject([404, { error }]);
  });
});

describe('a snapshot', () => {
  it('shows the workspace, the app and the people', async () => {
    const { state, clock } = await started();
    const seen = await state();
    expect(seen).toMatchObject({
      now: clock.now(),
      team: { id: 'T0LOCAL', name: 'Acme', domain: 'acme' },
      app: {
        id: 'A0HALLPASS',
        botUserId: 'U0HALLPASS',
        commands: [{ command: '/jit' }],
        messageShortcuts: [{ callbackId: 'about' }],
        reachable: true,
      },
      me: { id: ANA, realName: 'Ana Nowak', tz: 'Europe/Berlin', isStranger: false },
      direct: { kind: 'direct', name: 'Hallpass', members: [ANA, 'U0HALLPASS'] },
      home: null,
      views: [],
    });
    expect(
      seen.people.map(({ id, isGuest, isStranger, isBot, deleted }) => [id, isGuest, isStranger, isBot, deleted]),
    ).toEqual([
      [ANA, false, false, false, false],
      [BEN, false, false, false, false],
      ['U0GUEST', true, false, false, false],
      ['U0GONE', false, false, false, true],
      [STRANGER, false, true, false, false],
      ['U0HALLPASS', false, false, true, false],
    ]);
  });

  it('shows only the channels of that person', async () => {
    const { state } = await started();
    const channels = async (as: string) => (await state(as)).channels.map(({ id }) => id);
    expect(await channels(ANA)).toEqual([REVIEW, 'C0ELSE', 'C0HIDDEN', 'C0OLD', 'C0SHARED']);
    expect(await channels(BEN)).toEqual([REVIEW, PRIVATE, 'C0ELSE', 'C0OLD', 'C0SHARED']);
    expect(await channels(STRANGER)).toEqual(['C0SHARED']);
    expect(await channels('U0GUEST')).toEqual([]);
  });

  it('keeps other people’s messages, forms and homes to themselves', async () => {
    const { call, state, workspace, app } = await started();
    await call('chat.postMessage', { channel: ANA, text: 'private to ana' });
    await call('chat.postEphemeral', { channel: REVIEW, user: ANA, text: 'private to ana' });
    await call('views.publish', {
      user_id: ANA,
      view: { type: 'home', blocks: [{ type: 'section', text: mrkdwn('private to ana') }] },
    });
    await workspace.slash(ANA, '/jit', '', REVIEW);
    const { trigger_id } = app.received.at(-1)?.payload ?? {};
    await call('views.open', {
      trigger_id,
      view: { type: 'modal', title: plain('private to ana'), blocks: [{ type: 'divider' }] },
    });
    const count = async (as: string) => JSON.stringify(await state(as)).split('private to ana').length - 1;
    expect([await count(ANA), await count(BEN)]).toEqual([4, 0]);
  });
});

/** A request with headers that fetch would not send. */
function send(port: number, path: string, headers: Record<string, string>, method = 'GET', body = ''): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

describe('who is refused', () => {
  const body = JSON.stringify({ as: ANA, channel: REVIEW, text: 'x' });

  it.each([
    ['its own address', {}, 200],
    ['localhost', { host: 'localhost:PORT', origin: 'http://localhost:PORT' }, 200],
    ['a rebound name', { host: 'evil.test:PORT' }, 403],
    ['another port', { host: '127.0.0.1:1' }, 403],
    ['no port', { host: '127.0.0.1' }, 403],
    ['a page of another site', { origin: 'https://evil.test' }, 403],
    ['a page of another port', { origin: 'http://127.0.0.1:1' }, 403],
    ['a sandboxed page', { origin: 'null' }, 403],
    ['a form of a page', { 'content-type': 'text/plain' }, 415],
    ['no content type', { 'content-type': '' }, 415],
  ])('%s', async (_name, given, status) => {
    const { workspace } = await bench();
    const { port } = workspace;
    const entries = Object.entries({ host: '127.0.0.1:PORT', 'content-type': 'application/json', ...given });
    const headers = Object.fromEntries(entries.map(([name, value]) => [name, value.replace('PORT', String(port))]));
    expect(await send(port, '/local/say', headers, 'POST', body)).toBe(status);
    expect(workspace.messages(REVIEW)).toHaveLength(status === 200 ? 1 : 0);
  });

  it.each(['/local/state', '/local/events', '/api/auth.test', '/', '/extra'])(
    'foreign requests to %s',
    async (path) => {
      const asked: string[] = [];
      const { workspace } = await bench({ extraRoutes: (_req, _res, url) => asked.push(url.pathname) > 0 });
      expect(await send(workspace.port, path, { host: 'evil.test' })).toBe(403);
      expect(asked).toEqual([]);
    },
  );
});

describe('further routes', () => {
  it('are the caller’s, behind the guard', async () => {
    const { workspace } = await bench({
      extraRoutes: (_req, res, url) => {
        if (url.pathname !== '/') return false;
        res.end('the page');
        return true;
      },
    });
    expect(await (await fetch(workspace.url)).text()).toBe('the page');
    expect((await fetch(`${workspace.url}/other`)).status).toBe(404);
  });

  it('that fail do not take the server down', async () => {
    const { workspace, call } = await bench({ extraRoutes: () => Promise.reject(new Error('broken page')) });
    const answer = await fetch(workspace.url);
    expect([answer.status, await answer.text()]).toEqual([500, expect.stringContaining('broken page')]);
    expect((await call('auth.test')).body.ok).toBe(true);
  });
});

describe('the workspace', () => {
  it('says when its port is taken', async () => {
    const { workspace } = await bench();
    await expect(bench({ port: workspace.port })).rejects.toThrow('EADDRINUSE');
  });

  it('makes up tokens and a signing secret of 64 hex digits', async () => {
    const { workspace } = await bench();
    expect(workspace.botToken).toMatch(/^xoxb-/);
    expect(workspace.appToken).toMatch(/^xapp-/);
    expect(workspace.signingSecret).toMatch(/^[0-9a-f]{64}$/);
  });

  it('changes its transport while it runs', async () => {
    const on = await bench();
    const app = await listeningApp();
    on.workspace.setMode('http');
    on.workspace.setRequestUrl(app.url);
    expect((await on.workspace.slash(ANA, '/jit', '', REVIEW)).acked).toBe(true);
  });

  it('waits for what is so, and says what it waited for', async () => {
    const { workspace } = await bench();
    const waiting = workspace.until('a message', () => workspace.messages(REVIEW)[0]?.text);
    workspace.say(ANA, REVIEW, 'here');
    expect(await waiting).toBe('here');
    await expect(workspace.until('the impossible', () => false, 10)).rejects.toThrow(
      'not within 10 ms: the impossible',
    );
    const broken = () => {
      throw new Error('broken look');
    };
    await expect(workspace.until('x', broken)).rejects.toThrow('broken look');
  });

  it('looks no longer than it waits', async () => {
    const { state } = unserved();
    await waitUntil(state, 'x', () => true);
    await expect(waitUntil(state, 'x', () => false, 1)).rejects.toThrow('not within');
    expect(state.watchers.size).toBe(0);
  });
});
