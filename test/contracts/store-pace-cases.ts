// Contract of a store: how fast a queue may go, when it is held, and when it is worth looking again.
import { expect, it } from 'vitest';
import type { Pace } from '../../src/ports/store.ts';
import type { StoreBench } from './store-bench.ts';
import { holdOf, job, T0 } from './store-samples.ts';

export function paceCases(bench: () => StoreBench): void {
  const paced = (everyMs: number, burst: number): { readonly pace: () => Pace } => ({
    pace: () => ({ everyMs, burst, atOnce: 100 }),
  });
  const many = (count: number, queue = 'q') => Array.from({ length: count }, () => job({ queue }));

  it('a burst at once, then one at a time; unused time is not saved up', async () => {
    const { store, order, claim, clock } = bench();
    const pace = paced(1000, 3);
    await order(...many(20));
    expect(await claim(pace)).toHaveLength(3);
    expect(await claim(pace)).toHaveLength(0);
    expect(await store.nextDueAt()).toBe(T0 + 1000);
    await clock.advance(999);
    expect(await claim(pace)).toHaveLength(0);
    await clock.advance(1);
    expect(await claim(pace)).toHaveLength(1);
    await clock.advance(1500);
    expect(await claim(pace)).toHaveLength(1);
    expect(await store.nextDueAt()).toBe(T0 + 3000);
    await clock.advance(20_000);
    expect(await claim(pace)).toHaveLength(3);
  });

  it('tidying gives no queue its burst back', async () => {
    const { store, done, order, claim, clock } = bench();
    await order(...many(2));
    for (const taken of await claim(paced(1000, 2))) await done({ hold: holdOf(taken), finish: true });
    await clock.advance(1000);
    await store.tidy();
    await order(...many(2));
    expect(await claim(paced(1000, 2))).toHaveLength(1);
  });

  it('over a long time no more than one an interval', async () => {
    const { done, order, claim, clock } = bench();
    await order(...many(100));
    let total = 0;
    for (let n = 0; n < 100; n += 1) {
      for (const taken of await claim(paced(1000, 2))) {
        await done({ hold: holdOf(taken), finish: true });
        total += 1;
      }
      await clock.advance(370);
    }
    expect(total).toBe(2 + Math.floor((99 * 370) / 1000));
  });

  it('one queue’s pace is not another’s', async () => {
    const { order, claim } = bench();
    await order(...many(3, 'slow'), ...many(3, 'fast'));
    const pace = (queue: string): Pace => ({ everyMs: queue === 'slow' ? 1000 : 0, burst: 1, atOnce: 9 });
    const queues = (await claim({ pace })).map(({ queue }) => queue);
    expect(queues.sort()).toEqual(['fast', 'fast', 'fast', 'slow']);
  });

  it('asks for the pace of the queues that have due work, and of no others', async () => {
    const { order, claim } = bench();
    await order(
      job({ queue: 'a' }),
      job({ queue: 'b', dueAt: T0 + 1 }),
      job({ queue: 'a', lane: 0 }),
      job({ queue: 'c' }),
    );
    const asked: string[] = [];
    const pace = (queue: string): Pace => {
      asked.push(queue);
      return { everyMs: 0, burst: 1, atOnce: 1 };
    };
    await claim({ pace });
    expect(asked.sort()).toEqual(['a', 'c']);
  });

  it('takes of queues that share a room no more than there is left in it, and of the others what it can', async () => {
    const { order, claim } = bench();
    await order(...many(3, 'post:a'), ...many(3, 'post:b'), ...many(3, 'target:c'), ...many(3, 'other'));
    const rooms = { of: (queue: string) => queue.split(':')[0] ?? '', left: { post: 2, target: 5 } };
    const queues = (await claim({ rooms })).map(({ queue }) => queue);
    expect(queues.sort()).toEqual(['post:a', 'post:b', 'target:c', 'target:c', 'target:c']);
    expect(await claim({ rooms: { ...rooms, left: { post: 1, target: 5 } }, limit: 9 })).toHaveLength(1);
    expect(await claim({ rooms: { ...rooms, left: { post: 9, other: 9 } }, limit: 2 })).toHaveLength(2);
  });

  it('nothing of a held queue before the hold is over; a shorter hold does not shorten it', async () => {
    const { store, order, claim, clock } = bench();
    await store.holdQueue('q', T0 + 100);
    await store.holdQueue('q', T0 + 50);
    await order(job({ queue: 'q', lane: 0 }), job({ queue: 'other', dueAt: T0 + 70 }));
    expect(await claim()).toEqual([]);
    expect(await store.nextDueAt()).toBe(T0 + 70);
    await clock.advance(70);
    expect((await claim()).map(({ queue }) => queue)).toEqual(['other']);
    expect(await store.nextDueAt()).toBe(T0 + 100);
    await clock.advance(30);
    expect((await claim()).map(({ queue }) => queue)).toEqual(['q']);
  });

  it('a job that comes due while its queue is held is waited for until the hold ends', async () => {
    const { store, order } = bench();
    await store.holdQueue('q', T0 + 100);
    await order(job({ dueAt: T0 + 40 }));
    expect(await store.nextDueAt()).toBe(T0 + 100);
    await order(job({ dueAt: T0 + 140 }));
    expect(await store.nextDueAt()).toBe(T0 + 100);
  });

  it('a hold ends what a pace began, and stays when a faster pace comes', async () => {
    const { store, order, claim } = bench();
    await order(...many(3));
    expect(await claim(paced(1000, 2))).toHaveLength(2);
    await store.holdQueue('q', T0 + 5000);
    expect(await store.nextDueAt()).toBe(T0 + 5000);
    expect(await claim(paced(0, 9))).toEqual([]);
  });

  it('a slower pace counts at once, and says when to look again', async () => {
    const { store, order, claim, clock } = bench();
    await order(...many(5));
    expect(await claim(paced(100, 2))).toHaveLength(2);
    await clock.advance(100);
    expect(await claim(paced(100, 1))).toEqual([]);
    expect(await store.nextDueAt()).toBe(T0 + 200);
  });

  it('a queue that is closed, or a subject that is busy, is no reason to look at once', async () => {
    const { store, order, claim, claimOne } = bench();
    await order(job({ subject: 's' }), job({ subject: 's', queue: 'b' }));
    await claimOne();
    expect(await store.nextDueAt()).toBe(T0 + 30_000);
    await order(job({ queue: 'shut' }));
    expect(await claim({ pace: () => ({ everyMs: 0, burst: 1, atOnce: 0 }) })).toEqual([]);
    expect(await store.nextDueAt()).toBe(T0 + 30_000);
  });

  it('what is due is due now', async () => {
    const { store, order, claimOne, clock } = bench();
    await order(job({ dueAt: T0 - 5000 }));
    expect(await store.nextDueAt()).toBe(T0);
    await clock.advance(10);
    expect(await store.nextDueAt()).toBe(T0 + 10);
    await claimOne();
    expect(await store.nextDueAt()).toBe(T0 + 30_010);
  });
}
