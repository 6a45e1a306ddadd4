// Runs cases over a target, the nasty one as a rule, one after the other, until the planted bug is seen; says by what. Without a bug
// (HALLPASS_PLANTED is empty) it runs the first cases of each kind, in which nothing may be seen.
import { startPostgres } from '../postgres-server.ts';
import { CASES, type FaultCase, nameOf } from './cases.ts';
import { PLANTED, plantedNamed } from './planted.ts';
import { runCase } from './run-case.ts';
import { openStage } from './scenes.ts';
import { sqliteBench } from './store-bench.ts';
import { openSubject } from './subjects.ts';

export interface Seen {
  readonly cases: number;
  readonly name?: string;
  readonly violations: readonly string[];
}

const CASES_MAX = 120;
/** Of each bug's cases, when there is no bug. */
const SOUND_EACH = 4;
const STRIDE = 7;

const bug = process.env['HALLPASS_PLANTED'] ?? '';
process.send?.(bug === '' ? await runSound() : await runUntilSeen(), () => process.exit());

async function runUntilSeen(): Promise<Seen> {
  const { among, caughtBy, over = 'nasty' } = plantedNamed(bug);
  const stage = await openStage(await openSubject(over, startPostgres), sqliteBench());
  let cases = 0;
  for (const one of shuffled(among).slice(0, CASES_MAX)) {
    cases += 1;
    const { violations } = await runCase(stage, one);
    if (violations.some((what) => caughtBy.test(what))) return { cases, name: nameOf(one), violations };
  }
  return { cases, violations: [] };
}

async function runSound(): Promise<Seen> {
  const stage = await openStage(await openSubject('nasty', startPostgres), sqliteBench());
  const wanted = new Set(PLANTED.flatMap(({ among }) => shuffled(among).slice(0, SOUND_EACH)));
  const violations: string[] = [];
  for (const one of wanted) {
    const result = await runCase(stage, one);
    violations.push(...result.violations.map((what) => `${nameOf(one)}: ${what}`));
  }
  return { cases: wanted.size, violations };
}

/** The same order in each run, neighbours far from one another. */
function shuffled(among: readonly string[]): readonly FaultCase[] {
  const cases = CASES.filter((one) => among.some((beginning) => nameOf(one).startsWith(beginning)));
  return cases.map((_, at) => cases[(at * STRIDE) % cases.length]).filter((one) => one !== undefined);
}
