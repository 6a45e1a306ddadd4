// Everything that one person sees, for the page: nothing of other people's ephemeral messages, direct messages,
// private channels or views, and no metadata.
import type {
  AppShown,
  ConversationShown,
  FileShown,
  HomeShown,
  MessageShown,
  OpenView,
  PersonShown,
  Snapshot,
} from './control-api.ts';
import { channelForPerson, directChannel, messagesIn } from './conversations.ts';
import type { Channel, Message, User, View } from './records.ts';
import type { State } from './state.ts';
import { openViews } from './views.ts';

export function takeSnapshot(state: State, me: User, reachable: boolean): Snapshot {
  const { id, name, domain } = state.team;
  const visible = [...state.channels.values()].filter(
    (channel) => channel.im === undefined && channelForPerson(state, me.id, channel.id) !== undefined,
  );
  const direct = directChannel(state, me.id);
  return {
    version: state.version,
    now: state.clock.now(),
    team: { id, name, domain },
    app: appShown(state, reachable),
    me: personShown(me),
    people: [...state.users.values()].map(personShown),
    channels: visible.map((channel) => conversationShown(state, me, channel)),
    direct: conversationShown(state, me, direct),
    home: homeShown(state, me),
    views: openViews(state, me.id).map(viewShown),
  };
}

/** Whom the page starts as. */
export function firstPerson(state: State): User | undefined {
  return [...state.users.values()].find(({ deleted, is_bot }) => !deleted && !is_bot);
}

function appShown({ app }: State, reachable: boolean): AppShown {
  const { id, name, botUserId, commands, messageShortcuts } = app;
  return { id, name, botUserId, commands, messageShortcuts, reachable };
}

function personShown(user: User): PersonShown {
  return {
    id: user.id,
    teamId: user.team_id,
    name: user.name,
    realName: user.real_name,
    title: user.title,
    tz: user.tz,
    deleted: user.deleted,
    isBot: user.is_bot,
    isGuest: user.is_restricted || user.is_ultra_restricted,
    isStranger: user.is_stranger,
  };
}

function conversationShown(state: State, me: User, channel: Channel): ConversationShown {
  const all = messagesIn(state, channel.id);
  const roots = all.filter(({ ts, thread_ts }) => thread_ts === undefined || thread_ts === ts);
  const whispers = state.ephemerals.filter(({ to, channel: where }) => to === me.id && where === channel.id);
  return {
    id: channel.id,
    name: channel.im === undefined ? channel.name : state.app.name,
    kind: channel.im === undefined ? 'channel' : 'direct',
    isPrivate: channel.is_private,
    isArchived: channel.is_archived,
    isShared: channel.is_ext_shared,
    members: channel.members,
    isMember: channel.members.includes(me.id),
    messages: roots.map((root) => ({
      ...messageShown(state, root, false),
      replies: all
        .filter(({ ts, thread_ts }) => thread_ts === root.ts && ts !== root.ts)
        .map((reply) => messageShown(state, reply, false)),
    })),
    ephemerals: whispers.map(({ message }) => messageShown(state, message, true)),
  };
}

export function messageShown(state: State, message: Message, ephemeral: boolean): MessageShown {
  const { ts, thread_ts, user, text, blocks, edited, files } = message;
  return {
    ts,
    user,
    text,
    ephemeral,
    ...(thread_ts !== undefined && { thread_ts }),
    ...(blocks && { blocks }),
    ...(edited && { edited }),
    ...(files && { files: files.flatMap((id) => fileShown(state, id)) }),
  };
}

function fileShown(state: State, id: string): readonly FileShown[] {
  const file = state.files.get(id);
  return file ? [{ id, name: file.name, title: file.title, size: file.length }] : [];
}

function homeShown(state: State, me: User): HomeShown | null {
  const view = state.views.get(state.homes.get(me.id) ?? '');
  return view ? { id: view.id, hash: view.hash, blocks: view.blocks } : null;
}

export function viewShown(view: View): OpenView {
  const { id, hash, callback_id, title, submit, close, blocks, values, errors } = view;
  return { id, hash, callback_id, title, blocks, values, errors, ...(submit && { submit }), ...(close && { close }) };
}
