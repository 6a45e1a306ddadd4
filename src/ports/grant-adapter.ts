// What a kind of target system must be able to do. Orders and results are plain JSON, so that an adapter can
// move out of the process later. An adapter knows nothing of requests, approvals or chat.
import type { z } from 'zod';
import type { JsonObject, Principal, Receipt } from '../core/model.ts';
import type { Clock, Instant } from './clock.ts';
import type { Log } from './log.ts';

/** The person as the organisation's record knows them; what a principal is found by. */
export interface PersonFacts {
  readonly id: string;
  readonly name: string;
  readonly email: string | undefined;
}

export interface GrantOrder<Target> {
  /** The idempotency key: the same order may arrive twice and must leave one grant. */
  readonly grantId: string;
  readonly principal: Principal;
  readonly target: Target;
  /** Hand this to the target where it can enforce it by itself. */
  readonly expiresAt: Instant;
}
export interface RevokeOrder<Target> extends GrantOrder<Target> {
  /** Absent when the outcome of the grant was never learnt: find it by principal, target and grantId. */
  readonly receipt?: Receipt;
}
/** `extend` moves the end of a live grant to `order.expiresAt`. */
type ExtendOrder<Target> = RevokeOrder<Target>;

/** A secret is delivered to the holder once and stored nowhere. */
export interface Granted {
  readonly receipt: Receipt;
  readonly secret?: { readonly [label: string]: string };
}
/** The target works in its own time: ask `poll` with this until it answers `receipt`. */
export interface Accepted {
  readonly accepted: JsonObject;
}

export type Presence = 'present' | 'absent' | 'unknown';

/** What was found when ending the person's live sessions in the target. `left` 0 is the proof; more means try again. */
export interface SessionsSeen {
  readonly ended: number;
  readonly left: number;
}

/** Access that bears our mark. `revoke` with exactly these takes it back, whether or not anybody remembers who ordered it. */
export interface Owned {
  /** Empty where the target has no room for one. */
  readonly grantId: string;
  readonly principal: Principal;
  /** The entitlement, as `grant` and `revoke` take it. */
  readonly target: JsonObject;
  /** The end that the target itself keeps. */
  readonly expiresAt?: Instant;
}

/** Every method throws only AdapterError (anything else counts as a bug and as `changed: 'maybe'`). */
export interface GrantConnection<Target> {
  /** The person's immutable identity in the target. Fault 'missing' when unmapped or unknown there. */
  resolve(person: PersonFacts, signal: AbortSignal): Promise<Principal>;
  /** A short stable text of what the entitlement gives today; part of the digest people approve (threat C04). */
  fingerprint(target: Target, signal: AbortSignal): Promise<string>;
  /** Give access. Calling twice with one order leaves one grant. */
  grant(order: GrantOrder<Target>, signal: AbortSignal): Promise<Granted | Accepted>;
  /** Required where `grant` may answer `accepted`. */
  poll?(accepted: JsonObject, order: GrantOrder<Target>, signal: AbortSignal): Promise<Granted | Accepted>;
  /** Move the end inside the target; required when the adapter says `expiresItself`. */
  extend?(order: ExtendOrder<Target>, signal: AbortSignal): Promise<Receipt>;
  /** Take away what this order gave. Already gone is success. Works without a receipt. Never touches anything else. */
  revoke(order: RevokeOrder<Target>, signal: AbortSignal): Promise<void>;
  /** Does the access exist right now? 'unknown' is an answer and is never taken for 'absent' (law 3). */
  inspect(order: RevokeOrder<Target>, signal: AbortSignal): Promise<Presence>;
  /** End live sessions that still carry the access, and say how many are left. Required for `sessions: 'ended'`. */
  endSessions?(order: RevokeOrder<Target>, signal: AbortSignal): Promise<SessionsSeen>;
  /** The doctor: prove that credentials work and suffice for these targets; the message names what is missing and the remedy. */
  check(targets: readonly Target[], signal: AbortSignal): Promise<void>;
  /**
   * Everything in the target that bears our mark, as it is now; left out where the target has no room for one. Then what a
   * store has forgotten cannot be told from what others gave: live passes are looked at one by one instead, and after a
   * rollback of the store people choose what is taken.
   */
  owned?(signal: AbortSignal): AsyncIterable<Owned>;
  /** Let go of connections. The connection is not used afterwards. */
  close?(): Promise<void>;
}

export interface AdapterTools {
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
  readonly log: Log;
  /** Written into marks, so that two deployments on one target never touch each other's grants. */
  readonly deploymentId: string;
}

/** Calls at once to one target whose adapter says nothing else. */
export const AT_ONCE = 4;

export interface GrantAdapter<Config = unknown, Target = unknown> {
  readonly kind: string;
  readonly title: string;
  /** Of the `targets.<name>` block, without `adapter`. Strict: unknown keys are errors. */
  readonly config: z.ZodType<Config>;
  /** Of the `roles.<name>.grant` block. Strict. */
  readonly target: z.ZodType<Target>;
  /** The target ends the grant at the deadline even if we are gone. */
  readonly expiresItself: boolean;
  /** What happens to live sessions at revoke: shown on the card (law 9). */
  readonly sessions: 'ended' | 'outlive' | 'none';
  /** Where the settings of one target decide about its sessions: counts instead of `sessions`. */
  sessionsFor?(config: Config): 'ended' | 'outlive' | 'none';
  /** The sentence for the card when ending access also ends other sessions of that person in the target. */
  readonly sessionsNote?: string;
  /** How many calls at once one target takes, by its settings. Absent: `AT_ONCE`. */
  atOnceFor?(config: Config): number;
  /** How long a read-back may be stale; the gap between the two looks of law 4 is at least this and 2 s. */
  readonly settleSeconds: number;
  /** Two targets with one key are the same access (law 10). Includes what makes the server unique, never a secret. */
  targetKey(config: Config, target: Target): string;
  /** One line for the card: what exactly is granted, in the target's own words. */
  describe(target: Target): string;
  connect(config: Config, tools: AdapterTools): GrantConnection<Target>;
}

/** Keeps the config and target types of one adapter tied together, and hides them from the registry. */
export function defineAdapter<Config, Target>(adapter: GrantAdapter<Config, Target>): GrantAdapter<Config, Target> {
  return adapter;
}

/** `fault` drives retry and wording; `changed` drives the state machine: 'maybe' leads to a revoke (law 3). */
export type AdapterFault = 'refused' | 'missing' | 'invalid' | 'busy' | 'unreachable';

export class AdapterError extends Error {
  override readonly name = 'AdapterError';
  readonly fault: AdapterFault;
  readonly changed: 'no' | 'maybe';
  readonly retryAfterSeconds: number | undefined;
  constructor(
    fault: AdapterFault,
    message: string,
    changed: 'no' | 'maybe',
    options: { readonly retryAfterSeconds?: number; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.fault = fault;
    this.changed = changed;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}
