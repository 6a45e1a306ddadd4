// What the workspace remembers, and the few functions that every part needs to read or change it.
// Containers are mutable, what they hold is replaced as a whole. No HTTP here.
import type { Clock, Ids, Instant } from '../../ports/clock.ts';
import type { BlockShown, OptionShown, StateValues, TextObject } from './control-api.ts';
import type { Fields } from './fields.ts';
import type { AppSeed, TeamSeed } from './seeds.ts';

export type Block = BlockShown;

export interface User {
  readonly id: string;
  readonly team_id: string;
  readonly name: string;
  readonly real_name: string;
  readonly title: string;
  readonly email?: string;
  readonly tz: string;
  readonly locale: string;
  readonly deleted: boolean;
  readonly is_bot: boolean;
  readonly is_restricted: boolean;
  readonly is_ultra_restricted: boolean;
  readonly is_stranger: boolean;
}

export interface Channel {
  readonly id: string;
  readonly name: string;
  /** The person of a direct message with the bot. */
  readonly im?: string;
  readonly is_private: boolean;
  readonly is_archived: boolean;
  readonly is_ext_shared: boolean;
  readonly is_pending_ext_shared: boolean;
  readonly members: readonly string[];
  readonly created: number;
}

export interface Usergroup {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  readonly users: readonly string[];
}

export interface Message {
  readonly type: 'message';
  readonly subtype?: string;
  readonly ts: string;
  readonly user: string;
  readonly bot_id?: string;
  readonly app_id?: string;
  readonly text: string;
  readonly blocks?: readonly Block[];
  readonly thread_ts?: string;
  readonly metadata?: Fields;
  readonly edited?: { readonly user: string; readonly ts: string };
  readonly files?: readonly string[];
}

/** "Only visible to you": never in any history, gone for everybody else. */
export interface Ephemeral {
  readonly channel: string;
  readonly to: string;
  readonly message: Message;
}

export interface View {
  readonly id: string;
  readonly type: 'modal' | 'home';
  readonly user: string;
  readonly hash: string;
  readonly callback_id: string;
  readonly external_id: string;
  readonly private_metadata: string;
  readonly title: TextObject;
  readonly submit: TextObject | null;
  readonly close: TextObject | null;
  readonly blocks: readonly Block[];
  readonly clear_on_close: boolean;
  readonly notify_on_close: boolean;
  readonly root_view_id: string;
  readonly previous_view_id: string | null;
  readonly values: StateValues;
  readonly errors: Readonly<Record<string, string>>;
  /** Options an external menu was given so far, by `block_id action_id`: only these can be chosen. */
  readonly suggested: Readonly<Record<string, readonly OptionShown[]>>;
}

export interface StoredFile {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly length: number;
  /** Whoever knows the upload address may put the bytes there, as with Slack. */
  readonly secret: string;
  readonly bytes?: Buffer;
  readonly channel?: string;
}

export interface Trigger {
  readonly at: Instant;
  readonly user: string;
  readonly used: boolean;
}

export interface ResponseUrl {
  readonly at: Instant;
  readonly uses: number;
  readonly user: string;
  readonly channel: string;
  /** The message whose button gave this address; absent for slash commands and shortcuts. */
  readonly source?: { readonly ts: string; readonly ephemeral: boolean; readonly thread_ts?: string };
}

export interface ApiCall {
  readonly method: string;
  /** Without the token. */
  readonly args: Fields;
  readonly at: Instant;
  /** `ok`, Slack's error code, the injected HTTP status, `hung` or `dropped`; `running` until it is known. */
  outcome: string;
}

export interface Token {
  readonly kind: 'bot' | 'app';
  readonly revoked: boolean;
}

export interface State {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly team: TeamSeed;
  readonly app: AppSeed;
  readonly scopes: readonly string[];
  readonly users: Map<string, User>;
  readonly channels: Map<string, Channel>;
  readonly groups: Map<string, Usergroup>;
  /** By channel, oldest first, replies among them. */
  readonly messages: Map<string, Message[]>;
  /** Earlier blocks of a message by `channel ts`, oldest first: what a client that has not refreshed still shows. */
  readonly earlier: Map<string, (readonly Block[])[]>;
  readonly ephemerals: Ephemeral[];
  readonly views: Map<string, View>;
  /** View ids by person, bottom first. */
  readonly stacks: Map<string, readonly string[]>;
  readonly homes: Map<string, string>;
  readonly files: Map<string, StoredFile>;
  readonly triggers: Map<string, Trigger>;
  readonly responseUrls: Map<string, ResponseUrl>;
  readonly tokens: Map<string, Token>;
  /** Unused tickets of apps.connections.open. */
  readonly tickets: Set<string>;
  readonly calls: ApiCall[];
  readonly watchers: Set<() => void>;
  /** `http://127.0.0.1:<port>`, known once the server listens. */
  base: string;
  version: number;
  lastMicros: number;
}

/** Somebody sees something new: the version grows and everybody who waits looks again. */
export function changed(state: State): void {
  state.version += 1;
  noticed(state);
}

/** Something happened that no person sees (a call, a delivery, a connection); whoever waits looks again. */
export function noticed(state: State): void {
  for (const watcher of [...state.watchers]) watcher();
}

/** Slack's message ids: seconds and microseconds, unique and rising even while the clock stands still. */
export function nextTs(state: State): string {
  state.lastMicros = Math.max(state.lastMicros + 1, state.clock.now() * 1_000);
  const seconds = Math.floor(state.lastMicros / 1_000_000);
  return `${seconds}.${String(state.lastMicros % 1_000_000).padStart(6, '0')}`;
}

export function unixSeconds(state: State): number {
  return Math.floor(state.clock.now() / 1_000);
}

/** `V01J…`: Slack's ids have no separator. */
export function slackId(state: State, prefix: string): string {
  return prefix + state.ids.next(prefix).slice(prefix.length + 1);
}
