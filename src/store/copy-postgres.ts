// A PostgreSQL database as one end of a copy, on one connection and in one transaction. What is written to is locked, so that
// no Hallpass that starts meanwhile gives it another deployment's id.
import { Client, type ClientConfig, types } from 'pg';
import type { Door } from '../lib/postgres-address.ts';
import type { Instant } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { COPY_BATCH, type CopySide } from './copy-side.ts';
import { type CopyColumn, type CopyRow, type CopyTable, copyTables, quoted } from './copy-tables.ts';
import { MOVED } from './moved.ts';
import { postgresFault } from './postgres-fault.ts';
import { assertMigrated, migrate } from './postgres-migrate.ts';
import { clientConfig } from './postgres-pool.ts';
import { StoreError } from './store-error.ts';

/** Throws StoreError, `in_use` when a Hallpass is connected to it. */
export async function postgresSource(door: Door): Promise<CopySide> {
  const config = await clientConfig(door, true);
  await assertMigrated(config, nameOf(door));
  return openSide(config, door, async (client) => {
    await client.query('begin transaction isolation level repeatable read read only');
    await refuseInUse(client, nameOf(door));
  });
}

/** Migrated first; the database itself must be there. Throws StoreError. */
export async function postgresDestination(door: Door, log: Log): Promise<CopySide> {
  const config = await clientConfig(door, false);
  await migrate(config, nameOf(door), log);
  return openSide(config, door, async (client) => {
    await refuseInUse(client, nameOf(door));
    await client.query('begin');
    const tables = copyTables().map(({ name }) => quoted(name));
    await client.query(`lock table ${tables.join(', ')} in exclusive mode`);
  });
}

function nameOf({ user, host, port, database }: Door): string {
  const at = host.includes(':') ? `[${host}]` : host;
  return `postgres://${encodeURIComponent(user)}@${at}:${port}/${encodeURIComponent(database)}`;
}

/** A copy takes its time and asks one thing after the other: the limits of a replica are not for it. */
const PATIENT = {
  application_name: 'hallpass store copy',
  ...{ idle_in_transaction_session_timeout: 0, statement_timeout: 0, query_timeout: 0 },
} as const satisfies ClientConfig;

async function openSide(config: ClientConfig, door: Door, begin: (client: Client) => Promise<void>): Promise<CopySide> {
  const name = nameOf(door);
  const client = await connected(config, name);
  try {
    await begin(client);
    return side(client, name);
  } catch (error) {
    await client.end().catch(() => {});
    throw postgresFault(error, name);
  }
}

async function connected(config: ClientConfig, name: string): Promise<Client> {
  const client = new Client({ ...config, ...PATIENT });
  client.on('error', () => {}); // whatever runs then fails by itself
  try {
    await client.connect();
    await client.query('set idle_in_transaction_session_timeout = 0; set statement_timeout = 0');
    return client;
  } catch (error) {
    await client.end().catch(() => {});
    throw postgresFault(error, name);
  }
}

/** Each replica is connected all the time, under this name (postgres-pool.ts). */
async function refuseInUse(client: Client, name: string): Promise<void> {
  const { rowCount } = await client.query(`select 1 from pg_stat_activity
    where datname = current_database() and application_name = 'hallpass' and pid <> pg_backend_pid()`);
  if (rowCount === 0) return;
  throw new StoreError('in_use', `A Hallpass is connected to ${name}. Stop all replicas first.`);
}

function side(client: Client, name: string): CopySide {
  const guarded = async <Result>(work: Promise<Result>): Promise<Result> => {
    try {
      return await work;
    } catch (error) {
      throw postgresFault(error, name);
    }
  };
  const number = async (sql: string) => Number((await client.query<{ n: string }>(sql)).rows[0]?.n ?? 0);
  return {
    name,
    count: (table) => guarded(number(`select count(*) as n from ${quoted(table.name)}`)),
    rows: (table) => batches(client, table, guarded),
    clear: async (table) => void (await guarded(client.query(`delete from ${quoted(table.name)}`))),
    insert: (table, rows) => guarded(insert(client, table, rows)),
    epoch: () =>
      guarded(
        number(`select greatest(value, (select last_value from lease_epochs)) as n
        from counters where name = 'epoch'`),
      ),
    commit: () => guarded(commit(client)),
    leave: (at) => guarded(leave(client, at)),
    close: () => client.end().catch(() => {}),
  };
}

type Guard = <Result>(work: Promise<Result>) => Promise<Result>;

/** Text is ordered byte by byte, as SQLite does, whatever the language of the database. */
async function* batches(client: Client, table: CopyTable, guarded: Guard): AsyncGenerator<readonly CopyRow[]> {
  const names = table.columns.map(({ name }) => quoted(name)).join(', ');
  const keys = table.columns.filter(({ isKey }) => isKey).map(orderOf);
  const sql = `select ${names} from ${quoted(table.name)} order by ${keys.join(', ')}`;
  await guarded(client.query(`declare copied no scroll cursor for ${sql}`));
  for (;;) {
    const text = `fetch ${COPY_BATCH} from copied`;
    const { rows } = await guarded(client.query<(string | number | null)[]>({ text, rowMode: 'array', types: plain }));
    if (rows.length > 0) yield rows;
    if (rows.length < COPY_BATCH) break;
  }
  await guarded(client.query('close copied'));
}

function orderOf({ name, kind }: CopyColumn): string {
  return kind === 'text' ? `${quoted(name)} collate "C"` : quoted(name);
}

/** https://www.postgresql.org/docs/current/catalog-pg-type.html */
const [BOOL, INT8] = [16, 20];
const plain = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (oid === INT8) return (text: string) => Number(text);
    if (oid === BOOL) return (text: string) => (text === 't' ? 1 : 0);
    return format === 'binary' ? types.getTypeParser(oid, 'binary') : types.getTypeParser(oid, 'text');
  },
};

/** One statement a batch; in the order given, for the log refuses an entry that is not the next one. */
async function insert(client: Client, { name, columns }: CopyTable, rows: readonly CopyRow[]): Promise<void> {
  const names = columns.map((column) => quoted(column.name)).join(', ');
  const arrays = columns.map(({ kind }, index) => `$${index + 1}::${ARRAYS[kind]}`).join(', ');
  const values = columns.map((_column, index) => rows.map((row) => row[index] ?? null));
  const picked = columns.map((column, index) => (column.kind === 'boolean' ? `c${index + 1} <> 0` : `c${index + 1}`));
  const given = columns.map((_column, index) => `c${index + 1}`).join(', ');
  await client.query(
    `insert into ${quoted(name)} (${names}) select ${picked.join(', ')}
      from unnest(${arrays}) with ordinality as given(${given}, place) order by place`,
    values,
  );
}
const ARRAYS = { text: 'text[]', integer: 'bigint[]', boolean: 'bigint[]' } as const;

async function commit(client: Client): Promise<void> {
  for (const { name, columns } of copyTables()) {
    for (const column of columns.filter(({ isKey, kind }) => isKey && kind === 'integer'))
      await goOn(client, name, column);
  }
  await client.query('commit');
}

/** Reading is over by then; the connection is one that only reads unless told otherwise. */
async function leave(client: Client, at: Instant): Promise<void> {
  await client.query('rollback');
  await client.query('begin transaction read write');
  await client.query('insert into counters (name, value) values ($1, $2)', [MOVED, at]);
  await client.query('commit');
}

/** Throws StoreError, `in_use` when a Hallpass is connected to it. True: it had been left. */
export async function reopenDatabase(door: Door): Promise<boolean> {
  const client = await connected(await clientConfig(door, false), nameOf(door));
  try {
    await refuseInUse(client, nameOf(door));
    const { rowCount } = await client.query('delete from counters where name = $1', [MOVED]);
    return (rowCount ?? 0) > 0;
  } catch (error) {
    throw postgresFault(error, nameOf(door));
  } finally {
    await client.end().catch(() => {});
  }
}

/** Where the database numbers new rows itself: after the largest number that came with the copy. */
async function goOn(client: Client, table: string, { name }: CopyColumn): Promise<void> {
  const sequence = `pg_get_serial_sequence('${quoted(table)}', '${name}')`;
  await client.query(`select setval(${sequence}, coalesce((select max(${quoted(name)}) from ${quoted(table)}), 0) + 1, false)
    where ${sequence} is not null`);
}
