// `npm run faults`: the whole matrix over all targets and both stores, in two processes. Prints how far it is, each case that
// fails with how to have it again, and last `cases N violations V`. Alone: HALLPASS_FAULT='postgres M3 G4.after reply_lost'.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { planOf, type Share, shareOf } from './plan.ts';
import { runShare, type Said } from './run-share.ts';

const PROCESSES = 2;
const SHARE = 'HALLPASS_FAULT_SHARE';

interface Tally {
  cases: number;
  violations: number;
  readonly lines: Map<string, { done: number; violations: number; ms: number; of: number }>;
}

async function parent(): Promise<void> {
  const plan = planOf(process.env);
  const tally: Tally = { cases: 0, violations: 0, lines: new Map() };
  for (const { subject, store, cases } of plan)
    tally.lines.set(`${subject} on ${store}`, { done: 0, violations: 0, ms: 0, of: cases.length });
  const processes = plan.length === 1 && plan[0]?.cases.length === 1 ? 1 : PROCESSES;
  const codes = await Promise.all(Array.from({ length: processes }, (_, at) => child(at, processes, tally)));
  for (const [name, { done, violations, ms }] of tally.lines)
    console.log(`${name}: ${done} cases, ${violations} violations, ${(ms / Math.max(1, done)).toFixed(1)} ms a case`);
  console.log(`cases ${tally.cases} violations ${tally.violations}`);
  if (tally.violations > 0 || tally.cases === 0 || codes.some((code) => code !== 0)) process.exitCode = 1;
}

function child(at: number, of: number, tally: Tally): Promise<number | null> {
  const env = { ...process.env, [SHARE]: `${at}/${of}` };
  const running = fork(fileURLToPath(import.meta.url), [], { env, execArgv: process.execArgv });
  running.on('message', (said: Said) => hear(said, tally));
  return new Promise((resolve) => running.once('exit', resolve));
}

function hear({ name, on, ms, violations }: Said, tally: Tally): void {
  const line = tally.lines.get(on);
  if (!line) return;
  tally.cases += 1;
  tally.violations += violations.length;
  line.done += 1;
  line.violations += violations.length;
  line.ms += ms;
  for (const what of violations)
    console.log(`VIOLATION ${name}: ${what}\n  again: HALLPASS_FAULT='${name}' npm run faults`);
  const tenth = Math.max(1, Math.floor(line.of / 5));
  if (line.done % tenth === 0) console.log(`${on}: ${line.done} of ${line.of}, ${line.violations} violations`);
}

const share: Share | undefined = shareOf(process.env[SHARE]);
if (share) await runShare(planOf(process.env), share, (said) => void process.send?.(said));
else await parent();
