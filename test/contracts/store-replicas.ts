// What a store must keep when several processes work on it at once. A store's test calls it once:
//
//   storeReplicasContract('PostgreSQL', (count) => openSeveral(count));
//
// `open` opens this many stores on one new, empty database, by the real time. Nothing here is timed: what is asserted holds for
// every order in which things may happen.
import { afterEach, beforeEach, describe } from 'vitest';
import type { Store } from '../../src/ports/store.ts';
import { replicaCommitCases } from './store-replicas-commit-cases.ts';
import { replicaJobCases } from './store-replicas-job-cases.ts';

export type OpenReplicas = (count: number) => Promise<readonly Store[]>;

export function storeReplicasContract(name: string, open: OpenReplicas): void {
  describe(`${name}: the contract of a store with several processes`, () => {
    let stores: readonly Store[] = [];
    beforeEach(async () => {
      stores = await open(4);
    });
    afterEach(async () => {
      await Promise.all(stores.map((store) => store.close()));
    });
    /** As many as asked for, over and over. */
    const replicas = (count: number): readonly Store[] =>
      Array.from({ length: count }, (_, n) => {
        const store = stores[n % stores.length];
        if (!store) throw new Error('A case asked for its stores before they were open');
        return store;
      });
    describe('commits', () => replicaCommitCases(replicas));
    describe('jobs', () => replicaJobCases(replicas));
  });
}

export type Replicas = (count: number) => readonly Store[];
