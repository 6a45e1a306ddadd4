// The log is never silent for a day: whoever watches the audit channel can tell "nothing happened" from "nobody is there".
import { describe, expect, it } from 'vitest';
import { sweep } from '../../src/operations/sweep.ts';
import { openWorld } from '../world.ts';

const HOUR = 3600;

describe('a deployment in which nothing happens', () => {
  it('is signed at least once a day, with one entry for it, and told', async () => {
    const world = await openWorld();
    await world.livePass();
    await world.say('mia', 'return');
    await world.pass(HOUR, 5);
    const sizes: number[] = [];
    const ages: number[] = [];
    for (let hour = 0; hour < 72; hour += 1) {
      await world.pass(HOUR, 300);
      const { log, now } = await world.store.figures();
      ages.push((now - (log.signedAt ?? 0)) / 1000);
      sizes.push(log.size);
      expect([log.unsigned.count, log.untold.count]).toEqual([0, 0]);
    }
    expect(Math.max(...ages)).toBeLessThan(22 * HOUR);
    const leaves = await world.store.leaves(sizes[0] ?? 0, 100);
    const alive = leaves.filter(({ type }) => type === 'log.continued');
    expect(alive).toHaveLength(3);
    // Each of them is told in the channel, and that it was told is an entry too.
    expect(leaves.map(({ type }) => type)).toEqual(alive.flatMap(() => ['log.continued', 'chat.posted']));
    await world.close();
  });

  it('two replicas that find out at once write one entry', async () => {
    const world = await openWorld();
    await world.livePass();
    await world.say('mia', 'return');
    await world.pass(HOUR, 5);
    await world.clock.advance(20 * HOUR * 1000);
    const other = { ...world.tools, owner: 'other' };
    await Promise.all([sweep(world.tools), sweep(other)]);
    await world.settle();
    const leaves = await world.store.leaves(0, 1000);
    expect(leaves.filter(({ type }) => type === 'log.continued')).toHaveLength(1);
    await world.close();
  });
});
