// What every grant adapter must do, whatever its target. An adapter's test calls it once:
//
//   grantAdapterContract('postgres on 18', async () => ({ adapter: postgres, rawConfig: …, … }));
//
// `setup` builds a bench: the adapter, a real target (or a fake that enforces the vendor's rules), and a way to look at the
// truth without the adapter. Each case gets a bench of its own. A known gap is named with its reason, never left out silently.
import { describe, it } from 'vitest';
import type { AdapterBench } from './grant-adapter-bench.ts';
import { grantAdapterCases } from './grant-adapter-cases.ts';

export type { AdapterBench } from './grant-adapter-bench.ts';

export interface ContractOptions {
  /** Cases that this adapter cannot pass: `test` is the name of the case. */
  readonly skip?: readonly { readonly test: string; readonly reason: string }[];
}

export function grantAdapterContract<Config, Target>(
  name: string,
  setup: () => Promise<AdapterBench<Config, Target>>,
  { skip = [] }: ContractOptions = {},
): void {
  const cases = grantAdapterCases<Config, Target>();
  for (const { test } of skip) {
    if (!cases.some((known) => known.name === test)) throw new Error(`The contract has no case "${test}" to skip.`);
  }
  describe(`${name}: the contract of a grant adapter`, () => {
    for (const { name: test, run } of cases) {
      const gap = skip.find((skipped) => skipped.test === test);
      if (gap !== undefined) {
        console.info(`${name}: not held: "${test}", because ${gap.reason}`);
        it.skip(`${test} (not held: ${gap.reason})`);
        continue;
      }
      it(test, async () => {
        const bench = await setup();
        try {
          await run(bench);
        } finally {
          await bench.close();
        }
      });
    }
  });
}
