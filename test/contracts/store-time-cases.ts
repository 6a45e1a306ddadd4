// Contract of a store: its clock never goes back, it tidies up after itself, and once closed it says so.
import { expect, it } from 'vitest';
import type { StoreBench } from './store-bench.ts';
import { evaluating, event, job, newRow, pending, T0 } from './store-samples.ts';

export function timeCases(bench: () => StoreBench): void {
  it('goes by the clock it was given', async () => {
    const { store, clock } = bench();
    expect(await store.now()).toBe(T0);
    await clock.advance(1234);
    expect(await store.now()).toBe(T0 + 1234);
  });

  it('never goes back when the clock does, nor stands still', async () => {
    const { store, clock, done } = bench();
    await done({ writes: [newRow(pending(1, T0 + 1000))] });
    await clock.advance(1000);
    expect((await store.due(5)).requests).toEqual(['req_1']);
    await clock.advance(-3_600_000);
    expect(await store.now()).toBe(T0 + 1000);
    expect((await store.due(5)).requests).toEqual(['req_1']);
    await clock.advance(500);
    expect(await store.now()).toBe(T0 + 1500);
    await clock.advance(3_600_000);
    const corrected = await store.now();
    expect(corrected).toBeGreaterThanOrEqual(T0 + 1500);
    expect(corrected).toBeLessThanOrEqual(T0 + 1500 + 60_000);
  });

  it('tidies what has run out, and nothing else', async () => {
    const { store, clock, done, order, claim } = bench();
    const claims = [
      { key: 'a', owner: 'x', until: T0 + 10 },
      { key: 'b', owner: 'x', until: T0 + 11 },
      { key: 'c', owner: 'x' },
    ];
    await done({ claims, writes: [newRow(evaluating(1))], events: [event()] });
    await order(job({ queue: 'busy' }));
    await claim();
    await store.holdQueue('idle', T0 + 10);
    await store.holdQueue('held', T0 + 11);
    await clock.advance(10);
    await store.tidy();
    expect(await store.counts()).toMatchObject({ claims: 2, queues: 2, jobs: 1, leases: 1, requests: 1, events: 1 });
    expect(await store.ownerOf('b')).toBe('x');
  });

  it('once closed, twice if you like, it says so', async () => {
    const { store, clock, done } = bench();
    await done({ events: [event()] });
    await store.close();
    await store.close();
    const asks = [
      store.now(),
      store.commit({}),
      store.claim({ owner: 'w', limit: 1, leaseMs: 1, pace: () => ({ everyMs: 0, burst: 1, atOnce: 1 }) }),
      store.ledgerHead(),
      store.counts(),
    ];
    for (const asked of await Promise.allSettled(asks)) {
      expect(asked).toMatchObject({ status: 'rejected', reason: { name: 'StoreError', code: 'closed' } });
    }
    await clock.advance(1);
  });
}
