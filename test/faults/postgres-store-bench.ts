// PostgreSQL as the store of the matrix: a copy is all rows of all tables; putting it back replaces them. Opened anew for
// each case, because the time of a store never goes backwards.
import { Client } from 'pg';
import type { Store } from '../../src/ports/store.ts';
import { openStore } from '../../src/store/open-store.ts';
import { quietLog } from '../world-ports.ts';
import type { StoreBench, StoreCopy, StoreTime } from './store-bench.ts';

interface PostgresCopy extends StoreCopy {
  /** Rows as JSON, by table. */
  readonly rows: readonly (readonly [table: string, rows: string])[];
}

/** `url` is a superuser's, of a database of its own. */
export async function postgresStoreBench(url: string): Promise<StoreBench> {
  const admin = new Client({ connectionString: url });
  await admin.connect();
  let open: Store | undefined;
  const first = await openStore(url, { ...NEVER, log: quietLog }, { time: NEVER.clock.now });
  const { deploymentId } = first;
  await first.close();
  const tables = await tablesOf(admin);

  async function copy(): Promise<PostgresCopy> {
    const rows: [string, string][] = [];
    for (const table of tables) {
      const { rows: found } = await admin.query(`select coalesce(json_agg(t), '[]')::text as all from "${table}" t`);
      rows.push([table, found[0]?.all ?? '[]']);
    }
    return { of: 'postgres', rows };
  }
  const empty = await copy();
  // What the store keeps its promises with (append-only triggers, references) is off for this one connection.
  await admin.query('set session_replication_role = replica');
  return {
    name: 'postgres',
    deploymentId,
    empty: async () => empty,
    copy,
    async open(from, { clock, ids }) {
      await open?.close();
      await admin.query(`truncate ${tables.map((table) => `"${table}"`).join(', ')}`);
      for (const [table, rows] of (from as PostgresCopy).rows)
        await admin.query(
          `insert into "${table}" overriding system value select * from json_populate_recordset(null::"${table}", $1)`,
          [rows],
        );
      open = await openStore(url, { clock, ids, log: quietLog }, { time: clock.now });
      return open;
    },
    bytes: async () => Buffer.from(JSON.stringify(await copy())),
    async close() {
      await open?.close();
      await admin.end();
    },
  };
}

/** For the one moment in which the tables are made. */
const NEVER: StoreTime = {
  clock: { now: () => 1_767_225_600_000, sleep: async () => undefined },
  ids: { next: (prefix) => `${prefix}_${'0'.repeat(26)}`, secret: () => 'c2VjcmV0', jitter: () => 0.5 },
};

async function tablesOf(admin: Client): Promise<readonly string[]> {
  const { rows } = await admin.query<{ name: string }>(
    "select tablename as name from pg_tables where schemaname = 'public' order by 1",
  );
  return rows.map(({ name }) => name);
}
