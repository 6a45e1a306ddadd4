// Bugs that were avoided on purpose, each as one change of text in one source file, so that a program can be run that has it.
// Whoever changes these places has to look whether the matrix still sees the bug.

import type { SubjectName } from './subjects.ts';

export interface Planted {
  readonly bug: string;
  readonly file: string;
  /** What stands there, and what stands there with the bug. */
  readonly text: string;
  readonly instead: string;
  /** The invariants that see it, as violations name them. */
  readonly caughtBy: RegExp;
  /** The target; the nasty one where none is named. A bug that leaves it no live pass at all would be seen too early. */
  readonly over?: SubjectName;
  /** Where to begin looking: cases whose names begin like this. */
  readonly among: readonly string[];
}

export const PLANTED: readonly Planted[] = [
  {
    bug: 'finish the job before the call',
    file: 'src/operations/run-revoke.ts',
    text: '    if (first === undefined)\n',
    instead: '    if (first === undefined) await over(tools, job);\n    if (first === undefined)\n',
    caughtBy: /^I2: /,
    among: ['M1 R', 'M2 R'],
  },
  {
    bug: 'treat doubt as failure',
    file: 'src/core/grant-giving.ts',
    text: "  if (retryAt !== undefined) return accept([failed], [{ kind: 'grant', at: retryAt }]);\n",
    instead:
      "  if (changed === 'maybe') return accept([failed, about(state, moment, { type: 'grant.failed', data: { code: 'timed_out' } })]);\n",
    caughtBy: /^I12: .* may have been given/,
    over: 'webhook',
    among: ['M1 G', 'M2 G'],
  },
  {
    bug: 'skip the look before',
    file: 'src/operations/run-grant.ts',
    text: "if (seen === 'present') await last(",
    instead: "if (seen === 'never') await last(",
    caughtBy: /^I7: /,
    among: ['M1 G2', 'M2 G2'],
  },
  {
    bug: 'ignore the epoch',
    file: 'src/store/commit.ts',
    text: "  if (change.hold && !(yield* holding(s, change.hold))) return { kind: 'fenced' };\n",
    instead: '',
    caughtBy: /^I8: /,
    among: ['M3 G', 'M3 R'],
  },
  {
    bug: 'lease a grant and its revoke together',
    file: 'src/operations/jobs.ts',
    text: 'subject: `grant:',
    instead: 'subject: kind + `:',
    caughtBy: /^I8: two jobs of one pass/,
    among: ['M2 G', 'M3 G'],
  },
  {
    bug: 'read unknown as absent',
    file: 'src/operations/run-revoke.ts',
    text: "  if (seen === 'unknown') return failed(tools, job, grant, 'unknown');\n",
    instead: '',
    caughtBy: /^I[12]: /,
    among: ['M1 R', 'M2 R'],
  },
  {
    bug: 'let passes live again when the clock steps back',
    file: 'src/store/store-clock.ts',
    text: 'last = Math.max(now, behindMs > 0 ? Math.max(last + passed, mark) : now);',
    instead: 'last = now;',
    caughtBy: /^I2: /,
    among: ['M1 R0', 'M1 R1'],
  },
  {
    bug: 'treat 403 as final',
    file: 'src/operations/run-revoke.ts',
    text: "  if (grant?.status !== 'revoking') return over(tools, job);\n",
    instead: "  if (grant?.status !== 'revoking' || grant.ending.lastFault === 'refused') return over(tools, job);\n",
    caughtBy: /^I2: /,
    among: ['M1 R', 'M2 R'],
  },
];

export function plantedNamed(bug: string): Planted {
  const found = PLANTED.find((one) => one.bug === bug);
  if (!found) throw new Error(`There is no planted bug "${bug}"`);
  return found;
}
