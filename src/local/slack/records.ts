// The things that the workspace remembers, one shape each. Types only; the containers are in state.ts.
import type { Instant } from '../../ports/clock.ts';
import type { BlockShown, OptionShown, StateValues, TextObject, Undelivered } from './control-api.ts';
import type { Fields } from './fields.ts';

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

export interface Delivery {
  readonly type: 'slash_commands' | 'interactive' | 'events_api';
  readonly payload: Fields;
  readonly at: Instant;
  readonly retry?: { readonly num: number; readonly reason: string };
  /** Which Socket Mode connection got it, counted from 1. */
  connection?: number;
  /** `running` until the app answered or the time was up. */
  status: number | Undelivered | 'running';
  acked: boolean;
  /** The app answered `x-slack-no-retry: 1`. */
  noRetry: boolean;
  body: unknown;
  ms: number;
}

export interface Token {
  readonly kind: 'bot' | 'app';
  readonly revoked: boolean;
}
