// Real PostgreSQL servers for tests: the embedded one (18) always, Debian's 15 where it is installed. One server per test
// file, on a random port of loopback, in a temporary folder that goes away with it. Nothing here is a double.
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'pg';
import { afterAll, beforeAll } from 'vitest';
import { embeddedPrograms, serverAccount } from '../src/local/postgres-programs.ts';
import { startServer } from '../src/local/postgres-server.ts';

const DEBIAN_15 = '/usr/lib/postgresql/15/bin';
const SUPERUSER_PASSWORD = 'only-for-tests';

export type PostgresVersion = 15 | 18;

export interface TestPostgres {
  readonly version: PostgresVersion;
  readonly port: number;
  /** The URL a client of this server uses. */
  url(user: string, password: string, database?: string): string;
  /** Runs as superuser, in `database` or else in `postgres`. Several statements may be given when there are no values. */
  query(sql: string, values?: readonly unknown[], database?: string): Promise<readonly Row[]>;
  superuserUrl(database?: string): string;
  /** A new empty database; answers a superuser's URL of it. */
  newDatabase(): Promise<string>;
  /** Lets go of the connections that `query` keeps: no database can be copied while somebody is in it. */
  closePools(): Promise<void>;
  /** Stops and starts again, on the same port and data. */
  restart(): Promise<void>;
  /** Stops, and stays stopped until `restart`. */
  halt(): Promise<void>;
  /** Ends at once, as after a crash: whatever was under way is undone when it comes back. */
  crash(): Promise<void>;
  stop(): Promise<void>;
}
type Row = Readonly<Record<string, unknown>>;

/** The versions that can run here, and for the others the reason why not: print it, a silent gap looks like a pass. */
export const POSTGRES_VERSIONS: readonly { readonly version: PostgresVersion; readonly missing?: string }[] = [
  { version: 18 },
  existsSync(DEBIAN_15)
    ? { version: 15 }
    : { version: 15, missing: `PostgreSQL 15 is not installed in ${DEBIAN_15} (apt-get install postgresql-15)` },
];

/** For the top of a test file or a `describe`: starts the server before its tests and stops it after. */
export function usePostgres(
  version: PostgresVersion = 18,
  settings: Readonly<Record<string, string>> = {},
): () => TestPostgres {
  let server: TestPostgres | undefined;
  beforeAll(async () => {
    server = await startPostgres(version, settings);
  });
  afterAll(() => server?.stop());
  return () => {
    if (server === undefined)
      throw new Error('The server runs only while tests run: call this inside a test or a hook.');
    return server;
  };
}

/** A server of one's own, for tests that restart it or need other settings. */
export async function startPostgres(
  version: PostgresVersion = 18,
  more: Readonly<Record<string, string>> = {},
): Promise<TestPostgres> {
  const account = serverAccount();
  const programs = version === 15 ? DEBIAN_15 : await embeddedPrograms(account);
  const folder = await mkdtemp(join(tmpdir(), 'hallpass-test-pg-'));
  // Durability is not what is tested; with it every commit would wait for the disk.
  const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', ...more };
  const options = { programs, account, folder, password: SUPERUSER_PASSWORD, settings };
  let server = await startServer(options);
  const { port } = server;
  const pools = new Map<string, Pool>();
  const url = (user: string, password: string, database = 'postgres'): string =>
    `postgres://${encodeURIComponent(user)}:${encodeURIComponent(password)}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
  const superuserUrl = (database?: string): string => url('postgres', SUPERUSER_PASSWORD, database);
  const poolOf = (database: string): Pool => pools.get(database) ?? openPool(pools, database, superuserUrl(database));
  let made = 0;
  return {
    version,
    port,
    url,
    superuserUrl,
    async query(sql, values, database = 'postgres') {
      const result = await poolOf(database).query(sql, values === undefined ? undefined : [...values]);
      return result.rows ?? [];
    },
    async newDatabase() {
      made += 1;
      await poolOf('postgres').query(`create database test_${made}`);
      return superuserUrl(`test_${made}`);
    },
    closePools: () => closePools(pools),
    async restart() {
      await closePools(pools);
      await server.stop();
      server = await startServer({ ...options, port });
    },
    async halt() {
      await closePools(pools);
      await server.stop();
    },
    async crash() {
      await closePools(pools);
      process.kill(server.pid, 'SIGQUIT'); // its immediate shutdown
      server = await startServer({ ...options, port });
    },
    async stop() {
      await closePools(pools);
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function closePools(pools: Map<string, Pool>): Promise<void> {
  const open = [...pools.values()];
  pools.clear();
  await Promise.all(open.map((pool) => pool.end()));
}

function openPool(pools: Map<string, Pool>, database: string, connectionString: string): Pool {
  const pool = new Pool({ connectionString, max: 3 });
  // A server that stops while a connection idles is no news here, and without a listener it would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  pools.set(database, pool);
  return pool;
}
