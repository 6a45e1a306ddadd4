// Several replicas on one PostgreSQL, the newest that is here.
import { afterAll, expect } from 'vitest';
import { openStore } from '../../src/store/open-store.ts';
import { storeReplicasContract } from '../contracts/store-replicas.ts';
import { tools, usePostgresStores } from './postgres-bench.ts';

const { server, newStore } = usePostgresStores(18);

// Two that wait for each other are undone and tried again, so that everything comes out right, a second late: there must be
// an order in which all locks are taken, and no such two.
afterAll(async () => {
  const found = await server().query(
    "select sum(deadlocks)::int as deadlocks from pg_stat_database where datname like 'store_%'",
  );
  expect(found).toEqual([{ deadlocks: 0 }]);
});

storeReplicasContract('PostgreSQL 18', async (count) => {
  const url = await newStore();
  return Promise.all(Array.from({ length: count }, () => openStore(url, tools)));
});
