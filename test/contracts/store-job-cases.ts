// Contract of a store: the life of a job from order to end: once, in order, deferred, renewed.
import { expect, it } from 'vitest';
import { LEASE_MS, type StoreBench } from './store-bench.ts';
import { holdOf, job, T0 } from './store-samples.ts';

export function jobCases(bench: () => StoreBench): void {
  holdCases(bench);
  onceCases(bench);
  orderCases(bench);
}

function holdCases(bench: () => StoreBench): void {
  it('hands a job over as it was ordered', async () => {
    const { order, claimOne } = bench();
    const plain = job({ payload: { deep: [{ a: null }], text: 'ü🔑' }, lane: 2, kind: 'revoke' });
    await order(plain);
    const claimed = await claimOne({ owner: 'me' });
    expect(claimed).toStrictEqual({ ...plain, attempts: 1, owner: 'me', epoch: expect.any(Number), round: 1 });
    const odd = job({ once: 'k', ordered: true });
    await order(odd);
    expect(await claimOne()).toMatchObject(odd);
  });

  it('a job whose holder is gone is handed to the next, and the late holder is fenced', async () => {
    const { store, order, claim, claimOne, clock } = bench();
    await order(job());
    const first = await claimOne();
    await clock.advance(LEASE_MS - 1);
    expect(await claim()).toEqual([]);
    expect(await store.nextDueAt()).toBe(T0 + LEASE_MS);
    await clock.advance(1);
    const second = await claimOne({ owner: 'w2' });
    expect(second).toMatchObject({ id: first.id, attempts: 2, owner: 'w2' });
    expect(second.epoch).toBeGreaterThan(first.epoch);
    expect(await store.renew(holdOf(first), LEASE_MS)).toBe(false);
    expect(await store.defer(holdOf(first), T0, 'late')).toBe(false);
    expect(await claim()).toEqual([]);
  });

  it('a renewed lease is kept for as long as it says', async () => {
    const { store, order, claim, claimOne, clock } = bench();
    await order(job({ subject: 's' }), job({ subject: 's' }));
    const hold = holdOf(await claimOne());
    await clock.advance(LEASE_MS - 1);
    expect(await store.renew(hold, LEASE_MS)).toBe(true);
    await clock.advance(LEASE_MS - 1);
    expect(await claim({ owner: 'w2' })).toEqual([]);
    expect(await store.nextDueAt()).toBe(T0 + 2 * LEASE_MS - 1);
    await clock.advance(1);
    expect(await claim({ owner: 'w2' })).toHaveLength(1);
  });

  it('a deferred job comes back when it says, with its attempts', async () => {
    const { store, order, claim, claimOne, clock } = bench();
    await order(job());
    const first = await claimOne();
    expect(await store.defer(holdOf(first), T0 + 50, 'target is down')).toBe(true);
    expect(await store.defer(holdOf(first), T0 + 50, 'twice')).toBe(false);
    expect(await claim()).toEqual([]);
    expect(await store.nextDueAt()).toBe(T0 + 50);
    await clock.advance(50);
    const second = await claimOne();
    expect(second.attempts).toBe(2);
    expect(await store.defer(holdOf(second), T0 + 60, 'no room', { attempt: false })).toBe(true);
    await clock.advance(10);
    expect((await claimOne()).attempts).toBe(2);
  });

  it('takes times between two milliseconds for the later one, and whatever words a target used', async () => {
    const { store, order, claim, claimOne } = bench();
    await order(job({ dueAt: T0 - 0.5 }), job({ dueAt: T0 + 0.25 }));
    const held = await claimOne({ limit: 5 });
    expect(await store.defer(holdOf(held), T0 + 1.1 * 1000 + 0.5, 'it said "\0\uD800" and hung up')).toBe(true);
    await store.holdQueue('q', T0 + 0.75);
    expect([await claim(), await store.nextDueAt()]).toEqual([[], T0 + 1]);
  });
}

function onceCases(bench: () => StoreBench): void {
  it('one waiting job a key: ordered again it moves forward, never back, in time and lane', async () => {
    const { store, order, claim, claimOne, clock } = bench();
    await order(job({ once: 'card', dueAt: T0 + 100, lane: 2, payload: { first: true } }));
    await order(job({ once: 'card', dueAt: T0 + 200, lane: 1 }), job({ once: 'other', dueAt: T0 + 900 }));
    expect(await store.nextDueAt()).toBe(T0 + 100);
    await order(job({ once: 'card', dueAt: T0 + 50, lane: 3 }));
    await clock.advance(49);
    expect(await claim()).toEqual([]);
    await clock.advance(1);
    const claimed = await claimOne();
    expect(claimed).toMatchObject({ once: 'card', dueAt: T0 + 50, lane: 1, payload: { first: true }, round: 1 });
    expect((await store.counts()).jobs).toBe(2);
  });

  it('ordered again while it runs, it runs once more, at the earliest time asked', async () => {
    const { store, done, order, claim, claimOne, clock } = bench();
    await order(job({ once: 'card' }));
    const first = await claimOne();
    await order(job({ once: 'card', dueAt: T0 + 300 }));
    await order(job({ once: 'card', dueAt: T0 + 100 }));
    await order(job({ once: 'card', dueAt: T0 + 200 }));
    expect(await claim()).toEqual([]);
    expect(await store.nextDueAt()).toBe(T0 + LEASE_MS); // it runs: nothing to do before its lease ends
    await done({ hold: holdOf(first) }); // the holder still holds
    await done({ hold: holdOf(first), finish: true });
    expect(await store.nextDueAt()).toBe(T0 + 100);
    await clock.advance(100);
    const second = await claimOne();
    expect(second).toMatchObject({ id: first.id, attempts: 1 });
    expect(second.round).toBeGreaterThan(first.round);
    await done({ hold: holdOf(second), finish: true });
    expect((await store.counts()).jobs).toBe(0);
  });

  it('its holder may order it again in the commit that finishes it', async () => {
    const { done, order, claim, claimOne, clock } = bench();
    await order(job({ once: 'card' }));
    await done({ hold: holdOf(await claimOne()), finish: true, jobs: [job({ once: 'card', dueAt: T0 + 10 })] });
    expect(await claim()).toEqual([]);
    await clock.advance(10);
    expect(await claimOne()).toMatchObject({ once: 'card', attempts: 1 });
  });

  it('deferred after it was ordered again, it does not wait for the later time', async () => {
    const { store, order, claimOne, clock } = bench();
    await order(job({ once: 'card' }));
    const first = await claimOne();
    await order(job({ once: 'card', dueAt: T0 + 10 }));
    expect(await store.defer(holdOf(first), T0 + 500, 'busy')).toBe(true);
    await clock.advance(10);
    const second = await claimOne();
    expect(await store.defer(holdOf(second), T0 + 500, 'busy')).toBe(true);
    expect(await store.nextDueAt()).toBe(T0 + 500);
  });

  it('an order that comes between the end of a lease and its late holder’s finish is not lost', async () => {
    const { done, order, claimOne, clock } = bench();
    await order(job({ once: 'card' }));
    const late = await claimOne();
    await clock.advance(LEASE_MS + 5);
    await order(job({ once: 'card', dueAt: T0 + LEASE_MS + 5 }));
    await done({ hold: holdOf(late), finish: true });
    expect(await claimOne()).toMatchObject({ once: 'card' });
  });

  it('an order given while it ran is met by the next holder’s run', async () => {
    const { store, done, order, claimOne, clock } = bench();
    await order(job({ once: 'card' }));
    await claimOne();
    await order(job({ once: 'card', dueAt: T0 + 5 }));
    await clock.advance(LEASE_MS);
    const next = await claimOne();
    await order(job({ once: 'card', dueAt: T0 + LEASE_MS + 500 }));
    await done({ hold: holdOf(next), finish: true });
    expect(await store.nextDueAt()).toBe(T0 + LEASE_MS + 500); // and the earlier time is forgotten with the earlier round
    await clock.advance(500);
    await done({ hold: holdOf(await claimOne()), finish: true });
    expect((await store.counts()).jobs).toBe(0);
  });

  it('a key is free again after its job', async () => {
    const { done, order, claimOne } = bench();
    await order(job({ once: 'card' }));
    await done({ hold: holdOf(await claimOne()), finish: true });
    await order(job({ once: 'card' }));
    expect(await claimOne()).toMatchObject({ once: 'card', round: 1, attempts: 1 });
  });
}

function orderCases(bench: () => StoreBench): void {
  it('ordered jobs of a subject run one by one as they were ordered, whatever their times', async () => {
    const { done, order, claim, claimOne, clock } = bench();
    const said = [30, 10, 20].map((ms) => job({ subject: 'thread:1', ordered: true, dueAt: T0 + ms }));
    await order(...said);
    await clock.advance(20);
    expect(await claim()).toEqual([]);
    await clock.advance(10);
    for (const { id } of said) {
      const next = await claimOne({ limit: 5 });
      expect(next.id).toBe(id);
      await done({ hold: holdOf(next), finish: true });
    }
  });

  it('a deferred one keeps its place; unordered ones and other subjects go past it', async () => {
    const { store, order, claimOne, claim } = bench();
    await order(job({ subject: 'thread:1', ordered: true }));
    await order(job({ subject: 'thread:1', ordered: true }));
    const first = await claimOne();
    await store.defer(holdOf(first), T0 + 50, 'busy');
    expect(await claim()).toEqual([]);
    const past = [job({ subject: 'thread:1' }), job({ subject: 'thread:2', ordered: true })];
    await order(...past);
    expect((await claim()).map(({ id }) => id).sort()).toEqual(past.map(({ id }) => id).sort());
  });

  it('jobs of one subject never run at the same time, whatever their kind, queue and lane', async () => {
    const { done, order, claim, claimOne } = bench();
    await order(
      job({ subject: 's', queue: 'a', lane: 3 }),
      job({ subject: 's', queue: 'b', lane: 1 }),
      job({ subject: 't' }),
    );
    const both = await claim();
    expect(both.map(({ subject, lane }) => `${subject}${lane}`).sort()).toEqual(['s1', 't3']);
    expect(await claim()).toEqual([]);
    const first = both.find(({ subject }) => subject === 's');
    if (first) await done({ hold: holdOf(first), finish: true });
    expect(await claimOne({ limit: 5 })).toMatchObject({ subject: 's', lane: 3 });
  });
}
