// Writes that come in the same turn of the event loop share one COMMIT, and so one wait for the disk (synchronous = FULL
// costs an fsync each time). Each is still whole or not at all: it runs in a savepoint of its own. Nobody hears of theirs
// before all of them are on disk.
import type Sqlite from 'better-sqlite3';
import type { Outcome } from './ask.ts';
import { sqliteFault } from './sqlite-fault.ts';

type Work = () => Outcome<unknown>;
type Ended = { readonly result: unknown } | { readonly error: unknown };
interface Waiting {
  readonly work: Work;
  readonly settle: (ended: Ended) => void;
}
type Patiently = <Result>(work: () => Result) => Promise<Result>;

/** More would keep those who wait for an answer waiting for the work of others. */
const BATCH_MAX = 64;

export function batchedWrites(db: Sqlite.Database, file: string, patiently: Patiently) {
  const runAll = batchRunner(db, file);
  const waiting: Waiting[] = [];
  let flushing = false;

  async function flush(): Promise<void> {
    await runBatch(waiting.splice(0, BATCH_MAX));
    flushing = waiting.length > 0;
    if (flushing) setImmediate(flush);
  }

  async function runBatch(batch: readonly Waiting[]): Promise<void> {
    try {
      const ended = await patiently(() => runAll(batch.map(({ work }) => work)));
      batch.forEach(({ settle }, index) => void settle(ended[index] as Ended));
    } catch (error) {
      if (batch.length === 1) return batch[0]?.settle({ error });
      // What is too large for a full disk must not take the others with it.
      for (const one of batch) await runBatch([one]);
    }
  }

  return <Result>(work: () => Outcome<Result>): Promise<Result> =>
    new Promise((resolve, reject) => {
      const settle = (ended: Ended) => ('error' in ended ? reject(ended.error) : resolve(ended.result as Result));
      waiting.push({ work, settle });
      if (flushing) return;
      flushing = true;
      setImmediate(flush);
    });
}

function batchRunner(db: Sqlite.Database, file: string): (works: readonly Work[]) => readonly Ended[] {
  const [begin, commit, rollback] = [db.prepare('BEGIN IMMEDIATE'), db.prepare('COMMIT'), db.prepare('ROLLBACK')];
  const [save, undo, release] = ['SAVEPOINT one', 'ROLLBACK TO one', 'RELEASE one'].map((sql) => db.prepare(sql));

  function runOne(work: Work): { readonly ended: Ended; readonly keep: boolean } {
    save?.run();
    try {
      const { keep, result } = work();
      if (!keep) undo?.run();
      release?.run();
      return { ended: { result }, keep };
    } catch (error) {
      // A full disk has undone everything already, the work of the others too.
      if (!db.inTransaction) throw error;
      undo?.run();
      release?.run();
      return { ended: { error: sqliteFault(error, file) }, keep: false };
    }
  }

  return (works) => {
    begin.run();
    try {
      const all = works.map(runOne);
      (all.some(({ keep }) => keep) ? commit : rollback).run();
      return all.map(({ ended }) => ended);
    } catch (error) {
      if (db.inTransaction) rollback.run();
      throw error;
    }
  };
}
