// Socket Mode: two connections without a gap, trouble survived without an unhandled rejection, strangers on our token
// noticed, and an end that loses nothing.
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { secretOf } from '../../../src/lib/secret.ts';
import type { Workspace } from '../../../src/local/slack/workspace-types.ts';
import { manualClock } from '../../fakes/manual-clock.ts';
import { ANA, never, platformFor, REVIEW, type Rig, rig, workspaceOn } from './rig.ts';

/** As in src/chat/slack. */
const [LOOK_AGAIN_MS, HELLO_MS, DRAIN_MS] = [30_000, 10_000, 10_000];

const both = ({ workspace }: Pick<Rig, 'workspace'>) =>
  workspace.until('two connections', () => workspace.connections() === 2);

function failures({ log }: Pick<Rig, 'log'>, message: string): number {
  return log.lines.filter((line) => line.level === 'warn' && line.message === message).length;
}

/** A connection of somebody who has our app-level token. */
async function intruder(workspace: Workspace): Promise<WebSocket> {
  const answer = await fetch(`${workspace.apiUrl}apps.connections.open`, {
    method: 'POST',
    headers: { authorization: `Bearer ${workspace.appToken}` },
  });
  const { url } = (await answer.json()) as { url: string };
  const socket = new WebSocket(url);
  onTestFinished(() => socket.terminate());
  await new Promise((resolve, reject) => {
    socket.once('message', resolve);
    socket.once('error', reject);
  });
  return socket;
}

describe('two connections', () => {
  it('are there when the start is over', async () => {
    const on = await rig('socket');
    expect(on.workspace.connections()).toBe(2);
  });

  it('leave no gap when Slack refreshes one', async () => {
    const on = await rig('socket');
    on.workspace.disconnect('refresh_requested', 1);
    for (let n = 0; n < 20; n += 1)
      expect((await on.workspace.slash(ANA, '/jit', `list ${n}`, REVIEW)).acked).toBe(true);
    await both(on);
    expect(on.inbox.of('command')).toHaveLength(20);
  });

  it('come back at once when Slack refreshes both', async () => {
    const on = await rig('socket');
    on.workspace.disconnect('refresh_requested');
    await on.workspace.until('new ones', () => on.workspace.callsOf('apps.connections.open').length === 4);
    await both(on);
    expect((await on.workspace.slash(ANA, '/jit', 'list', REVIEW)).acked).toBe(true);
    expect(on.alarms).toEqual([]);
  });

  it('come back when they are cut', async () => {
    const on = await rig('socket');
    on.workspace.cutConnections();
    await on.workspace.until('new ones', () => on.workspace.callsOf('apps.connections.open').length === 4);
    await both(on);
    expect((await on.workspace.slash(ANA, '/jit', 'list', REVIEW)).acked).toBe(true);
  });

  it('come back by themselves when Slack was away, after an alarm, and nobody has to restart us', async () => {
    const on = await rig('socket');
    on.workspace.down();
    for (let times = 1; on.alarms.length === 0; times += 1) {
      await on.until(`failure ${times}`, () => failures(on, 'Slack connection failed') >= times);
      await on.clock.advance(30_000);
    }
    expect(on.alarms[0]).toEqual({ code: 'slack_unreachable', facts: { failures: 5 } });
    on.workspace.up();
    // One of them may have been trying, not sleeping, when the clock moved: then it takes another turn.
    for (let turn = 0; on.workspace.connections() < 2 && turn < 5; turn += 1) {
      await on.clock.advance(30_000);
      await on.workspace.until('both', () => on.workspace.connections() === 2, 300).catch(() => undefined);
    }
    expect((await on.workspace.slash(ANA, '/jit', 'list', REVIEW)).acked).toBe(true);
    expect(on.fatal).toEqual([]);
  });
});

describe('a start', () => {
  it('waits while Slack is away and goes on when it is back', async () => {
    const clock = manualClock();
    const workspace = await workspaceOn(clock, 'socket');
    workspace.down();
    const on = await platformFor(workspace, 'socket', clock, { start: false });
    const start = on.platform.start(on.inbox);
    await on.until('a failure', () => failures(on, 'Slack cannot be reached') === 1);
    await clock.advance(30_000);
    await on.until('another one', () => failures(on, 'Slack cannot be reached') === 2);
    workspace.up();
    await clock.advance(30_000);
    await start;
    expect(workspace.connections()).toBe(2);
  });

  it('ends without a word when it is stopped meanwhile', async () => {
    const clock = manualClock();
    const workspace = await workspaceOn(clock, 'socket');
    workspace.down();
    const on = await platformFor(workspace, 'socket', clock, { start: false });
    const start = on.platform.start(on.inbox);
    await on.until('a failure', () => failures(on, 'Slack cannot be reached') === 1);
    await on.platform.stop();
    await start;
    expect(workspace.connections()).toBe(0);
  });

  it('ends when it is stopped while no connection can be had', async () => {
    const clock = manualClock();
    const workspace = await workspaceOn(clock, 'socket');
    workspace.failNext('apps.connections.open', 10, { status: 500 });
    const on = await platformFor(workspace, 'socket', clock, { start: false });
    const start = on.platform.start(on.inbox);
    await on.until('both to fail', () => failures(on, 'Slack connection failed') === 2);
    await on.platform.stop();
    await start;
  });

  it.each(['xapp-1-wrong', 'xoxb-wrong-kind'])('fails when Slack refuses the app-level token %s', async (token) => {
    const opened = rig('socket', { settings: { appToken: secretOf(token) } });
    await expect(opened).rejects.toMatchObject({ fault: 'refused', code: 'invalid_auth', sent: 'no' });
  });

  it('fails when Slack refuses the bot token', async () => {
    const opened = rig('socket', { settings: { botToken: secretOf('xoxb-wrong') } });
    await expect(opened).rejects.toMatchObject({ fault: 'refused', code: 'invalid_auth' });
  });

  it('fails when it is not the workspace or app that the configuration names', async () => {
    await expect(rig('socket', { settings: { teamId: 'T0OTHER' } })).rejects.toMatchObject({ code: 'wrong_team' });
    await expect(rig('http', { settings: { appId: 'A0OTHER' } })).rejects.toMatchObject({ code: 'wrong_app' });
    await rig('socket', { settings: { teamId: 'T0LOCAL', appId: 'A0HALLPASS' } });
  });

  it('needs an app-level token', async () => {
    const opened = rig('socket', { settings: { appToken: undefined as never } });
    await expect(opened).rejects.toThrow('needs an app-level token');
  });
});

describe('a token that was taken back', () => {
  it('while we are connected ends the process through its own hand, never through an unhandled rejection', async () => {
    const on = await rig('socket');
    on.workspace.revokeTokens();
    on.workspace.cutConnections();
    await on.until('the end', () => on.fatal.length > 0);
    expect(on.fatal[0]).toBe('Slack refused the app-level token (token_revoked)');
  });

  it('on a refresh too', async () => {
    const on = await rig('socket');
    on.workspace.failNext('apps.connections.open', 1, { error: 'invalid_auth' });
    on.workspace.disconnect('refresh_requested', 1);
    await on.until('the end', () => on.fatal.length > 0);
    expect(on.fatal).toEqual(['Slack refused the app-level token (invalid_auth)']);
  });
});

describe('somebody else on our app-level token (A15)', () => {
  it('raises an alarm within a minute after our next hello, when a second look confirms it', async () => {
    const on = await rig('socket');
    await intruder(on.workspace);
    on.workspace.disconnect('refresh_requested', 1);
    await on.until('a suspicion', () => on.sleeps.includes(LOOK_AGAIN_MS));
    expect(on.alarms).toEqual([]);
    await on.clock.advance(LOOK_AGAIN_MS);
    await on.until('the alarm', () => on.alarms.length > 0);
    expect(on.alarms).toEqual([{ code: 'slack_foreign_connection', facts: { connections: 3, expected: 2 } }]);
  });

  it('raises none for connections that a restart left behind for a moment', async () => {
    const clock = manualClock();
    const workspace = await workspaceOn(clock, 'socket');
    const left = await intruder(workspace);
    const on = await platformFor(workspace, 'socket', clock);
    await on.until('a suspicion', () => on.sleeps.includes(LOOK_AGAIN_MS));
    left.terminate();
    await workspace.until('two', () => workspace.connections() === 2);
    const hellos = on.sleeps.filter((ms) => ms === HELLO_MS).length;
    await clock.advance(LOOK_AGAIN_MS);
    await on.until('a second look', () => on.sleeps.filter((ms) => ms === HELLO_MS).length > hellos);
    await both({ workspace });
    await on.platform.stop();
    expect(on.alarms).toEqual([]);
  });

  it('counts the replicas that the configuration tells of', async () => {
    const on = await rig('socket', { settings: { expectedConnections: 4 } });
    await intruder(on.workspace);
    await intruder(on.workspace);
    on.workspace.disconnect('refresh_requested', 1);
    await on.workspace.until('four', () => on.workspace.connections() === 4);
    await on.platform.stop();
    expect(on.sleeps).not.toContain(LOOK_AGAIN_MS);
    expect(on.alarms).toEqual([]);
  });
});

describe('each envelope is checked as a request is (A13, A19)', () => {
  it.each([
    ['of another workspace', { team_id: 'T0OTHER' }, 'wrong_team'],
    ['of another app', { api_app_id: 'A0OTHER' }, 'wrong_app'],
    ['of another organisation', { enterprise_id: 'E0OTHER' }, 'wrong_enterprise'],
    ['with a response_url elsewhere', { response_url: 'http://169.254.169.254/' }, 'bad_response_url'],
    ['without a trigger', { trigger_id: undefined }, 'no_delivery_id'],
    [
      'that is an event in a command’s envelope',
      { type: 'event_callback', event: { type: 'user_change' }, event_id: 'E' },
      'not_a_delivery',
    ],
  ])('%s', async (_, change, code) => {
    const on = await rig('socket', { workspace: { ackMs: 100 } });
    const outcome = await on.workspace.slash(ANA, '/jit', 'x', REVIEW, {
      alter: (payload) => ({ ...payload, ...change }),
    });
    expect(outcome.acked).toBe(false);
    expect(on.inbox.heard).toEqual([{ verb: 'refused', event: { code } }]);
  });

  it('and counts once', async () => {
    const on = await rig('socket');
    const { delivery } = await on.workspace.slash(ANA, '/jit', 'x', REVIEW);
    expect((await on.workspace.redeliver(delivery ?? never())).acked).toBe(true);
    expect(on.inbox.heard.map(({ verb }) => verb)).toEqual(['command', 'refused']);
  });
});

describe('an end', () => {
  it('is orderly: connections closed, nothing more heard', async () => {
    const on = await rig('socket');
    await on.platform.stop();
    await on.workspace.until('none', () => on.workspace.connections() === 0);
    await on.platform.stop();
    expect(on.fatal).toEqual([]);
  });

  it('does not wait for ever for a handler that hangs', async () => {
    const on = await rig('socket', { workspace: { ackMs: 100 } });
    const hanging = hang();
    on.inbox.says.command = () => hanging.until;
    await on.workspace.slash(ANA, '/jit', 'x', REVIEW);
    const stop = on.platform.stop();
    await on.until('the drain', () => on.sleeps.includes(DRAIN_MS));
    await on.clock.advance(DRAIN_MS);
    await stop;
    expect(on.workspace.connections()).toBe(0);
    hanging.end();
  });

  it('warns when Slack is about to give up on us', async () => {
    const on = await rig('socket', { workspace: { ackMs: 200 } });
    const hanging = hang();
    on.inbox.says.command = () => hanging.until;
    const outcome = on.workspace.slash(ANA, '/jit', 'x', REVIEW);
    await on.inbox.until('command');
    await on.clock.advance(2_400);
    expect(on.log.lines).toEqual([]);
    await on.clock.advance(100);
    expect(on.log.lines).toMatchObject([
      { level: 'error', message: 'Slack is about to give up on an answer', facts: { kind: 'command' } },
    ]);
    expect((await outcome).acked).toBe(false);
    hanging.end();
  });
});

function hang(): { readonly until: Promise<{ kind: 'quiet' }>; readonly end: () => void } {
  let end: () => void = () => undefined;
  const until = new Promise<{ kind: 'quiet' }>((resolve) => {
    end = () => resolve({ kind: 'quiet' });
  });
  return { until, end };
}
