// Several replicas on one PostgreSQL, the newest that is here.
import { openStore } from '../../src/store/open-store.ts';
import { storeReplicasContract } from '../contracts/store-replicas.ts';
import { tools, usePostgresStores } from './postgres-bench.ts';

const { newStore } = usePostgresStores(18);

storeReplicasContract('PostgreSQL 18', async (count) => {
  const url = await newStore();
  return Promise.all(Array.from({ length: count }, () => openStore(url, tools)));
});
