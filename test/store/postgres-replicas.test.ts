// Several replicas on one PostgreSQL, on every version that is here.
import { describe } from 'vitest';
import { openStore } from '../../src/store/open-store.ts';
import { storeReplicasContract } from '../contracts/store-replicas.ts';
import { POSTGRES_VERSIONS } from '../postgres-server.ts';
import { tools, usePostgresStores } from './postgres-bench.ts';

describe.each(POSTGRES_VERSIONS)('PostgreSQL $version', ({ version, missing }) => {
  describe.skipIf(missing !== undefined)('with replicas', () => {
    const { newStore } = usePostgresStores(version);
    storeReplicasContract(`PostgreSQL ${version}`, async (count) => {
      const url = await newStore();
      return Promise.all(Array.from({ length: count }, () => openStore(url, tools)));
    });
  });
});
