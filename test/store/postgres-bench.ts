// Stores on a real PostgreSQL server for the tests here: each on an empty database of its own, copied from one that was
// migrated before, and by a clock that the test holds.
import { beforeAll } from 'vitest';
import { systemClock, systemIds } from '../../src/lib/system-clock.ts';
import type { Store } from '../../src/ports/store.ts';
import { type OpenOptions, openStore, type StoreTools } from '../../src/store/open-store.ts';
import { quiet } from '../contracts/store-bench.ts';
import { type PostgresVersion, type TestPostgres, usePostgres } from '../postgres-server.ts';

export const tools: StoreTools = { clock: systemClock, ids: systemIds, log: quiet };

export interface PostgresBench {
  readonly server: () => TestPostgres;
  /** A URL of a new database with empty tables. */
  newStore(): Promise<string>;
  /** Empty, and by the clock it is given. */
  open(given: StoreTools): Promise<Store>;
}

const TEMPLATE = 'template_store';

/** For the top of a test file or a `describe`. */
export function usePostgresStores(
  version: PostgresVersion,
  settings: Readonly<Record<string, string>> = {},
): PostgresBench {
  const server = usePostgres(version, settings);
  let made = 0;
  beforeAll(async () => {
    await server().query(`create database ${TEMPLATE}`);
    const store = await openStore(server().superuserUrl(TEMPLATE), tools);
    await store.close();
    // What each store has of its own comes with its first opening.
    await server().query('alter table deployment disable trigger user; delete from deployment', undefined, TEMPLATE);
    await server().query('alter table deployment enable trigger user', undefined, TEMPLATE);
    await server().query("update counters set value = 0 where name = 'clock'", undefined, TEMPLATE);
    await server().closePools();
  }, 60_000);

  async function newStore(): Promise<string> {
    made += 1;
    await server().query(`create database store_${made} template ${TEMPLATE}`);
    return server().superuserUrl(`store_${made}`);
  }
  return {
    server,
    newStore,
    open: async (given) => openOn(await newStore(), given),
  };
}

/** The store's time is the clock that it is given, and the machine's own stays what it is. */
export async function openOn(url: string, given: StoreTools, options: OpenOptions = {}): Promise<Store> {
  return openStore(url, given, { time: () => given.clock.now(), ...options });
}
