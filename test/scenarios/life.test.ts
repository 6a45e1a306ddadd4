// One life of a pass, as people see it in chat and as the target sees it: asked, approved, extended, returned; and again
// to the deadline.
import { describe, expect, it } from 'vitest';
import { textOf } from '../fakes/fake-chat.ts';
import { openWorld } from '../world.ts';

describe('a pass from ask to end', () => {
  it('is asked for, approved by somebody else, given, and ends at its deadline', async () => {
    const world = await openWorld();
    await world.say('mia', 'prod-db-readonly 1h fix INC-42');
    await world.settle();
    const card = world.card();
    expect(textOf(card.message)).toContain('Read production data | Waiting for approval.');

    await world.press('mia', 'approve', card.message, card.ref);
    await world.settle();
    await world.press('gus', 'approve', card.message, card.ref);
    await world.settle();
    expect(world.fake.calls.grant).toBe(0);

    await world.press('ana', 'approve', card.message, card.ref);
    await world.settle();
    await world.pass(20);
    expect(world.fake.target.has('acct:mia@acme.test', 'readonly')).toBe(true);
    expect(textOf(world.card().message)).toContain('Active until');

    await world.pass(3600, 5);
    expect(world.fake.target.has('acct:mia@acme.test', 'readonly')).toBe(false);
    await world.pass(20);
    expect(world.chat.threadOf(card.ref)).toEqual(['Mia asked for this for 1 h.']);
    await world.close();
  });
});
