// One life of a pass, as people see it in chat and as the target sees it: asked, approved, ended at its deadline; and
// again with more time and an early return.
import { describe, expect, it } from 'vitest';
import { textOf } from '../fakes/fake-chat.ts';
import { openWorld } from '../world.ts';

const MIA = 'acct:mia@acme.test';

describe('a pass from ask to end', () => {
  it('is asked for, approved by somebody else, given, and ends at its deadline', async () => {
    const world = await openWorld();
    expect(await world.say('mia', 'prod-db-readonly 1h fix INC-42')).toContain('Asked for Read production data.');
    await world.settle();
    const card = world.card();
    expect(textOf(card.message)).toContain('Read production data | Waiting for approval.');
    await world.press('mia', 'approve', card.message, card.ref);
    await world.press('gus', 'approve', card.message, card.ref);
    await world.settle();
    expect(world.fake.calls.grant).toBe(0);

    await world.press('ana', 'approve', card.message, card.ref);
    await world.settle();
    await world.pass(20);
    expect(world.fake.target.has(MIA, 'readonly')).toBe(true);
    expect(textOf(card.message)).toBe('Read production data | Active until <01:00>.');

    await world.pass(3600, 5);
    expect(world.fake.target.has(MIA, 'readonly')).toBe(false);
    await world.pass(20);
    expect(textOf(card.message)).toMatch(/^Read production data \| Ended: its time is over\./);
    expect(world.chat.threadOf(card.ref)).toEqual([
      'Mia asked for this for 1 h.',
      'Mia pressed Approve on their own request. It does not count.',
      'Somebody who is not a member pressed Approve but may not decide this. It does not count.',
      'Ana approved.',
      'Giving access in prod-db…',
      'Access is live in prod-db: given, and seen there. It ends at <01:00>.',
      'The holder was told that the pass ends soon.',
      'Ending: its time is over. Taking the access back…',
      expect.stringMatching(/^Access has ended. Looked twice in prod-db: it is gone, \d seconds after it was due\.$/),
    ]);
    await world.close();
  });

  it('gets more time by a new approval, and is given back early', async () => {
    const world = await openWorld();
    const card = await world.livePass();
    await world.say('mia', 'extend 30m still at it');
    await world.settle();
    const extension = world.chat.sent.findLast(
      ({ message, place }) => message.kind === 'card' && place.kind === 'thread',
    );
    if (!extension) throw new Error('no card for the extension in the thread');
    expect(textOf(extension.message)).toContain('More time: Read production data | Waiting for approval.');
    await world.press('ben', 'approve', extension.message, extension.ref);
    await world.settle();
    await world.pass(10);
    expect(textOf(card.message)).toContain('Active until <01:30>.');
    expect(textOf(extension.message)).not.toContain('being extended');

    expect(await world.say('mia', 'return')).toContain('Your pass for Read production data is being ended now');
    await world.pass(20);
    expect(world.fake.target.has(MIA, 'readonly')).toBe(false);
    expect(textOf(card.message)).toMatch(/^Read production data \| Ended by Mia: it was given back\./);
    expect(world.errors).toEqual([]);
    await world.close();
  });
});
