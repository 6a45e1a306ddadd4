// What a chat product must be able to do, and what people do to the bot through it.
// A platform draws documents and reports presses; it decides nothing and knows nothing of policy.
import type { AccountRef, ChannelRef, Instant, MessageRef } from '../core/model.ts';
import type { Form, FormOption, Home, Message, Note } from './document.ts';

/** Where to say something. `beside` is seen by one person only, in a channel, and is gone on reload. */
export type Place =
  | { readonly kind: 'channel'; readonly channel: ChannelRef }
  | { readonly kind: 'thread'; readonly under: MessageRef }
  | { readonly kind: 'person'; readonly account: AccountRef; readonly under?: MessageRef }
  | { readonly kind: 'beside'; readonly account: AccountRef; readonly channel: ChannelRef };

/** The platform's own record of an account, read now. `standing` other than 'member' never decides (threats B01–B05). */
export interface AccountFacts {
  readonly account: AccountRef;
  readonly standing: 'member' | 'guest' | 'stranger' | 'bot' | 'deactivated';
  readonly name: string;
  readonly email: string | undefined;
  readonly zone: string | undefined;
  readonly asOf: Instant;
}

export interface ChannelFacts {
  readonly channel: ChannelRef;
  readonly name: string;
  /** Other organisations can press buttons here, or soon will: no card is ever posted (threats B01, B02). */
  readonly shared: boolean;
  readonly archived: boolean;
  readonly botIsMember: boolean;
}

/** A finding of the doctor. */
export interface Finding {
  readonly what: string;
  readonly state: 'ok' | 'warning' | 'wrong';
  readonly says: string;
  readonly remedy?: string;
}

/** Every method but `start` and `stop` throws only ChatError. */
export interface ChatPlatform {
  readonly name: string;
  start(inbox: ChatInbox): Promise<void>;
  /** Takes no more events, waits for handlers that are running, then returns. */
  stop(): Promise<void>;
  /** Send. `key` is kept in the message's metadata, so that a lost answer can be looked up. Never retried inside. */
  post(place: Place, message: Message, key: string): Promise<Posted>;
  update(message: MessageRef, document: Message): Promise<Posted>;
  /** Our own message with this key, if the platform has it; `undefined` only when it was looked for and is not there. */
  find(place: Place, key: string, since: Instant): Promise<Posted | undefined>;
  /**
   * The keys of our own last messages in this channel whose keys begin like this, newest first and at most so many. Replies in
   * threads do not count. Left out where a platform cannot look.
   */
  lastKeys?(channel: ChannelRef, keyPrefix: string, limit: number): Promise<readonly string[]>;
  publishHome(account: AccountRef, home: Home): Promise<void>;
  account(account: AccountRef): Promise<AccountFacts>;
  accountByEmail(email: string): Promise<AccountFacts | undefined>;
  /** Members of one of the platform's own groups. */
  members(group: string): Promise<readonly AccountRef[]>;
  channel(channel: ChannelRef): Promise<ChannelFacts>;
  /** The doctor's questions to this platform. */
  check(channels: readonly ChannelRef[], groups: readonly string[]): Promise<readonly Finding[]>;
}

export interface Posted {
  readonly message: MessageRef;
  /** SHA-256 (hex) of the text and blocks as sent, as the ledger commits to them. */
  readonly hash: string;
}

/** `busy`: come back later. `gone`: the channel, message or person is not there (any more). `sent` tells whether it may have worked. */
export class ChatError extends Error {
  override readonly name = 'ChatError';
  readonly fault: 'busy' | 'unreachable' | 'gone' | 'refused' | 'invalid';
  readonly sent: 'no' | 'maybe';
  /** The platform's own word for it, e.g. `not_in_channel`. */
  readonly code: string;
  readonly retryAfterSeconds: number | undefined;
  constructor(
    fault: ChatError['fault'],
    code: string,
    sent: 'no' | 'maybe',
    options: { readonly retryAfterSeconds?: number; readonly cause?: unknown } = {},
  ) {
    super(`${fault}: ${code}`, { cause: options.cause });
    this.fault = fault;
    this.code = code;
    this.sent = sent;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** Who did it, where, and the delivery's own id (each counts once). */
export interface Origin {
  readonly account: AccountRef;
  readonly delivery: string;
  readonly at: Instant;
  readonly channel?: ChannelRef;
  readonly message?: MessageRef;
}

/** What the person sees at once. `quiet` when the card or thread will tell. */
export type Answer =
  | { readonly kind: 'quiet' }
  | { readonly kind: 'note'; readonly note: Note }
  | { readonly kind: 'form'; readonly form: Form };

export type FormAnswer =
  | { readonly kind: 'done'; readonly note?: Note }
  | { readonly kind: 'problems'; readonly problems: { readonly [field: string]: string } }
  | { readonly kind: 'form'; readonly form: Form };

/** Answers so far, by field name. */
export type Answers = { readonly [field: string]: string };

/**
 * What people do to the bot; implemented by operations. Each stores what was said before it answers and touches
 * only the store, so that the answer is always inside Slack's 3 seconds.
 */
export interface ChatInbox {
  command(event: Origin & { readonly text: string }): Promise<Answer>;
  /** "Request access about this": a message was chosen. */
  about(event: Origin & { readonly about: MessageRef; readonly excerpt: string }): Promise<Answer>;
  press(event: Origin & { readonly action: string; readonly value: string }): Promise<Answer>;
  /** A field that other fields depend on was changed. */
  redraw(
    event: Origin & { readonly form: string; readonly context: string; readonly answers: Answers },
  ): Promise<Form | undefined>;
  submitForm(
    event: Origin & { readonly form: string; readonly context: string; readonly answers: Answers },
  ): Promise<FormAnswer>;
  search(event: {
    readonly account: AccountRef;
    readonly field: string;
    readonly text: string;
  }): Promise<readonly FormOption[]>;
  home(event: { readonly account: AccountRef }): Promise<void>;
  /** Something about people, groups or channels changed: cached facts are dropped, cards in shared channels are withdrawn. */
  changed(event: {
    readonly kind: 'account' | 'group' | 'channel' | 'uninstalled';
    readonly id: string;
  }): Promise<void>;
  /** Something knocked and was not let in; counted into the log. */
  refused(event: { readonly code: string }): void;
}
