// chat.postMessage, chat.update, chat.postEphemeral, chat.getPermalink.
import { accept, type Method, missing, type Reply, refuse } from './api-reply.ts';
import {
  botIsIn,
  byBot,
  channelForBot,
  directChannel,
  messageAt,
  post,
  replaceMessage,
  whisper,
} from './conversations.ts';
import { type Fields, flagOf, listOf, textOf } from './fields.ts';
import { UPDATE_TEXT_CHARACTERS } from './limits.ts';
import { cutWarning, messageObject, readContent } from './message-content.ts';
import type { Channel, Message } from './records.ts';
import { nextTs, type State } from './state.ts';

/** A user id means the direct message with that person; names are not accepted. */
function destination(state: State, id: string): Channel | undefined {
  const person = state.users.get(id);
  if (!person) return channelForBot(state, id);
  const reachable = !person.deleted && !person.is_bot && person.team_id === state.team.id;
  return reachable ? directChannel(state, id) : undefined;
}

function refusePlace(state: State, channel: Channel): Reply | undefined {
  if (channel.is_archived) return refuse('is_archived');
  return botIsIn(state, channel) ? undefined : refuse('not_in_channel');
}

/** Slack wants the root of a thread here; a reply's ts makes a thread that nobody sees. */
function refuseThread(state: State, channel: Channel, ts: string | undefined): Reply | undefined {
  if (ts === undefined) return undefined;
  const root = messageAt(state, channel.id, ts);
  if (!root) return refuse('thread_not_found');
  const isReply = root.thread_ts !== undefined && root.thread_ts !== root.ts;
  return isReply ? refuse('cannot_reply_to_message') : undefined;
}

export const postMessage: Method = (state, args) => {
  const to = textOf(args, 'channel');
  if (to === undefined) return missing('channel');
  const channel = destination(state, to);
  if (!channel) return refuse('channel_not_found');
  const thread = textOf(args, 'thread_ts');
  const refusal = refusePlace(state, channel) ?? refuseThread(state, channel, thread);
  if (refusal) return refusal;
  const content = readContent(state, args);
  if ('refusal' in content) return content.refusal;
  const { cut: _, ...stored } = content;
  const message = post(state, channel.id, { ...byBot(state), ...stored, ...inThread(args, thread) });
  const shown = messageObject(state, channel.id, message, true);
  return accept({ channel: channel.id, ts: message.ts, message: shown, ...cutWarning(content) });
};

function inThread(args: Fields, thread: string | undefined): Partial<Message> {
  if (thread === undefined) return {};
  return { thread_ts: thread, ...(flagOf(args, 'reply_broadcast') && { subtype: 'thread_broadcast' }) };
}

export const update: Method = (state, args) => {
  const [to, ts] = [textOf(args, 'channel'), textOf(args, 'ts')];
  if (to === undefined) return missing('channel');
  if (ts === undefined) return missing('ts');
  const channel = channelForBot(state, to);
  if (!channel) return refuse('channel_not_found');
  const before = messageAt(state, to, ts);
  if (!before) return refuse('message_not_found');
  if (before.user !== state.app.botUserId) return refuse('cant_update_message');
  if (channel.is_archived) return refuse('is_inactive');
  if ((textOf(args, 'text') ?? '').length > UPDATE_TEXT_CHARACTERS) return refuse('msg_too_long');
  const content = readContent(state, args);
  if ('refusal' in content) return content.refusal;
  const next = updated(state, before, content, args);
  replaceMessage(state, to, next);
  return accept({ channel: to, ts, text: next.text, message: messageObject(state, to, next, true) });
};

/**
 * Text without blocks takes the blocks away. Changed blocks leave no "edited" mark (threat D03: history can be
 * rewritten unseen). Metadata stays unless it is given; an empty object removes it.
 */
function updated(state: State, before: Message, content: Partial<Message>, args: Fields): Message {
  const { blocks: _blocks, metadata: kept, edited: _edited, ...shared } = before;
  const metadata = args.metadata === undefined ? kept : content.metadata;
  const mark = listOf(args, 'blocks') ? undefined : { user: before.user, ts: nextTs(state) };
  return {
    ...shared,
    text: content.text ?? '',
    ...(content.blocks && { blocks: content.blocks }),
    ...(metadata && { metadata }),
    ...(mark && { edited: mark }),
  };
}

export const postEphemeral: Method = (state, args) => {
  const [to, user] = [textOf(args, 'channel'), textOf(args, 'user')];
  if (to === undefined) return missing('channel');
  if (user === undefined) return missing('user');
  const channel = channelForBot(state, to);
  if (!channel) return refuse('channel_not_found');
  const refusal = refusePlace(state, channel);
  if (refusal) return refusal;
  if (!channel.members.includes(user) || state.users.get(user)?.deleted) return refuse('user_not_in_channel');
  const content = readContent(state, args);
  if ('refusal' in content) return content.refusal;
  const { cut: _cut, metadata: _metadata, ...stored } = content;
  const thread = textOf(args, 'thread_ts');
  const message = whisper(state, to, user, {
    ...byBot(state),
    ...stored,
    ...(thread !== undefined && { thread_ts: thread }),
  });
  return accept({ message_ts: message.ts, ...cutWarning(content) });
};

export const getPermalink: Method = (state, args) => {
  const [to, ts] = [textOf(args, 'channel'), textOf(args, 'message_ts')];
  if (to === undefined) return missing('channel');
  if (ts === undefined) return missing('message_ts');
  if (!channelForBot(state, to)) return refuse('channel_not_found');
  const message = messageAt(state, to, ts);
  if (!message) return refuse('message_not_found');
  const path = `https://${state.team.domain}.slack.com/archives/${to}/p${ts.replace('.', '')}`;
  const root = message.thread_ts;
  const inside = root !== undefined && root !== ts ? `?thread_ts=${root}&cid=${to}` : '';
  return accept({ channel: to, permalink: path + inside });
};
