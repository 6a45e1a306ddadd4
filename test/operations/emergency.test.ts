// F14, J06, law 13: while the store is away nothing is given, what is due is ended on time, people hear of it, and the log
// learns of it afterwards: once, wherever the process stops.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifyLog } from '../../src/operations/verify-log.ts';
import { sqliteDriver } from '../../src/store/sqlite.ts';
import { openFile } from '../../src/store/sqlite-file.ts';
import { makeStore } from '../../src/store/store.ts';
import { textOf } from '../fakes/fake-chat.ts';
import { quietLog, VKEY, type World } from '../world.ts';
import { countingIds } from '../world-ports.ts';
import { breathe, type Guarded, guarded, pass, scratch, storeFails, tick } from './emergency-world.ts';
import { eventsOf, HOLDER, passOf, typesOf, worldWith } from './stories.ts';

const HOUR = 3_600_000;

async function live(): Promise<{ readonly world: World; readonly folder: string; readonly one: Guarded }> {
  const world = await worldWith({ sessions: 'none' });
  const folder = scratch();
  const one = await guarded(world, folder);
  await world.livePass();
  await tick(world, one);
  return { world, folder, one };
}

const isThere = (world: World) => world.fake.target.has(HOLDER, 'readonly');

async function toDeadline(world: World, lessSeconds: number): Promise<void> {
  const { expiresAt } = await passOf(world);
  await world.clock.advance(expiresAt - world.clock.now() - lessSeconds * 1000);
}

function alarms(world: World): readonly string[] {
  return world.chat.sent.filter(({ ref }) => ref.channel === 'C-AUDIT').map(({ message }) => textOf(message));
}

describe.each(['writes', 'all'] as const)('F14: the store is away for 30 minutes around the end (%s fail)', (how) => {
  it('the access ends at its deadline and not before; alarms go out; all is entered later, and the log verifies', async () => {
    const { world, one } = await live();
    await toDeadline(world, 300);
    await tick(world, one);
    storeFails(world, how);
    await pass(world, 299, 1, one);
    expect(isThere(world)).toBe(true);
    expect(one.watch.troubleSince()).toBeDefined();
    await pass(world, 3, 1, one);
    expect(isThere(world)).toBe(false);
    const { expiresAt } = await world.store.grant((await passOf(world)).id).then((stored) => stored?.row ?? fail());
    const [end] = await one.spool.ends();
    expect(end).toMatchObject({ seen: 'absent', attempts: 1 });
    expect((end?.doneAt ?? 0) - expiresAt).toBeLessThanOrEqual(2000);
    await pass(world, 1500, 5, one);
    expect(alarms(world).filter((text) => text.includes('the store cannot be written'))).toHaveLength(2);
    expect(world.fake.calls.revoke).toBe(1);
    expect((await passOf(world)).status).toBe('active');

    world.hook = undefined;
    await pass(world, 30, 1, one);
    const grant = await passOf(world);
    expect(grant.status).toBe('revoked');
    const types = await typesOf(world);
    expect(types.filter((type) => type === 'revoke.spooled')).toHaveLength(1);
    const events = await eventsOf(world);
    expect(events.find(({ type }) => type === 'revoke.spooled')?.data).toMatchObject({
      doneAt: end?.doneAt,
      seen: 'absent',
    });
    expect(types.indexOf('revoke.ordered')).toBeLessThan(types.indexOf('revoke.spooled'));
    expect(await one.spool.ends()).toEqual([]);
    const thread = world.chat.sent.filter(({ place }) => place.kind === 'thread').map(({ message }) => textOf(message));
    expect(thread.join('\n')).toContain('While Hallpass could not write its log, it took the access back');
    expect(alarms(world).join('\n')).toContain('ALARM: store unwritable');
    // It was gone in time: nobody is woken for what is late in the books alone.
    expect(types).not.toContain('revoke.overdue');
    expect((await verifyLog(world.store, { vkeys: [VKEY], checkpoints: world.checkpoints })).ok).toBe(true);
  });
});

describe('while the store cannot be written', () => {
  it('one hiccup is no trouble, and neither are two that have nothing to do with one another', async () => {
    const { world, one } = await live();
    for (const gap of [5, 400]) {
      storeFails(world, 'writes');
      await pass(world, gap === 5 ? 5 : 1, 1, one);
      expect(one.watch.troubleSince()).toBeUndefined();
      world.hook = undefined;
      await pass(world, gap, 5, one);
    }
    expect(alarms(world).join('\n')).not.toContain('unwritable');
  });

  it('a store that answers nothing at all is in trouble too', async () => {
    const { world, one } = await live();
    await toDeadline(world, 2);
    await tick(world, one);
    let letGo = () => {};
    const hangs = new Promise<never>((_, reject) => {
      letGo = () => reject(new Error('gone'));
    });
    world.hook = (call, proceed) => (call.port === 'store' ? hangs : proceed());
    void one.tools.store.tidy().catch(() => undefined);
    for (let passed = 0; passed < 20; passed += 1) {
      await world.clock.advance(1000);
      void one.emergency.turn();
      await breathe();
    }
    expect(isThere(world)).toBe(false);
    world.hook = undefined;
    letGo();
    await breathe();
    await pass(world, 30, 1, one);
    expect((await passOf(world)).status).toBe('revoked');
  });

  it('E05: the time that the process itself was stopped is no trouble of the store, and nothing is taken for it', async () => {
    const { world, one } = await live();
    await tick(world, one);
    let letGo = () => {};
    const hangs = new Promise<never>((_, reject) => {
      letGo = () => reject(new Error('gone'));
    });
    world.hook = (call, proceed) => (call.port === 'store' ? hangs : proceed());
    void one.tools.store.tidy().catch(() => undefined);
    await one.emergency.turn();
    // Stopped for hours: by what it knew the pass is over since long, and others may have given it more time.
    await world.clock.advance(2 * HOUR);
    void one.emergency.turn();
    await breathe();
    expect(one.watch.troubleSince()).toBeUndefined();
    expect(world.fake.calls.revoke).toBe(0);
    for (let passed = 0; passed < 12; passed += 1) {
      await world.clock.advance(1000);
      void one.emergency.turn();
      await breathe();
    }
    expect(isThere(world)).toBe(false);
    world.hook = undefined;
    letGo();
    await pass(world, 30, 1, one);
    expect((await passOf(world)).status).toBe('revoked');
  });

  it('a small write that fits on a full disk does not hide that decisions do not', async () => {
    const { world, one } = await live();
    await toDeadline(world, 0);
    world.hook = (call, proceed) => {
      const commit = call.args[0] as { readonly events?: readonly unknown[] } | undefined;
      if (call.method === 'commit' && (commit?.events?.length ?? 0) > 0) return Promise.reject(fullDisk());
      return proceed();
    };
    await pass(world, 20, 1, one);
    expect(one.watch.troubleSince()).toBeDefined();
    expect(isThere(world)).toBe(false);
    world.hook = undefined;
    await pass(world, 20, 1, one);
    expect(one.watch.troubleSince()).toBeUndefined();
    expect((await passOf(world)).status).toBe('revoked');
  });

  it('J06: what was ordered to end goes on, and nothing new is given', async () => {
    const { world, one } = await live();
    world.fake.script.always({ kind: 'unreachable' }, 'revoke');
    await world.say('mia', 'return');
    await pass(world, 5, 1, one);
    expect((await passOf(world)).status).toBe('revoking');
    storeFails(world, 'writes', 'full');
    await expect(world.say('kim', 'prod-db-readonly 1h fix INC-43')).rejects.toThrow('The store is away.');
    await pass(world, 60, 1, one);
    expect(isThere(world)).toBe(true);
    world.fake.script.always({ kind: 'ok' }, 'revoke');
    await pass(world, 400, 5, one);
    expect(isThere(world)).toBe(false);
    expect(world.fake.calls.grant).toBe(1);
    expect((await one.spool.ends()).map(({ seen }) => seen)).toEqual(['unknown', 'absent']);
    world.hook = undefined;
    await pass(world, 30, 1, one);
    expect((await passOf(world)).status).toBe('revoked');
    expect((await typesOf(world)).filter((type) => type === 'revoke.spooled')).toHaveLength(2);
  });

  it('what may have been given when the store went away is ended at its deadline; what was refused is left alone', async () => {
    const world = await worldWith({ sessions: 'none' });
    const one = await guarded(world, scratch());
    await world.say('mia', 'prod-db-readonly 1h fix INC-42');
    await world.settle();
    world.hook = (call, proceed) => {
      if (call.port === 'target' && call.method === 'grant') storeFails(world, 'all');
      return proceed();
    };
    const card = world.card();
    await world.press('ana', 'approve', card.message, card.ref);
    await world.settle().catch(() => undefined);
    expect(isThere(world)).toBe(true);
    await pass(world, 3550, 10, one);
    expect(isThere(world)).toBe(true);
    await pass(world, 60, 10, one);
    expect(isThere(world)).toBe(false);
    world.hook = undefined;
    await pass(world, 60, 1, one);
    expect((await passOf(world)).status).toBe('revoked');
  });

  it('a dead target is tried for ever, with gaps of 5 minutes at most', async () => {
    const { world, one } = await live();
    await toDeadline(world, 0);
    world.fake.script.always({ kind: 'hangs' }, 'revoke');
    storeFails(world, 'all');
    await pass(world, 3600, 5, one);
    expect(isThere(world)).toBe(true);
    const tried = world.fake.calls.revoke;
    expect(tried).toBeGreaterThan(10);
    expect(await one.spool.ends()).toHaveLength(1);
    world.fake.script.always({ kind: 'ok' }, 'revoke');
    await pass(world, 330, 5, one);
    expect(isThere(world)).toBe(false);
  });
});

describe('a disk that is really full', () => {
  it('the access ends, and all is in the log when there is room again', async () => {
    const folder = scratch();
    const from = await worldWith({ sessions: 'none' });
    const { clock } = from;
    const { db, unlock } = openFile(join(folder, 'full.db'), quietLog);
    const store = makeStore(sqliteDriver(db, 'full.db', { clock, ids: countingIds(), log: quietLog }, unlock), 'dep_1');
    const world = await worldWith({ sessions: 'none', store, from });
    const one = await guarded(world, folder);
    await world.livePass();
    await toDeadline(world, 20);
    await tick(world, one);
    db.pragma(`max_page_count = ${db.pragma('page_count', { simple: true })}`);
    // Whatever still fits into pages that are there is used up.
    for (let n = 0; n < 200; n += 1)
      await world.say('kim', `prod-db-readonly 1h ${'x'.repeat(900)} ${n}`).catch(() => undefined);
    await pass(world, 21, 1, one);
    await pass(world, 40, 1, one);
    expect(isThere(world)).toBe(false);
    expect(one.watch.troubleSince()).toBeDefined();
    db.pragma('max_page_count = 100000');
    await pass(world, 30, 1, one);
    expect(one.watch.troubleSince()).toBeUndefined();
    expect((await passOf(world)).status).toBe('revoked');
    expect((await verifyLog(world.store, { vkeys: [VKEY], checkpoints: world.checkpoints })).ok).toBe(true);
  });
});

describe('a process that starts on what another left', () => {
  it('ends what falls due by what was remembered, and another enters it', async () => {
    const { world, folder, one } = await live();
    await tick(world, one);
    world.restart();
    storeFails(world, 'all');
    const two = await guarded(world, folder);
    await world.clock.advance(HOUR);
    await pass(world, 60, 1, two);
    expect(isThere(world)).toBe(false);
    world.restart();
    world.hook = undefined;
    const three = await guarded(world, folder);
    await pass(world, 30, 1, three);
    expect((await passOf(world)).status).toBe('revoked');
    expect(await typesOf(world)).toContain('revoke.spooled');
    expect(await three.spool.ends()).toEqual([]);
  });
});

function fullDisk(): Error {
  return Object.assign(new Error('The disk is full.'), { name: 'StoreError', code: 'full' });
}

function fail(): never {
  throw new Error('not there');
}
