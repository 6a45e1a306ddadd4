// Design, day one: a removed target with live passes boots revoke-only, with an alarm; until it is back nothing new is given.
import { describe, expect, it } from 'vitest';
import { begin } from '../../src/operations/begin.ts';
import { catalogOf, OTHER_ROLE, ROLE, type World } from '../world.ts';
import { auditLines, HOLDER, passOf, sentence, worldWith } from './stories.ts';

const BOTH = catalogOf([ROLE, OTHER_ROLE]);
const HELD = { code: 'access_held', target: '*', why: 'target_removed' } as const;
const count = (world: World, words: RegExp) => (auditLines(world).match(words) ?? []).length;

async function removed(): Promise<World> {
  const world = await worldWith({ catalog: BOTH });
  await begin(world.tools);
  await world.livePass();
  world.restart({ catalog: catalogOf([OTHER_ROLE], 'policy-2'), targets: ['billing'] });
  await begin(world.tools);
  await world.pass(30, 5);
  return world;
}

describe('a target with live passes that is not configured any more', () => {
  it('is told by name, with its passes, and nothing new is given anywhere', async () => {
    const world = await removed();
    const { id } = await passOf(world);
    expect(auditLines(world)).toContain('ALARM: target removed.');
    expect(auditLines(world)).toContain('{"code":"prod-db"}');
    expect(auditLines(world)).toContain(`{"code":"${id}"}`);
    expect(await world.say('kim', 'billing-support 1h a customer calls')).toContain(sentence(HELD));
    expect(world.errors).toEqual([]);
  });

  it('its passes are ended as soon as it is back, and then new ones are given', async () => {
    const world = await removed();
    await world.pass(3600, 30);
    expect((await passOf(world)).status).toBe('revoking');
    world.restart({ catalog: BOTH, targets: ['prod-db', 'billing'] });
    await begin(world.tools);
    await world.pass(330, 5);
    expect(world.fake.target.has(HOLDER, 'readonly')).toBe(false);
    expect((await passOf(world)).status).toBe('revoked');
    expect(await world.say('kim', 'billing-support 1h a customer calls')).toContain('Asked');
  });

  it('is released by the next look at any other target when nothing lives there any more', async () => {
    const world = await removed();
    const grant = await passOf(world);
    // As two people of security close it by hand once it is overdue.
    await world.pass(3600 + 200, 30);
    const stored = await world.store.grant(grant.id);
    if (stored?.row.status !== 'revoking') throw new Error('it is not being ended');
    const { ending, activeAt: _active, receipt: _receipt, ...rest } = stored.row;
    const closed = { ...rest, status: 'force_closed', ending, closedAt: world.clock.now() } as const;
    await world.store.commit({ writes: [{ kind: 'grant', row: closed, version: stored.version }] });
    await world.pass(300, 5);
    expect(await world.store.ownerOf('held:*')).toBeUndefined();
    expect(await world.say('kim', 'billing-support 1h a customer calls')).toContain('Asked');
  });

  it('without live passes nobody is told and nothing is held', async () => {
    const world = await worldWith({ catalog: BOTH });
    await begin(world.tools);
    world.restart({ catalog: catalogOf([OTHER_ROLE], 'policy-2'), targets: ['billing'] });
    await begin(world.tools);
    await world.pass(300, 5);
    expect(count(world, /ALARM/g)).toBe(0);
    expect(await world.say('kim', 'billing-support 1h a customer calls')).toContain('Asked');
  });
});
