// Socket Mode with the real @slack/socket-mode client, and with bare WebSockets where the client hides too much.
import { SocketModeClient } from '@slack/socket-mode';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { Workspace } from '../../../src/local/slack/workspace.ts';
import type { Ids } from '../../../src/ports/clock.ts';
import { manualClock } from '../../fakes/manual-clock.ts';
import { ANA, bench, countingIds, many, never, QUIET, REVIEW } from './support.ts';

type Frame = Record<string, unknown>;

interface BareSocket {
  readonly frames: Frame[];
  readonly socket: WebSocket;
  next(what: (frame: Frame) => boolean): Promise<Frame>;
}

async function address({ apiUrl, appToken }: Workspace): Promise<string> {
  const headers = { authorization: `Bearer ${appToken}` };
  const answer = await fetch(`${apiUrl}apps.connections.open`, { method: 'POST', headers });
  return ((await answer.json()) as { url: string }).url;
}

/** Connects and waits for the first frame. */
async function connect(workspace: Workspace): Promise<BareSocket> {
  const socket = new WebSocket(await address(workspace));
  onTestFinished(() => socket.terminate());
  const frames: Frame[] = [];
  const waiting = new Set<() => void>();
  socket.on('message', (data) => {
    frames.push(JSON.parse(data.toString()));
    for (const look of [...waiting]) look();
  });
  const next = (what: (frame: Frame) => boolean) =>
    new Promise<Frame>((resolve) => {
      const look = () => {
        const found = frames.find(what);
        if (!found) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  await next(() => true);
  return { frames, socket, next };
}

const envelope = (frame: Frame) => frame.envelope_id !== undefined;

function ackAll({ socket }: BareSocket, payload: object = {}): void {
  socket.on('message', (data) => {
    const { envelope_id } = JSON.parse(data.toString());
    if (envelope_id) socket.send(JSON.stringify({ envelope_id, payload }));
  });
}

function sdkClient({ apiUrl, appToken }: Workspace): SocketModeClient {
  const client = new SocketModeClient({
    appToken,
    logger: QUIET,
    clientPingTimeout: 300,
    clientOptions: { slackApiUrl: apiUrl, timeout: 5_000, retryConfig: { retries: 0 } },
  });
  onTestFinished(() => client.disconnect());
  return client;
}

describe('a connection', () => {
  it('is greeted with how many there are and how long it lives', async () => {
    const { workspace } = await bench();
    await connect(workspace);
    const second = await connect(workspace);
    expect(second.frames[0]).toMatchObject({
      type: 'hello',
      num_connections: 2,
      connection_info: { app_id: 'A0HALLPASS' },
      debug_info: { approximate_connection_time: 18_060 },
    });
    expect(workspace.connections()).toBe(2);
  });

  it('needs a ticket, and each ticket opens one', async () => {
    const { workspace } = await bench();
    const url = await address(workspace);
    const failed = (target: string) =>
      new Promise<string>((resolve) => new WebSocket(target).on('error', ({ message }) => resolve(message)));
    new WebSocket(url).on('error', () => undefined);
    await workspace.until('connected', () => workspace.connections() === 1);
    expect(await failed(url)).toContain('401');
    expect(await failed(`${workspace.url.replace('http', 'ws')}/link/?ticket=x`)).toContain('401');
    expect(await failed(`${workspace.url.replace('http', 'ws')}/other`)).toContain('socket hang up');
  });

  it('is refused when it is the eleventh', async () => {
    const { workspace } = await bench();
    for (const _ of many(10, () => 0)) await connect(workspace);
    const eleventh = await connect(workspace);
    expect(eleventh.frames[0]).toMatchObject({ type: 'disconnect', reason: 'too_many_websockets' });
    expect(workspace.connections()).toBe(10);
  });

  it('of the real client gets payloads and answers them', async () => {
    const { workspace } = await bench();
    const client = sdkClient(workspace);
    client.on('slash_commands', async ({ body, ack }) => ack({ text: `you said ${body.text}` }));
    await client.start();
    expect(await workspace.slash(ANA, '/jit', 'prod 2h', REVIEW)).toMatchObject({
      acked: true,
      status: 200,
      body: { text: 'you said prod 2h' },
    });
    expect(workspace.ephemerals(ANA)).toMatchObject([{ message: { text: 'you said prod 2h' } }]);
  });
});

describe('envelopes', () => {
  it('go to exactly one connection each', async () => {
    const { workspace } = await bench();
    const all = await Promise.all(many(3, () => connect(workspace)));
    for (const one of all) ackAll(one);
    await Promise.all(many(30, () => workspace.slash(ANA, '/jit', '', REVIEW)));
    const ids = all.flatMap(({ frames }) => frames.filter(envelope).map(({ envelope_id }) => envelope_id));
    expect(ids).toHaveLength(30);
    expect(new Set(ids).size).toBe(30);
  });

  it('go to a connection drawn by the injected jitter', async () => {
    const draws = [0.99, 0, 0.5];
    const clock = manualClock();
    const ids: Ids = { ...countingIds(clock), jitter: () => draws.shift() ?? 0 };
    const { workspace } = await bench({ clock, ids });
    for (const _ of many(3, () => 0)) ackAll(await connect(workspace));
    const numbers: (number | undefined)[] = [];
    for (const _ of many(3, () => 0))
      numbers.push((await workspace.slash(ANA, '/jit', '', REVIEW)).delivery?.connection);
    expect(numbers).toEqual([3, 1, 2]);
  });

  it('say whether an answer is taken', async () => {
    const { workspace } = await bench();
    const one = await connect(workspace);
    ackAll(one, { text: 'ignored' });
    await workspace.slash(ANA, '/jit', '', REVIEW);
    const home = await workspace.openHome(ANA);
    expect(one.frames.filter(envelope)).toMatchObject([
      { type: 'slash_commands', accepts_response_payload: true },
      { type: 'events_api', accepts_response_payload: false, payload: { type: 'event_callback' } },
    ]);
    expect(home).toMatchObject({ acked: true, body: undefined });
  });

  it('are answered by the connection that got them, once; garbage is ignored', async () => {
    const { workspace } = await bench({ ackMs: 200 });
    const [first, second] = [await connect(workspace), await connect(workspace)];
    const pending = workspace.slash(ANA, '/jit', '', REVIEW);
    const { envelope_id } = await Promise.race([first.next(envelope), second.next(envelope)]);
    const other = first.frames.some(envelope) ? second : first;
    other.socket.send('not JSON');
    other.socket.send(JSON.stringify({ envelope_id, payload: { text: 'stolen' } }));
    expect(await pending).toMatchObject({ acked: false, failure: 'operation_timeout' });
    expect(workspace.ephemerals(ANA)).toMatchObject([{ message: { user: 'USLACKBOT' } }]);
  });

  it('may come twice with the same id', async () => {
    const { workspace } = await bench();
    const one = await connect(workspace);
    ackAll(one);
    const { delivery } = await workspace.slash(ANA, '/jit', '', REVIEW);
    await workspace.redeliver(delivery ?? never());
    const [first, second] = one.frames.filter(envelope);
    expect(second).toEqual(first);
  });

  it('have nowhere to go without a connection', async () => {
    const { workspace } = await bench();
    expect(await workspace.slash(ANA, '/jit', '', REVIEW)).toMatchObject({
      status: 'no_connection',
      failure: 'dispatch_failed',
    });
    expect(workspace.snapshot(ANA).app.reachable).toBe(false);
  });

  it('of events come again with the number of the attempt', async () => {
    const { workspace } = await bench({ ackMs: 50, eventRetries: true });
    const one = await connect(workspace);
    await workspace.openHome(ANA);
    expect(await one.next((frame) => frame.retry_attempt === 1)).toMatchObject({
      retry_reason: 'timeout',
      type: 'events_api',
    });
  });
});

describe('disconnecting', () => {
  it('by warning leaves the connection usable', async () => {
    const { workspace } = await bench();
    const one = await connect(workspace);
    ackAll(one);
    workspace.disconnect('warning');
    await one.next(({ reason }) => reason === 'warning');
    expect((await workspace.slash(ANA, '/jit', '', REVIEW)).acked).toBe(true);
  });

  it.each(['refresh_requested', 'link_disabled'] as const)(
    '%s: nothing goes to that connection any more',
    async (reason) => {
      const { workspace } = await bench();
      const one = await connect(workspace);
      ackAll(one);
      workspace.disconnect(reason);
      expect(await one.next((frame) => frame.type === 'disconnect')).toMatchObject({ reason, debug_info: {} });
      expect((await workspace.slash(ANA, '/jit', '', REVIEW)).status).toBe('no_connection');
    },
  );

  it('the real client comes back after a refresh and after a cut', async () => {
    const { workspace } = await bench();
    const client = sdkClient(workspace);
    client.on('slash_commands', async ({ ack }) => ack());
    await client.start();
    for (const interrupt of [() => workspace.disconnect('refresh_requested'), () => workspace.cutConnections()]) {
      const before = workspace.callsOf('apps.connections.open').length;
      interrupt();
      await workspace.until(
        'a new connection',
        () => workspace.callsOf('apps.connections.open').length > before && workspace.connections() === 1,
      );
      expect((await workspace.slash(ANA, '/jit', '', REVIEW)).acked).toBe(true);
    }
  });

  it('when Slack goes away every connection is cut', async () => {
    const { workspace } = await bench();
    const url = await address(workspace);
    const one = await connect(workspace);
    const closed = new Promise((resolve) => one.socket.on('close', resolve));
    workspace.down();
    await closed;
    await workspace.until('nobody left', () => workspace.connections() === 0);
    const refused = new Promise<string>((resolve) => new WebSocket(url).on('error', ({ message }) => resolve(message)));
    expect(await refused).toContain('hang up');
    workspace.up();
    await connect(workspace);
    expect(workspace.connections()).toBe(1);
  });
});
