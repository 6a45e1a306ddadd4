// What each case of the store's contract works with: a fresh store, and the clock it goes by.

import { idsFrom } from '../../src/lib/system-clock.ts';
import type { Log } from '../../src/ports/log.ts';
import type { ClaimWish, Commit, CommitResult, Job, NewJob, Store } from '../../src/ports/store.ts';
import type { StoreTools } from '../../src/store/open-store.ts';
import { type ManualClock, manualClock } from '../fakes/manual-clock.ts';
import { T0 } from './store-samples.ts';

export interface StoreBench {
  readonly store: Store;
  readonly clock: ManualClock;
  /** Commits and expects `done`; answers the numbers of the events. */
  done(commit: Commit): Promise<readonly number[]>;
  /** Orders jobs. */
  order(...jobs: readonly NewJob[]): Promise<void>;
  /** Claims with a lease of 30 s and no pace, unless told otherwise. */
  claim(wish?: Partial<ClaimWish>): Promise<readonly Job[]>;
  /** Claims and expects one job. */
  claimOne(wish?: Partial<ClaimWish>): Promise<Job>;
}
export type OpenStore = (tools: StoreTools) => Promise<Store>;

export const LEASE_MS = 30_000;
export const NO_PACE = { everyMs: 0, burst: 1, atOnce: 100 };

export const quiet: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** Ids and secrets that are the same in each run. */
export function countingIds(): StoreTools['ids'] {
  let count = 0;
  return idsFrom(
    () => T0,
    (bytes) => {
      count += 1;
      return Buffer.alloc(bytes, count % 256);
    },
  );
}

export async function storeBench(open: OpenStore): Promise<StoreBench> {
  const clock = manualClock(T0);
  const store = await open({ clock, ids: countingIds(), log: quiet });
  const claim = (wish: Partial<ClaimWish> = {}) =>
    store.claim({ owner: 'w1', limit: 100, leaseMs: LEASE_MS, pace: () => NO_PACE, ...wish });
  return {
    store,
    clock,
    claim,
    done: async (commit) => numbersOf(await store.commit(commit)),
    order: async (...jobs) => void numbersOf(await store.commit({ jobs })),
    async claimOne(wish) {
      const [job, ...others] = await claim({ limit: 1, ...wish });
      if (!job || others.length > 0) throw new Error('Expected to claim exactly one job');
      return job;
    },
  };
}

function numbersOf(result: CommitResult): readonly number[] {
  if (result.kind !== 'done') throw new Error(`Expected a commit to be done, and it was ${JSON.stringify(result)}`);
  return result.numbers;
}
