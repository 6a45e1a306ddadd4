// A chat platform in memory that passes the port's promises: people, groups, channels, messages with keys, and faults that
// are scripted. For tests of operations; the real platforms have their own contract.
import { createHash } from 'node:crypto';
import type { AccountRef, MessageRef } from '../../src/core/model.ts';
import {
  type AccountFacts,
  ChatError,
  type ChatInbox,
  type ChatPlatform,
  type Place,
  type Posted,
} from '../../src/ports/chat-platform.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Home, Message, Rich, Span } from '../../src/ports/document.ts';

export interface FakePerson {
  readonly user: string;
  readonly name: string;
  email: string | undefined;
  standing: AccountFacts['standing'];
}
export interface Sent {
  readonly place: Place;
  readonly key: string;
  readonly ref: MessageRef;
  message: Message;
  readonly versions: Message[];
}
type ChatFault = 'busy' | 'down' | 'lost_answer' | 'gone';

export interface FakeChat extends ChatPlatform {
  readonly people: Map<string, FakePerson>;
  readonly groups: Map<string, Set<string>>;
  readonly shared: Set<string>;
  readonly sent: Sent[];
  readonly homes: Map<string, Home>;
  inbox(): ChatInbox;
  /** The next `times` sends fail like this. */
  fail(fault: ChatFault, times: number): void;
  account(ref: AccountRef): Promise<AccountFacts>;
  ref(user: string): AccountRef;
  /** Texts of the replies in a thread, in the order they were sent. */
  threadOf(ref: MessageRef): readonly string[];
}

const TENANT = 'T01';

export function openFakeChat(clock: Clock, people: readonly FakePerson[], name = 'slack'): FakeChat {
  const byUser = new Map(people.map((person) => [person.user, { ...person }]));
  const sent: Sent[] = [];
  const faults: ChatFault[] = [];
  const groups = new Map<string, Set<string>>();
  const shared = new Set<string>();
  const homes = new Map<string, Home>();
  let inbox: ChatInbox | undefined;
  let down = false;

  const ref = (user: string): AccountRef => ({ platform: name, tenant: TENANT, user });
  const hashOf = (message: Message) => createHash('sha256').update(JSON.stringify(message)).digest('hex');

  function facts(person: FakePerson): AccountFacts {
    const { standing, email, user } = person;
    return { account: ref(user), standing, name: person.name, email, zone: 'Europe/Berlin', asOf: clock.now() };
  }
  function put(place: Place, message: Message, key: string): Posted {
    const message_ = `${sent.length + 1}`.padStart(6, '0');
    const at: MessageRef = { platform: name, tenant: TENANT, channel: channelOf(place), message: message_ };
    sent.push({ place, key, ref: at, message, versions: [message] });
    return { message: at, hash: hashOf(message) };
  }

  const chat: FakeChat = {
    name,
    people: byUser,
    groups,
    shared,
    sent,
    homes,
    ref,
    inbox() {
      if (!inbox) throw new Error('not started');
      return inbox;
    },
    fail: (fault, times) => {
      if (fault === 'down') down = times > 0;
      else faults.push(...Array<ChatFault>(times).fill(fault));
    },
    threadOf: (root) => sent.filter((one) => isUnder(one.place, root)).map((one) => textOf(one.message)),
    async start(given) {
      inbox = given;
    },
    async stop() {},
    async post(place, message, key) {
      if (down) throw new ChatError('unreachable', 'ECONNREFUSED', 'maybe');
      const fault = faults.shift();
      if (fault === 'busy') throw new ChatError('busy', 'ratelimited', 'no', { retryAfterSeconds: 5 });
      if (fault === 'gone') throw new ChatError('gone', 'not_in_channel', 'no');
      const posted = put(place, message, key);
      if (fault === 'lost_answer') throw new ChatError('unreachable', 'ECONNRESET', 'maybe');
      return posted;
    },
    async update(at, message) {
      if (down) throw new ChatError('unreachable', 'ECONNREFUSED', 'maybe');
      const one = sent.find((candidate) => candidate.ref.message === at.message);
      if (!one) throw new ChatError('gone', 'message_not_found', 'no');
      one.message = message;
      one.versions.push(message);
      return { message: at, hash: hashOf(message) };
    },
    async find(place, key) {
      if (place.kind === 'person') throw new ChatError('refused', 'cannot_look', 'no');
      const one = sent.find((candidate) => candidate.key === key);
      return one ? { message: one.ref, hash: hashOf(one.message) } : undefined;
    },
    async lastKeys(channel, prefix, limit) {
      if (down) throw new ChatError('unreachable', 'ECONNREFUSED', 'no');
      const inChannel = ({ place, key }: Sent) =>
        place.kind === 'channel' && place.channel.channel === channel.channel && key.startsWith(prefix);
      const keys = sent.filter(inChannel).map(({ key }) => key);
      return keys.reverse().slice(0, limit);
    },
    async publishHome(account, home) {
      homes.set(account.user, home);
    },
    async account(account) {
      if (down) throw new ChatError('unreachable', 'ECONNREFUSED', 'no');
      const person = byUser.get(account.user);
      if (!person) throw new ChatError('gone', 'user_not_found', 'no');
      return facts(person);
    },
    async accountByEmail(email) {
      const person = [...byUser.values()].find((candidate) => candidate.email === email);
      return person ? facts(person) : undefined;
    },
    async members(group) {
      const members = groups.get(group);
      if (!members) throw new ChatError('gone', 'no_such_subteam', 'no');
      return [...members].map(ref);
    },
    async channel(channel) {
      return {
        channel,
        name: channel.channel,
        shared: shared.has(channel.channel),
        archived: false,
        botIsMember: true,
      };
    },
    async check() {
      return [];
    },
  };
  return chat;
}

function channelOf(place: Place): string {
  switch (place.kind) {
    case 'channel':
    case 'beside':
      return place.channel.channel;
    case 'thread':
      return place.under.channel;
    case 'person':
      return `D-${place.account.user}`;
  }
}

function isUnder(place: Place, root: MessageRef): boolean {
  if (place.kind === 'thread') return place.under.message === root.message;
  return place.kind === 'person' && place.under?.message === root.message;
}

export function richText(rich: Rich): string {
  return rich.map(spanText).join('');
}

function spanText(span: Span): string {
  if (typeof span === 'string') return span;
  if ('strong' in span) return span.strong;
  if ('code' in span) return span.code;
  if ('name' in span) return span.name;
  return `<${new Date(span.time).toISOString().slice(11, 16)}>`;
}

export function textOf(message: Message): string {
  if (message.kind === 'card') return `${message.title} | ${richText(message.status)}`;
  return [...message.lines.map(richText), ...(message.quote ? [`“${message.quote}”`] : [])].join(' ');
}
