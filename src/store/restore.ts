// Puts a backup of a SQLite store in the place of the present one, which is kept under another name. Only while no Hallpass
// works on it. At every moment there is a store under the name: without one, the next start would begin a new deployment.
import { copyFileSync, existsSync, linkSync, renameSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import { syncFolder } from '../lib/replace-file.ts';
import { assertWhole } from './backup.ts';
import { createPrivateFile, createPrivateFolder } from './private-file.ts';
import { sqliteFault } from './sqlite-fault.ts';
import { lockStore } from './sqlite-lock.ts';
import { StoreError } from './store-error.ts';

export interface Restored {
  /** Where the store that was there is now; absent when there was none. */
  readonly kept?: string;
}

/** `mark` makes the name of the kept store. Throws StoreError: `in_use`, `damaged`, `nothing_there`, `io`. */
export async function restoreFile(backup: string, file: string, mark: string): Promise<Restored> {
  assertBackup(backup);
  try {
    createPrivateFolder(dirname(file));
    const unlock = lockStore(file);
    try {
      return await exchange(backup, file, `${file}.before-restore-${mark}`);
    } finally {
      unlock();
    }
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error)) throw sqliteFault(error, file);
    throw new StoreError(
      'io',
      `Cannot restore ${file}: ${error.message}. Check the path, its permissions and its disk.`,
      {
        cause: error,
      },
    );
  }
}

function assertBackup(backup: string): void {
  if (!existsSync(backup)) throw new StoreError('nothing_there', `There is no backup at ${backup}. Correct the path.`);
  try {
    const db = new Sqlite(backup, { readonly: true, fileMustExist: true });
    try {
      assertWhole(db, backup);
      if (db.prepare("select 1 from sqlite_master where name = 'deployment'").get() === undefined) {
        throw new StoreError(
          'nothing_there',
          `${backup} is no store of Hallpass. Give a file that “store backup” made.`,
        );
      }
    } finally {
      db.close();
    }
  } catch (error) {
    throw sqliteFault(error, backup);
  }
}

async function exchange(backup: string, file: string, kept: string): Promise<Restored> {
  const fresh = `${file}.restoring`;
  rmSync(fresh, { force: true }); // of a restore that was broken off; the lock keeps others away
  createPrivateFile(fresh);
  copyFileSync(backup, fresh);
  const copy = await open(fresh, 'r+');
  try {
    await copy.chmod(0o600);
    await copy.sync();
  } finally {
    await copy.close();
  }
  const isThere = existsSync(file);
  if (isThere) keepOld(file, kept);
  renameSync(fresh, file);
  await syncFolder(dirname(file));
  return isThere ? { kept } : {};
}

/** The old write-ahead log must not be taken for one of the restored file, and goes into its own file where that can be read. */
function keepOld(file: string, kept: string): void {
  const isFolded = foldLog(file);
  linkSync(file, kept);
  for (const end of ['-wal', '-shm']) {
    if (!existsSync(`${file}${end}`)) continue;
    if (isFolded) rmSync(`${file}${end}`);
    else renameSync(`${file}${end}`, `${kept}${end}`);
  }
}

function foldLog(file: string): boolean {
  try {
    const db = new Sqlite(file, { fileMustExist: true });
    try {
      db.pragma('wal_checkpoint(TRUNCATE)');
      db.prepare('select count(*) from deployment').get();
      return true;
    } finally {
      db.close();
    }
  } catch {
    return false; // it is damaged: perhaps the reason for the restore
  }
}
