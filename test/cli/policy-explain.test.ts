// The policy run dry on the command line.
import { expect, it, onTestFinished } from 'vitest';
import { policyExplain } from '../../src/cli/policy-explain.ts';
import { openWorld } from '../world.ts';

it.each([
  ['prod-db-readonly', 'mia@acme.test', 0, 'you can ask for this'],
  ['prod-db-readonly', 'sam@acme.test', 2, 'is for engineers'],
  ['prod-db-readonly', 'gus@acme.test', 1, 'is no full member (guest)'],
  ['prod-db-readonly', 'nobody@acme.test', 1, 'Nobody in the chat workspace has the address'],
  ['prod-db', 'mia@acme.test', 1, 'There is no role “prod-db”'],
])('%s for %s', async (role, person, exitCode, words) => {
  const world = await openWorld();
  onTestFinished(() => world.close());
  const printed = await policyExplain(world.tools, role, person);
  expect(printed.text).toContain(words);
  expect(printed.exitCode).toBe(exitCode);
});
