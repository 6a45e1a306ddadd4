// Channels, direct messages and the messages in them. Who may do what is decided by the callers.
import type { Block, Channel, Message, StoredFile, User } from './records.ts';
import { changed, nextTs, type State, slackId, unixSeconds } from './state.ts';

/** The direct message between a person and the bot; it exists as soon as anybody asks for it. */
export function directChannel(state: State, user: string): Channel {
  const id = `D${user.slice(1)}`;
  const existing = state.channels.get(id);
  if (existing) return existing;
  const channel: Channel = {
    id,
    name: 'directmessage',
    im: user,
    is_private: true,
    is_archived: false,
    is_ext_shared: false,
    is_pending_ext_shared: false,
    members: [user, state.app.botUserId],
    created: unixSeconds(state),
  };
  state.channels.set(id, channel);
  state.messages.set(id, []);
  return channel;
}

/** As the bot sees it: a private channel without the bot does not exist for it. */
export function channelForBot(state: State, id: string): Channel | undefined {
  const channel = state.channels.get(id);
  if (channel?.is_private && !botIsIn(state, channel)) return undefined;
  return channel;
}

export function botIsIn(state: State, channel: Channel): boolean {
  return channel.members.includes(state.app.botUserId);
}

export function channelForPerson(state: State, user: string, id: string): Channel | undefined {
  const channel = state.channels.get(id);
  if (!channel || channel.members.includes(user)) return channel;
  const person = state.users.get(user);
  const sees = person && !channel.is_private && !isOutsider(person);
  return sees ? channel : undefined;
}

/** Guests and people of other companies see only the channels they are members of. */
function isOutsider(person: User): boolean {
  return person.is_stranger || person.is_restricted || person.is_ultra_restricted;
}

export function messagesIn(state: State, channel: string): readonly Message[] {
  return state.messages.get(channel) ?? [];
}

export function messageAt(state: State, channel: string, ts: string): Message | undefined {
  return messagesIn(state, channel).find((message) => message.ts === ts);
}

export function repliesTo(state: State, channel: string, ts: string): readonly Message[] {
  return messagesIn(state, channel).filter((message) => message.thread_ts === ts && message.ts !== ts);
}

export type Draft = Omit<Message, 'type' | 'ts'>;

export function post(state: State, channel: string, draft: Draft): Message {
  const message: Message = { type: 'message', ts: nextTs(state), ...draft };
  const list = state.messages.get(channel) ?? [];
  list.push(message);
  state.messages.set(channel, list);
  changed(state);
  return message;
}

export function whisper(state: State, channel: string, to: string, draft: Draft): Message {
  const message: Message = { type: 'message', ts: nextTs(state), ...draft };
  state.ephemerals.push({ channel, to, message });
  changed(state);
  return message;
}

export function byBot(state: State): Pick<Message, 'user' | 'bot_id' | 'app_id'> {
  return { user: state.app.botUserId, bot_id: state.app.botId, app_id: state.app.id };
}

/** Puts `next` in the place of the message with the same ts and keeps the old blocks for stale clients. */
export function replaceMessage(state: State, channel: string, next: Message): void {
  const list = state.messages.get(channel) ?? [];
  const index = list.findIndex((message) => message.ts === next.ts);
  const before = list[index];
  if (!before) return;
  rememberBlocks(state, channel, before);
  list[index] = next;
  changed(state);
}

function rememberBlocks(state: State, channel: string, message: Message): void {
  if (!message.blocks) return;
  const key = `${channel} ${message.ts}`;
  state.earlier.set(key, [...(state.earlier.get(key) ?? []), message.blocks]);
}

export function earlierBlocks(state: State, channel: string, ts: string): readonly (readonly Block[])[] {
  return state.earlier.get(`${channel} ${ts}`) ?? [];
}

/** Somebody with the right to do so deletes it. Slack leaves a tombstone where replies hang on it. */
export function eraseMessage(state: State, channel: string, ts: string): void {
  const list = state.messages.get(channel) ?? [];
  const index = list.findIndex((message) => message.ts === ts);
  if (index < 0) return;
  const tombstone: Message = {
    type: 'message',
    subtype: 'tombstone',
    ts,
    user: 'USLACKBOT',
    text: 'This message was deleted.',
    thread_ts: ts,
  };
  if (repliesTo(state, channel, ts).length > 0) list[index] = tombstone;
  else list.splice(index, 1);
  changed(state);
}

export function addFile(state: State, name: string, length: number): StoredFile {
  const file: StoredFile = { id: slackId(state, 'F'), name, title: name, length, secret: state.ids.secret(16) };
  state.files.set(file.id, file);
  return file;
}
