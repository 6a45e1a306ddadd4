// The methods that are offered, each with its token, scope and rate tier; every other name is `unknown_method`.
// Tiers: docs.slack.dev/apis/web-api/rate-limits and each method's page. Scopes: each method's page.
import { accept, type Method } from './api-reply.ts';
import { type Fields, textOf } from './fields.ts';
import type { Tier } from './rate-limits.ts';
import type { State } from './state.ts';
import { getPermalink, postEphemeral, postMessage, update } from './web-api-chat.ts';
import { history, info, members, replies } from './web-api-conversations.ts';
import { completeUpload, getUploadUrl } from './web-api-files.ts';
import {
  authTest,
  botsInfo,
  lookupByEmail,
  teamInfo,
  usergroupsList,
  usergroupUsersList,
  usersInfo,
} from './web-api-people.ts';
import * as views from './web-api-views.ts';

export interface MethodEntry {
  readonly run: Method;
  readonly token: 'bot' | 'app';
  readonly tier: Tier;
  /** The scope this very call needs; which one depends on the kind of channel for conversations.*. */
  readonly scope?: (state: State, args: Fields) => string;
}

function always(scope: string): (state: State, args: Fields) => string {
  return () => scope;
}

function byKind(right: 'read' | 'history'): (state: State, args: Fields) => string {
  return (state, args) => {
    const channel = state.channels.get(textOf(args, 'channel') ?? '');
    if (channel?.im !== undefined) return `im:${right}`;
    return channel?.is_private ? `groups:${right}` : `channels:${right}`;
  };
}

/** The address holds a ticket that opens one connection once. */
const connectionsOpen: Method = (state) => {
  const ticket = state.ids.secret(24);
  state.tickets.add(ticket);
  return accept({ url: `${state.base.replace('http', 'ws')}/link/?ticket=${ticket}&app_id=${state.app.id}` });
};

export const METHODS: ReadonlyMap<string, MethodEntry> = new Map<string, MethodEntry>([
  ['auth.test', { run: authTest, token: 'bot', tier: 'special' }],
  ['bots.info', { run: botsInfo, token: 'bot', tier: 3, scope: always('users:read') }],
  ['apps.connections.open', { run: connectionsOpen, token: 'app', tier: 1, scope: always('connections:write') }],
  ['chat.postMessage', { run: postMessage, token: 'bot', tier: 'special', scope: always('chat:write') }],
  ['chat.update', { run: update, token: 'bot', tier: 3, scope: always('chat:write') }],
  ['chat.postEphemeral', { run: postEphemeral, token: 'bot', tier: 4, scope: always('chat:write') }],
  ['chat.getPermalink', { run: getPermalink, token: 'bot', tier: 'special' }],
  ['conversations.info', { run: info, token: 'bot', tier: 3, scope: byKind('read') }],
  ['conversations.members', { run: members, token: 'bot', tier: 4, scope: byKind('read') }],
  ['conversations.history', { run: history, token: 'bot', tier: 3, scope: byKind('history') }],
  ['conversations.replies', { run: replies, token: 'bot', tier: 3, scope: byKind('history') }],
  ['users.info', { run: usersInfo, token: 'bot', tier: 4, scope: always('users:read') }],
  ['users.lookupByEmail', { run: lookupByEmail, token: 'bot', tier: 3, scope: always('users:read.email') }],
  ['usergroups.list', { run: usergroupsList, token: 'bot', tier: 2, scope: always('usergroups:read') }],
  ['usergroups.users.list', { run: usergroupUsersList, token: 'bot', tier: 2, scope: always('usergroups:read') }],
  ['views.open', { run: views.open, token: 'bot', tier: 4 }],
  ['views.update', { run: views.update, token: 'bot', tier: 4 }],
  ['views.push', { run: views.push, token: 'bot', tier: 4 }],
  ['views.publish', { run: views.publish, token: 'bot', tier: 4 }],
  ['files.getUploadURLExternal', { run: getUploadUrl, token: 'bot', tier: 4, scope: always('files:write') }],
  ['files.completeUploadExternal', { run: completeUpload, token: 'bot', tier: 4, scope: always('files:write') }],
  ['team.info', { run: teamInfo, token: 'bot', tier: 3, scope: always('team:read') }],
]);
