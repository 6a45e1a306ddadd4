// The second path (S2): every alarm reaches pagers as well as the audit channel, whatever of the two is dead, again and again until
// the access is gone; what waiting does not mend is told at once (F07); whoever owns the target hears it; and a pager that is dead
// is itself an alarm and holds up nothing.
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startRunner } from '../../src/operations/runner.ts';
import { sweep } from '../../src/operations/sweep.ts';
import { textOf } from '../fakes/fake-chat.ts';
import { type FakePager, fakePager } from '../fakes/fake-pager.ts';
import { catalogOf, OTHER_ROLE, ROLE, type World, type WorldOptions } from '../world.ts';
import { approve, asked, eventsOf, passOf, worldWith } from './stories.ts';

const HOUR = 3600;
const OWNED = { ...catalogOf(), targets: { 'prod-db': { name: 'prod-db', adapter: 'fake', owner: 'dbas' } } };

/** Two pagers, and a live pass that ends in half a minute in a target that does not answer any more. */
async function aboutToEnd(options: WorldOptions = {}): Promise<{
  readonly world: World;
  readonly pager: FakePager;
  readonly other: FakePager;
  readonly expiresAt: number;
}> {
  const [pager, other] = [fakePager('oncall'), fakePager('mail')];
  const world = await worldWith({ pagers: [pager, other], ...options });
  await world.livePass();
  const { expiresAt } = await passOf(world);
  await world.pass(HOUR - 60, 30);
  world.fake.script.always({ kind: 'unreachable' });
  return { world, pager, other, expiresAt };
}

function alarms(world: World): readonly string[] {
  return world.chat.sent
    .filter(({ ref }) => ref.channel === 'C-AUDIT')
    .map(({ message }) => textOf(message))
    .filter((text) => text.includes('ALARM'));
}
const overdueAlarms = (world: World) => alarms(world).filter((text) => text.startsWith('ALARM: access is overdue.'));
const codes = ({ pages }: FakePager) => pages.map(({ code }) => code);

async function raised(world: World): Promise<readonly (readonly [code: string, facts: object])[]> {
  const { size } = await world.store.ledgerHead();
  const events = await Promise.all(Array.from({ length: size }, (_, at) => world.store.event(at)));
  return events.flatMap((stored) =>
    stored?.event.type === 'alarm.raised' ? [[stored.event.data.code, stored.event.data.facts] as const] : [],
  );
}

describe('overdue', () => {
  it('goes out on both paths within three minutes of the deadline, and says what the other says', async () => {
    const { world, pager, other, expiresAt } = await aboutToEnd();
    await world.pass(30 + 180, 5);
    expect(overdueAlarms(world)).toHaveLength(1);
    const { id } = await passOf(world);
    for (const { pages } of [pager, other]) {
      const [page, ...more] = pages;
      expect(more).toEqual([]);
      expect(page).toEqual({
        key: 'revoke-overdue:prod-db',
        code: 'revoke-overdue',
        title: `ALARM: access is overdue. Pass ${id}.`,
        lines: [
          expect.stringMatching(
            new RegExp(
              `^ALARM: access is overdue. Pass ${id} should have ended 2 min( \\d+ s)? ago and is not proven gone \\(unreachable\\)\\.$`,
            ),
          ),
          'Hallpass keeps trying. Look at the target now. Run-book: revoke-overdue.',
        ],
        at: expect.any(Number),
        organization: 'acme',
        runBook: 'docs/run-book.md#revoke-overdue',
      });
      expect((page?.at ?? 0) - expiresAt).toBeLessThanOrEqual(180_000);
      expect(page?.lines.join(' ')).toBe(overdueAlarms(world)[0]);
    }
  });

  it('is repeated every 15 minutes for as long as it lasts, never closed by itself, and over when the access is gone', async () => {
    const { world, pager } = await aboutToEnd();
    await world.pass(6 * HOUR, 20);
    expect(codes(pager).every((code) => code === 'revoke-overdue')).toBe(true);
    expect(pager.pages.length).toBeGreaterThanOrEqual(23);
    expect(pager.pages.length).toBeLessThanOrEqual(25);
    const gaps = pager.pages.slice(1).map(({ at }, index) => (at - (pager.pages[index]?.at ?? 0)) / 1000);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(900);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(960);
    expect(overdueAlarms(world)).toHaveLength(pager.pages.length);
    expect((await passOf(world)).status).toBe('revoking');
    world.fake.script.always({ kind: 'ok' });
    await world.pass(360, 5);
    expect((await passOf(world)).status).toBe('revoked');
    const before = pager.pages.length;
    await world.pass(2 * HOUR, 30);
    expect(pager.pages).toHaveLength(before);
  });

  it('with the chat dead: the pagers hear it in time, and the audit channel when it is back', async () => {
    const { world, pager, other, expiresAt } = await aboutToEnd();
    world.chat.fail('down', 1);
    await world.pass(30 + 180, 5);
    for (const { pages } of [pager, other]) expect((pages[0]?.at ?? 0) - expiresAt).toBeLessThanOrEqual(180_000);
    expect(pager.tries()).toBe(1);
    expect(overdueAlarms(world)).toEqual([]);
    world.chat.fail('down', 0);
    await world.pass(HOUR, 10);
    expect(overdueAlarms(world).length).toBeGreaterThanOrEqual(1);
  });

  it('with a pager dead: audit channel and the other pager hear it in time, and that the pager is dead', async () => {
    const { world, pager, other, expiresAt } = await aboutToEnd();
    pager.trouble = 'unreachable';
    await world.pass(30 + 180, 5);
    expect(overdueAlarms(world)).toHaveLength(1);
    expect((other.pages[0]?.at ?? 0) - expiresAt).toBeLessThanOrEqual(180_000);
    expect(pager.pages).toEqual([]);
    await world.pass(15 * 60, 10);
    expect(alarms(world).filter((text) => text.includes('pager failing'))).toEqual([
      'ALARM: pager failing. Pager oncall: unreachable. It has taken no page for ten minutes: whoever relies on it hears of no alarm. Look at its settings and at the other side. Hallpass keeps trying. Run-book: pager-failing.',
    ]);
    expect(codes(other).filter((code) => code === 'pager-failing')).toHaveLength(1);
    await world.pass(2 * HOUR, 20);
    expect(codes(other).filter((code) => code === 'pager-failing')).toHaveLength(3);

    pager.trouble = undefined;
    await world.pass(300, 5);
    expect(codes(pager)).not.toContain('pager-failing');
    expect(pager.pages[0]?.lines.at(-1)).toMatch(
      /^This page is \d+ (?:min|h).* late: oncall did not take it before\.$/,
    );
    pager.trouble = 'refused';
    await world.pass(40 * 60, 20);
    expect(codes(other).filter((code) => code === 'pager-failing')).toHaveLength(4);
  });

  it('with both dead, and both back: told on both, late, and the end as soon as the target is back', async () => {
    const { world, pager, other } = await aboutToEnd();
    for (const one of [pager, other]) one.trouble = 'busy';
    world.chat.fail('down', 1);
    await world.pass(2 * HOUR, 20);
    world.fake.script.always({ kind: 'ok' });
    await world.pass(360, 5);
    expect((await passOf(world)).status).toBe('revoked');
    expect([pager.pages, other.pages, overdueAlarms(world)]).toEqual([[], [], []]);

    for (const one of [pager, other]) one.trouble = undefined;
    world.chat.fail('down', 0);
    await world.pass(400, 5);
    expect(overdueAlarms(world).length).toBeGreaterThanOrEqual(1);
    for (const { pages } of [pager, other]) {
      const page = pages.find(({ code }) => code === 'revoke-overdue');
      expect(page?.lines.slice(-2)).toEqual([
        'By now this pass has ended: its access was seen gone.',
        expect.stringMatching(/^This page is 2 h .* late/),
      ]);
    }
  });

  it('of several passes in one target is one matter: one key, and the page says how many there are', async () => {
    const pager = fakePager();
    const world = await worldWith({ pagers: [pager] });
    await world.livePass();
    for (const user of ['ana', 'kim']) {
      await asked(world, 'prod-db-readonly 1h fix INC-42', user);
      await approve(world, 'ben');
    }
    world.fake.script.always({ kind: 'unreachable' });
    await world.pass(HOUR + 240, 5);
    const ids = (await world.store.liveGrants({ target: 'prod-db' }, 9)).map(({ row }) => row.id);
    expect(ids).toHaveLength(3);
    expect(new Set(pager.pages.map(({ key }) => key))).toEqual(new Set(['revoke-overdue:prod-db']));
    expect(pager.pages.at(-1)?.lines.at(-1)).toBe(`In all 3 passes are overdue in prod-db: ${ids.join(', ')}.`);
    expect(overdueAlarms(world).at(-1)).toContain('In all 3 passes are overdue in prod-db');
  });

  it('stays apart by target', async () => {
    const pager = fakePager();
    const world = await worldWith({ pagers: [pager], catalog: catalogOf([ROLE, OTHER_ROLE]) });
    await world.livePass();
    await asked(world, 'billing-support 1h ticket 9');
    await approve(world, 'ana');
    for (const target of [world.fake, world.billing]) target.script.always({ kind: 'unreachable' });
    await world.pass(HOUR + 240, 5);
    expect(new Set(pager.pages.map(({ key }) => key))).toEqual(
      new Set(['revoke-overdue:prod-db', 'revoke-overdue:billing']),
    );
    expect(pager.pages.every(({ lines }) => !lines.join(' ').includes('In all'))).toBe(true);
  });
});

describe('what waiting does not mend', () => {
  it.each([
    ['refused', 'refused'],
    ['bug', undefined],
    ['busy', undefined],
    ['unreachable', undefined],
  ] as const)('%s: told at once: %s', async (kind, fault) => {
    const pager = fakePager();
    const world = await worldWith({ pagers: [pager] });
    await world.livePass();
    world.fake.script.always({ kind }, 'revoke');
    await world.say('mia', 'return');
    await world.pass(10);
    expect(await raised(world)).toEqual(fault ? [['revoke_refused', { target: 'prod-db', fault }]] : []);
    expect(codes(pager)).toEqual(fault ? ['revoke-refused'] : []);
  });

  it('F07: refused for an hour: said once with its name, in the thread too; overdue as well; mended, it ends', async () => {
    const pager = fakePager();
    const world = await worldWith({ pagers: [pager] });
    const card = await world.livePass();
    world.fake.script.always({ kind: 'refused' }, 'revoke');
    await world.say('mia', 'return');
    await world.pass(HOUR, 10);
    const { id } = await passOf(world);
    expect(alarms(world).filter((text) => text.includes('revoke refused'))).toEqual([
      `ALARM: revoke refused. Pass ${id}, target prod-db: refused. The target does not let Hallpass take the access back, and waiting will not mend that. Take it away in the target by hand now, then mend the cause. Hallpass keeps trying. Run-book: revoke-refused.`,
    ]);
    expect(codes(pager)[0]).toBe('revoke-refused');
    expect(codes(pager).filter((code) => code === 'revoke-overdue').length).toBeGreaterThanOrEqual(3);
    expect(world.chat.threadOf(card.ref)).toContain(
      'prod-db does not let Hallpass take the access back (refused). People were alarmed; Hallpass keeps trying.',
    );
    world.fake.script.always({ kind: 'ok' }, 'revoke');
    await world.pass(320, 5);
    expect((await passOf(world)).status).toBe('revoked');
  });

  it('another fault, and the same in another ending, are told again', async () => {
    const world = await worldWith();
    await world.livePass();
    world.fake.script.always({ kind: 'refused' }, 'revoke');
    await world.say('mia', 'return');
    await world.pass(30);
    world.restart({ catalog: catalogOf([OTHER_ROLE], 'policy-2'), targets: ['billing'] });
    await world.pass(320, 5);
    expect((await raised(world)).filter(([code]) => code === 'revoke_refused').map(([, facts]) => facts)).toEqual([
      { target: 'prod-db', fault: 'refused' },
      { target: 'prod-db', fault: 'target_not_configured' },
    ]);
  });
});

describe('whoever owns the target', () => {
  it('is told privately what cannot be ended there, and that it is overdue', async () => {
    const world = await worldWith({ catalog: OWNED });
    await world.livePass();
    world.fake.script.always({ kind: 'refused' }, 'revoke');
    await world.say('mia', 'return');
    await world.pass(240, 5);
    for (const user of ['ana', 'ben'])
      expect(
        world
          .private(user)
          .filter((text) => text.startsWith('ALARM'))
          .map((text) => text.slice(0, 30)),
      ).toEqual(['ALARM: revoke refused. Pass pa', 'ALARM: access is overdue. Pass']);
    expect(world.private('sam').filter((text) => text.startsWith('ALARM'))).toEqual([]);
  });

  it('hears it later when the chat is down, and nothing else waits for that', async () => {
    const pager = fakePager();
    const world = await worldWith({ catalog: OWNED, pagers: [pager] });
    await world.livePass();
    world.fake.script.always({ kind: 'refused' }, 'revoke');
    await world.say('mia', 'return');
    world.chat.fail('down', 1);
    await world.pass(60, 5);
    expect(codes(pager)).toEqual(['revoke-refused']);
    world.chat.fail('down', 0);
    await world.pass(400, 5);
    expect(world.private('ben').join(' ')).toContain('ALARM: revoke refused.');
  });
});

describe('a pager', () => {
  it('is told again whatever is wrong, at most five minutes apart', async () => {
    const { world, pager } = await aboutToEnd();
    for (const trouble of ['refused', 'invalid', 'busy', 'unreachable'] as const) {
      pager.trouble = trouble;
      const before = pager.tries();
      await world.pass(20 * 60, 10);
      expect(pager.tries() - before).toBeGreaterThanOrEqual(3);
    }
    pager.trouble = undefined;
    await world.pass(300, 5);
    expect(pager.pages.length).toBeGreaterThanOrEqual(1);
  });

  it('that is not configured any more is let go', async () => {
    const pagers = [fakePager('oncall')];
    const world = await worldWith({ pagers });
    await world.livePass();
    const [pager] = pagers;
    if (pager) pager.trouble = 'unreachable';
    world.fake.script.always({ kind: 'refused' }, 'revoke');
    await world.say('mia', 'return');
    await world.pass(20);
    world.tools = { ...world.tools, pagers: [] };
    await world.pass(300, 10);
    expect((await world.store.counts())['jobs']).toBeLessThanOrEqual(2);
    expect((await eventsOf(world)).some(({ type }) => type === 'revoke.overdue')).toBe(true);
  });

  it('and nobody else are told of alarms about no pass', async () => {
    const pager = fakePager();
    const world = await worldWith({ pagers: [pager], catalog: OWNED });
    await world.inbox.changed({ kind: 'uninstalled', id: 'T01' });
    await world.pass(5);
    expect(pager.pages.map(({ key, title }) => [key, title])).toEqual([
      ['chat-uninstalled:acme', 'ALARM: chat uninstalled.'],
    ]);
    expect(world.private('ana')).toEqual([]);
  });
});

describe('through the real runner, on the virtual clock', () => {
  /** As the program runs: the runner in the background, ticks, and time that goes on. */
  async function runFor(world: World, seconds: number, isOver: () => boolean | Promise<boolean> = () => false) {
    for (let passed = 0; passed < seconds; passed += 1) {
      await world.clock.advance(1000);
      if (passed % 5 === 0) await sweep(world.tools);
      for (let turns = 0; turns < 30; turns += 1) await setImmediate();
      if (await isOver()) return;
    }
  }

  it('F08: a target that hangs 20 s a call with 500 due: the pass in the other ends within 15 s, and the alarms go out in time', async () => {
    const [pager, hanging] = [fakePager('oncall'), fakePager('mail')];
    hanging.trouble = 'silent';
    const world = await worldWith({ catalog: catalogOf([ROLE, OTHER_ROLE]), pagers: [pager, hanging] });
    await asked(world, 'billing-support 2m ticket 9');
    await approve(world, 'ana');
    const { id, expiresAt } = await passOf(world);
    await manyPasses(world, 500);
    world.fake.script.always({ kind: 'hangs' });
    const runner = startRunner({ ...world.tools, poke: () => runner.poke() });
    await runFor(world, 400, async () => (await world.store.grant(id))?.row.status === 'revoked');
    const ended = (await world.store.grant(id))?.row;
    expect(ended?.status === 'revoked' && (ended.revokedAt - expiresAt) / 1000).toBeLessThanOrEqual(15);
    // The 500 were due a minute earlier: within three minutes somebody hears of every one of them, and not 500 times.
    await runFor(world, 190);
    const all = () =>
      pager.pages.at(-1)?.lines.find((line) => line.startsWith('In all 500 passes are overdue in prod-db'));
    expect(all()).toBeDefined();
    expect(pager.pages.length).toBeLessThanOrEqual(20);
    expect(overdueAlarms(world).length).toBeLessThanOrEqual(20);
    expect(overdueAlarms(world).at(-1)).toContain('In all 500 passes are overdue in prod-db');
    world.fake.script.always({ kind: 'ok' });
    hanging.trouble = undefined;
    await runFor(world, 60);
    await runner.stop();
  }, 120_000);
});

/** Live passes of many people in the first target, which all end in a minute. */
async function manyPasses(world: World, count: number): Promise<void> {
  const now = await world.store.now();
  const [stored] = await world.store.liveGrants({}, 1);
  if (stored?.row.status !== 'active') throw new Error('no pass to copy');
  for (let at = 0; at < count; at += 1) {
    const principal = { id: `acct:p${at}@acme.test`, name: `p${at}` };
    const id = world.ids.next('pass') as typeof stored.row.id;
    const about = { target: 'prod-db', targetKey: `fake:${at}`, principal, entitlement: { role: 'readonly' } };
    const row = { ...stored.row, id, offer: { ...stored.row.offer, ...about }, expiresAt: now + 60_000 };
    await world.store.commit({ writes: [{ kind: 'grant', row, version: 0 }] });
  }
}
