// A suspension is lifted by an operator, with a line in the log, and the new address is pinned at the next meeting.
import { expect, it, onTestFinished } from 'vitest';
import { confirmed } from '../../src/control/answers.ts';
import { identify } from '../../src/operations/people.ts';
import { openWorld } from '../world.ts';

it('B10: a changed address suspends; looked at and confirmed, the person goes on under the new one', async () => {
  const world = await openWorld();
  onTestFinished(() => world.close());
  const account = world.chat.ref('U-mia');
  const first = await identify(world.tools, account);
  if (first.kind !== 'known') throw new Error('Mia is a member');
  const mia = world.chat.people.get('U-mia');
  if (!mia) throw new Error('Mia is there');
  mia.email = 'mia.new@acme.test';
  expect(await identify(world.tools, account)).toMatchObject({ kind: 'refused', refusal: { code: 'suspended' } });

  expect(await confirmed(world.tools, first.person.id)).toMatchObject({ done: true });
  const again = await identify(world.tools, account);
  expect(again).toMatchObject({ kind: 'known', person: { id: first.person.id, email: 'mia.new@acme.test' } });
  expect(await confirmed(world.tools, first.person.id)).toMatchObject({ done: false });
  expect(await confirmed(world.tools, 'person_nobody')).toMatchObject({ done: false });
});
