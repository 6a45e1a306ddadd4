// One end of a copy: a store seen as tables of rows, within one transaction. One file each: copy-sqlite.ts, copy-postgres.ts.
import type { Instant } from '../ports/clock.ts';
import type { CopyRow, CopyTable } from './copy-tables.ts';

/** Rows are read and written this many at a time, however many there are. */
export const COPY_BATCH = 500;

export interface CopySide {
  /** Where it is, for people; never a password. */
  readonly name: string;
  count(table: CopyTable): Promise<number>;
  /** All rows in the order of their keys, byte by byte, in batches. */
  rows(table: CopyTable): AsyncIterable<readonly CopyRow[]>;
  clear(table: CopyTable): Promise<void>;
  insert(table: CopyTable, rows: readonly CopyRow[]): Promise<void>;
  /** The largest number that a lease ever had here. */
  epoch(): Promise<number>;
  /** Keeps what was written; numbers that the database gives go on after the largest one. */
  commit(): Promise<void>;
  /** For a source: nobody is to work on it from now on (moved.ts). */
  leave(at: Instant): Promise<void>;
  /** Undoes what was not committed, lets go of the store. Never throws. */
  close(): Promise<void>;
}
