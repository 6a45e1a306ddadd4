// What a database must be able to do for the store; all else is shared. One file each: sqlite.ts, postgres.ts.
import type { Instant } from '../ports/clock.ts';
import type { Operation, Outcome } from './ask.ts';
import type { Statements } from './statements.ts';

export interface Driver {
  readonly statements: Statements;
  /** The time of the store: never earlier than any it has given or used before, restarts included. */
  now(): Promise<Instant>;
  /** This machine's clock minus the store's, when it was last read. */
  skewMs(): number;
  /** Runs to the end on one consistent view. Throws StoreError. */
  read<Result>(operation: (now: Instant) => Operation<Result>): Promise<Result>;
  /** Likewise for an operation that asks one statement and no time: such a one needs no transaction. */
  readOne<Result>(operation: () => Operation<Result>): Promise<Result>;
  /** Runs in one durable transaction, kept whole or undone as its outcome says, undone when it throws. Throws StoreError. */
  write<Result>(operation: (now: Instant) => Operation<Outcome<Result>>): Promise<Result>;
  /** Other processes on this store are told that there may be work. */
  announce(): void;
  /** Calls this when another process announced; answers how to stop that. */
  onNews(listener: () => void): () => void;
  /** Anything asked afterwards throws. */
  close(): Promise<void>;
}
