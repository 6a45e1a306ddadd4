// The SQLite driver: runs an operation in one go, in one turn of the event loop, with statements prepared once.
// Never drizzle's own transaction: with an async callback it commits nothing and undoes nothing.
import type Sqlite from 'better-sqlite3';
import type { Clock, Ids } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import {
  type Ask,
  askOne,
  type Dialect,
  keep,
  type Operation,
  type Outcome,
  type Statement,
  type Writer,
} from './ask.ts';
import type { Driver } from './driver.ts';
import { loadSqliteDrizzle, orm } from './drizzle.ts';
import { sqliteKit } from './kit.ts';
import { buildTables } from './schema.ts';
import { batchedWrites } from './sqlite-batch.ts';
import { isBusy, sqliteFault } from './sqlite-fault.ts';
import { writeStatements } from './statements.ts';
import { storeClock } from './store-clock.ts';
import { closed } from './store-error.ts';

/** Somebody else who writes (a shell, a backup) is waited for: this often, this long, outside the event loop. */
const BUSY_TRIES = 400;
const BUSY_WAIT_MS = 25;

export interface SqliteTools {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

/** Takes over an opened and migrated database. `file` is for messages; `closing` is called once, when it was closed. */
export function sqliteDriver(db: Sqlite.Database, file: string, tools: SqliteTools, closing: () => void): Driver {
  const statements = writeStatements(dialectOf(db));
  const execute = executor(db);
  const mark = run(askOne(statements.counter, { name: 'clock' }), execute);
  const time = storeClock(tools.clock, mark?.value ?? 0, tools.log);
  const within = transactions(db);
  const patiently = retries(db, file, tools);
  const together = batchedWrites(db, file, patiently);

  function write<Result>(operation: (now: number) => Operation<Outcome<Result>>): Outcome<Result> {
    const now = time();
    const outcome = run(operation(now), execute);
    if (outcome.keep) execute({ statement: statements.saveClock, values: { now } });
    return outcome;
  }
  function read<Result>(operation: (now: number) => Operation<Result>): Promise<Result> {
    return patiently(() => within('deferred', () => keep(run(operation(time()), execute))));
  }
  return {
    statements,
    now: () => patiently(time),
    skewMs: () => 0, // it goes by this very machine's clock
    read,
    readOne: (operation) => patiently(() => run(operation(), execute)),
    announce: () => {}, // nobody else works on the file
    onNews: () => () => {},
    write: (operation) => together(() => write(operation)),
    async close() {
      if (!db.open) return;
      db.close();
      closing();
    },
  };
}

function dialectOf(db: Sqlite.Database): Dialect {
  const { core, drizzle } = loadSqliteDrizzle();
  const kit = sqliteKit(core, orm.sql);
  return {
    tables: buildTables(kit),
    // The other half of the cast in kit.ts; only toSQL() is ever called on what this writes.
    write: drizzle(db) as unknown as Writer,
    alias: (table, name) => kit.alias(table, name) as unknown as typeof table,
    shared: false,
    lock: (select) => select,
    grab: (select) => select,
  };
}

type Execute = (asked: Ask) => readonly unknown[];

/** An operation from beginning to end. */
function run<Result>(operation: Operation<Result>, execute: Execute): Result {
  let step = operation.next([]);
  while (!step.done) step = operation.next(execute(step.value));
  return step.value;
}

function executor(db: Sqlite.Database): Execute {
  const prepared = new Map<Statement<unknown>, Execute>();
  return (asked) => {
    const known = prepared.get(asked.statement);
    if (known) return known(asked);
    const fresh = prepare(db, asked.statement);
    prepared.set(asked.statement, fresh);
    return fresh(asked);
  };
}

function prepare(db: Sqlite.Database, { sql, answers, inputs, read }: Statement<unknown>): Execute {
  if (answers) {
    const select = db.prepare<unknown[], unknown[]>(sql).raw();
    return ({ values }) => select.all(...inputs(values)).map(read);
  }
  const change = db.prepare(sql);
  return ({ values }) => {
    change.run(...inputs(values));
    return [];
  };
}

type Within = <Result>(kind: 'deferred' | 'immediate', work: () => Outcome<Result>) => Result;

function transactions(db: Sqlite.Database): Within {
  const begin = { deferred: db.prepare('BEGIN'), immediate: db.prepare('BEGIN IMMEDIATE') };
  const [commit, rollback] = [db.prepare('COMMIT'), db.prepare('ROLLBACK')];
  return (kind, work) => {
    begin[kind].run();
    try {
      const outcome = work();
      (outcome.keep ? commit : rollback).run();
      return outcome.result;
    } catch (error) {
      // Some errors (a full disk) have undone the transaction already.
      if (db.inTransaction) rollback.run();
      throw error;
    }
  };
}

/** SQLite's own busy timeout would wait inside the event loop; we come back later. */
function retries(db: Sqlite.Database, file: string, { clock, ids }: SqliteTools) {
  return async function patiently<Result>(work: () => Result): Promise<Result> {
    for (let tries = 1; ; tries += 1) {
      if (!db.open) throw closed();
      try {
        return work();
      } catch (error) {
        if (!isBusy(error) || tries === BUSY_TRIES) throw sqliteFault(error, file);
      }
      await clock.sleep(BUSY_WAIT_MS * (0.5 + ids.jitter()));
    }
  };
}
