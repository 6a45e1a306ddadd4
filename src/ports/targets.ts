// The configured targets, connected: what operations use instead of knowing adapters.
import type { GrantAdapter, GrantConnection } from './grant-adapter.ts';

export interface LiveTarget {
  readonly name: string;
  readonly adapter: GrantAdapter<unknown, unknown>;
  readonly connection: GrantConnection<unknown>;
  /** What this target's own configuration makes of live sessions; absent: as the adapter says (`sessionsFor`). */
  readonly sessions?: 'ended' | 'outlive' | 'none';
  /** How many calls at once it takes; absent: `AT_ONCE`. */
  readonly atOnce?: number;
  /** `adapter.targetKey` with this target's own configuration. */
  keyOf(entitlement: unknown): string;
}

export interface Targets {
  /** `undefined`: not configured (any more); live grants there are still ours to end, and people are told. */
  of(name: string): LiveTarget | undefined;
  all(): readonly LiveTarget[];
}
