// A machine whose clock is far from the store's (threat E01): people are told, it gives nothing new, what is live ends on time.
import { expect, it } from 'vitest';
import { watchSkew } from '../../src/operations/clock-skew.ts';
import type { World } from '../world.ts';
import { approve, asked, passOf, typesOf, worldWith } from './stories.ts';

/** From now on this machine is so many seconds ahead of the store. */
function ahead(world: World, seconds: number): void {
  Object.assign(world.store, { skewMs: () => seconds * 1000 });
}

async function alarms(world: World): Promise<readonly unknown[]> {
  const { size } = await world.store.ledgerHead();
  const events = await Promise.all(Array.from({ length: size }, (_, number) => world.store.event(number)));
  return events.flatMap((stored) => (stored?.event.type === 'alarm.raised' ? [stored.event.data] : []));
}

it.each([
  [2, 0],
  [-2, 0],
  [3, 1],
  [-600, 1],
])('E01: %i s ahead of the store is told %i times in the hour', async (seconds, times) => {
  const world = await worldWith();
  ahead(world, seconds);
  await watchSkew(world.tools);
  await world.clock.advance(1_800_000);
  await watchSkew(world.tools);
  expect(await alarms(world)).toEqual(
    Array.from({ length: times }, () => ({ code: 'clock_skewed', facts: { seconds } })),
  );
  await world.clock.advance(1_900_000);
  await watchSkew(world.tools);
  expect(await alarms(world)).toHaveLength(times * 2);
});

it('E01: 10 minutes off: nothing new is given; when the clock is right again, it is', async () => {
  const world = await worldWith();
  await asked(world);
  ahead(world, 600);
  await approve(world, 'ana');
  await world.pass(60);
  expect(await passOf(world)).toMatchObject({ status: 'granting', attempts: 0 });
  ahead(world, 0);
  await world.pass(60);
  expect(await passOf(world)).toMatchObject({ status: 'active' });
});

it('E01: 10 minutes off: what is live ends on time, by the clock of the store', async () => {
  const world = await worldWith();
  await world.livePass();
  ahead(world, -600);
  await world.pass(3_700, 10);
  expect(await passOf(world)).toMatchObject({ status: 'revoked' });
  expect(await typesOf(world)).not.toContain('revoke.overdue');
});
