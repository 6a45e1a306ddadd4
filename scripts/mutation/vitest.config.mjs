// The tests that are to notice each change which Stryker makes, by folder: those that are quick enough to be run a thousand
// times. What needs a server, a browser or another process is left out, and so are single tests that draw for many seconds.
import { defineConfig } from 'vitest/config';

const TESTS = {
  core: ['test/core/**/*.test.ts'],
  operations: ['test/operations/**/*.test.ts', 'test/soak.test.ts', 'test/messages/**/*.test.ts'],
  store: [
    'test/store/{append-only,contract,due-at,plans,sqlite,store-clock,migrations}.test.ts',
    'test/operations/runner.test.ts',
  ],
};
const TOO_SLOW = ['10 000 random edits', '1,000 interleavings', 'agrees with the model'];

/** Walks through a million moves before its first test, each time. */
const TOO_SLOW_FILES = ['test/core/walk.test.ts'];

const folder = process.env['HALLPASS_MUTATED'] ?? 'core';
export default defineConfig({
  test: {
    include: [...(TESTS[folder] ?? [])],
    exclude: TOO_SLOW_FILES,
    testNamePattern: new RegExp(`^(?!.*(?:${TOO_SLOW.join('|')}))`),
    // Instrumented code is slow; what a change makes endless is ended by Stryker.
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
