// The in-process sides of the workspace, each a thin list of what the parts can do: people, sight, trouble.
import { type Stage, topView } from './acting.ts';
import { click, say, shortcut, slash } from './acts-chat.ts';
import { closeView, submitView } from './acts-submit.ts';
import { suggest } from './acts-suggest.ts';
import { clickInHome, clickInView, openHome } from './acts-view.ts';
import { directChannel, messageAt, messagesIn, repliesTo } from './conversations.ts';
import { slackSignature } from './deliver-http.ts';
import type { Faults } from './faults.ts';
import { takeSnapshot } from './snapshot.ts';
import type { SocketMode } from './socket.ts';
import { type State, unixSeconds } from './state.ts';
import { waitUntil } from './waiting.ts';
import type { People, Sight, Trouble } from './workspace-types.ts';

export function isReachable(state: State, socketMode: SocketMode): boolean {
  return state.mode === 'http' ? state.requestUrl !== undefined : socketMode.live() > 0;
}

export function people(stage: Stage): People {
  return {
    slash: (user, command, text, channel, options) => slash(stage, user, command, text, channel, options),
    click: (user, target, options) => click(stage, user, target, options),
    clickInView: (user, target, options) => clickInView(stage, user, target, options),
    clickInHome: (user, target, options) => clickInHome(stage, user, target, options),
    suggest: (user, target, options) => suggest(stage, user, target, options),
    submitView: (user, values, options) => submitView(stage, user, values, options),
    closeView: (user, all, options) => closeView(stage, user, all, options),
    shortcut: (user, callbackId, at, options) => shortcut(stage, user, callbackId, at, options),
    openHome: (user, tab) => openHome(stage, user, tab),
    say: (user, channel, text, thread) => say(stage, user, channel, text, thread),
  };
}

export function sight(state: State, socketMode: SocketMode): Sight {
  return {
    messages: (channel) => [...messagesIn(state, channel)],
    message: (channel, ts) => messageAt(state, channel, ts),
    thread(channel, ts) {
      const root = messageAt(state, channel, ts);
      return [...(root ? [root] : []), ...repliesTo(state, channel, ts)];
    },
    ephemerals: (user) => state.ephemerals.filter(({ to }) => to === user),
    home: (user) => state.views.get(state.homes.get(user) ?? ''),
    openView: (user) => topView(state, user) ?? undefined,
    directMessages: (user) => [...messagesIn(state, directChannel(state, user).id)],
    channel: (id) => state.channels.get(id),
    files: () => [...state.files.values()],
    snapshot(user) {
      const me = state.users.get(user);
      if (!me) throw new Error(`no user ${user}`);
      return takeSnapshot(state, me, isReachable(state, socketMode));
    },
    calls: state.calls,
    deliveries: state.deliveries,
    callsOf: (method) => state.calls.filter((call) => call.method === method),
    connections: () => socketMode.live(),
    until: (what, look, ms) => waitUntil(state, what, look, ms),
  };
}

interface Troubled extends Stage {
  readonly faults: Faults;
  readonly socketMode: SocketMode;
  readonly signingSecret: string;
  readonly setDown: (isDown: boolean) => void;
}

export function trouble(troubled: Troubled): Trouble {
  const { faults, socketMode, deliverer, setDown } = troubled;
  return {
    failNext: faults.failNext,
    failFor: faults.failFor,
    clearFaults: faults.clear,
    down: () => setDown(true),
    up: () => setDown(false),
    disconnect: socketMode.disconnect,
    cutConnections: socketMode.cut,
    redeliver: deliverer.redeliver,
    deliverRaw: deliverer.deliverRaw,
    verifyRequestUrl: () => verifyRequestUrl(troubled),
  };
}

/** docs.slack.dev/apis/events-api: the app has to send the challenge back. */
async function verifyRequestUrl({ state, deliverer, signingSecret }: Troubled): Promise<boolean> {
  const challenge = state.ids.secret(24);
  const body = JSON.stringify({ type: 'url_verification', challenge });
  const timestamp = unixSeconds(state);
  const headers = {
    'content-type': 'application/json',
    'x-slack-request-timestamp': String(timestamp),
    'x-slack-signature': slackSignature(signingSecret, timestamp, body),
  };
  const answer = await deliverer.deliverRaw({ headers, body });
  return answer.status === 200 && answer.body.includes(challenge);
}
