// The fault matrix as part of an adapter's tests: a sample of its cases over the adapter's own bench. All of them are run by
// `npm run faults`.
import { describe, expect, it } from 'vitest';
import { CASES, nameOf, sampled } from './cases.ts';
import type { FaultBench } from './fault-bench.ts';
import { runCase } from './run-case.ts';
import { openStage } from './scenes.ts';
import { sqliteBench } from './store-bench.ts';
import { plain } from './subjects.ts';

const SEED = 20_261_122;
const SAMPLE = 30;
const PATIENCE_MS = 120_000;

/** `name` is how the target is called in a failure: "postgres M3 G4.after reply_lost". */
export function faultMatrix<Config, Target>(name: string, setup: () => Promise<FaultBench<Config, Target>>): void {
  describe(`${name}: the fault matrix`, () => {
    it(`${SAMPLE} cases of it`, { timeout: PATIENCE_MS }, async () => {
      const bench = await setup();
      const stage = await openStage(plain(bench), sqliteBench());
      const found: string[] = [];
      for (const one of sampled(SAMPLE, SEED)) {
        const { stopped, violations } = await runCase(stage, one);
        if (!stopped) found.push(`${name} ${nameOf(one)}: the program never came to this point`);
        found.push(...violations.map((what) => `${name} ${nameOf(one)}: ${what}`));
      }
      await stage.close();
      console.log(`fault matrix over ${name}: ${SAMPLE} cases of ${CASES.length}, ${found.length} violations`);
      expect(found).toEqual([]);
    });
  });
}
