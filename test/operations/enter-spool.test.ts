// Entering the spool: each line once and in its order, wherever the process stops; two replicas; a store that was put back.
import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { GrantId } from '../../src/core/model.ts';
import { openSpool } from '../../src/lib/spool-files.ts';
import { openObligations } from '../../src/operations/obligations.ts';
import type { Spool, SpooledEnd } from '../../src/ports/spool.ts';
import { openStore } from '../../src/store/open-store.ts';
import { manualClock } from '../fakes/manual-clock.ts';
import { catalogOf, OTHER_ROLE, quietLog, ROLE, type World } from '../world.ts';
import { countingIds } from '../world-ports.ts';
import { breathe, type Guarded, guarded, pass, scratch, storeFails, tick } from './emergency-world.ts';
import { HOLDER, passOf, typesOf, worldWith } from './stories.ts';

/** The store is away, the pass has ended, and its line is in the spool. */
async function spooled(): Promise<{ readonly world: World; readonly folder: string; readonly one: Guarded }> {
  const world = await worldWith({ sessions: 'none' });
  const folder = scratch();
  const one = await guarded(world, folder);
  await world.livePass();
  await tick(world, one);
  await world.clock.advance(3_600_000);
  storeFails(world, 'all');
  await pass(world, 30, 1, one);
  expect(world.fake.target.has(HOLDER, 'readonly')).toBe(false);
  expect(await one.spool.ends()).toHaveLength(1);
  return { world, folder, one };
}

class Dead extends Error {}

/** Stops this process at its call number `at` to store or spool, before or after it is carried out. */
async function dyingAt(world: World, folder: string, at: number, when: 'before' | 'after'): Promise<boolean> {
  let calls = 0;
  let dead = false;
  async function step(proceed: () => Promise<unknown>): Promise<unknown> {
    if (dead) throw new Dead();
    calls += 1;
    const isHere = calls === at;
    if (isHere && when === 'before') dead = true;
    if (dead) throw new Dead();
    const answer = await proceed();
    if (isHere) dead = true;
    if (dead) throw new Dead();
    return answer;
  }
  const owner = world.tools.owner;
  world.hook = (call, proceed) => {
    if (call.owner !== owner) return Promise.reject(new Dead());
    return call.port === 'store' ? step(proceed) : dead ? Promise.reject(new Dead()) : proceed();
  };
  const dying = (spool: Spool): Spool => ({
    ...spool,
    ends: () => step(() => spool.ends()) as Promise<readonly SpooledEnd[]>,
    drop: (ids) => step(() => spool.drop(ids)) as Promise<void>,
  });
  const process = await guarded(world, folder, dying);
  await process.emergency.settle();
  return dead;
}

describe('a process that stops anywhere while it enters the spool', () => {
  it.each(['before', 'after'] as const)(
    '%s each of its calls: nothing is lost, nothing is entered twice',
    async (when) => {
      let at = 1;
      for (; at < 60; at += 1) {
        const { world, folder } = await spooled();
        world.restart();
        const died = await dyingAt(world, folder, at, when);
        world.restart();
        world.hook = undefined;
        const next = await guarded(world, folder);
        await pass(world, 20, 1, next);
        expect(
          (await typesOf(world)).filter((type) => type === 'revoke.spooled'),
          `call ${at}`,
        ).toHaveLength(1);
        expect((await passOf(world)).status).toBe('revoked');
        expect(await next.spool.ends()).toEqual([]);
        if (!died) break;
      }
      // Each call was looked at, and there were some.
      expect(at).toBeGreaterThan(4);
      expect(at).toBeLessThan(60);
    },
  );
});

describe('two replicas', () => {
  it('both end it, and each one’s account is entered: revoking twice takes once', async () => {
    const world = await worldWith({ sessions: 'none' });
    const folders = [scratch(), scratch()];
    const one = await guarded(world, folders[0] ?? '');
    await world.livePass();
    await tick(world, one);
    const two = await guarded(world, folders[1] ?? '');
    await tick(world, two);
    await world.clock.advance(3_600_000);
    storeFails(world, 'all');
    await pass(world, 30, 1, one, two);
    expect(world.fake.calls.revoke).toBe(2);
    expect(world.fake.effects.revokes).toBe(1);
    world.hook = undefined;
    await pass(world, 30, 1, one, two);
    expect((await passOf(world)).status).toBe('revoked');
    const entered = (await typesOf(world)).filter((type) => type === 'revoke.spooled').length;
    expect(entered).toBeGreaterThanOrEqual(1);
    expect([...(await one.spool.ends()), ...(await two.spool.ends())]).toEqual([]);
  });

  it('an extension that another wrote is known, and what another ended is forgotten', async () => {
    const world = await worldWith({ sessions: 'none' });
    const one = await guarded(world, scratch());
    const plain = { ...one.tools };
    await world.livePass();
    // From here on the other replica writes; this one only reads the log.
    world.restart();
    await one.obligations.refresh(plain.store);
    const before = one.obligations.remembered('d').obligations[0]?.expiresAt ?? 0;
    await world.say('mia', 'extend 30m more');
    await world.settle();
    await world.press('ben', 'approve', lastCard(world).message, lastCard(world).ref);
    await world.pass(10);
    await one.obligations.refresh(world.store);
    expect(one.obligations.remembered('d').obligations[0]?.expiresAt).toBe(before + 1_800_000);
    await world.say('mia', 'return');
    await world.pass(30);
    await one.obligations.refresh(world.store);
    expect(one.obligations.remembered('d').obligations).toEqual([]);
  });
});

function lastCard(world: World) {
  const card = world.chat.sent.findLast(({ message, place }) => message.kind === 'card' && place.kind === 'thread');
  if (!card) throw new Error('no card of the extension');
  return card;
}

describe('lines that do not fit', () => {
  it('a pass that the store does not know is logged, and the others are entered', async () => {
    const { world, folder, one } = await spooled();
    await one.spool.append({ id: 'end_x', grant: 'pass_lost' as GrantId, doneAt: 1, attempts: 1, seen: 'absent' });
    const errors: string[] = [];
    world.restart();
    world.hook = undefined;
    world.tools = { ...world.tools, log: { ...quietLog, error: (message) => void errors.push(message) } };
    const next = await guarded(world, folder);
    await pass(world, 20, 1, next);
    expect(errors).toContain('a pass was ended that the store does not know');
    expect((await passOf(world)).status).toBe('revoked');
    expect(await next.spool.ends()).toEqual([]);
  });

  it('a line that a crash cut off says nothing, and the next one is whole', async () => {
    const { folder, one } = await spooled();
    const file = join(folder, 'spool.jsonl');
    const [end] = await one.spool.ends();
    appendFileSync(file, '\n{"v":1,"id":"end_torn","gra');
    expect(await one.spool.ends()).toEqual([end]);
    const later = { ...(end as SpooledEnd), id: 'end_later' };
    await one.spool.append(later);
    expect(await one.spool.ends()).toEqual([end, later]);
    await one.spool.drop(new Set([end?.id ?? '']));
    expect(await one.spool.ends()).toEqual([later]);
    await one.spool.drop(new Set(['end_later']));
    expect(readFileSync(file, 'utf8')).toBe('');
  });
});

const END: SpooledEnd = { id: 'end_1', grant: 'pass_1' as GrantId, doneAt: 5, attempts: 1, seen: 'absent' };

describe('the files', () => {
  it('are the owner’s alone, hold no secret, and a damaged one is made again', async () => {
    const { world, folder } = await spooled();
    for (const name of ['obligations.json', 'spool.jsonl', 'spool.reserve'])
      expect(statSync(join(folder, name)).mode & 0o777, name).toBe(0o600);
    const text = readFileSync(join(folder, 'obligations.json'), 'utf8');
    expect(text).toContain(HOLDER);
    expect(text).not.toContain('INC-42');
    writeFileSync(join(folder, 'obligations.json'), text.slice(0, 40));
    expect(await (await openSpool(folder, quietLog)).remembered()).toBeUndefined();
    world.hook = undefined;
  });

  it('a full disk gives up its reserve for the spool, and what fits nowhere is kept in memory', async () => {
    const folder = scratch();
    const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    const written: string[] = [];
    const spool = await openSpool(folder, quietLog, async (_path, text) => {
      if (isThere(join(folder, 'spool.reserve'))) throw full;
      written.push(text);
    });
    await spool.append(END);
    expect(written.join('')).toContain('end_1');
    const other = await openSpool(scratch(), quietLog, async () => {
      throw full;
    });
    await expect(other.append(END)).rejects.toThrow('no space left');
  });
});

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

describe('the clock', () => {
  it('is the store’s while it is known, and after a start never earlier than the machine’s', async () => {
    const clock = manualClock();
    const world = await worldWith({ catalog: catalogOf([ROLE, OTHER_ROLE]) });
    const ahead = { ...world.store, now: async () => clock.now() + 600_000 };
    const obligations = openObligations(clock);
    expect(obligations.now()).toBe(clock.now());
    await obligations.refresh(ahead);
    expect(obligations.now()).toBe(clock.now() + 600_000);
    const kept = obligations.remembered('dep');
    expect(openObligations(clock, [], kept).now()).toBe(clock.now());
    expect(openObligations(clock, [], { ...kept, aheadMs: -5_000 }).now()).toBe(clock.now() - 5_000);
  });

  it('a store that was put back to an earlier state is read anew', async () => {
    const world = await worldWith({ sessions: 'none' });
    const one = await guarded(world, scratch());
    await world.livePass();
    await tick(world, one);
    expect(one.obligations.remembered('d').obligations).toHaveLength(1);
    const older = await openStore('sqlite::memory:', { clock: world.clock, ids: countingIds(), log: quietLog });
    await one.obligations.refresh(older);
    expect(one.obligations.remembered('d').obligations).toEqual([]);
    await older.close();
    await breathe();
  });
});
