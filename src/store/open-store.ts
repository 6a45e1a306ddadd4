// Where the rest of the program gets its store: from a URL. Only the driver that is asked for is loaded.
import type { Clock, Ids } from '../ports/clock.ts';
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
}

/**
 * `sqlite:./data/hallpass.db`, `sqlite:/absolute/path.db`, or `sqlite::memory:` (gone when closed). Makes the folder
 * (0700) and the file (0600), takes the file for this process, and brings its tables up to date.
 * Throws StoreError: `bad_url`, `unsupported`, `in_use`, `io`, `damaged`, `outdated`.
 */
export async function openStore(url: string, tools: StoreTools, options: OpenOptions = {}): Promise<Store> {
  if (url.startsWith('sqlite:')) return openSqlite(url.slice('sqlite:'.length), tools, options);
  if (/^postgres(ql)?:/.test(url)) {
    throw new StoreError(
      'unsupported',
      'PostgreSQL as a store is not in this version yet: use sqlite:./data/hallpass.db',
    );
  }
  throw new StoreError('bad_url', 'A store is given as sqlite:<path>, for example sqlite:./data/hallpass.db');
}

async function openSqlite(file: string, tools: StoreTools, { readonly = false }: OpenOptions): Promise<Store> {
  if (file === '') throw new StoreError('bad_url', 'The path is missing: for example sqlite:./data/hallpass.db');
  const { openSqliteStore } = await import('./sqlite-store.ts');
  return openSqliteStore(file, tools, readonly);
}
