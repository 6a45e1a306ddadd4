// Contract of a store: random histories of orders, claims, late holders, defers, holds and finishes. After each step the
// store must agree with the model, and in the end nothing is lost and nothing ran twice.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Hold, Job } from '../../src/ports/store.ts';
import { LEASE_MS, type OpenStore, type StoreBench, storeBench } from './store-bench.ts';
import {
  claimable,
  holdsStill,
  type JobModel,
  jobModel,
  modelClaim,
  modelDefer,
  modelFinish,
  modelOrder,
  modelRenew,
  nextTime,
  subjectsOf,
} from './store-model.ts';
import { event, job } from './store-samples.ts';

const small = (max: number) => fc.nat({ max });
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('order' as const),
      ...{ subject: small(2), queue: small(1), lane: small(3), wait: small(4), ordered: fc.boolean() },
      once: fc.option(small(1), { nil: undefined }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('claim' as const), limit: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('finish' as const, 'renew' as const), which: small(5) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('defer' as const), which: small(5), wait: small(4) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pass' as const), steps: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('hold' as const), queue: small(1), wait: small(3) }) },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;
const STEP_MS = LEASE_MS / 3;

interface History {
  readonly bench: StoreBench;
  readonly model: JobModel;
  /** Every claim there ever was, the latest first: late holders are picked from here. */
  readonly claims: Job[];
  readonly epochs: Map<string, number>;
  orders: number;
}

export function modelCases(open: OpenStore, numRuns: number): void {
  it('agrees with the model: one holder a subject, rising epochs, order kept, keys unique, nothing lost', async () => {
    const property = fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const bench = await storeBench(open);
      const history: History = { bench, model: jobModel(), claims: [], epochs: new Map(), orders: 0 };
      try {
        for (const one of steps) await play(history, one);
        await drain(history);
      } finally {
        await bench.store.close();
      }
    });
    await fc.assert(property, { numRuns, seed: 20261122 });
  }, 120_000);
}

async function play(history: History, one: Step): Promise<void> {
  const { bench, model } = history;
  const now = bench.clock.now();
  switch (one.do) {
    case 'order':
      await order(history, one, now);
      break;
    case 'claim':
      await claim(history, one.limit, now);
      break;
    case 'finish':
      await withHold(history, one.which, finish);
      break;
    case 'renew':
      await withHold(history, one.which, renew);
      break;
    case 'defer':
      await withHold(history, one.which, (same, hold) => defer(same, hold, now + one.wait * STEP_MS));
      break;
    case 'pass':
      await bench.clock.advance(one.steps * STEP_MS);
      break;
    case 'hold': {
      const [queue, until] = [`q${one.queue}`, now + one.wait * STEP_MS];
      await bench.store.holdQueue(queue, until);
      model.holds.set(queue, Math.max(until, model.holds.get(queue) ?? 0));
    }
  }
  await agree(history);
}

async function order(history: History, one: Extract<Step, { do: 'order' }>, now: number): Promise<void> {
  const { bench, model } = history;
  // A key belongs to one subject, as it does in the program.
  const subject = one.once === undefined ? `s${one.subject}` : `s${one.once}`;
  const once = one.once === undefined ? {} : { once: `k${one.once}` };
  const lane = one.lane as 0 | 1 | 2 | 3;
  const dueAt = now + one.wait * STEP_MS;
  const fresh = job({ subject, queue: `q${one.queue}`, lane, dueAt, ...once, ...(one.ordered && { ordered: true }) });
  await bench.order(fresh);
  history.orders += 1;
  modelOrder(model, fresh, history.orders);
}

async function claim({ bench, model, claims, epochs }: History, limit: number, now: number): Promise<number> {
  const possible = claimable(model, now);
  const taken = await bench.claim({ limit });
  expect(taken).toHaveLength(Math.min(limit, subjectsOf(possible)));
  expect(new Set(taken.map(({ subject }) => subject)).size).toBe(taken.length);
  for (const one of taken) {
    const known = possible.find(({ job: { id } }) => id === one.id);
    expect(known, `${one.id} may run`).toBeDefined();
    expect(one).toMatchObject({ round: known?.round, attempts: (known?.attempts ?? 0) + 1 });
    expect(one.epoch).toBeGreaterThan(epochs.get(one.subject) ?? 0);
    epochs.set(one.subject, one.epoch);
    modelClaim(model, one, now + LEASE_MS);
    claims.unshift(one);
  }
  return taken.length;
}

async function withHold(
  history: History,
  which: number,
  act: (history: History, hold: Hold) => Promise<void>,
): Promise<void> {
  const claimed = history.claims[which];
  if (claimed) await act(history, claimed);
}

async function finish({ bench, model }: History, hold: Hold): Promise<void> {
  const { size } = await bench.store.ledgerHead();
  const still = holdsStill(model, hold);
  const { id, subject, epoch, round } = hold;
  const result = await bench.store.commit({ hold: { id, subject, epoch, round }, finish: true, events: [event()] });
  expect(result).toEqual(still ? { kind: 'done', numbers: [size] } : { kind: 'fenced' });
  if (still) modelFinish(model, hold);
}

async function defer({ bench, model }: History, hold: Hold, dueAt: number): Promise<void> {
  const still = holdsStill(model, hold);
  expect(await bench.store.defer(hold, dueAt, 'because')).toBe(still);
  if (still) modelDefer(model, hold, dueAt);
}

async function renew({ bench, model }: History, hold: Hold): Promise<void> {
  const still = holdsStill(model, hold);
  expect(await bench.store.renew(hold, LEASE_MS)).toBe(still);
  if (still) modelRenew(model, hold, bench.clock.now() + LEASE_MS);
}

async function agree({ bench, model }: History): Promise<void> {
  const now = bench.clock.now();
  expect(await bench.store.counts()).toMatchObject({ jobs: model.jobs.size, leases: model.leases.size });
  const next = await bench.store.nextDueAt();
  if (claimable(model, now).length > 0) {
    expect(next).toBe(now);
    return;
  }
  const latest = nextTime(model, now);
  if (latest === undefined) return;
  expect(next).toBeGreaterThan(now);
  expect(next).toBeLessThanOrEqual(latest);
}

/** Everything that was ordered runs to its end, exactly once. */
async function drain(history: History): Promise<void> {
  const { bench, model } = history;
  const ids = new Set([...model.jobs.keys(), ...model.finished.keys()]);
  for (let turns = 0; model.jobs.size > 0; turns += 1) {
    expect(turns).toBeLessThan(500);
    await claim(history, 3, bench.clock.now());
    for (const one of history.claims.slice(0, 3)) await finish(history, one);
    await bench.clock.advance(STEP_MS);
  }
  expect(await bench.store.counts()).toMatchObject({ jobs: 0, leases: 0 });
  expect([...model.finished]).toHaveLength(ids.size);
  expect([...model.finished.values()].every((times) => times === 1)).toBe(true);
}
