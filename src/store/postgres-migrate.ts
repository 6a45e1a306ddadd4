// Looks at the PostgreSQL server and brings the tables up to date. Replicas that start together take turns: drizzle's own
// migrator takes no lock (and wants a schema of its own, for which the right to create one is needed).
import { fileURLToPath } from 'node:url';
import { Client, type ClientConfig } from 'pg';
import type { Log } from '../ports/log.ts';
import { loadPgDrizzle } from './drizzle.ts';
import { postgresFault } from './postgres-fault.ts';
import { madeByNewer, StoreError } from './store-error.ts';

/** At the root of the package, seen from src/store and from dist/store alike. */
const MIGRATIONS = fileURLToPath(new URL('../../migrations/postgres', import.meta.url));
/** Any number, the same in each replica. */
const MIGRATION_LOCK = 7_209_185_443;
export const OLDEST_SERVER = 13;

/** Throws StoreError. `server` is for messages. */
export async function migrate(config: ClientConfig, server: string, log: Log): Promise<void> {
  await withClient(config, server, async (client) => {
    await examine(client, server, log);
    await transaction(client, async () => {
      // Another replica may be making the tables, and an index on a long log takes its time.
      await client.query('set local lock_timeout = 0');
      await client.query('set local statement_timeout = 0');
      await client.query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
      await applyAll(client, server, log);
      // A store that was copied here from SQLite counted its epochs in the other place.
      await client.query(`select setval('lease_epochs', value) from counters
        where name = 'epoch' and value > (select last_value from lease_epochs)`);
    });
  });
}

/** For a look only: everything must be there already; `forWork`: nothing more either. Throws StoreError. */
export async function assertMigrated(config: ClientConfig, server: string, forWork = false): Promise<void> {
  await withClient(config, server, async (client) => {
    const applied = await appliedTimes(client);
    if (forWork) refuseNewer(applied, server);
    if (Math.max(0, ...applied) >= (migrations().at(-1)?.folderMillis ?? 0)) return;
    throw new StoreError(
      'outdated',
      `${server} holds no store, or one of an older version. Start Hallpass once: it brings the store up to date.`,
    );
  });
}

async function withClient(config: ClientConfig, server: string, work: (client: Client) => Promise<void>) {
  const client = new Client({ ...config, query_timeout: 0 });
  client.on('error', () => {}); // whatever runs then fails by itself
  try {
    await client.connect();
    await work(client);
  } catch (error) {
    throw postgresFault(error, server);
  } finally {
    await client.end().catch(() => {});
  }
}

async function transaction(client: Client, work: () => Promise<void>): Promise<void> {
  await client.query('begin');
  try {
    await work();
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  }
}

interface ServerFacts {
  readonly version: number;
  readonly fsync: string;
  readonly commits: string;
}

async function examine(client: Client, server: string, log: Log): Promise<void> {
  const { rows } =
    await client.query<ServerFacts>(`select current_setting('server_version_num')::int / 10000 as version,
    current_setting('fsync') as fsync, current_setting('synchronous_commit') as commits`);
  const [facts] = rows;
  if (facts === undefined || facts.version < OLDEST_SERVER) {
    throw new StoreError(
      'unsupported',
      `${server} runs PostgreSQL ${facts?.version}. Hallpass needs ${OLDEST_SERVER} or newer: upgrade the server.`,
    );
  }
  const { fsync, commits } = facts;
  if (fsync === 'off' || commits === 'off') {
    log.warn('The PostgreSQL server may lose commits that people were told of', { fsync, synchronous_commit: commits });
  }
}

async function applyAll(client: Client, server: string, log: Log): Promise<void> {
  const before = await appliedTimes(client);
  refuseNewer(before, server);
  const last = Math.max(0, ...before);
  if (last === 0) {
    await client.query(
      'create table if not exists __drizzle_migrations (id serial primary key, hash text not null, created_at bigint)',
    );
  }
  for (const { sql, hash, folderMillis } of migrations()) {
    if (folderMillis <= last) continue;
    for (const statement of sql) await client.query(statement);
    await client.query('insert into __drizzle_migrations (hash, created_at) values ($1, $2)', [hash, folderMillis]);
  }
  const steps = migrations().length - before.length;
  if (before.length > 0 && steps > 0) log.info('The store was brought up to date', { server, steps });
}

function refuseNewer(applied: readonly number[], server: string): void {
  const known = new Set(migrations().map(({ folderMillis }) => folderMillis));
  if (applied.some((time) => !known.has(time))) throw madeByNewer(server);
}

/** Times of the migrations in the database; none when there is no table of them. */
async function appliedTimes(client: Client): Promise<readonly number[]> {
  const there = await client.query<{ at: string | null }>(`select to_regclass('__drizzle_migrations')::text as at`);
  if (there.rows[0]?.at === null) return [];
  const { rows } = await client.query<{ at: string }>('select created_at as at from __drizzle_migrations');
  return rows.map(({ at }) => Number(at));
}

function migrations() {
  return loadPgDrizzle().readMigrations({ migrationsFolder: MIGRATIONS });
}
