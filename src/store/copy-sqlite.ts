// A SQLite file as one end of a copy. It is locked for as long as it is open, so that no Hallpass works on it meanwhile.
import Sqlite from 'better-sqlite3';
import type { Instant } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { COPY_BATCH, type CopySide } from './copy-side.ts';
import { type CopyRow, type CopyTable, quoted } from './copy-tables.ts';
import { MOVED } from './moved.ts';
import { sqliteFault } from './sqlite-fault.ts';
import { openFile, openFileToRead } from './sqlite-file.ts';
import { lockStore } from './sqlite-lock.ts';

/** The file must be there and up to date. Throws StoreError, `in_use` when a Hallpass works on it. */
export function sqliteSource(file: string): CopySide {
  const { db } = openFileToRead(file);
  try {
    const unlock = lockStore(file);
    return side(db, file, unlock);
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Made and migrated when it is not there. Throws StoreError. */
export function sqliteDestination(file: string, log: Log): CopySide {
  const { db, unlock } = openFile(file, log);
  return side(db, file, unlock);
}

function side(db: Sqlite.Database, file: string, unlock: () => void): CopySide {
  db.exec(db.readonly ? 'BEGIN' : 'BEGIN IMMEDIATE');
  const guarded = async <Result>(work: () => Result): Promise<Result> => {
    try {
      return work();
    } catch (error) {
      throw sqliteFault(error, file);
    }
  };
  return {
    name: `sqlite:${file}`,
    count: (table) => guarded(() => counted(db, `select count(*) from ${quoted(table.name)}`)),
    rows: (table) => batches(db, table),
    clear: (table) => guarded(() => void db.exec(`delete from ${quoted(table.name)}`)),
    insert: (table, rows) => guarded(() => insert(db, table, rows)),
    epoch: () => guarded(() => counted(db, "select value from counters where name = 'epoch'")),
    commit: () => guarded(() => void db.exec('COMMIT')),
    leave: (at) =>
      guarded(() => {
        db.close(); // in a file without a write-ahead log, reading keeps the mark out
        withFile(file, (own) => setMoved(own, at));
      }),
    async close() {
      if (db.open) db.close();
      unlock();
    },
  };
}

/** Throws StoreError, `in_use` when a Hallpass works on the file. True: it had been left. */
export function reopenFile(file: string): boolean {
  openFileToRead(file).db.close();
  const unlock = lockStore(file);
  try {
    return withFile(file, (own) => own.prepare('delete from counters where name = ?').run(MOVED).changes > 0);
  } catch (error) {
    throw sqliteFault(error, file);
  } finally {
    unlock();
  }
}

function setMoved(own: Sqlite.Database, at: Instant): void {
  own.prepare('insert into counters (name, value) values (?, ?)').run(MOVED, at);
}

function withFile<Result>(file: string, work: (own: Sqlite.Database) => Result): Result {
  const own = new Sqlite(file, { fileMustExist: true });
  try {
    own.pragma('synchronous = FULL');
    return work(own);
  } finally {
    own.close();
  }
}

function counted(db: Sqlite.Database, sql: string): number {
  return Number(db.prepare(sql).pluck().get() ?? 0);
}

async function* batches(db: Sqlite.Database, table: CopyTable): AsyncGenerator<readonly CopyRow[]> {
  const names = table.columns.map(({ name }) => quoted(name)).join(', ');
  const keys = table.columns.filter(({ isKey }) => isKey).map(({ name }) => quoted(name));
  const select = db
    .prepare<[], CopyRow>(`select ${names} from ${quoted(table.name)} order by ${keys.join(', ')}`)
    .raw();
  let batch: CopyRow[] = [];
  for (const row of select.iterate()) {
    batch.push(row);
    if (batch.length < COPY_BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function insert(db: Sqlite.Database, { name, columns }: CopyTable, rows: readonly CopyRow[]): void {
  const names = columns.map((column) => quoted(column.name)).join(', ');
  const one = db.prepare(`insert into ${quoted(name)} (${names}) values (${columns.map(() => '?').join(', ')})`);
  for (const row of rows) one.run(...row);
}
