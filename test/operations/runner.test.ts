// The loop around the jobs: it sleeps until there is something to do, stops in order, and a chat platform or a target that
// hangs keeps nobody else from their work (product promise 7; threat F08).
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { RUNNER } from '../../src/operations/actors.ts';
import { change } from '../../src/operations/change.ts';
import { tellPerson } from '../../src/operations/jobs.ts';
import { startJobs } from '../../src/operations/run-jobs.ts';
import { type Runner, startRunner } from '../../src/operations/runner.ts';
import { sweep } from '../../src/operations/sweep.ts';
import { ChatError } from '../../src/ports/chat-platform.ts';
import { catalogOf, OTHER_ROLE, ROLE, type World } from '../world.ts';
import { approve, asked, HOLDER, passOf, worldWith } from './stories.ts';

/** As the program runs: the runner in the background, ticks, and time that goes on. */
async function runFor(world: World, seconds: number, isOver: () => boolean | Promise<boolean> = () => false) {
  for (let passed = 0; passed < seconds; passed += 1) {
    await world.clock.advance(1000);
    if (passed % 5 === 0) await sweep(world.tools);
    for (let turns = 0; turns < 30; turns += 1) await setImmediate();
    if (await isOver()) return passed;
  }
  return seconds;
}

function running(world: World): Runner {
  const runner = startRunner({ ...world.tools, poke: () => runner.poke() });
  return runner;
}

/** The platform takes every message and never answers, until the caller's own patience is over. */
function hangingChat(world: World): void {
  world.hook = async (call, proceed) => {
    if (call.port !== 'chat') return proceed();
    await world.clock.sleep(10_000);
    throw new ChatError('unreachable', 'timeout', 'maybe');
  };
}

async function tellMany(world: World, count: number): Promise<void> {
  await change(world.tools, RUNNER, async (draft) => {
    const note = { kind: 'note', tone: 'plain', lines: [['hello']] } as const;
    for (let at = 0; at < count; at += 1)
      draft.job(tellPerson(world.ids, { platform: 'slack', tenant: 'T01', user: `U-${at}` }, note, draft.now));
  });
}

describe('the runner', () => {
  it('carries a pass from ask to end by itself', async () => {
    const world = await worldWith();
    await world.livePass('prod-db-readonly 2m fix INC-42');
    const runner = running(world);
    const seconds = await runFor(world, 200, async () => (await passOf(world)).status === 'revoked');
    expect(seconds).toBeLessThanOrEqual(130);
    await runner.stop();
    expect(world.errors).toEqual([]);
  });

  it('takes up at once what is committed while it sleeps', async () => {
    const world = await worldWith();
    const tools = { ...world.tools, poke: () => runner.poke() };
    const runner = startRunner(tools);
    await runFor(world, 3);
    await change(tools, RUNNER, async (draft) =>
      draft.job(
        tellPerson(world.ids, world.chat.ref('U-mia'), { kind: 'note', tone: 'plain', lines: [['now']] }, draft.now),
      ),
    );
    for (let turns = 0; turns < 30; turns += 1) await setImmediate();
    expect(world.private('mia')).toEqual(['now']);
    await runner.stop();
  });

  it('stops when the job that runs is done, and takes no other', async () => {
    const world = await worldWith();
    await tellMany(world, 3);
    let started = 0;
    world.hook = async (call, proceed) => {
      if (call.method !== 'post') return proceed();
      started += 1;
      await world.clock.sleep(5000);
      return proceed();
    };
    const runner = running(world);
    for (let turns = 0; turns < 30; turns += 1) await setImmediate();
    expect(started).toBe(3);
    const stopped = runner.stop();
    await tellMany(world, 3);
    await runFor(world, 6);
    await stopped;
    expect(world.chat.sent).toHaveLength(3);
    expect(started).toBe(3);
  });

  it('goes on when the store cannot be read for a while', async () => {
    const world = await worldWith();
    await tellMany(world, 1);
    world.hook = (call, proceed) => (call.port === 'store' ? Promise.reject(new Error('locked')) : proceed());
    const runner = running(world);
    for (let turns = 0; turns < 30; turns += 1) await setImmediate();
    expect(world.errors).toContain('the job runner could not read the store');
    world.hook = undefined;
    await runFor(world, 8);
    expect(world.chat.sent).toHaveLength(1);
    await runner.stop();
  });
});

describe('somebody else hangs', () => {
  it('chat, with 200 conversations to be told something: the end of a pass comes as fast as ever', async () => {
    const world = await worldWith();
    await world.livePass('prod-db-readonly 2m fix INC-42');
    const { expiresAt } = await passOf(world);
    hangingChat(world);
    await tellMany(world, 200);
    const runner = running(world);
    await runFor(world, 300, async () => (await passOf(world)).status === 'revoked');
    const pass = await passOf(world);
    expect(pass.status === 'revoked' && (pass.revokedAt - expiresAt) / 1000).toBeLessThanOrEqual(10);
    world.hook = undefined;
    await runFor(world, 30);
    await runner.stop();
  });

  it('F08: one target, with 30 passes to end: the pass in the other ends within 15 seconds', async () => {
    const world = await worldWith({ catalog: catalogOf([ROLE, OTHER_ROLE]) });
    await asked(world, 'billing-support 2m ticket 9');
    await approve(world, 'ana');
    await manyPasses(world, 30);
    world.fake.script.always({ kind: 'hangs' });
    const { expiresAt } = await passOf(world);
    const runner = running(world);
    await runFor(world, 400, () => !world.billing.target.has(HOLDER, 'support'));
    expect((world.clock.now() - expiresAt) / 1000).toBeLessThanOrEqual(15);
    expect(world.fake.calls.revoke).toBeGreaterThanOrEqual(1);
    world.fake.script.always({ kind: 'ok' });
    await runFor(world, 60);
    await runner.stop();
  });
});

/** Live passes of many people in the first target, all about to end. */
async function manyPasses(world: World, count: number): Promise<void> {
  const now = await world.store.now();
  const [stored] = await world.store.liveGrants({}, 1);
  if (stored?.row.status !== 'active') throw new Error('no pass to copy');
  for (let at = 0; at < count; at += 1) {
    const principal = { id: `acct:p${at}@acme.test`, name: `p${at}` };
    const id = world.ids.next('pass') as typeof stored.row.id;
    const offer = {
      ...stored.row.offer,
      target: 'prod-db',
      targetKey: `fake:${at}`,
      principal,
      entitlement: { role: 'readonly' },
    };
    const row = { ...stored.row, id, offer, expiresAt: now + 60_000 };
    await world.store.commit({ writes: [{ kind: 'grant', row, version: 0 }] });
  }
}

describe('two programs on one store', () => {
  it('F05: each step of 20 passes is done once', async () => {
    const world = await worldWith();
    await world.livePass();
    await manyPasses(world, 20);
    const first = world.tools;
    world.restart();
    const both = [first, world.tools];
    await world.clock.advance(61_000);
    for (let rounds = 0; rounds < 40; rounds += 1) {
      await Promise.all(both.map((tools) => sweep(tools)));
      const started = await Promise.all(both.map((tools) => startJobs(tools, 5)));
      await Promise.all(started.flat().map(({ ended }) => ended));
      await world.clock.advance(500);
    }
    const live = await world.store.liveGrants({}, 99);
    expect(live.map(({ row }) => row.status)).toEqual(['active']);
    expect(world.fake.calls.revoke).toBe(20);
    expect(world.errors).toEqual([]);
  });

  it('E05: one that slept through its lease sends nothing more when it wakes', async () => {
    const world = await worldWith();
    await world.livePass();
    const asleep = world.tools.owner;
    const { promise: woken, resolve: wake } = Promise.withResolvers<void>();
    await world.say('mia', 'return');
    // From right before it would call the target.
    world.hook = async (call, proceed) => {
      const falls = call.owner === asleep;
      if (falls && call.method === 'renew') await woken;
      const answer = await proceed();
      if (falls && call.method === 'grant') await woken;
      return answer;
    };
    const [sleeper] = (await startJobs(world.tools, 20)).filter(({ queue }) => queue.startsWith('target:'));
    for (let turns = 0; turns < 30; turns += 1) await setImmediate();
    world.restart();
    await world.pass(60);
    expect((await passOf(world)).status).toBe('revoked');
    expect(world.fake.calls.revoke).toBe(1);
    await asked(world, 'prod-db-readonly 1h once more');
    await approve(world, 'ana');
    await world.pass(20);
    wake();
    await sleeper?.ended;
    expect(world.fake.calls.revoke).toBe(1);
    expect(world.fake.target.has(HOLDER, 'readonly')).toBe(true);
  });
});
