// What may be in a message, wherever it is posted from (methods, response URLs, answers to commands),
// and the message object that Slack hands back to the app.
import { invalidBlocks, type Reply, refuse } from './api-reply.ts';
import { messageBlockProblems, textLength } from './block-kit.ts';
import { repliesTo } from './conversations.ts';
import { type Fields, fieldsOf, isFields, textOf } from './fields.ts';
import { MESSAGE_BLOCKS_CHARACTERS, MESSAGE_TEXT_CHARACTERS, METADATA_CHARACTERS } from './limits.ts';
import type { Block, Message } from './records.ts';
import type { State } from './state.ts';
import { withIds } from './views.ts';

export interface Content {
  readonly text: string;
  readonly blocks?: readonly Block[];
  readonly metadata?: Fields;
  /** Slack cut the text at 40,000 characters and says so in `response_metadata.warnings`. */
  readonly cut: boolean;
}

/** The content to store, or the refusal in its place. Text is stored as sent: mrkdwn is never parsed here. */
export function readContent(state: State, args: Fields): Content | { readonly refusal: Reply } {
  const text = textOf(args, 'text') ?? '';
  const { blocks: given, metadata } = args;
  if (given !== undefined && !Array.isArray(given)) return { refusal: refuse('invalid_blocks_format') };
  const blocks: readonly unknown[] = given ?? [];
  if (text === '' && blocks.length === 0) return { refusal: refuse('no_text') };
  const refusal = refuseBlocks(blocks) ?? refuseMetadata(metadata);
  if (refusal) return { refusal };
  return {
    text: text.slice(0, MESSAGE_TEXT_CHARACTERS),
    cut: text.length > MESSAGE_TEXT_CHARACTERS,
    ...(blocks.length > 0 && { blocks: withIds(state, blocks.filter(isFields)) }),
    ...(isFields(metadata) && Object.keys(metadata).length > 0 && { metadata }),
  };
}

function refuseBlocks(blocks: readonly unknown[]): Reply | undefined {
  const problems = messageBlockProblems(blocks);
  if (problems.length > 0) return invalidBlocks(problems);
  return textLength(blocks) > MESSAGE_BLOCKS_CHARACTERS ? refuse('msg_blocks_too_long') : undefined;
}

function refuseMetadata(metadata: unknown): Reply | undefined {
  if (metadata === undefined || (isFields(metadata) && Object.keys(metadata).length === 0)) return undefined;
  const formed = isFields(metadata) && textOf(metadata, 'event_type') && fieldsOf(metadata, 'event_payload');
  if (!formed) return refuse('invalid_metadata_format');
  return JSON.stringify(metadata).length > METADATA_CHARACTERS ? refuse('metadata_too_large') : undefined;
}

export function cutWarning(content: Content): Fields {
  if (!content.cut) return {};
  const message =
    '[WARN] Your message was truncated but still posted. The `text` field accepts up to 40,000 characters.';
  return { response_metadata: { warnings: ['message_truncated'], messages: [message] } };
}

/** Metadata only where it was asked for (`include_all_metadata`) or just sent. */
export function messageObject(state: State, channel: string, message: Message, withMetadata: boolean): Fields {
  const { metadata, files, ...shared } = message;
  const replies =
    message.thread_ts === undefined || message.thread_ts === message.ts ? repliesTo(state, channel, message.ts) : [];
  return {
    ...shared,
    team: state.team.id,
    ...(message.bot_id !== undefined && { bot_profile: botProfile(state) }),
    ...(files && { files: files.flatMap((id) => fileObject(state, id)) }),
    ...(withMetadata && metadata && { metadata }),
    ...threadFields(state, channel, message, replies),
  };
}

function threadFields(state: State, channel: string, message: Message, replies: readonly Message[]): Fields {
  const root = message.thread_ts !== undefined && message.thread_ts !== message.ts ? message.thread_ts : undefined;
  if (root !== undefined) {
    const parent = state.messages.get(channel)?.find(({ ts }) => ts === root);
    return { parent_user_id: parent?.user };
  }
  if (replies.length === 0) return {};
  const users = [...new Set(replies.map(({ user }) => user))];
  return {
    thread_ts: message.ts,
    reply_count: replies.length,
    reply_users_count: users.length,
    reply_users: users,
    latest_reply: replies.at(-1)?.ts,
    is_locked: false,
    subscribed: false,
  };
}

function botProfile(state: State): Fields {
  const { id, botId, name } = state.app;
  return { id: botId, app_id: id, name, deleted: false, team_id: state.team.id };
}

export function fileObject(state: State, id: string): readonly Fields[] {
  const file = state.files.get(id);
  if (!file) return [];
  return [{ id, name: file.name, title: file.title, size: file.length, user: state.app.botUserId, mode: 'hosted' }];
}
