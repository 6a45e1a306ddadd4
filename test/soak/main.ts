// `npm run soak`: 100,000 passes in a day that jumps. Prints figures, one a line, and fails when a promise was broken.
// `npm run soak -- 20000` runs a smaller one; a second number is the seed.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { runSoak } from './soak.ts';
import { soakPlan } from './soak-plan.ts';

const HOURS = 24;
const P99_SECONDS = 60;
/** Of the heap, from the first quarter of the day to its end. */
const GROWTH_MAX_MB = 16;

const [grants = 100_000, seed = 1] = process.argv.slice(2).map(Number);
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
/** In memory where there is a file system for that: the wait for a disk a thousand times a second proves nothing here. */
const IN_MEMORY = '/dev/shm';
const folder = mkdtempSync(join(existsSync(IN_MEMORY) ? IN_MEMORY : tmpdir(), 'hallpass-soak-'));
const heaps: number[] = [];
const begun = performance.now();
try {
  const report = await runSoak(soakPlan(grants, HOURS, seed), `sqlite:${join(folder, 'soak.db')}`, (share) => {
    collectGarbage();
    const { heapUsed, rss } = process.memoryUsage();
    heaps.push(heapUsed / 2 ** 20);
    line(
      `at_${share * 100}_percent`,
      `${heaps.at(-1)?.toFixed(1)} MB heap, ${(rss / 2 ** 20).toFixed(0)} MB resident, ${seconds()} s`,
    );
  });
  const { lags } = report;
  const growth = (heaps.at(-1) ?? 0) - (heaps[0] ?? 0);
  for (const what of ['given', 'failed', 'ended', 'endedAfterOutage', 'late', 'alarms', 'events', 'calls'] as const)
    line(what, String(report[what]));
  line('lag_p50', `${lags[Math.floor(lags.length * 0.5)]} s`);
  line('lag_p99', `${lags[Math.floor(lags.length * 0.99)]} s (promised: ${P99_SECONDS})`);
  line('lag_max', `${lags.at(-1)} s (promised: 120)`);
  line('heap_growth', `${growth.toFixed(1)} MB (at most ${GROWTH_MAX_MB})`);
  line('took', `${seconds()} s`);
  const slow = (lags[Math.floor(lags.length * 0.99)] ?? 0) > P99_SECONDS ? ['the p99 is above what is promised'] : [];
  const fat = growth > GROWTH_MAX_MB ? ['memory grew'] : [];
  const problems = [...report.breaches, ...slow, ...fat, ...report.errors.map((error) => `logged: ${error}`)];
  for (const problem of problems) line('BREACH', problem);
  line('breaches', String(problems.length));
  if (problems.length > 0) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function line(name: string, value: string): void {
  console.log(`soak_${name} ${value}`);
}

function seconds(): string {
  return ((performance.now() - begun) / 1000).toFixed(0);
}
