// The second way to reach people when something must be looked at: beside the chat, which may be what is down (S2). A pager
// takes one page and hands it to whoever wakes people; it decides nothing, repeats nothing and closes nothing.
import type { z } from 'zod';
import type { Clock, Instant } from './clock.ts';
import type { Log } from './log.ts';

/** Something people must look at, in plain text without markup. */
export interface Page {
  /** What it is about: pages with one key are one matter, however often it is repeated. At most 200 characters. */
  readonly key: string;
  /** Name of the kind of alarm, as in the run-book, e.g. `revoke-overdue`. */
  readonly code: string;
  /** One line. */
  readonly title: string;
  readonly lines: readonly string[];
  /** When it happened. A page sent twice has the same key and time; a repeat of the matter has a time of its own. */
  readonly at: Instant;
  readonly organization: string;
  /** Where it is written what to do. */
  readonly runBook: string;
}

/** Every method throws only PagerError. */
export interface Pager {
  /** Of this pager among all that are configured. */
  readonly name: string;
  /** Returns when somebody else has taken the page over. At least once: it may be sent again after a lost answer. */
  page(page: Page, signal: AbortSignal): Promise<void>;
  /** Everything but the page itself: address, encryption, credentials. Wakes nobody. */
  check(signal: AbortSignal): Promise<void>;
}

export interface PagerTools {
  readonly clock: Clock;
  readonly log: Log;
  readonly fetch: typeof globalThis.fetch;
  /** Part of what pages are known by over there, so that two deployments never share an alert. */
  readonly deploymentId: string;
}

export interface PagerKind<Config = unknown> {
  readonly kind: string;
  readonly title: string;
  /** Of an entry of `alarms`, without `pager` and `name`. Strict: unknown keys are errors. */
  readonly config: z.ZodType<Config>;
  /** Nothing is called yet. */
  open(name: string, config: Config, tools: PagerTools): Pager;
}

/** Keeps the config type of one kind tied together, and hides it from the registry. */
export function definePager<Config>(kind: PagerKind<Config>): PagerKind<Config> {
  return kind;
}

/** `refused`: our credentials or address; `invalid`: what we said; `busy`, `unreachable`: later. All are tried again. */
export type PagerFault = 'busy' | 'refused' | 'unreachable' | 'invalid';

export class PagerError extends Error {
  override readonly name = 'PagerError';
  readonly fault: PagerFault;
  readonly retryAfterSeconds: number | undefined;
  constructor(
    fault: PagerFault,
    message: string,
    options: { readonly retryAfterSeconds?: number | undefined; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.fault = fault;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}
