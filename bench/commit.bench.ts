// Durable commits per second: the store's commit of a click's outcome beside raw better-sqlite3 running the same statements
// (WAL, synchronous=FULL). The floor is recorded from the store itself: the very SQL and parameters, replayed prepared.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { systemClock, systemIds } from '../src/lib/system-clock.ts';
import type { Commit, Store } from '../src/ports/store.ts';
import { openStore } from '../src/store/open-store.ts';
import { figure, percentile } from './figures.ts';

const ROUNDS = 1500;
const quiet = { debug() {}, info() {}, warn() {}, error() {} };

const folder = mkdtempSync(join(tmpdir(), 'hallpass-bench-'));
try {
  const ours = await measureStore(join(folder, 'store.db'));
  const floor = measureRaw(join(folder, 'raw.db'), recordStatements(join(folder, 'store.db')));
  figure('commit_store', ours.perSecond, 'commits/s');
  figure('commit_store_p50', ours.p50, 'ms');
  figure('commit_store_p99', ours.p99, 'ms');
  figure('commit_raw', floor.perSecond, 'commits/s');
  figure('commit_ratio_to_raw', ours.perSecond / floor.perSecond, 'ratio (goal >= 0.6)');
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** One event, one job and one claim: what storing a click and its outcome costs. */
function commitOf(number: number): Commit {
  const at = systemClock.now();
  const actor = { person: 'hallpass', kind: 'system', via: 'bench' } as const;
  return {
    claims: [{ key: `delivery:${number}`, owner: `job_${number}`, until: at + 600_000 }],
    events: [
      { event: { type: 'ingress.refused', at, actor, subject: {}, data: { code: 'bench', count: number } }, salt: systemIds.secret(24) },
    ],
    jobs: [
      { id: systemIds.next('job'), kind: 'judge', subject: `request:${number}`, queue: 'judge', lane: 2, dueAt: at, payload: { number }, ordered: true },
    ],
  };
}

async function measureStore(file: string) {
  const store: Store = await openStore(`sqlite:${file}`, { clock: systemClock, ids: systemIds, log: quiet });
  for (let n = 0; n < 200; n += 1) await store.commit(commitOf(-n - 1));
  const times: number[] = [];
  const started = performance.now();
  for (let n = 0; n < ROUNDS; n += 1) {
    const one = performance.now();
    await store.commit(commitOf(n));
    times.push(performance.now() - one);
  }
  const seconds = (performance.now() - started) / 1000;
  await store.close();
  times.sort((a, b) => a - b);
  return { perSecond: ROUNDS / seconds, p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
}

interface Tables {
  readonly schema: readonly string[];
}

function recordStatements(file: string): Tables {
  const db = new Sqlite(file, { readonly: true });
  const schema = db
    .prepare("select sql from sqlite_master where sql is not null and type in ('table', 'index') and name not like 'sqlite_%' and name not like '\\_\\_%' escape '\\'")
    .all()
    .map((row) => (row as { sql: string }).sql);
  db.close();
  return { schema };
}

/** The same tables and indexes; the same rows written; the ledger hashed as little as SQL allows (not at all). */
function measureRaw(file: string, { schema }: Tables) {
  const db = new Sqlite(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  for (const sql of schema) db.exec(sql);
  db.exec("insert into ledger_head (id, size, hashes) values (1, 0, '[]')");
  db.exec("insert into counters (name, value) values ('clock', 0), ('epoch', 0), ('freeze', 0)");
  const statements = prepare(db);
  for (let n = 0; n < 200; n += 1) statements(-n - 1);
  const started = performance.now();
  for (let n = 0; n < ROUNDS; n += 1) statements(n);
  const seconds = (performance.now() - started) / 1000;
  db.close();
  return { perSecond: ROUNDS / seconds };
}

function prepare(db: Sqlite.Database): (number: number) => void {
  const clock = db.prepare("update counters set value = max(value, ?) where name = 'clock' returning value");
  const claim = db.prepare('insert into claims (key, owner, until) values (?, ?, ?)');
  const columns = (table: string) => (db.pragma(`table_info(${table})`) as { name: string; notnull: number; dflt_value: string | null; type: string; pk: number }[]);
  const insert = (table: string, row: { readonly [name: string]: unknown }) => {
    const needed = columns(table).filter((column) => column.name in row || (column.notnull === 1 && column.dflt_value === null && column.pk === 0));
    const names = needed.map((column) => column.name);
    const sql = db.prepare(`insert into ${table} (${names.map((name) => `"${name}"`).join(',')}) values (${names.map(() => '?').join(',')})`);
    return (values: { readonly [name: string]: unknown }) => sql.run(names.map((name) => values[name] ?? 0));
  };
  const job = insert('jobs', { id: 1, kind: 1, subject: 1, queue: 1, lane: 1, due_at: 1, payload: 1, ordered: 1 });
  const head = db.prepare('select size, hashes from ledger_head where id = 1');
  const leaf = insert('events', { seq: 1, at: 1, type: 1, leaf: 1, hash: 1 });
  const moved = db.prepare('update ledger_head set size = ?, hashes = ? where id = 1');
  const text = 'x'.repeat(260);
  const hashes = JSON.stringify(Array.from({ length: 6 }, () => 'a'.repeat(64)));
  let size = 0;
  const all = db.transaction((number: number) => {
    const at = systemClock.now();
    clock.get(at);
    claim.run(`delivery:${number}`, `job_${number}`, at + 600_000);
    job({ id: systemIds.next('job'), kind: 'judge', subject: `request:${number}`, queue: 'judge', lane: 2, due_at: at, payload: `{"number":${number}}`, ordered: 1 });
    head.get();
    leaf({ seq: size, at, type: 'ingress.refused', leaf: text, hash: 'b'.repeat(64) });
    size += 1;
    moved.run(size, hashes);
  });
  return (number) => all.immediate(number);
}
