// Too old is said, not died of.
import { expect, it } from 'vitest';
import { nodeProblem } from '../../src/lib/node-version.ts';

it.each([
  [{ node: '20.20.2', napi: '9' }, 'Node 20.20.2 is too old'],
  [{ node: '16.0.0' }, 'Node 16.0.0 is too old'],
  [{ node: '22.14.0', napi: '10' }, undefined],
  [{ node: '24.21.0', napi: '10' }, undefined],
])('%o', (versions, words) => {
  if (words === undefined) expect(nodeProblem(versions)).toBeUndefined();
  else expect(nodeProblem(versions)).toContain(words);
});
