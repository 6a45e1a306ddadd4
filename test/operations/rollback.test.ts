// F13: the store was put back to an earlier state, or lost. It is noticed at the start by what was seen outside, nothing new is
// given until what is in the targets was looked at, and what the store has forgotten is taken back.
import { setImmediate } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Grant } from '../../src/core/model.ts';
import { begin } from '../../src/operations/begin.ts';
import { type LogVerdict, verifyLog } from '../../src/operations/verify-log.ts';
import type { Store } from '../../src/ports/store.ts';
import { openStore } from '../../src/store/open-store.ts';
import { textOf } from '../fakes/fake-chat.ts';
import { scratchFolder } from '../store/scratch.ts';
import { catalogOf, OTHER_ROLE, openWorld, quietLog, ROLE, VKEY, type World, type WorldOptions } from '../world.ts';
import { auditLines, HOLDER, sentence, worldWith } from './stories.ts';

const scratch = scratchFolder();
afterAll(() => scratch.remove());

interface Kept {
  readonly world: World;
  readonly path: string;
}

async function onDisk(options: WorldOptions = {}, path = scratch.fresh()): Promise<Kept> {
  const base = options.from ?? (await worldWith(options));
  const store = await openStore(`sqlite:${path}`, { clock: base.clock, ids: base.ids, log: quietLog });
  const world = await openWorld({ ...options, store, from: base });
  onTestFinished(() => world.close());
  return { world, path };
}

/** The file as it is now, copied as a backup would. */
function copyOf({ path }: Kept): string {
  const copy = scratch.fresh();
  const db = new Database(path, { readonly: true });
  db.prepare('vacuum into ?').run(copy);
  db.close();
  return copy;
}

/** The deployment goes on with that file: same targets, same chat, same clock. */
async function putBack({ world }: Kept, copy: string, options: WorldOptions = {}): Promise<Kept> {
  return onDisk({ ...options, from: world }, copy);
}

async function typesIn(store: Store): Promise<readonly string[]> {
  return (await store.leaves(0, 999)).map(({ type }) => type);
}

async function heldOn(world: World, target = 'prod-db'): Promise<string | undefined> {
  return world.store.ownerOf(`held:${target}`);
}

/** With every head that was ever shown, as the file beside the store keeps them. */
function audited(world: World): Promise<LogVerdict> {
  return verifyLog(world.store, { vkeys: [VKEY], checkpoints: world.checkpoints });
}

async function orphans(store: Store): Promise<readonly Grant[]> {
  const requests = await store.requestsIn('adopted', 9);
  const grants = await Promise.all(requests.map(({ row }) => store.grantsOfRequest(row.id)));
  return grants.flat().map(({ row }) => row);
}

/** A day of work, a backup, and a pass after it. */
async function withPassAfterBackup(options: WorldOptions = {}): Promise<Kept & { readonly copy: string }> {
  const kept = await onDisk(options);
  const { world } = kept;
  await begin(world.tools);
  await world.pass(60, 5);
  const copy = copyOf(kept);
  await world.livePass('prod-db-readonly 4h fix INC-42');
  await world.pass(60, 5);
  expect(world.fake.target.has(HOLDER, 'readonly')).toBe(true);
  return { ...kept, copy };
}

describe('a first start', () => {
  it('finds nothing anywhere, and that is no contradiction', async () => {
    const { world } = await onDisk();
    await begin(world.tools);
    await world.pass(10, 5);
    const types = await typesIn(world.store);
    expect(types.slice(0, 2)).toEqual(['log.started', 'config.loaded']);
    expect(types.filter((type) => type.startsWith('access.') || type === 'log.rolled_back')).toEqual([]);
    expect(auditLines(world)).not.toContain('ALARM');
  });

  it('and all later ones agree with what was seen', async () => {
    const { world } = await onDisk();
    for (let boots = 0; boots < 3; boots += 1) {
      world.restart();
      await begin(world.tools);
      await world.pass(30, 5);
      expect(await world.chat.lastKeys?.({ platform: 'slack', channel: 'C-AUDIT' }, 'checkpoint:', 1)).toHaveLength(1);
    }
    expect(await typesIn(world.store)).not.toContain('log.rolled_back');
  });
});

describe('F13: a store put back to an earlier state, in a target with marks', () => {
  it('is noticed; nothing new is given; what it forgot is found and taken back; then all goes on', async () => {
    const { copy, ...kept } = await withPassAfterBackup();
    const { world } = await putBack(kept, copy);
    await begin(world.tools);
    expect(await heldOn(world)).toBe('rolled_back');
    expect(await heldOn(world, 'billing')).toBe('rolled_back');
    const held = { code: 'access_held', target: 'prod-db', why: 'rolled_back' } as const;
    expect(await world.say('kim', 'prod-db-readonly 1h fix')).toContain(sentence(held));
    await world.pass(30, 5);
    expect(world.fake.target.has(HOLDER, 'readonly')).toBe(false);
    const [orphan, ...more] = await orphans(world.store);
    expect(more).toEqual([]);
    expect(orphan).toMatchObject({ status: 'revoked', offer: { principal: { id: HOLDER } } });
    expect(await heldOn(world)).toBeUndefined();
    expect(auditLines(world)).toContain('ALARM: the store was put back to an earlier state.');
    expect(auditLines(world)).toContain('ALARM: access was found that Hallpass gave');
    expect(await world.say('kim', 'prod-db-readonly 1h fix')).toContain('Asked');
    // The log tells of its loss: an audit counts the heads of it, and finds nothing changed.
    const { ok, ledger } = await audited(world);
    expect(ok).toBe(true);
    expect(ledger.lost).toMatchObject([{ seen: expect.any(Number), heads: expect.any(Number) }]);
    expect(ledger.lost[0]?.heads).toBeGreaterThan(0);
  });

  it('is told once, not at each start', async () => {
    const { copy, ...kept } = await withPassAfterBackup();
    const { world } = await putBack(kept, copy);
    for (let boots = 0; boots < 3; boots += 1) {
      await begin(world.tools);
      await world.pass(30, 5);
      world.restart();
    }
    expect((await typesIn(world.store)).filter((type) => type === 'log.rolled_back')).toHaveLength(1);
  });

  it('twice put back is told twice', async () => {
    const { copy, ...kept } = await withPassAfterBackup();
    const again = await putBack(kept, copy);
    await begin(again.world.tools);
    await again.world.pass(30, 5);
    const second = copyOf(again);
    await again.world.livePass();
    await again.world.pass(30, 5);
    const { world } = await putBack(again, second);
    await begin(world.tools);
    await world.pass(30, 5);
    expect((await typesIn(world.store)).filter((type) => type === 'log.rolled_back')).toHaveLength(2);
    expect(world.fake.target.holdings()).toEqual([]);
    const { ok, ledger } = await audited(world);
    expect(ok).toBe(true);
    expect(ledger.lost.filter(({ heads }) => heads > 0)).toHaveLength(2);
  });

  it.each([
    ['the file alone knows', true],
    ['the audit channel alone knows: the whole folder was put back', false],
  ])('%s', async (_, fileKnows) => {
    const { copy, ...kept } = await withPassAfterBackup();
    const { world } = await putBack(kept, copy);
    if (fileKnows) world.chat.sent.length = 0;
    else world.checkpoints.length = 0;
    await begin(world.tools);
    expect(await heldOn(world)).toBe('rolled_back');
    await world.pass(30, 5);
    expect(world.fake.target.has(HOLDER, 'readonly')).toBe(false);
    expect(auditLines(world)).toContain(fileKnows ? 'seen in the checkpoint file' : 'seen in the audit channel');
  });

  it('one that has grown past what was seen since is noticed by its other history', async () => {
    const { copy, ...kept } = await withPassAfterBackup();
    const { world } = await putBack(kept, copy);
    // Somebody started an older version on it, which did not look.
    for (let more = 0; more < 9; more += 1) {
      await world.say('kim', `prod-db-readonly ${more + 10}m fix`);
      await world.say('ana', `prod-db-readonly ${more + 10}m fix`);
      await world.pass(60, 5);
    }
    const sizes = world.checkpoints.map((note) => Number(note.split('\n')[1]));
    expect(sizes.at(-1)).toBe(Math.max(...sizes));
    world.restart();
    await begin(world.tools);
    expect(await typesIn(world.store)).toContain('log.rolled_back');
    // What that version wrote stands beside the lost entries of the same numbers: only people can say which of them count.
    const { ledger, rows } = await audited(world);
    expect(ledger.findings.map(({ code }) => code)).toContain('checkpoint_root_differs');
    expect(rows).toEqual([]);
  });

  it('a head that our key did not sign says nothing', async () => {
    const { world } = await onDisk();
    await begin(world.tools);
    await world.pass(10, 5);
    world.checkpoints.push(
      'hallpass/test\n999999\n7KBn8CMZzTMId/qPws9do4AVArtu01JbrGMMBBfQAjo=\n\n— hallpass/test ruTtFwAAAA==\n',
      'cut o',
    );
    world.restart();
    await begin(world.tools);
    expect(await heldOn(world)).toBeUndefined();
  });

  it('a target that is away is held until it could be looked at, and the others go on', async () => {
    const { copy, ...kept } = await withPassAfterBackup();
    const { world } = await putBack(kept, copy, { catalog: catalogOf([ROLE, OTHER_ROLE]) });
    world.fake.script.always({ kind: 'unreachable' });
    await begin(world.tools);
    await world.pass(120, 5);
    expect([await heldOn(world), await heldOn(world, 'billing')]).toEqual(['rolled_back', undefined]);
    world.fake.script.always({ kind: 'ok' });
    await world.pass(300, 5);
    expect(await heldOn(world)).toBeUndefined();
    expect(world.fake.target.has(HOLDER, 'readonly')).toBe(false);
  });

  it('a store that was lost altogether: what the old one gave is found by who gave it', async () => {
    const { copy: _lost, ...kept } = await withPassAfterBackup({ marks: 'giver' });
    const held = kept.world.fake.target.holdings()[0];
    const { world } = await onDisk({ from: kept.world });
    // The mark of such a target is our login there, which the new store has as well.
    if (held) {
      world.fake.target.remove(() => true);
      world.fake.target.put({ ...held, deployment: world.store.deploymentId });
    }
    await begin(world.tools);
    expect((await typesIn(world.store)).slice(0, 3)).toEqual(['log.started', 'config.loaded', 'access.held']);
    await world.pass(30, 5);
    expect(world.fake.target.holdings()).toEqual([]);
  });
});

describe('when the chat is away at the start', () => {
  it('a file that agrees is enough; the chat is asked when it is back, and what it knows counts then', async () => {
    const { copy, ...kept } = await withPassAfterBackup();
    const { world } = await putBack(kept, copy);
    const sent = [...world.checkpoints];
    // The file was put back with the store, and agrees with it.
    const { size } = await world.store.ledgerHead();
    const agreeing = world.checkpoints.filter((note) => Number(note.split('\n')[1]) <= size);
    world.checkpoints.splice(0, world.checkpoints.length, ...agreeing);
    world.chat.fail('down', 1);
    await begin(world.tools);
    await world.pass(30, 5);
    expect(await heldOn(world)).toBeUndefined();
    world.chat.fail('down', 0);
    await world.pass(120, 5);
    expect(await typesIn(world.store)).toContain('log.rolled_back');
    expect(world.fake.target.has(HOLDER, 'readonly')).toBe(false);
    expect(await heldOn(world)).toBeUndefined();
    // The entry comes late, and still tells of all that was lost: from the size on that the start found.
    const proof = { vkeys: [VKEY], checkpoints: world.checkpoints, alsoKept: [sent] };
    const { ok, ledger } = await verifyLog(world.store, proof);
    expect(ok).toBe(true);
    expect(ledger.lost).toMatchObject([{ size, heads: expect.any(Number) }]);
    expect(ledger.lost[0]?.heads).toBe(sent.length - agreeing.length);
  });

  it('without a file nothing new is given until the chat is back and agrees', async () => {
    const { world } = await onDisk();
    world.chat.fail('down', 1);
    await begin(world.tools);
    expect([await heldOn(world), await heldOn(world, 'billing')]).toEqual(['unchecked', 'unchecked']);
    await world.pass(60, 5);
    expect(await heldOn(world)).toBe('unchecked');
    world.chat.fail('down', 0);
    await world.pass(120, 5);
    expect([await heldOn(world), await heldOn(world, 'billing')]).toEqual([undefined, undefined]);
    expect(await typesIn(world.store)).not.toContain('log.rolled_back');
  });

  it('… and a restart that finds it back releases it as well', async () => {
    const { world } = await onDisk();
    world.chat.fail('down', 1);
    await begin(world.tools);
    world.chat.fail('down', 0);
    world.restart();
    await begin(world.tools);
    expect(await heldOn(world)).toBeUndefined();
  });

  it('a chat that hangs delays the start by 2 seconds and no more', async () => {
    const { world } = await onDisk();
    world.hook = (call, proceed) => (call.method === 'lastKeys' ? new Promise(() => {}) : proceed());
    let isBegun = false;
    const from = world.clock.now();
    const begun = begin(world.tools).then(() => {
      isBegun = true;
    });
    while (!isBegun) {
      for (let turns = 0; turns < 5; turns += 1) await setImmediate();
      await world.clock.advance(500);
    }
    await begun;
    expect(world.clock.now() - from).toBeLessThanOrEqual(3_000);
    expect(await heldOn(world)).toBe('unchecked');
  });
});

describe('F13 in a target without marks: people choose', () => {
  const notes = (world: World) =>
    world.chat.sent.filter(
      ({ message }) => message.kind === 'note' && textOf(message).includes('no live pass accounts'),
    );

  async function asked(): Promise<World> {
    const { copy, ...kept } = await withPassAfterBackup({ marks: 'none' });
    // The store knows only whom it met: kim asked before the backup was made, mia did not.
    kept.world.fake.giveByHand('acct:ana@acme.test', 'readonly');
    const { world } = await putBack(kept, copy, { marks: 'none' });
    await world.inbox.command({ ...world.origin('mia'), text: 'prod-db-readonly 1h again' });
    await world.inbox.command({ ...world.origin('kim'), text: 'prod-db-readonly 1h again' });
    await world.pass(30, 5);
    await begin(world.tools);
    await world.pass(30, 5);
    return world;
  }

  it('nothing is taken by guess; the list is made, then new passes are given again', async () => {
    const world = await asked();
    expect(world.fake.target.has(HOLDER, 'readonly')).toBe(true);
    expect(await orphans(world.store)).toEqual([]);
    expect(notes(world).map(({ message }) => textOf(message))).toEqual([
      expect.stringContaining('Mia has Read production data in prod-db as mia@acme.test'),
    ]);
    expect(notes(world)[0]?.ref.channel).toBe('C-AUDIT');
    expect(await heldOn(world)).toBeUndefined();
  });

  it('what a look does not show yet is found by the second one, a settle time later', async () => {
    const { copy, ...kept } = await withPassAfterBackup({ marks: 'none', settleSeconds: 20 });
    const { world } = await putBack(kept, copy, { marks: 'none', settleSeconds: 20 });
    await world.inbox.command({ ...world.origin('mia'), text: 'prod-db-readonly 1h again' });
    await world.pass(30, 5);
    world.fake.takeByHand(HOLDER, 'readonly');
    world.fake.target.freeze(HOLDER, 'readonly', 15_000);
    world.fake.giveByHand(HOLDER, 'readonly');
    await begin(world.tools);
    await world.pass(10, 5);
    expect(notes(world)).toEqual([]);
    expect(await heldOn(world)).toBe('rolled_back');
    await world.pass(20, 5);
    expect(notes(world)).toHaveLength(1);
    expect(await heldOn(world)).toBeUndefined();
  });

  it('Revoke takes it back as a pass like any other; the buttons go, and a second press is explained', async () => {
    const world = await asked();
    const [found] = notes(world);
    if (!found) throw new Error('nobody was asked');
    const before = found.message;
    await world.press('sam', 'take_back', before, found.ref);
    await world.pass(30, 5);
    expect(world.fake.target.holdings().filter(({ principal }) => principal.id === HOLDER)).toEqual([]);
    expect(await orphans(world.store)).toMatchObject([{ status: 'revoked' }]);
    expect(textOf(found.message)).toContain('Sam chose to take it back');
    expect(found.message.kind === 'note' && found.message.buttons).toBeUndefined();
    await world.press('sam', 'keep', before, found.ref);
    await world.pass(10, 5);
    expect(world.private('sam').at(-1) ?? auditLines(world)).toContain('decided or has ended already');
    const decided = (await world.store.leaves(0, 999)).filter(({ type }) => type === 'found.decided');
    expect(decided).toHaveLength(1);
  });

  it('Keep leaves it, and nobody is asked about it again, not even after another rollback', async () => {
    const world = await asked();
    const [found] = notes(world);
    if (!found) throw new Error('nobody was asked');
    await world.press('sam', 'keep', found.message, found.ref);
    await world.pass(30, 5);
    expect(world.fake.target.has(HOLDER, 'readonly')).toBe(true);
    expect(textOf(found.message)).toContain('Sam chose that it stays');
    await world.pass(2 * 24 * 3600, 3600);
    expect(notes(world)).toHaveLength(1);
  });

  it('who is not security chooses nothing, nor does anybody elsewhere or with a value of their own', async () => {
    const world = await asked();
    const [found] = notes(world);
    if (!found) throw new Error('nobody was asked');
    await world.press('ana', 'take_back', found.message, found.ref);
    const value = found.message.buttons?.[0]?.value ?? '';
    await world.inbox.press({ ...world.origin('sam'), action: 'take_back', value });
    const at = world.origin('sam', found.ref);
    await world.inbox.press({ ...at, action: 'take_back', value: 'find_00000000000000000000000000' });
    await world.pass(30, 5);
    expect(world.fake.target.has(HOLDER, 'readonly')).toBe(true);
    const codes = (await world.store.leaves(0, 999))
      .filter(({ type }) => type === 'decision.refused')
      .map(({ leaf }) => JSON.parse(leaf).data.code);
    expect(codes.slice(-3).sort()).toEqual(['not_security', 'outdated', 'wrong_status']);
  });

  it('unanswered, the question comes again each day', async () => {
    const world = await asked();
    await world.pass(2 * 24 * 3600 + 3600, 3600);
    expect(notes(world)).toHaveLength(3);
    const last = notes(world).at(-1);
    if (!last) throw new Error('nobody was asked');
    await world.press('sam', 'keep', last.message, last.ref);
    await world.pass(24 * 3600, 3600);
    expect(notes(world)).toHaveLength(3);
  });
});
