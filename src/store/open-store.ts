// Where the rest of the program gets its store: from a URL. Only the driver that is asked for is loaded.
import type { Clock, Ids, Instant } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Store } from '../ports/store.ts';
import { StoreError } from './store-error.ts';

export { StoreError } from './store-error.ts';

export interface StoreTools {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}
export interface OpenOptions {
  /** Look only: another process may own the store. Every write throws StoreError `read_only`. */
  readonly readonly?: boolean;
  /** With `readonly`: refuse all the same what a program that means to work on it would be refused (`moved`, `newer`). */
  readonly forWork?: boolean;
  /** PostgreSQL: stands in for the server's clock, for tests that hold the time. SQLite goes by `tools.clock` anyway. */
  readonly time?: () => Instant;
}

/**
 * `sqlite:./data/hallpass.db`, `sqlite:/absolute/path.db`, or `sqlite::memory:` (gone when closed). Makes the folder
 * (0700) and the file (0600), takes the file for this process, and brings its tables up to date.
 *
 * `postgres://user:password@host:5432/database`, for any number of processes: makes the tables, or brings them up to date,
 * one process at a time. Speaks TLS and verifies the server's certificate unless the host is this machine; `?sslmode=disable`
 * and `?sslmode=no-verify` say otherwise, `&sslrootcert=/path` names certificates to trust. Needs PostgreSQL 13 or newer, a
 * database of its own, and connections that stay with their session (no pooler that shares them between transactions).
 *
 * Throws StoreError: `bad_url`, `unsupported`, `in_use`, `io`, `damaged`, `outdated`, `newer`, `moved`, `unreachable`,
 * `denied`.
 */
export async function openStore(url: string, tools: StoreTools, options: OpenOptions = {}): Promise<Store> {
  if (url.startsWith('sqlite:')) return openSqlite(url.slice('sqlite:'.length), tools, options);
  if (/^postgres(ql)?:/.test(url)) {
    const { openPostgresStore } = await import('./postgres-store.ts');
    return openPostgresStore(url, tools, options);
  }
  throw new StoreError(
    'bad_url',
    'A store is given as sqlite:<path> or postgres://…, for example sqlite:./data/hallpass.db',
  );
}

async function openSqlite(file: string, tools: StoreTools, options: OpenOptions): Promise<Store> {
  if (file === '') throw new StoreError('bad_url', 'The path is missing: for example sqlite:./data/hallpass.db');
  const { openSqliteStore } = await import('./sqlite-store.ts');
  return openSqliteStore(file, tools, options);
}
