// PostgreSQL keeps the contract of a store, on every version that is here.
import { describe } from 'vitest';
import { storeContract } from '../contracts/store.ts';
import { POSTGRES_VERSIONS } from '../postgres-server.ts';
import { usePostgresStores } from './postgres-bench.ts';

describe.each(POSTGRES_VERSIONS)('PostgreSQL $version', ({ version, missing }) => {
  if (missing !== undefined) console.warn(`[skipped] ${missing}`);
  describe.skipIf(missing !== undefined)('as a store', () => {
    const { open } = usePostgresStores(version);
    storeContract(`PostgreSQL ${version}`, open);
  });
});
