// conversations.info, .members, .history, .replies. conversations.open is not offered: the bot posts to user ids.
import { accept, type Method, missing, page, type Reply, refuse } from './api-reply.ts';
import { botIsIn, channelForBot, messageAt, messagesIn, repliesTo } from './conversations.ts';
import { type Fields, flagOf, textOf, wholeOf } from './fields.ts';
import { messageObject } from './message-content.ts';
import type { Channel, Message } from './records.ts';
import type { State } from './state.ts';

export const info: Method = (state, args) => {
  const id = textOf(args, 'channel');
  if (id === undefined) return missing('channel');
  const channel = channelForBot(state, id);
  if (!channel) return refuse('channel_not_found');
  const count = flagOf(args, 'include_num_members') ? { num_members: channel.members.length } : {};
  return accept({ channel: { ...channelObject(state, channel), ...count } });
};

function channelObject(state: State, channel: Channel): Fields {
  const { id, name, im, is_private, is_archived, is_ext_shared, is_pending_ext_shared, created } = channel;
  if (im !== undefined) return { id, created, is_im: true, is_archived, user: im, is_org_shared: false };
  return {
    id,
    name,
    name_normalized: name,
    is_channel: true,
    is_group: false,
    is_im: false,
    is_mpim: false,
    is_general: false,
    is_private,
    is_archived,
    is_ext_shared,
    is_pending_ext_shared,
    is_org_shared: false,
    is_shared: is_ext_shared,
    is_member: botIsIn(state, channel),
    created,
    context_team_id: state.team.id,
    shared_team_ids: [state.team.id],
    topic: { value: '', creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
  };
}

export const members: Method = (state, args) => {
  const id = textOf(args, 'channel');
  if (id === undefined) return missing('channel');
  const channel = channelForBot(state, id);
  if (!channel) return refuse('channel_not_found');
  const limit = wholeOf(args, 'limit') ?? 100;
  if (limit < 1 || limit > 1_000) return refuse('invalid_limit');
  const cut = page(channel.members, textOf(args, 'cursor'), limit);
  if (!cut) return refuse('invalid_cursor');
  return accept({ members: cut.items, response_metadata: { next_cursor: cut.next } });
};

/** Newest first, roots only (and replies that were broadcast). */
export const history: Method = (state, args) => {
  const found = readable(state, args);
  if ('refusal' in found) return found.refusal;
  const roots = messagesIn(state, found.channel.id).filter(
    ({ ts, thread_ts, subtype }) => thread_ts === undefined || thread_ts === ts || subtype === 'thread_broadcast',
  );
  const wanted = roots.filter((message) => inRange(message, args)).toReversed();
  return messagePage(state, found.channel, wanted, args, 100);
};

/** The root and its replies, oldest first; the ts of a reply gives that reply alone, as documented. */
export const replies: Method = (state, args) => {
  const found = readable(state, args);
  if ('refusal' in found) return found.refusal;
  const ts = textOf(args, 'ts');
  if (ts === undefined) return missing('ts');
  const root = messageAt(state, found.channel.id, ts);
  if (!root) return refuse('thread_not_found');
  const hanging = repliesTo(state, found.channel.id, ts).filter((message) => inRange(message, args));
  return messagePage(state, found.channel, [root, ...hanging], args, 1_000);
};

function readable(state: State, args: Fields): { readonly channel: Channel } | { readonly refusal: Reply } {
  const id = textOf(args, 'channel');
  if (id === undefined) return { refusal: missing('channel') };
  const channel = channelForBot(state, id);
  if (!channel) return { refusal: refuse('channel_not_found') };
  return botIsIn(state, channel) ? { channel } : { refusal: refuse('not_in_channel') };
}

/** Timestamps of one workspace have the same number of digits, so text order is time order. */
function inRange({ ts }: Message, args: Fields): boolean {
  const [oldest, latest] = [textOf(args, 'oldest'), textOf(args, 'latest')];
  if (flagOf(args, 'inclusive') && (ts === oldest || ts === latest)) return true;
  const after = oldest === undefined || Number(ts) > Number(oldest);
  const before = latest === undefined || Number(ts) < Number(latest);
  return after && before;
}

function messagePage(state: State, channel: Channel, wanted: readonly Message[], args: Fields, usual: number): Reply {
  const limit = wholeOf(args, 'limit') ?? usual;
  if (limit < 1 || limit > 1_000) return refuse('invalid_limit');
  const cut = page(wanted, textOf(args, 'cursor'), limit);
  if (!cut) return refuse('invalid_cursor');
  const withMetadata = flagOf(args, 'include_all_metadata');
  return accept({
    messages: cut.items.map((message) => messageObject(state, channel.id, message, withMetadata)),
    has_more: cut.next !== '',
    ...(cut.next !== '' && { response_metadata: { next_cursor: cut.next } }),
  });
}
