// Many people press at once, or one person presses many times: one decision counts for each person, one grant comes of it,
// and everybody else is told (threats C08, C09, C10, C11, C13).
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { buttonValue } from '../../src/core/digest.ts';
import type { AccessRequest } from '../../src/core/model.ts';
import { startJobs } from '../../src/operations/run-jobs.ts';
import { catalogOf, openWorld, ROLE, type World, type WorldOptions } from '../world.ts';

async function worldWith(options: WorldOptions = {}): Promise<World> {
  const world = await openWorld(options);
  onTestFinished(() => world.close());
  return world;
}

async function asked(world: World): Promise<AccessRequest> {
  await world.say('mia', 'prod-db-readonly 1h fix INC-42');
  await world.settle();
  return requestOf(world);
}

async function requestOf(world: World): Promise<AccessRequest> {
  const mia = await world.store.personAt(world.chat.ref('U-mia'));
  const [stored] = mia ? await world.store.requestsOf(mia.row.id, 1) : [];
  if (!stored) throw new Error('nobody asked');
  return stored.row;
}

async function countOf(world: World, type: string): Promise<number> {
  return (await world.store.eventsOf((await requestOf(world)).id)).filter(({ event }) => event.type === type).length;
}

describe('many presses', () => {
  it('C08: 50 at once by one person are one approval and one grant, and the other 49 are answered', async () => {
    const world = await worldWith();
    await asked(world);
    const { message, ref } = world.card();
    await Promise.all(Array.from({ length: 50 }, () => world.press('ana', 'approve', message, ref)));
    await world.settle();
    await world.pass(100);
    expect(await countOf(world, 'approval.given')).toBe(1);
    expect(await countOf(world, 'grant.ordered')).toBe(1);
    expect(await countOf(world, 'decision.refused')).toBe(49);
    expect(world.fake.effects.grants).toBe(1);
    const told = world.private('ana').filter((text) => text.startsWith('This was decided or has ended already'));
    expect(told).toHaveLength(49);
  });

  it('C08: 50 by two approvers where two are needed count once for each of them', async () => {
    const role = { ...ROLE, stages: [{ from: ['dbas'], count: 2 }] };
    const world = await worldWith({ catalog: catalogOf([role]) });
    await asked(world);
    const { message, ref } = world.card();
    const presses = Array.from({ length: 50 }, (_, at) => world.press(at % 2 ? 'ana' : 'ben', 'approve', message, ref));
    await Promise.all(presses);
    await world.settle();
    expect(await countOf(world, 'approval.given')).toBe(2);
    expect(await countOf(world, 'grant.ordered')).toBe(1);
    expect(await countOf(world, 'decision.refused')).toBe(48);
  });

  it('C13: a person counts once where two are needed, and hears so', async () => {
    const role = { ...ROLE, stages: [{ from: ['dbas'], count: 2 }] };
    const world = await worldWith({ catalog: catalogOf([role]) });
    await asked(world);
    for (let times = 0; times < 2; times += 1) {
      await world.press('ana', 'approve', world.card().message, world.card().ref);
      await world.pass(5);
    }
    expect((await requestOf(world)).status).toBe('pending');
    expect(world.private('ana')).toContainEqual(expect.stringContaining('You approved this already, and a person'));
    expect(world.fake.calls.grant).toBe(0);
  });

  it('C10: one delivery that comes four times counts once', async () => {
    const world = await worldWith();
    await asked(world);
    const { message, ref } = world.card();
    const value = message.buttons?.find(({ action }) => action === 'approve')?.value ?? '';
    const press = { ...world.origin('ana', ref), action: 'approve', value };
    for (let times = 0; times < 4; times += 1) expect((await world.inbox.press(press)).kind).toBe('quiet');
    await world.settle();
    expect(await countOf(world, 'approval.given')).toBe(1);
    expect(await countOf(world, 'decision.refused')).toBe(0);

    const command = { ...world.origin('kim'), text: 'prod-db-readonly 1h fix INC-43' };
    const answers = [];
    for (let times = 0; times < 4; times += 1) answers.push(await world.inbox.command(command));
    expect(JSON.stringify(answers[0])).toContain('Asked for');
    for (const answer of answers.slice(1)) expect(JSON.stringify(answer)).toContain('Hallpass has this already');
  });

  it('C11: pressed again after the answer was lost, the person hears how it stands', async () => {
    const world = await worldWith();
    await asked(world);
    const { message, ref } = world.card();
    const value = message.buttons?.find(({ action }) => action === 'approve')?.value ?? '';
    for (let times = 0; times < 2; times += 1) {
      await world.inbox.press({ ...world.origin('ana', ref), action: 'approve', value });
      await world.pass(10);
    }
    expect(world.private('ana')).toContainEqual(expect.stringContaining('This was decided or has ended already'));
    expect(await countOf(world, 'approval.given')).toBe(1);
  });
});

/** Where somebody else may come in between. */
const SCHEDULED = new Set(['claim', 'commit', 'account']);

describe('approve, deny and withdraw at once', () => {
  it('C09: 1,000 interleavings end one way each, and the log agrees', { timeout: 240_000 }, async () => {
    const ends: Record<string, number> = {};
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.integer({ min: 0, max: 40 }), async (scheduler, hesitates) => {
        const world = await openWorld();
        const { id, revision, digest } = await pending(world);
        const value = buttonValue(id, revision, digest);
        const denial = { form: 'deny', context: JSON.stringify({ value }), answers: { note: 'not now' } };
        world.hook = (call, proceed) =>
          SCHEDULED.has(call.method) ? scheduler.schedule(Promise.resolve(), call.method).then(proceed) : proceed();
        // A withdrawal takes one step where a decision takes several: it would nearly always come first.
        const withdrawal = async () => {
          for (let left = hesitates; left > 0; left -= 1) {
            await scheduler.schedule(Promise.resolve(), 'hesitates');
            // A write of the store takes a turn of the event loop, too.
            await setImmediate();
          }
          await world.inbox.press({ ...world.origin('mia'), action: 'withdraw', value });
        };
        await scheduler.waitFor(
          Promise.all([
            world.inbox.press({ ...world.origin('ana'), action: 'approve', value }),
            world.inbox.submitForm({ ...world.origin('ben'), ...denial }),
            withdrawal(),
            runJobs(world),
            runJobs(world),
          ]),
        );
        world.hook = undefined;
        await world.settle();
        const status = (await requestOf(world)).status;
        ends[status] = (ends[status] ?? 0) + 1;
        const events = (await world.store.eventsOf(id)).map(({ event }) => event.type);
        const finals = events.filter((type) => /^request\.(approved|denied|withdrawn)$/.test(type));
        expect(finals).toEqual([`request.${status}`]);
        expect(events.filter((type) => type === 'grant.ordered')).toHaveLength(status === 'approved' ? 1 : 0);
        expect(world.errors).toEqual([]);
        await world.close();
      }),
      { numRuns: 1000, seed: 20_261_122 },
    );
    console.log(`approve, deny and withdraw, 1,000 interleavings: ${JSON.stringify(ends)}`);
    expect(Object.keys(ends).sort()).toEqual(['approved', 'denied', 'withdrawn']);
  });
});

async function pending(world: World) {
  const request = await asked(world);
  if (request.status !== 'pending') throw new Error(`the request is ${request.status}`);
  return request;
}

/** As the runner of one of two processes would, in the middle of it all. */
async function runJobs(world: World): Promise<void> {
  for (let rounds = 0; rounds < 3; rounds += 1) {
    const started = await startJobs(world.tools, 10);
    await Promise.all(started.map(({ ended }) => ended));
  }
}
