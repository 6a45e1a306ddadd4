// Access always ends: at the deadline, early, with a target that is down for hours, refuses, shows old answers or is not
// even configured any more; and people hear of it, louder and louder (threats E01 to E07, F05 to F08, F16, F17; laws 2, 4).
import { describe, expect, it } from 'vitest';
import { sweep } from '../../src/operations/sweep.ts';
import { textOf } from '../fakes/fake-chat.ts';
import { catalogOf, OTHER_ROLE, ROLE, type World } from '../world.ts';
import { approve, asked, auditLines, eventsOf, HOLDER, passOf, typesOf, worldWith } from './stories.ts';

const has = (world: World) => world.fake.target.has(HOLDER, 'readonly');
const HOUR = 3600;

/** Seconds after its end at which the access was proven gone. */
async function lagOf(world: World): Promise<number> {
  const revoked = (await eventsOf(world)).find((event) => event.type === 'grant.revoked');
  if (revoked?.type !== 'grant.revoked') throw new Error('it has not ended');
  return revoked.data.lagSeconds;
}

describe('a target that does not let go', () => {
  it('F06: down for 6 hours: alarmed within 3 minutes, again and again, and taken within 6 minutes of its return', async () => {
    const world = await worldWith();
    await world.livePass();
    const { expiresAt } = await passOf(world);
    await world.pass(HOUR - 30, 10);
    world.fake.script.always({ kind: 'unreachable' });
    await world.pass(30 + 180, 5);
    expect(auditLines(world).match(/ALARM: access is overdue/g)).toHaveLength(1);
    expect(textOf(world.card().message)).toContain('OVERDUE');
    await world.pass(6 * HOUR - 180, 20);
    const alarms = auditLines(world).match(/ALARM: access is overdue/g) ?? [];
    expect(alarms.length).toBeGreaterThanOrEqual(23);
    expect(alarms.length).toBeLessThanOrEqual(25);
    expect(has(world)).toBe(true);
    const gaps = await attemptGaps(world);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(320);
    // Close together until people are alarmed (S1).
    const inTime = gaps.filter((_gap, at) => gaps.slice(0, at + 1).reduce((sum, gap) => sum + gap, 0) < 120);
    expect(inTime.length).toBeGreaterThanOrEqual(8);
    expect(Math.max(...inTime)).toBeLessThanOrEqual(20);

    world.fake.script.always({ kind: 'ok' });
    const back = world.clock.now();
    while (has(world) && world.clock.now() < back + 1000_000) await world.pass(5, 5);
    await world.pass(10, 5);
    expect((await passOf(world)).status).toBe('revoked');
    expect(world.clock.now() - back).toBeLessThanOrEqual(360_000);
    expect(await lagOf(world)).toBe(Math.ceil(((await revokedAt(world)) - expiresAt) / 1000));
  });

  it('F07: refused for an hour for a rotated credential: never given up, the alarm names the fault, then taken', async () => {
    const world = await worldWith();
    await world.livePass();
    world.fake.script.always({ kind: 'refused' }, 'revoke');
    await world.say('mia', 'return');
    await world.pass(HOUR, 10);
    expect((await passOf(world)).status).toBe('revoking');
    expect(auditLines(world)).toContain('(refused)');
    world.fake.script.always({ kind: 'ok' }, 'revoke');
    await world.pass(320, 5);
    expect((await passOf(world)).status).toBe('revoked');
  });

  it('a target that is not configured any more: it keeps trying and alarms, and ends it when it is back', async () => {
    const world = await worldWith();
    await world.livePass();
    world.restart({ catalog: catalogOf([OTHER_ROLE], 'policy-2'), targets: ['billing'] });
    await world.pass(HOUR + 200, 10);
    expect((await passOf(world)).status).toBe('revoking');
    expect(auditLines(world)).toContain('(target_not_configured)');
    expect(textOf(world.card().message)).toContain('OVERDUE');
    expect(has(world)).toBe(true);
    world.restart({ targets: ['prod-db', 'billing'] });
    await world.pass(320, 5);
    expect(has(world)).toBe(false);
    expect((await passOf(world)).status).toBe('revoked');
  });

  it('somebody else gave the same access meanwhile: ours is taken, theirs stays, and people are told that it is there', async () => {
    const world = await worldWith();
    await world.livePass();
    world.fake.giveByHand(HOLDER, 'readonly');
    await world.say('mia', 'return');
    await world.pass(300, 5);
    expect(has(world)).toBe(true);
    expect(world.fake.target.holdings().filter(({ grantId }) => grantId !== undefined)).toEqual([]);
    expect(auditLines(world)).toContain('(still_present)');
    world.fake.takeByHand(HOLDER, 'readonly');
    await world.pass(320, 5);
    expect((await passOf(world)).status).toBe('revoked');
  });

  it('“cannot tell” is not “absent”', async () => {
    const world = await worldWith();
    await world.livePass();
    world.fake.script.always({ kind: 'unknown' }, 'inspect');
    await world.say('mia', 'return');
    await world.pass(200, 5);
    expect((await passOf(world)).status).toBe('revoking');
    expect(auditLines(world)).toContain('(unknown)');
  });
});

describe('looks that lie', () => {
  it('F16: a read-back that shows old answers for 30 s: ended only after it is truly absent', async () => {
    const world = await worldWith({ settleSeconds: 30 });
    world.fake.script.always({ kind: 'stale', ms: 30_000 }, 'grant', 'revoke');
    await world.livePass();
    await world.pass(60);
    expect((await passOf(world)).status).toBe('active');
    await world.say('mia', 'return');
    for (let passed = 0; passed < 300; passed += 1) {
      await world.pass(1);
      if ((await passOf(world)).status === 'revoked') break;
    }
    expect(has(world)).toBe(false);
    const seen = (await eventsOf(world)).filter(({ type }) => type === 'revoke.seen_absent').at(-1)?.at ?? 0;
    expect(await revokedAt(world)).toBeGreaterThanOrEqual(seen + 30_000);
  });

  it('law 4: absent at the first look, there at the second: it goes on', async () => {
    const world = await worldWith();
    await world.livePass();
    let looks = 0;
    world.hook = (call, proceed) => {
      if (call.method === 'revoke') return Promise.resolve(undefined);
      looks += call.method === 'inspect' ? 1 : 0;
      return call.method === 'inspect' && looks === 1 ? Promise.resolve('absent') : proceed();
    };
    await world.say('mia', 'return');
    await world.pass(20);
    expect((await passOf(world)).status).toBe('revoking');
    world.hook = undefined;
    await world.pass(60);
    expect((await passOf(world)).status).toBe('revoked');
  });

  it('F17: sessions are ended too, and it is not over while one lives', async () => {
    const world = await worldWith({ sessions: 'ended' });
    await world.livePass();
    const session = world.fake.target.openSession(HOLDER, 'readonly');
    const second = world.fake.target.openSession(HOLDER, 'readonly');
    world.fake.script.next('endSessions', { kind: 'partial' });
    await world.say('mia', 'return');
    await world.settle();
    expect([session.alive(), second.alive()]).toContain(true);
    expect((await passOf(world)).status).toBe('revoking');
    await world.pass(30);
    expect([session.alive(), second.alive()]).toEqual([false, false]);
    expect((await passOf(world)).status).toBe('revoked');
    expect(await lagOf(world)).toBeLessThanOrEqual(10);
    expect(world.chat.threadOf(world.card().ref).at(-1)).toContain('1 open session ended.');
  });
});

describe('one target in trouble', () => {
  it('F08: keeps no other from its end', async () => {
    const world = await worldWith({ catalog: catalogOf([ROLE, OTHER_ROLE]) });
    await world.livePass();
    await asked(world, 'billing-support 1h ticket 9');
    await approve(world, 'ana');
    await world.pass(15);
    world.fake.script.always({ kind: 'unreachable' });
    const held = () => world.billing.target.has(HOLDER, 'support');
    expect(held()).toBe(true);
    await world.pass(HOUR + 15, 5);
    expect(held()).toBe(false);
    expect((await passOf(world)).status).toBe('revoked');
    expect(await lagOf(world)).toBeLessThanOrEqual(15);
  });

  it('a row that cannot be swept keeps no other from its end either', async () => {
    const world = await worldWith({ catalog: catalogOf([ROLE, OTHER_ROLE]) });
    await world.livePass();
    await asked(world, 'billing-support 1h ticket 9');
    await approve(world, 'ana');
    await world.pass(15);
    const [billing, prod] = await world.store.liveGrants({}, 9);
    world.hook = (call, proceed) =>
      call.port === 'store' && call.method === 'grant' && call.args[0] === prod?.row.id
        ? Promise.reject(new Error('a damaged row'))
        : proceed();
    await world.pass(HOUR + 60, 5);
    expect((await world.store.grant(billing?.row.id ?? ''))?.row.status).toBe('revoked');
    expect(world.errors).toContain('a row could not be swept; it is looked at again at the next sweep');
    world.hook = undefined;
    await world.pass(60);
    expect(has(world)).toBe(false);
  });
});

describe('time', () => {
  it('E07: two hours without a program: everything due is ordered before the first sweep returns', async () => {
    const world = await worldWith();
    await world.livePass();
    await world.clock.advance(2 * HOUR * 1000);
    world.restart();
    expect(await sweep(world.tools)).toBe(1);
    expect((await passOf(world)).status).toBe('revoking');
    // It is an hour late: that is alarmed about at once.
    expect([await sweep(world.tools), await sweep(world.tools)]).toEqual([1, 0]);
    await world.pass(10);
    expect((await passOf(world)).status).toBe('revoked');
    expect(has(world)).toBe(false);
  });

  it('E01: another clock in the program than in the store changes no end', async () => {
    const world = await worldWith();
    await world.livePass();
    const { expiresAt } = await passOf(world);
    const { clock } = world;
    world.tools = { ...world.tools, clock: { ...clock, now: () => clock.now() + 600_000 } };
    await world.pass(HOUR - 60, 10);
    expect(has(world)).toBe(true);
    await world.pass(120, 10);
    expect(has(world)).toBe(false);
    expect((await passOf(world)).expiresAt).toBe(expiresAt);
    expect(await lagOf(world)).toBeLessThanOrEqual(20);
  });

  it('E02: a clock that is set back an hour neither brings access back nor lets it live longer', async () => {
    const world = await worldWith();
    await world.livePass();
    await world.pass(HOUR - 100, 10);
    await world.clock.advance(-HOUR * 1000);
    await world.pass(200, 5);
    expect(has(world)).toBe(false);
    expect((await passOf(world)).status).toBe('revoked');
  });

  it('law 12: every job is lost: the sweep brings back what ends access', async () => {
    const world = await worldWith();
    await world.livePass();
    world.fake.script.always({ kind: 'unreachable' }, 'revoke');
    await world.say('mia', 'return');
    await world.settle();
    await loseJobs(world);
    world.fake.script.always({ kind: 'ok' }, 'revoke');
    await world.pass(500, 5);
    expect((await passOf(world)).status).toBe('revoked');
  });
});

/** Jobs are claimed, and the claims never come to anything: as if their rows had gone. */
async function loseJobs(world: World): Promise<void> {
  for (;;) {
    await world.clock.advance(1_000_000);
    const jobs = await world.store.claim({
      owner: 'loses',
      limit: 100,
      leaseMs: 1000,
      pace: () => ({ everyMs: 0, burst: 1, atOnce: 100 }),
    });
    if (jobs.length === 0) return;
    for (const hold of jobs) await world.store.commit({ hold, finish: true });
  }
}

async function revokedAt(world: World): Promise<number> {
  const grant = await passOf(world);
  return grant.status === 'revoked' ? grant.revokedAt : Number.NaN;
}

async function attemptGaps(world: World): Promise<readonly number[]> {
  const at = (await eventsOf(world)).filter(({ type }) => type === 'revoke.attempt_failed').map((event) => event.at);
  return at.slice(1).map((time, index) => (time - (at[index] ?? 0)) / 1000);
}

describe('law 2: what is ordered is told', () => {
  it('the thread tells order, lateness and end, each once', async () => {
    const world = await worldWith();
    await world.livePass();
    world.fake.script.always({ kind: 'unreachable' }, 'revoke');
    await world.say('mia', 'return');
    await world.pass(150, 5);
    world.fake.script.always({ kind: 'ok' }, 'revoke');
    await world.pass(400, 5);
    const types = (await typesOf(world)).filter((type) => type.startsWith('revoke.') || type === 'grant.revoked');
    expect(types.filter((type) => type === 'revoke.attempt_failed').length).toBeGreaterThan(9);
    const told = world.chat.threadOf(world.card().ref).slice(-3);
    expect(told[0]).toContain('Ending: it was given back (Mia).');
    expect(told[1]).toMatch(/^Overdue: /);
    expect(told[2]).toMatch(/^Access has ended\. Looked twice in prod-db: it is gone, .* late\.$/);
  });
});
