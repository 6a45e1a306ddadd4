// What the workspace remembers, and the few functions that every part needs to read or change it.
// Containers are mutable, what they hold is replaced as a whole. No HTTP here.
import type { Clock, Ids } from '../../ports/clock.ts';
import type {
  ApiCall,
  Block,
  Channel,
  Delivery,
  Ephemeral,
  Message,
  ResponseUrl,
  StoredFile,
  Token,
  Trigger,
  User,
  Usergroup,
  View,
} from './records.ts';
import type { AppSeed, TeamSeed } from './seeds.ts';

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
  readonly deliveries: Delivery[];
  readonly watchers: Set<() => void>;
  /** `http://127.0.0.1:<port>`, known once the server listens. */
  base: string;
  mode: 'socket' | 'http';
  /** Where signed requests go in `http` mode. */
  requestUrl: string | undefined;
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
