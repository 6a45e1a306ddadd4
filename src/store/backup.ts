// A copy of a SQLite store as it is at one moment, made beside a Hallpass that goes on working. The file appears under its name
// only when it is whole, on the disk and looked through; it never takes the place of another one.
import { closeSync, existsSync, openSync, statSync } from 'node:fs';
import { link, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import { syncFolder } from '../lib/replace-file.ts';
import { sqliteFault } from './sqlite-fault.ts';
import { openFileToRead } from './sqlite-file.ts';
import { StoreError } from './store-error.ts';

/** Between two of these the process can do other things, such as tell how far it is. */
const PAGES_AT_ONCE = 4_000;

export interface BackupOptions {
  readonly onProgress: (done: number, of: number) => void;
  /** Looks at the finished copy, before it gets its name. What it answers comes back; what it throws undoes the backup. */
  readonly look: (file: string) => Promise<void>;
}

/** Throws StoreError: `not_empty` when there is such a file already, `damaged`, `io`, and what opening to read throws. */
export async function backupFile(
  file: string,
  to: string,
  options: BackupOptions,
): Promise<{ readonly bytes: number }> {
  if (existsSync(to)) throw thereAlready(to);
  const partial = `${to}.partial`;
  const { db } = openFileToRead(file);
  try {
    beginFile(partial);
    try {
      await copyPages(db, partial, options.onProgress);
      makePlain(partial);
      await options.look(partial);
      const { size: bytes } = statSync(partial);
      await give(partial, to);
      return { bytes };
    } finally {
      for (const end of ['', '-wal', '-shm', '-journal']) await rm(`${partial}${end}`, { force: true });
    }
  } catch (error) {
    throw describedFault(error, to);
  } finally {
    db.close();
  }
}

/** Whoever finds it there already must not guess whose it is. */
function beginFile(partial: string): void {
  if (existsSync(partial)) {
    throw new StoreError(
      'not_empty',
      `${partial} is there: another backup is being made, or one was broken off. Remove it when none is running.`,
    );
  }
  closeSync(openSync(partial, 'wx', 0o600));
}

/**
 * All of one moment: while a transaction reads, SQLite shows it the pages of then, and what is written meanwhile waits in the
 * write-ahead log. (Without it the copy would begin anew with every commit: https://www.sqlite.org/c3ref/backup_finish.html.)
 */
async function copyPages(db: Sqlite.Database, to: string, onProgress: BackupOptions['onProgress']): Promise<void> {
  db.exec('BEGIN');
  db.prepare('select count(*) from deployment').get();
  const progress = ({ totalPages, remainingPages }: Sqlite.BackupMetadata) => {
    onProgress(totalPages - remainingPages, totalPages);
    return PAGES_AT_ONCE;
  };
  const { totalPages } = await db.backup(to, { progress });
  onProgress(totalPages, totalPages);
  db.exec('COMMIT');
}

/** One file without a write-ahead log beside it, looked through page by page. */
function makePlain(file: string): void {
  const db = new Sqlite(file);
  try {
    db.pragma('journal_mode = DELETE');
    assertWhole(db, file);
  } finally {
    db.close();
  }
}

/** Throws StoreError `damaged`. */
export function assertWhole(db: Sqlite.Database, file: string): void {
  const found = db.pragma('integrity_check(1)', { simple: true });
  if (found === 'ok') return;
  throw new StoreError('damaged', `${file} is damaged (${String(found)}). Keep it, and use an earlier backup.`);
}

/** A second name instead of a rename: that would take the place of a file that came there meanwhile. */
async function give(partial: string, to: string): Promise<void> {
  const file = await open(partial, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  await link(partial, to);
  await syncFolder(dirname(to));
}

function describedFault(error: unknown, to: string): unknown {
  if (!(error instanceof Error) || !('syscall' in error)) return sqliteFault(error, to);
  if ('code' in error && error.code === 'EEXIST') return thereAlready(to);
  return new StoreError('io', `Cannot write ${to}: ${error.message}. Check the path, its permissions and its disk.`, {
    cause: error,
  });
}

function thereAlready(to: string): StoreError {
  return new StoreError(
    'not_empty',
    `${to} is there already, and a backup never takes the place of another. Give a new name.`,
  );
}
