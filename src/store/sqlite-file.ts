// A store in one SQLite file (or in memory): opened, locked, set to survive a power cut, migrated. SQL of operations is elsewhere.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Sqlite from 'better-sqlite3';
import type { Log } from '../ports/log.ts';
import { loadSqliteDrizzle } from './drizzle.ts';
import { createPrivateFile, createPrivateFolder } from './private-file.ts';
import { sqliteFault } from './sqlite-fault.ts';
import { lockStore } from './sqlite-lock.ts';
import { madeByNewer, StoreError } from './store-error.ts';

/** At the root of the package, seen from src/store and from dist/store alike. */
const MIGRATIONS = fileURLToPath(new URL('../../migrations/sqlite', import.meta.url));
/** While nothing runs yet, waiting inside the event loop does no harm. */
const OPENING_TIMEOUT_MS = 5_000;

export interface OpenFile {
  readonly db: Sqlite.Database;
  /** Gives back the lock. */
  readonly unlock: () => void;
}

/** Throws StoreError. Nothing stays open then. */
export function openFile(file: string, log: Log): OpenFile {
  const unlock = file === ':memory:' ? () => {} : ownFile(file);
  try {
    const db = opened(file, false);
    return { db: prepared(db, file, () => migrate(db, file, log)), unlock };
  } catch (error) {
    unlock();
    throw sqliteFault(error, file);
  }
}

/**
 * For a look from another process while the owner runs, or when nobody does; `forWork`: to see whether it could be worked on.
 * Throws StoreError.
 */
export function openFileToRead(file: string, forWork = false): OpenFile {
  if (!existsSync(file)) {
    throw new StoreError('io', `There is no store at ${file}. Start Hallpass once, or correct the path.`);
  }
  try {
    const db = opened(file, true);
    return { db: prepared(db, file, () => assertMigrated(db, file, forWork)), unlock: () => {} };
  } catch (error) {
    throw sqliteFault(error, file);
  }
}

function ownFile(file: string): () => void {
  try {
    createPrivateFolder(dirname(file));
    const unlock = lockStore(file);
    createPrivateFile(file);
    return unlock;
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error)) throw sqliteFault(error, file);
    throw new StoreError('io', `Cannot create ${file}: ${error.message}. Check the path and its permissions.`, {
      cause: error,
    });
  }
}

function opened(file: string, readonly: boolean): Sqlite.Database {
  return new Sqlite(file, { readonly, fileMustExist: readonly, timeout: OPENING_TIMEOUT_MS });
}

/** Closed again when anything is wrong with it. */
function prepared(db: Sqlite.Database, file: string, migrated: () => void): Sqlite.Database {
  try {
    if (!db.readonly) makeDurable(db, file);
    db.pragma('foreign_keys = ON');
    db.pragma('trusted_schema = OFF'); // whatever a tampered schema calls for, nothing is run
    migrated();
    db.pragma('busy_timeout = 0'); // from here on we wait outside the event loop
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** synchronous = FULL: with NORMAL a power cut may take back commits that people were told of. */
function makeDurable(db: Sqlite.Database, file: string): void {
  const mode = db.pragma('journal_mode = WAL', { simple: true });
  if (mode !== 'wal' && !db.memory) {
    throw new StoreError(
      'unsupported',
      `${file} cannot use a write-ahead log. Put it on a local disk, not a network one.`,
    );
  }
  db.pragma('synchronous = FULL');
  db.pragma('secure_delete = FAST'); // erased texts are overwritten, not only unlinked
}

function migrate(db: Sqlite.Database, file: string, log: Log): void {
  const before = appliedTimes(db);
  refuseNewer(before, file);
  const drizzle = loadSqliteDrizzle();
  drizzle.migrate(drizzle.drizzle(db), { migrationsFolder: MIGRATIONS });
  const steps = appliedTimes(db).length - before.length;
  if (before.length > 0 && steps > 0) log.info('The store was brought up to date', { file, steps });
}

function refuseNewer(applied: readonly number[], file: string): void {
  const known = new Set(knownTimes());
  if (applied.some((time) => !known.has(time))) throw madeByNewer(file);
}

function assertMigrated(db: Sqlite.Database, file: string, forWork: boolean): void {
  const applied = appliedTimes(db);
  if (forWork) refuseNewer(applied, file);
  if (Math.max(0, ...applied) >= Math.max(0, ...knownTimes())) return;
  throw new StoreError(
    'outdated',
    `${file} is of an older version. Start Hallpass once: it brings the store up to date.`,
  );
}

/** Times of the migrations in the file; none when there is no table of them. */
function appliedTimes(db: Sqlite.Database): readonly number[] {
  const table = db.prepare("select 1 from sqlite_master where name = '__drizzle_migrations'").get();
  return table === undefined ? [] : db.prepare<[], number>('select created_at from __drizzle_migrations').pluck().all();
}

function knownTimes(): readonly number[] {
  const journal: { readonly entries: readonly { readonly when: number }[] } = JSON.parse(
    readFileSync(join(MIGRATIONS, 'meta', '_journal.json'), 'utf8'),
  );
  return journal.entries.map(({ when }) => when);
}
