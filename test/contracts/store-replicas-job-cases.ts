// Contract of a store with several processes: jobs are claimed, paced, kept in order and finished as if there were one.
import { expect, it } from 'vitest';
import type { Job, NewJob, Pace, Store } from '../../src/ports/store.ts';
import { LEASE_MS, NO_PACE } from './store-bench.ts';
import type { Replicas } from './store-replicas.ts';
import { event, holdOf, job, newRow, newSurface, pending, surface, T0 } from './store-samples.ts';

export function replicaJobCases(replicas: Replicas): void {
  claimCases(replicas);
  orderCases(replicas);
  newsCases(replicas);
}

/** What runs at this moment, seen from outside: whoever breaks a rule is caught in the act. */
interface Watch {
  readonly subjects: Set<string>;
  readonly queues: Map<string, number>;
  readonly finished: string[];
  most: number;
}

function claimCases(replicas: Replicas): void {
  it('each job runs once, no subject twice at a time, no more of a queue than it allows', async () => {
    const stores = replicas(4);
    const [first] = stores as [Store];
    const jobs = Array.from({ length: 90 }, (_, n) => job({ subject: `s${n % 30}`, queue: `q${n % 3}` }));
    await order(first, jobs);
    const watch: Watch = { subjects: new Set(), queues: new Map(), finished: [], most: 0 };
    const pace = () => ({ ...NO_PACE, atOnce: 3 });
    await Promise.all(stores.map((store, n) => workUntilNothingIsLeft(store, `w${n}`, pace, watch)));
    expect(watch.finished.toSorted()).toEqual(jobs.map(({ id }) => id).toSorted());
    expect(watch.most).toBeGreaterThan(1); // or nothing ran beside anything else, and nothing was shown
    expect(await first.counts()).toMatchObject({ jobs: 0, leases: 0 });
  });

  it('a pace is that of all together', async () => {
    const stores = replicas(4);
    const [first] = stores as [Store];
    await order(
      first,
      Array.from({ length: 30 }, () => job({ queue: 'slow' })),
    );
    const pace = (): Pace => ({ everyMs: 3_600_000, burst: 5, atOnce: 100 });
    const claims = replicas(16).map(async (store, n) => {
      const taken: Job[] = [];
      for (let round = 0; round < 4; round += 1) {
        taken.push(...(await store.claim({ owner: `w${n}`, limit: 1, leaseMs: LEASE_MS, pace })));
      }
      return taken;
    });
    expect((await Promise.all(claims)).flat()).toHaveLength(5);
    await Promise.all(stores.map((store) => store.holdQueue('held', T0 * 2)));
    await order(first, [job({ queue: 'held' })]);
    expect((await Promise.all(stores.map((store) => claimAll(store)))).flat()).toEqual([]);
  });

  it('a lease that ran out goes to one of those who want it, and its late holder writes nothing more', async () => {
    const stores = replicas(4);
    const [first] = stores as [Store];
    for (let round = 0; round < 12; round += 1) {
      await order(first, [job({ subject: 's', queue: `r${round}` })]);
      const [late] = await claimAll(first, 1);
      if (!late) throw new Error('nothing was claimed');
      for (const until = (await first.now()) + 1; (await first.now()) <= until; ); // its lease is over
      // It takes its time between looking at its lease and finishing.
      const names = Array.from({ length: 15 }, (_, n) => ({ key: `k${round}-${n}`, owner: late.id }));
      const finishing = first.commit({ hold: holdOf(late), finish: true, claims: names, events: [event()] });
      const claims = await Promise.all(stores.map((store) => claimAll(store)));
      const [others, finished] = [claims.flat(), await finishing];
      expect(others.length + (finished.kind === 'done' ? 1 : 0)).toBe(1);
      for (const one of others) {
        expect(one.epoch).toBeGreaterThan(late.epoch);
        expect(await first.renew(holdOf(late), LEASE_MS)).toBe(false);
        expect(await first.commit({ hold: holdOf(one), finish: true })).toMatchObject({ kind: 'done' });
      }
    }
  });
}

async function workUntilNothingIsLeft(store: Store, owner: string, pace: () => Pace, watch: Watch): Promise<void> {
  while (((await store.counts()).jobs ?? 0) > 0) {
    const jobs = await store.claim({ owner, limit: 4, leaseMs: LEASE_MS, pace });
    for (const { subject, queue } of jobs) begin(watch, subject, queue, pace().atOnce);
    for (const one of jobs) {
      // It may be claimed by another as soon as it is finished, so it ends here before that is known to be done.
      end(watch, one.subject, one.queue);
      const result = await store.commit({ hold: holdOf(one), finish: true, events: [event()] });
      expect(result.kind).toBe('done');
      watch.finished.push(one.id);
    }
  }
}

function begin(watch: Watch, subject: string, queue: string, atOnce: number): void {
  expect(watch.subjects.has(subject)).toBe(false);
  watch.subjects.add(subject);
  const running = (watch.queues.get(queue) ?? 0) + 1;
  expect(running).toBeLessThanOrEqual(atOnce);
  watch.queues.set(queue, running);
  watch.most = Math.max(watch.most, running);
}

function end(watch: Watch, subject: string, queue: string): void {
  watch.subjects.delete(subject);
  watch.queues.set(queue, (watch.queues.get(queue) ?? 0) - 1);
}

function orderCases(replicas: Replicas): void {
  it('one waiting job a key, however many order it, and a run after the last order', async () => {
    const stores = replicas(4);
    const [first] = stores as [Store];
    let [ordered, isOver, served] = [0, false, 0];
    const orders = stores.map(async (store) => {
      for (let n = 0; n < 15; n += 1) {
        await order(store, [job({ once: 'b', subject: 'sb' }), job({ once: 'a', subject: 'sa' })]);
        ordered += 1;
      }
    });
    const runs = replicas(3).map(async (store) => {
      while (!isOver || ((await store.counts()).jobs ?? 0) > 0) {
        for (const one of await claimAll(store)) {
          const seen = ordered;
          expect(await store.commit({ hold: holdOf(one), finish: true })).toMatchObject({ kind: 'done' });
          served = Math.max(served, seen);
        }
      }
    });
    await Promise.all(orders);
    isOver = true;
    await Promise.all(runs);
    expect([served, (await first.counts()).jobs]).toEqual([60, 0]);
  });

  it('who decides and orders a card, and who shows it and looks at what was decided, do not wait for each other', async () => {
    const stores = replicas(4);
    const [first] = stores as [Store];
    await first.commit({ writes: [newRow(pending(1, T0)), newSurface(surface(1))] });
    let isOver = false;
    const decide = async (store: Store) => {
      for (let n = 0; n < 12; n += 1) {
        const version = (await store.request('req_1'))?.version ?? 0;
        const writes = [{ kind: 'request', row: pending(1, T0 + n), version }] as const;
        await store.commit({ writes, jobs: [job({ once: 'card_1', subject: 'card_1' })], events: [event()] });
      }
    };
    const show = async (store: Store) => {
      while (!isOver || ((await store.counts()).jobs ?? 0) > 0) {
        for (const held of await claimAll(store)) await shown(store, held);
      }
    };
    const showing = stores.slice(0, 2).map(show);
    await Promise.all(stores.slice(2).map(decide));
    isOver = true;
    await Promise.all(showing);
    expect(await first.counts()).toMatchObject({ jobs: 0, leases: 0 });
  });

  it('two commits that order the same keys the other way round do not wait for each other for ever', async () => {
    const stores = replicas(4);
    const keys = ['a', 'b', 'c', 'd', 'e'];
    for (let round = 0; round < 10; round += 1) {
      const orders = stores.map((store, n) => {
        const turned = n % 2 === 0 ? keys : keys.toReversed();
        return order(
          store,
          turned.map((once) => job({ once: `${once}${round}`, dueAt: T0 - n })),
        );
      });
      await Promise.all(orders);
    }
    expect((await stores[0]?.counts())?.jobs).toBe(50);
  });

  it('ordered jobs run in the order of their events, whoever ordered them', async () => {
    const stores = replicas(4);
    const [first] = stores as [Store];
    const numberOf = new Map<string, number>();
    const said = stores.map(async (store) => {
      for (let n = 0; n < 8; n += 1) {
        const word = job({ subject: 'thread', ordered: true });
        const result = await store.commit({ jobs: [word], events: [event()] });
        if (result.kind === 'done') numberOf.set(word.id, result.numbers[0] ?? -1);
      }
    });
    const heard: string[] = [];
    const listen = async (store: Store) => {
      while (heard.length < 32) {
        for (const one of await claimAll(store)) {
          heard.push(one.id);
          await store.commit({ hold: holdOf(one), finish: true });
        }
      }
    };
    await Promise.all([...said, listen(first), ...stores.slice(1, 2).map(listen)]);
    const numbers = heard.map((id) => numberOf.get(id) ?? -1);
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
  });
}

async function shown(store: Store, held: Job): Promise<void> {
  for (let kind = ''; kind !== 'done'; ) {
    const [request, card] = await Promise.all([store.request('req_1'), store.surface('card_1')]);
    const unchanged = [{ kind: 'request', id: 'req_1', version: request?.version ?? 0 }] as const;
    const writes = [{ kind: 'surface', row: surface(1), version: card?.version ?? 0 }] as const;
    ({ kind } = await store.commit({ hold: holdOf(held), finish: true, unchanged, writes, events: [event()] }));
    expect(kind).not.toBe('fenced');
  }
}

function newsCases(replicas: Replicas): void {
  it('a commit that orders work wakes the others, and not its own process', async () => {
    const [one, two] = replicas(2) as [Store, Store];
    let own = 0;
    one.onNews(() => {
      own += 1;
    });
    for (let round = 0; round < 5; round += 1) await untilNews(two, () => order(one, [job()]));
    expect(own).toBeLessThanOrEqual(1); // when it began to listen: something may have been told before
  });

  it('so does one that gives a subject free', async () => {
    const [one, two] = replicas(2) as [Store, Store];
    await order(one, [job(), job()]);
    const held = await claimAll(two);
    await untilNews(one, () => two.defer(holdOf(held[0] as Job), T0, 'later'));
    await untilNews(one, () => two.commit({ hold: holdOf(held[1] as Job), finish: true }));
  });
}

/** Resolves when news come that were not there before; who is only just beginning to listen is told that too. */
async function untilNews(store: Store, act: () => Promise<unknown>): Promise<void> {
  const news = new Promise<() => void>((resolve) => {
    const stop = store.onNews(() => resolve(stop));
  });
  await act();
  (await news)();
}

function claimAll(store: Store, leaseMs = LEASE_MS): Promise<readonly Job[]> {
  return store.claim({ owner: 'w', limit: 100, leaseMs, pace: () => NO_PACE });
}

async function order(store: Store, jobs: readonly NewJob[]): Promise<void> {
  expect(await store.commit({ jobs })).toMatchObject({ kind: 'done' });
}
