// What every store must do, whatever its database. A store's test calls it once:
//
//   storeContract('SQLite in a file', (tools) => openStore(`sqlite:${freshPath()}`, tools));
//
// `open` makes a new, empty store. Each case gets one of its own. `histories` is how many random ones are gone through.
import { afterEach, beforeEach, describe } from 'vitest';
import { type OpenStore, type StoreBench, storeBench } from './store-bench.ts';
import { claimCases } from './store-claim-cases.ts';
import { commitCases } from './store-commit-cases.ts';
import { figureCases } from './store-figure-cases.ts';
import { jobCases } from './store-job-cases.ts';
import { ledgerCases } from './store-ledger-cases.ts';
import { listCases } from './store-list-cases.ts';
import { modelCases } from './store-model-cases.ts';
import { paceCases } from './store-pace-cases.ts';
import { pageCases } from './store-page-cases.ts';
import { timeCases } from './store-time-cases.ts';

export function storeContract(name: string, open: OpenStore, histories = 60): void {
  describe(`${name}: the contract of a store`, () => {
    let bench: StoreBench | undefined;
    beforeEach(async () => {
      bench = await storeBench(open);
    });
    afterEach(async () => {
      await bench?.store.close();
    });
    const now = (): StoreBench => {
      if (!bench) throw new Error('A case asked for its store before it was open');
      return bench;
    };
    describe('commits', () => commitCases(now));
    describe('lists', () => listCases(now));
    describe('pages', () => pageCases(now));
    describe('the ledger', () => ledgerCases(now));
    describe('jobs', () => jobCases(now));
    describe('claims of jobs', () => claimCases(now));
    describe('pace', () => paceCases(now));
    describe('time', () => timeCases(now));
    describe('figures', () => figureCases(now));
    describe('whatever happens', () => modelCases(open, histories));
  });
}
