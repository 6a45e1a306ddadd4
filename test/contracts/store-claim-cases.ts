// Contract of a store: which of the due jobs go first, and that no queue starves another.
import { expect, it } from 'vitest';
import type { Lane } from '../../src/ports/store.ts';
import { NO_PACE, type StoreBench } from './store-bench.ts';
import { holdOf, job, T0 } from './store-samples.ts';

export function claimCases(bench: () => StoreBench): void {
  it('nothing to do, nothing claimed', async () => {
    const { store, order, claim } = bench();
    expect(await claim()).toEqual([]);
    expect(await store.nextDueAt()).toBeUndefined();
    await order(job({ dueAt: T0 + 1 }));
    expect(await claim()).toEqual([]);
    expect(await store.nextDueAt()).toBe(T0 + 1);
  });

  it('takes no more than asked for', async () => {
    const { order, claim } = bench();
    await order(...Array.from({ length: 60 }, () => job()));
    expect(await claim({ limit: 0 })).toEqual([]);
    expect(await claim({ limit: 7 })).toHaveLength(7);
    expect(await claim({ limit: 100 })).toHaveLength(53);
  });

  it('the lower lane goes first, in whatever queue, then the older time', async () => {
    const { order, claim, clock } = bench();
    const lanes: readonly [Lane, string, number][] = [
      [3, 'a', 1],
      [0, 'c', 9],
      [1, 'b', 5],
      [1, 'a', 9],
      [2, 'b', 0],
      [1, 'b', 4],
    ];
    await order(...lanes.map(([lane, queue, ms]) => job({ lane, queue, dueAt: T0 + ms })));
    await clock.advance(10);
    const seen: string[] = [];
    for (let n = 0; n < lanes.length; n += 1) {
      const [next] = await claim({ limit: 1 });
      seen.push(`${next?.lane}${next?.queue}${(next?.dueAt ?? 0) - T0}`);
    }
    expect(seen.map((one) => one[0])).toEqual(['0', '1', '1', '1', '2', '3']);
    expect(seen.filter((one) => one.startsWith('1b'))).toEqual(['1b4', '1b5']);
  });

  it('a lower lane that only has jobs of busy subjects does not keep the others waiting', async () => {
    const { order, claimOne, claim } = bench();
    await order(job({ subject: 's', lane: 0 }), job({ subject: 's', lane: 0 }), job({ lane: 3 }));
    expect(await claimOne()).toMatchObject({ lane: 0 });
    expect((await claim()).map(({ lane }) => lane)).toEqual([3]);
  });

  it('looks past any number of jobs of one subject', async () => {
    const { order, claim } = bench();
    await order(...Array.from({ length: 50 }, () => job({ subject: 'busy' })), job({ subject: 'free' }));
    expect((await claim({ limit: 2 })).map(({ subject }) => subject)).toEqual(['busy', 'free']);
  });

  it('shares a lane fairly: a queue with much to do leaves room for one with little', async () => {
    const { order, claim } = bench();
    await order(...Array.from({ length: 30 }, () => job({ queue: 'slow', dueAt: T0 - 1000 })));
    await order(job({ queue: 'a' }), job({ queue: 'b' }));
    const queues = (await claim({ limit: 4 })).map(({ queue }) => queue);
    expect(queues.sort()).toEqual(['a', 'b', 'slow', 'slow']);
  });

  it('one by one as well: who has the fewest running, then who was served longest ago', async () => {
    const { done, order, claim } = bench();
    await order(...Array.from({ length: 9 }, (_, n) => job({ queue: 'abc'[n % 3] ?? '' })));
    const served: string[] = [];
    for (let n = 0; n < 3; n += 1) served.push(...(await claim({ limit: 1 })).map(({ queue }) => queue));
    expect(served.sort()).toEqual(['a', 'b', 'c']);
    const finished: string[] = [];
    for (let n = 0; n < 6; n += 1) {
      const [next] = await claim({ limit: 1 });
      if (!next) break;
      finished.push(next.queue);
      await done({ hold: holdOf(next), finish: true });
    }
    for (const queue of 'abc') expect(finished.filter((one) => one === queue)).toHaveLength(2);
    expect(finished.slice(0, 3).sort()).toEqual(['a', 'b', 'c']);
  });

  it('few running counts for more than served long ago', async () => {
    const { done, order, claimOne } = bench();
    await order(...['a', 'a', 'a', 'b', 'b', 'b'].map((queue) => job({ queue })));
    const first = [await claimOne(), await claimOne(), await claimOne()]; // a, b, a
    expect(first.map(({ queue }) => queue)).toEqual(['a', 'b', 'a']);
    const finish = (held: (typeof first)[number] | undefined) => held && done({ hold: holdOf(held), finish: true });
    await finish(first[1]);
    const again = await claimOne();
    await finish(again);
    expect([again.queue, (await claimOne()).queue]).toEqual(['b', 'b']); // last served, but none of it runs
  });

  it('no more of a queue at once than it allows, and more when one ends', async () => {
    const { store, done, order, claim, clock } = bench();
    await order(...Array.from({ length: 5 }, () => job({ queue: 'narrow' })), job({ queue: 'wide' }));
    const pace = (queue: string) => ({ ...NO_PACE, atOnce: queue === 'narrow' ? 2 : 10 });
    const first = await claim({ pace });
    expect(first.map(({ queue }) => queue).sort()).toEqual(['narrow', 'narrow', 'wide']);
    expect(await claim({ pace })).toEqual([]);
    expect(await store.nextDueAt()).toBe(T0 + 30_000); // when a lease ends: not now, which would be a busy loop
    const one = first.find(({ queue }) => queue === 'narrow');
    if (one) await done({ hold: holdOf(one), finish: true });
    expect(await store.nextDueAt()).toBe(T0);
    expect(await claim({ pace })).toHaveLength(1);
    await clock.advance(30_000);
    expect(await claim({ pace })).toHaveLength(3); // two of the narrow queue, and the wide one's job again
  });

  it('epochs of a subject only rise, also after a rest', async () => {
    const { store, done, order, claimOne } = bench();
    let last = 0;
    for (let n = 0; n < 5; n += 1) {
      await order(job({ subject: 's' }));
      const next = await claimOne();
      expect(next.epoch).toBeGreaterThan(last);
      last = next.epoch;
      await done({ hold: holdOf(next), finish: true });
      await store.tidy();
    }
  });

  it('many claimers at once get each job once, and one of them always gets on', async () => {
    const { order, claim } = bench();
    await order(...Array.from({ length: 40 }, (_, n) => job({ queue: `q${n % 4}` })));
    const all = () => Promise.all(Array.from({ length: 10 }, (_, n) => claim({ owner: `w${n}`, limit: 7 })));
    const ids: string[] = [];
    for (let more = true; more; ) {
      const jobs = (await all()).flat();
      ids.push(...jobs.map(({ id }) => id));
      more = jobs.length > 0;
    }
    expect(new Set(ids).size).toBe(40);
    expect(ids).toHaveLength(40);
  });
}
