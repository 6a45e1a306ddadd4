// Where nothing new is given for now: not asked, not approved, not given, not extended; what lives there ends as ever. A hold
// that is placed in the same moment as access is ordered wins, wherever it falls (§3.1 rule 6, Q11).
import { describe, expect, it } from 'vitest';
import { SWEEP } from '../../src/operations/actors.ts';
import { change } from '../../src/operations/change.ts';
import { placeHold, releaseHold } from '../../src/operations/hold.ts';
import { sweep } from '../../src/operations/sweep.ts';
import type { Commit } from '../../src/ports/store.ts';

import { catalogOf, OTHER_ROLE, ROLE, type World } from '../world.ts';
import {
  approve,
  asked,
  auditLines,
  eventsOf,
  HOLDER,
  lastSaidTo,
  passOf,
  refusals,
  requestOf,
  sentence,
  typesOf,
  worldWith,
} from './stories.ts';

const HELD = { code: 'access_held', target: 'prod-db', why: 'rolled_back' } as const;

async function hold(world: World, target = 'prod-db'): Promise<void> {
  await change({ ...world.tools, store: world.store }, SWEEP, (draft) =>
    placeHold(world.tools, draft, target, 'rolled_back'),
  );
}

async function release(world: World, target = 'prod-db'): Promise<void> {
  await change(world.tools, SWEEP, (draft) => releaseHold(world.tools, draft, target, 'rolled_back'));
}

async function pressOnExtension(world: World): Promise<void> {
  const card = world.chat.sent.findLast(({ message, place }) => message.kind === 'card' && place.kind === 'thread');
  if (!card) throw new Error('no card for more time');
  await world.press('ana', 'approve', card.message, card.ref);
}

/** Holds in the moment before (or after) the first commit with such an event is written. */
function holdAt(world: World, type: string, when: 'before' | 'after'): void {
  world.hook = async (call, proceed) => {
    const isIt =
      call.method === 'commit' && (call.args[0] as Commit).events?.some(({ event }) => event.type === type) === true;
    if (!isIt) return proceed();
    world.hook = undefined;
    if (when === 'before') await hold(world);
    const result = await proceed();
    if (when === 'after') await hold(world);
    return result;
  };
}

describe('while new access is held', () => {
  it('asking is refused at once, by the line and by the form, there and not elsewhere', async () => {
    const world = await worldWith({ catalog: catalogOf([ROLE, OTHER_ROLE]) });
    await hold(world);
    expect(await world.say('mia', 'prod-db-readonly 1h fix INC-42')).toContain(sentence(HELD));
    const filled = { role: 'prod-db-readonly', duration: '1h', reason: 'fix' };
    const origin = world.origin('mia');
    const answer = await world.inbox.submitForm({ ...origin, form: 'request', context: '', answers: filled });
    expect(answer).toEqual({ kind: 'problems', problems: { role: sentence(HELD) } });
    expect(await world.say('mia', 'billing-support 1h a customer calls')).toContain('Asked');
    await world.settle();
    expect((await requestOf(world)).status).toBe('pending');
  });

  it('everywhere means every target', async () => {
    const world = await worldWith({ catalog: catalogOf([ROLE, OTHER_ROLE]) });
    await hold(world, '*');
    for (const role of [ROLE, OTHER_ROLE])
      expect(await world.say('mia', `${role.name} 1h fix`)).toContain(sentence({ ...HELD, target: '*' }));
  });

  it('what was asked before is refused when it is checked', async () => {
    const world = await worldWith();
    await world.say('mia', 'prod-db-readonly 1h fix INC-42');
    await hold(world);
    await world.pass(5);
    expect(await requestOf(world)).toMatchObject({ status: 'refused', code: 'access_held' });
    expect(lastSaidTo(world, 'mia')).toContain(sentence(HELD));
  });

  it('an approval does not count, the approver hears why, and the request goes on waiting', async () => {
    const world = await worldWith();
    await asked(world);
    await hold(world);
    await approve(world, 'ana');
    expect((await requestOf(world)).status).toBe('pending');
    expect(await refusals(world)).toEqual(['access_held']);
    expect(lastSaidTo(world, 'ana')).toContain(sentence(HELD));
    await release(world);
    await approve(world, 'ana');
    await world.pass(15);
    expect((await passOf(world)).status).toBe('active');
    expect(auditLines(world)).toMatch(/access\.held.*target=prod-db why=rolled_back/);
    expect(auditLines(world)).toMatch(/access\.released.*target=prod-db why=rolled_back/);
  });

  it('what was approved waits, is given when that is over, and is given up in its time', async () => {
    for (const seconds of [60, 400]) {
      const world = await worldWith();
      await asked(world);
      const { message, ref } = world.card();
      await world.press('ana', 'approve', message, ref);
      holdAt(world, 'request.approved', 'after');
      await world.pass(seconds, 5);
      expect(world.fake.calls.grant).toBe(0);
      await release(world);
      await world.pass(30, 5);
      expect((await passOf(world)).status).toBe(seconds < 300 ? 'active' : 'failed');
    }
  });

  it('what lives ends as ever', async () => {
    const world = await worldWith();
    await world.livePass();
    await hold(world, '*');
    await world.say('mia', 'return');
    await world.pass(15);
    expect((await passOf(world)).status).toBe('revoked');
  });

  it.each([false, true])(
    'more time is neither asked nor given (the target keeps the end: %s)',
    async (expiresItself) => {
      const world = await worldWith({ expiresItself });
      await world.livePass('prod-db-readonly 1h fix INC-42');
      const { expiresAt } = await passOf(world);
      await world.say('mia', 'extend 30m a bit more');
      await world.pass(5);
      await pressOnExtension(world);
      holdAt(world, 'grant.extending', 'after');
      await world.pass(120, 5);
      expect((await passOf(world)).status).toBe('extending');
      expect(world.fake.calls.extend).toBe(0);
      await release(world);
      await world.pass(30, 5);
      expect(await passOf(world)).toMatchObject({ status: 'active', expiresAt: expiresAt + 1800_000 });
    },
  );

  it('more time that is held until the old end comes to nothing, and the pass ends at its time', async () => {
    const world = await worldWith();
    await world.livePass('prod-db-readonly 10m fix INC-42');
    await world.say('mia', 'extend 30m a bit more');
    await world.pass(5);
    await pressOnExtension(world);
    holdAt(world, 'grant.extending', 'after');
    await world.pass(660, 5);
    expect((await passOf(world)).status).toBe('revoked');
    expect(world.fake.target.has(HOLDER, 'readonly')).toBe(false);
  });
});

describe('a hold in the same moment', () => {
  it.each([
    ['grant.ordered', 'before', 'nothing is approved'],
    ['grant.ordered', 'after', 'nothing is given'],
    ['grant.cleared', 'after', 'nothing is given'],
    ['grant.attempted', 'before', 'nothing is given'],
    ['grant.attempted', 'after', 'it was given first, and lives'],
  ] as const)('%s, %s it is written: %s', async (type, when, so) => {
    const world = await worldWith();
    await asked(world);
    const { message, ref } = world.card();
    await world.press('ana', 'approve', message, ref);
    holdAt(world, type, when);
    await world.pass(60, 5);
    const isGiven = so.includes('lives');
    expect(world.fake.target.has(HOLDER, 'readonly')).toBe(isGiven);
    expect(world.fake.calls.grant).toBe(isGiven ? 1 : 0);
    expect(await typesOf(world)).toContain(
      type === 'grant.ordered' && when === 'before' ? 'decision.refused' : 'grant.ordered',
    );
    if (so === 'nothing is approved') expect((await requestOf(world)).status).toBe('pending');
    else expect((await passOf(world)).status).toBe(isGiven ? 'active' : 'granting');
    expect(world.errors).toEqual([]);
  });

  it('and its end: nobody who looked before is kept waiting for longer than that', async () => {
    const world = await worldWith();
    await asked(world);
    await hold(world);
    world.hook = async (call, proceed) => {
      if (call.method !== 'commit') return proceed();
      world.hook = undefined;
      await release(world);
      return proceed();
    };
    await approve(world, 'ana');
    await world.pass(15);
    expect((await passOf(world)).status).toBe('active');
  });
});

describe('the same hold twice', () => {
  it('is told once, and is over when it is released once', async () => {
    const world = await worldWith();
    await hold(world);
    await hold(world);
    await world.settle();
    await sweep(world.tools);
    const leaves = await world.store.leaves(0, 99);
    expect(leaves.filter(({ type }) => type === 'access.held')).toHaveLength(1);
    await release(world);
    await release(world);
    expect((await world.store.leaves(0, 99)).filter(({ type }) => type === 'access.released')).toHaveLength(1);
    expect(await world.say('mia', 'prod-db-readonly 1h fix INC-42')).toContain('Asked');
    expect(await eventsOf(world)).toHaveLength(1);
  });
});
