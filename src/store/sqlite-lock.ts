// One process works on a store file, no more (SQLite lets several in, but leases, pace and the clock's mark count on one).
// The lock is one that the kernel keeps on a small file beside the store: it falls with its process however that ends, and
// holds between containers that share a volume, where process ids mean nothing. Readers need no lock.
import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { createPrivateFile } from './private-file.ts';
import { isBusy } from './sqlite-fault.ts';
import { StoreError } from './store-error.ts';

/** Takes the lock of this store file and answers what gives it back. Throws StoreError `in_use` when somebody has it. */
export function lockStore(file: string): () => void {
  const path = `${realPath(file)}.lock`;
  createPrivateFile(path);
  const lock = new Sqlite(path, { timeout: 0 });
  try {
    claimFile(lock);
  } catch (error) {
    const owner = holderOf(lock);
    lock.close();
    throw isBusy(error) ? inUse(file, owner) : error;
  }
  return () => void lock.close();
}

/** One file has one lock, by whatever links and relative paths it is named. */
function realPath(file: string): string {
  return existsSync(file) ? realpathSync(file) : join(realpathSync(dirname(file)), basename(file));
}

/**
 * The transaction is never ended: while it is open nobody else can begin one, but anybody can read who we are. (Of two that
 * start in the same instant one may be told the other's failed number; still only one gets in.)
 */
function claimFile(lock: Sqlite.Database): void {
  lock.pragma(`user_version = ${process.pid}`);
  lock.exec('BEGIN IMMEDIATE');
}

function holderOf(lock: Sqlite.Database): number {
  try {
    return Number(lock.pragma('user_version', { simple: true }));
  } catch {
    return 0; // it is just being written
  }
}

function inUse(file: string, pid: number): StoreError {
  const who = pid > 0 ? `process ${pid}` : 'another process';
  return new StoreError(
    'in_use',
    `The store ${file} is in use by ${who}. Stop that first: two processes must not work on one SQLite file.`,
  );
}
