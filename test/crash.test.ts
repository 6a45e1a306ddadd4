// The program is stopped dead at any one of its calls to store, chat and target, and started again on what is left; people
// press again, time passes. Whatever the point and whatever the target does: access ends, nothing else is taken, every
// thing is told once, and the log proves itself. Set HALLPASS_CRASH=all to try every point instead of a sample.
import { describe, expect, it } from 'vitest';
import { broken } from './crash/laws.ts';
import { type LifeOptions, live } from './crash/life.ts';
import { nameOf, TROUBLES, type Tried, tryLives } from './crash/plan.ts';

const ALL = process.env['HALLPASS_CRASH'] === 'all';
/** Of the sample: another number tries other points. */
const SEED = 20_261_122;
const PATIENCE_MS = ALL ? 3_600_000 : 300_000;

/** About `count` points spread over the whole life, the same in every run. */
function sampled(count: number, salt: number) {
  return <T>(points: readonly T[]): readonly T[] => {
    const gap = ALL ? 1 : Math.max(1, Math.floor(points.length / count));
    return points.filter((_, index) => index % gap === (SEED + salt * 7) % gap);
  };
}

async function tryAll(what: string, kinds: readonly LifeOptions[], count: number): Promise<void> {
  const tried: Tried = { lives: 0, crashes: 0, calls: 0, violations: [] };
  for (const [salt, kind] of kinds.entries()) await tryLives(kind, sampled(count, salt), tried);
  const figures = `${tried.lives} lives of ${kinds.length} kinds, ${tried.crashes} stopped, ${tried.violations.length} violations`;
  console.log(`crash, ${what}: ${figures}; seed ${ALL ? 'none, every point' : SEED}`);
  expect(tried.violations.slice(0, 10)).toEqual([]);
  expect(tried.crashes).toBeGreaterThanOrEqual(kinds.length);
}

const ENDINGS = ['returned', 'deadline'] as const;

describe('stopped at any call', () => {
  it('a target that works', { timeout: PATIENCE_MS }, async () => {
    await tryAll(
      'a target that works',
      ENDINGS.map((ending) => ({ ending })),
      40,
    );
  });

  it('access that was there before', { timeout: PATIENCE_MS }, async () => {
    const kinds = ENDINGS.flatMap((ending) => (['before', 'meanwhile'] as const).map((had) => ({ ending, had })));
    await tryAll('access that was there before', kinds, 6);
  });

  it('targets that end sessions, or end grants by themselves', { timeout: PATIENCE_MS }, async () => {
    const kinds = ENDINGS.flatMap((ending): LifeOptions[] => [
      { ending, sessions: 'ended' },
      { ending, expiresItself: true },
    ]);
    await tryAll('kinds of targets', kinds, 5);
  });

  it.each(ENDINGS)('a target in trouble, %s', { timeout: PATIENCE_MS }, async (ending) => {
    await tryAll(
      `${TROUBLES.length} troubles, ${ending}`,
      TROUBLES.map((trouble) => ({ ending, trouble })),
      3,
    );
  });
});

describe('the laws see what is wrong', () => {
  it('a message told twice, a name kept, a holding left', { timeout: PATIENCE_MS }, async () => {
    const options = { ending: 'returned' } as const;
    const { world, violations } = await live(options);
    expect([nameOf(options), violations, await broken(world)]).toEqual(['returned', [], []]);
    const reply = world.chat.sent.findLast(({ place }) => place.kind === 'thread');
    if (reply) world.chat.sent.push(reply);
    const commit = { claims: [{ key: 'live:["fake:fake-1/readonly","acct:mia@acme.test"]', owner: 'nobody' }] };
    await world.store.commit(commit);
    const principal = { id: 'acct:mia@acme.test', name: 'mia' };
    world.fake.target.put({ principal, role: 'readonly', grantId: 'pass_x', endsAt: undefined, state: 'whole' });
    const found = (await broken(world)).join('\n');
    for (const what of ['posted twice', 'never released', 'left in the target']) expect(found).toContain(what);
    await world.close();
  });

  it('access that outlives its end', { timeout: PATIENCE_MS }, async () => {
    const never = { kind: 'timed_out' } as const;
    const trouble = { name: 'never revoked', call: 'revoke', outcomes: Array<typeof never>(999).fill(never) } as const;
    const { world, violations } = await live({ ending: 'returned', trouble });
    expect(violations).toContainEqual(expect.stringMatching(/^present \d+ s after its end$/));
    expect((await broken(world)).join('\n')).toContain('left in the target');
    await world.close();
  });
});
