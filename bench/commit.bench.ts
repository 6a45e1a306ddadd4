// Durable commits per second: the store's commit of a click's outcome beside raw better-sqlite3 running the same statements
// (WAL, synchronous=FULL), in turns, because a disk that others use changes its pace from second to second. Then the same
// commits with many on their way at once, as people press.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { systemClock, systemIds } from '../src/lib/system-clock.ts';
import type { Store } from '../src/ports/store.ts';
import { openStore } from '../src/store/open-store.ts';
import { commitOf } from './commits.ts';
import { figure, median, percentile } from './figures.ts';

const TURNS = 5;
const COMMITS = 300;
const AT_ONCE = 16;
const quiet = { debug() {}, info() {}, warn() {}, error() {} };

const folder = mkdtempSync(join(tmpdir(), 'hallpass-bench-'));
const store = await openStore(`sqlite:${join(folder, 'store.db')}`, { clock: systemClock, ids: systemIds, log: quiet });
const raw = openRaw(join(folder, 'raw.db'), schemaOf(join(folder, 'store.db')));
let count = 0;
try {
  const turns: Turn[] = [];
  await oneTurn();
  for (let turn = 0; turn < TURNS; turn += 1) turns.push(await oneTurn());
  const times = turns.flatMap((turn) => turn.times).sort((a, b) => a - b);
  const [ours, floor] = [median(turns.map((turn) => turn.ours)), median(turns.map((turn) => turn.floor))];
  figure('commit_store', ours, 'commits/s');
  figure('commit_store_p50', percentile(times, 0.5), 'ms');
  figure('commit_store_p99', percentile(times, 0.99), 'ms');
  figure('commit_raw', floor, 'commits/s');
  figure('commit_ratio_to_raw', ours / floor, 'ratio (goal >= 0.6)');
  figure(`commit_store_${AT_ONCE}_at_once`, median(turns.map((turn) => turn.atOnce)), 'commits/s');
} finally {
  await store.close();
  raw.close();
  rmSync(folder, { recursive: true, force: true });
}

interface Turn {
  readonly times: readonly number[];
  /** Commits per second. */
  readonly ours: number;
  readonly floor: number;
  readonly atOnce: number;
}

async function oneTurn(): Promise<Turn> {
  const times: number[] = [];
  const ours = await perSecond(async () => {
    for (let n = 0; n < COMMITS; n += 1) times.push(await commitTimed(store));
  });
  const floor = await perSecond(async () => {
    for (let n = 0; n < COMMITS; n += 1) raw.commit(next());
  });
  const atOnce = await perSecond(async () => {
    let left = COMMITS;
    const worker = async () => {
      while (left > 0) {
        left -= 1;
        await commitTimed(store);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  });
  return { times, ours, floor, atOnce };
}

async function perSecond(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return (COMMITS * 1000) / (performance.now() - started);
}

async function commitTimed(into: Store): Promise<number> {
  const started = performance.now();
  const result = await into.commit(commitOf(String(next())));
  if (result.kind !== 'done') throw new Error(`a commit ended as ${result.kind}`);
  return performance.now() - started;
}

function next(): number {
  count += 1;
  return count;
}

function schemaOf(file: string): readonly string[] {
  const db = new Sqlite(file, { readonly: true });
  const rows = db
    .prepare<[], { readonly sql: string }>(
      "select sql from sqlite_master where sql is not null and type in ('table', 'index') and name not like 'sqlite_%' and name not like '\\_\\_%' escape '\\'",
    )
    .all();
  db.close();
  return rows.map(({ sql }) => sql);
}

interface Raw {
  commit(number: number): void;
  close(): void;
}

/** The same tables and indexes, and the same rows written; nothing decided, checked, hashed or encoded. */
function openRaw(file: string, schema: readonly string[]): Raw {
  const db = new Sqlite(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('secure_delete = FAST');
  for (const sql of schema) db.exec(sql);
  db.exec("insert into ledger_head (id, size, hashes) values (1, 0, '[]')");
  db.exec("insert into counters (name, value) values ('clock', 0), ('epoch', 0), ('freeze', 0)");
  const write = rawCommit(db);
  return { commit: (number) => write.immediate(number), close: () => db.close() };
}

function rawCommit(db: Sqlite.Database) {
  const clock = db.prepare("update counters set value = max(value, ?) where name = 'clock' returning value");
  const claim = db.prepare('insert into claims (key, owner, until) values (?, ?, ?)');
  const job = db.prepare(
    `insert into jobs (id, kind, subject, queue, lane, due_at, payload, ordered, attempts, round) values (?, 'judge', ?, 'judge', 2, ?, ?, 1, 0, 1)`,
  );
  const head = db.prepare('select size, hashes from ledger_head where id = 1');
  const leaf = db.prepare(`insert into events (seq, at, type, leaf, hash) values (?, ?, 'ingress.refused', ?, ?)`);
  const moved = db.prepare('update ledger_head set size = ?, hashes = ? where id = 1');
  const [text, hash] = ['x'.repeat(260), 'b'.repeat(64)];
  const hashes = JSON.stringify(Array.from({ length: 6 }, () => 'a'.repeat(64)));
  return db.transaction((number: number) => {
    const at = systemClock.now();
    clock.get(at);
    claim.run(`delivery:${number}`, `job_${number}`, at + 600_000);
    job.run(systemIds.next('job'), `request:${number}`, at, `{"number":${number}}`);
    head.get();
    leaf.run(number, at, text, hash);
    moved.run(number, hashes);
  });
}
