// The setting of a target that says how many calls at once it takes, for adapters to put among theirs.
import { z } from 'zod';

const MOST = 64;

export function atOnceSetting(usual: number) {
  return z
    .int()
    .min(1)
    .max(MOST)
    .default(usual)
    .describe(
      `How many calls at once this target takes, 1 to ${MOST}: the more, the sooner many passes that end together are gone`,
    );
}
