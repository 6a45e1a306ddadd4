// The matrix has teeth: each of these bugs, planted in the source that is loaded, makes it fail, and by the invariant that is
// meant to see it. Without a bug the same cases find nothing.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { PLANTED } from './planted.ts';
import type { Seen } from './run-planted.ts';

const PATIENCE_MS = 120_000;

function path(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}

/** What a program with this bug makes of the cases. */
function run(bug: string): Promise<Seen> {
  const execArgv = bug === '' ? [] : ['--import', path('./plant-loader.ts')];
  const child = fork(path('./run-planted.ts'), [], { execArgv, env: { ...process.env, HALLPASS_PLANTED: bug } });
  return new Promise((resolve, reject) => {
    let seen: Seen | undefined;
    child.once('message', (said: Seen) => {
      seen = said;
    });
    child.once('exit', (code) => (seen && code === 0 ? resolve(seen) : reject(new Error(`ended with ${code}`))));
  });
}

describe.concurrent('a bug that was planted is seen', () => {
  it.for(PLANTED.map(({ bug }) => bug))('%s', { timeout: PATIENCE_MS }, async (bug, { expect: expectHere }) => {
    const { cases, name, violations } = await run(bug);
    const { caughtBy } = PLANTED.find((one) => one.bug === bug) ?? { caughtBy: /never/ };
    console.log(`planted "${bug}": seen in case ${cases} (${name}), ${violations[0]}`);
    expectHere(violations).toContainEqual(expect.stringMatching(caughtBy));
  });

  it('and without one nothing is', { timeout: PATIENCE_MS }, async ({ expect: expectHere }) => {
    const { cases, violations } = await run('');
    expectHere({ cases: cases >= 12, violations }).toEqual({ cases: true, violations: [] });
  });
});
