// What a database must be able to do for the store; all else is shared. One file each: sqlite.ts, later another.
import type { Instant } from '../ports/clock.ts';
import type { Operation, Outcome } from './ask.ts';
import type { Statements } from './statements.ts';

export interface Driver {
  readonly statements: Statements;
  /** The time of the store: never earlier than any it has given or used before, restarts included. */
  now(): Promise<Instant>;
  /** Runs to the end on one consistent view. Throws StoreError. */
  read<Result>(operation: (now: Instant) => Operation<Result>): Promise<Result>;
  /** Runs in one durable transaction, kept whole or undone as its outcome says, undone when it throws. Throws StoreError. */
  write<Result>(operation: (now: Instant) => Operation<Outcome<Result>>): Promise<Result>;
  /** Waits for nothing. Anything asked afterwards throws. */
  close(): void;
}
