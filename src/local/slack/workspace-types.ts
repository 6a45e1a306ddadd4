// What startWorkspace takes and gives: the in-process side of the local workspace. Types only.
import type { Clock, Ids, Instant } from '../../ports/clock.ts';
import type { ActOptions, Outcome } from './acting.ts';
import type { ClickTarget } from './acts-chat.ts';
import type { SuggestTarget } from './acts-suggest.ts';
import type { ViewTarget } from './acts-view.ts';
import type { Administration } from './administration.ts';
import type { Answers, Snapshot } from './control-api.ts';
import type { RawAnswer, RawRequest } from './deliver-http.ts';
import type { Fault } from './faults.ts';
import type { ApiCall, Channel, Delivery, Ephemeral, Message, StoredFile, View } from './records.ts';
import type { AppSeed, ChannelSeed, TeamSeed, UsergroupSeed, UserSeed } from './seeds.ts';
import type { ExtraRoutes } from './server.ts';
import type { DisconnectReason } from './socket.ts';

export interface WorkspaceOptions {
  /** Timestamps, trigger expiry, response URLs, rate limits, event retries. */
  readonly clock: Clock;
  readonly ids: Ids;
  readonly users: readonly UserSeed[];
  readonly channels: readonly ChannelSeed[];
  readonly usergroups?: readonly UsergroupSeed[];
  readonly team?: TeamSeed;
  readonly app?: Partial<AppSeed>;
  /** Made up when left out; read them from the workspace. */
  readonly botToken?: string;
  readonly appToken?: string;
  readonly signingSecret?: string;
  /** How payloads reach the app; `socket` when left out. */
  readonly mode?: 'socket' | 'http';
  /** For `http`; may be set later with `setRequestUrl`. Only addresses of this machine. */
  readonly requestUrl?: string;
  /** Of the bot token; all that the offered methods need when left out. */
  readonly scopes?: readonly string[];
  /** 0 (a free one) when left out. */
  readonly port?: number;
  /** How long the app may take to acknowledge, in real milliseconds; 3,000 when left out. */
  readonly ackMs?: number;
  /** `false` switches Slack's rate limits off. */
  readonly rateLimits?: boolean;
  /** As Slack treats distributed apps outside the Marketplace: history once a minute, 15 messages. */
  readonly distributed?: boolean;
  /** `false`: events that were not taken are not sent again. */
  readonly eventRetries?: boolean;
  /** The time that signatures carry; the clock's when left out. Bolt compares it with the machine's. */
  readonly signedAt?: () => Instant;
  readonly extraRoutes?: ExtraRoutes;
}

/** What people do. Each throws CannotAct when Slack's client would not let that person do it. */
export interface People {
  slash(user: string, command: string, text: string, channel: string, options?: ActOptions): Promise<Outcome>;
  click(user: string, target: ClickTarget, options?: ActOptions): Promise<Outcome>;
  clickInView(user: string, target: ViewTarget & { values?: Answers }, options?: ActOptions): Promise<Outcome>;
  clickInHome(user: string, target: ViewTarget, options?: ActOptions): Promise<Outcome>;
  suggest(user: string, target: SuggestTarget, options?: ActOptions): Promise<Outcome>;
  submitView(user: string, values: Answers, options?: ActOptions): Promise<Outcome>;
  /** Cancel; with `all` the ✕ of the whole stack. */
  closeView(user: string, all?: boolean, options?: ActOptions): Promise<Outcome>;
  shortcut(
    user: string,
    callbackId: string,
    at: { readonly channel: string; readonly ts: string },
    options?: ActOptions,
  ): Promise<Outcome>;
  openHome(user: string, tab?: 'home' | 'messages'): Promise<Outcome>;
  say(user: string, channel: string, text: string, thread?: string): Message;
}

/** What can be seen. Everything is a present value, never a live list. */
export interface Sight {
  /** All messages of a channel, replies among them, oldest first. */
  messages(channel: string): readonly Message[];
  message(channel: string, ts: string): Message | undefined;
  /** The first message and its replies, oldest first. */
  thread(channel: string, ts: string): readonly Message[];
  ephemerals(user: string): readonly Ephemeral[];
  home(user: string): View | undefined;
  /** The topmost open view. */
  openView(user: string): View | undefined;
  directMessages(user: string): readonly Message[];
  channel(id: string): Channel | undefined;
  files(): readonly StoredFile[];
  snapshot(user: string): Snapshot;
  readonly calls: readonly ApiCall[];
  readonly deliveries: readonly Delivery[];
  callsOf(method: string): readonly ApiCall[];
  /** Live Socket Mode connections. */
  connections(): number;
  /** Waits without polling; rejects after `ms` (5,000) real milliseconds. */
  until<Value>(what: string, look: () => Value | undefined | null | false, ms?: number): Promise<Value>;
}

/** What goes wrong. */
export interface Trouble {
  failNext(method: string, times: number, fault: Fault): void;
  failFor(method: string, until: Instant, fault: Fault): void;
  clearFaults(): void;
  /** Slack is away: every connection is cut and every request dies unanswered. */
  down(): void;
  up(): void;
  /** A disconnect frame to all Socket Mode connections, or to the one with that number (counted from 1). */
  disconnect(reason: DisconnectReason, connection?: number): void;
  cutConnections(): void;
  redeliver(delivery: Delivery): Promise<Delivery>;
  deliverRaw(raw: RawRequest): Promise<RawAnswer>;
  /** The `url_verification` handshake that Slack makes when the request URL is set. */
  verifyRequestUrl(): Promise<boolean>;
}

export interface Workspace extends People, Sight, Trouble, Administration {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** For `slackApiUrl` of the SDK. */
  readonly apiUrl: string;
  readonly port: number;
  readonly botToken: string;
  readonly appToken: string;
  readonly signingSecret: string;
  setRequestUrl(url: string): void;
  setMode(mode: 'socket' | 'http'): void;
  stop(): Promise<void>;
}
