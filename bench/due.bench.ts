// What the sweep asks every few seconds, with 10,000 live passes of which 100 are due, among very many that are over: it must
// cost the same however old a deployment is. SQLite and PostgreSQL, 1 M finished passes beside none, 10 M with `--full`. The
// floor is the same statement prepared once by the bare driver.
import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { Client } from 'pg';
import { systemClock as clock, systemIds as ids } from '../src/lib/system-clock.ts';
import type { Store } from '../src/ports/store.ts';
import { openStore } from '../src/store/open-store.ts';
import { startPostgres } from '../test/postgres-server.ts';
import { quietLog } from '../test/world-ports.ts';
import { figure, percentile } from './figures.ts';
import { writeLivePasses } from './passes.ts';

const LIVE = 10_000;
const DUE = 100;
const PAGE = 500;
const ASKED = 2_000;
const HOUR_MS = 3600_000;
const MILLION = 1_000_000;
const FINISHED = process.argv.includes('--full') ? 10 * MILLION : MILLION;
/** A finished pass with its indexes, without the JSON that nothing here reads. */
const BYTES_EACH = 600;
const STATEMENT = 'select id, due_at from grants where due_at <= $now order by due_at, id limit 500';

const folder = mkdtempSync(join(tmpdir(), 'hallpass-bench-'));
try {
  const free = statfsSync(folder);
  if (free.bavail * free.bsize < FINISHED * BYTES_EACH * 2) {
    console.log(`due skipped: ${FINISHED} passes need ${(FINISHED * BYTES_EACH * 2) / 1e9} GB of disk in ${folder}`);
  } else {
    await onSqlite();
    await onPostgres();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function onSqlite(): Promise<void> {
  const file = join(folder, 'store.db');
  const store = await openStore(`sqlite:${file}`, { clock, ids, log: quietLog });
  await writeLive(store);
  const few = await ask('due_sqlite_0', () => store.due(PAGE));
  const raw = new Sqlite(file);
  raw.pragma('foreign_keys = OFF');
  raw.exec(
    finishedSql('(with recursive n(n) as (select 1 union all select n + 1 from n limit $count) select n from n)'),
  );
  const many = await ask(`due_sqlite_${label()}`, () => store.due(PAGE));
  const statement = raw.prepare(STATEMENT);
  const floor = await ask('due_sqlite_raw', async () => statement.all({ now: clock.now() }));
  compare('sqlite', { few, many, floor });
  raw.close();
  await store.close();
}

async function onPostgres(): Promise<void> {
  const server = await startPostgres();
  try {
    const url = await server.newDatabase();
    const store = await openStore(url, { clock, ids, log: quietLog });
    await writeLive(store);
    const few = await ask('due_postgres_0', () => store.due(PAGE));
    const raw = new Client({ connectionString: url });
    await raw.connect();
    await raw.query("set session_replication_role = 'replica'"); // no foreign keys
    await raw.query(finishedSql('generate_series(1, $count) as n'));
    await raw.query('vacuum analyze grants');
    const many = await ask(`due_postgres_${label()}`, () => store.due(PAGE));
    const text = STATEMENT.replace('$now', '$1');
    const floor = await ask('due_postgres_raw', () => raw.query({ name: 'due', text, values: [clock.now()] }));
    compare('postgres', { few, many, floor });
    await raw.end();
    await store.close();
  } finally {
    await server.stop();
  }
}

async function writeLive(store: Store): Promise<void> {
  const place = { role: 'role-0', target: 'target-0', channel: 'C-0' };
  const now = clock.now();
  await writeLivePasses(store, DUE, now - HOUR_MS, () => place);
  await writeLivePasses(store, LIVE - DUE, now + HOUR_MS, () => place, DUE);
}

/** Rows as long as they are, but for the JSON. */
function finishedSql(numbers: string): string {
  return `insert into grants (id, version, request_id, status, person, role, target, target_key, entitlement, principal_id,
    principal_name, ordered_at, expires_at, due_at, body)
    select 'pass_0' || (1000000000000000000 + n), 9, 'req_0' || (1000000000000000000 + n), 'revoked', 'person_' || (n % 1000),
    'role-' || (n % 40), 'target-' || (n % 10), 'bench:role', '{"role":"readonly"}', 'acct:p@acme.test', 'p',
    1700000000000 + n, 1700003600000 + n, null, '{}' from ${numbers.replace('$count', String(FINISHED))}`;
}

interface Times {
  readonly p50: number;
  readonly p99: number;
}

async function ask(name: string, work: () => Promise<unknown>): Promise<Times> {
  const times: number[] = [];
  for (let count = 0; count < ASKED; count += 1) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  const [p50, p99] = [percentile(times, 0.5), percentile(times, 0.99)];
  figure(`${name}_p50`, p50, 'ms');
  figure(`${name}_p99`, p99, 'ms');
  return { p50, p99 };
}

function compare(what: string, { few, many, floor }: Readonly<Record<'few' | 'many' | 'floor', Times>>): void {
  figure(`due_${what}_p99_goal`, many.p99, 'ms (goal < 1)');
  figure(`due_${what}_ratio_to_none_finished`, many.p50 / few.p50, 'ratio (goal: about 1)');
  figure(`due_${what}_ratio_to_raw`, many.p50 / floor.p50, 'ratio');
}

function label(): string {
  return `${FINISHED / MILLION}m`;
}
