// The PostgreSQL adapter keeps the adapter contract, against real servers of each version that can run here.
import { describe } from 'vitest';
import { grantAdapterContract } from '../../contracts/grant-adapter.ts';
import { faultMatrix } from '../../faults/fault-matrix.ts';
import { POSTGRES_VERSIONS, usePostgres } from '../../postgres-server.ts';
import { postgresBench } from './bench.ts';

for (const { version, missing } of POSTGRES_VERSIONS) {
  if (missing !== undefined) {
    console.info(`postgres on ${version}: not run, because ${missing}`);
    continue;
  }
  describe(`on PostgreSQL ${version}`, () => {
    const server = usePostgres(version);
    grantAdapterContract(`postgres on ${version}`, () => postgresBench(server()));
    faultMatrix('postgres', () => postgresBench(server()));
  });
}
