// Processes are really killed (SIGKILL) and stopped (SIGSTOP, SIGCONT) wherever they happen to be, while people go on asking,
// approving and giving back: one over a store in a file, then two and four over one PostgreSQL. Store, chat and target outlive
// them. At the end all laws hold, no access outlived its time, and no write of a holder who was too late was accepted.
// HALLPASS_KILLS=5 does five times as many.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemIds } from '../../src/lib/system-clock.ts';
import { openStore } from '../../src/store/open-store.ts';
import { usePostgres } from '../postgres-server.ts';
import { quietLog, toolsOf } from '../world-ports.ts';
import { KILL_CATALOG } from './kill-catalog.ts';
import { broken } from './laws.ts';
import { peopleActIn, randomOf, untilAllIsOver } from './people.ts';
import { type KillPlan, startProcess } from './process.ts';
import { openTruth, type Truth } from './truth.ts';

const TIMES = Number(process.env['HALLPASS_KILLS'] ?? 1);
const SEED = 20_261_122;
/** So many calls a program makes before it dies, at most: about as many as half a life of a pass needs. */
const CALLS_MAX = 60;
const TARGET_CALLS_MAX = 6;
const WHEN = ['before', 'unanswered', 'after'] as const;
/** In the program's time 48 s to 80 s: leases of 30 s end, others take over. */
const STOP_MS = { least: 1200, more: 800 } as const;
/** What woke up goes on for so long before it is killed as well. */
const AWAKE_MS = 500;
const PATIENCE_MS = 300_000 * TIMES;

interface Storm {
  readonly name: string;
  readonly store: string;
  readonly processes: number;
  /** Lives of each process; each ends with SIGKILL. */
  readonly lives: number;
  /** Every how manieth life is stopped first; 0: none. */
  readonly stopsEach: number;
}

describe('killed and stopped', () => {
  const server = usePostgres();

  it('one process over a file', { timeout: PATIENCE_MS }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hallpass-kill-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const store = `sqlite:${join(folder, 'hallpass.db')}`;
    await weather({ name: 'SQLite', store, processes: 1, lives: 14 * TIMES, stopsEach: 0 });
  });

  it.each([
    { processes: 2, lives: 7 },
    { processes: 4, lives: 3 },
  ])('$processes processes over one PostgreSQL', { timeout: PATIENCE_MS }, async ({ processes, lives }) => {
    const store = await server().newDatabase();
    await weather({ name: `PostgreSQL, ${processes} processes`, store, processes, lives: lives * TIMES, stopsEach: 2 });
  });
});

async function weather(storm: Storm): Promise<void> {
  const truth = openTruth();
  const { name, store, processes, lives } = storm;
  const slots = Array.from({ length: processes }, (_, at) => livesOf(storm, truth, randomOf(SEED + at)));
  await Promise.all(slots);
  const last = await startProcess(truth, store, undefined);
  await untilAllIsOver(last, truth);
  last.stop();
  await last.ended;
  const found = [...truth.violations, ...truth.lateWrites(), ...(await lawsOf(storm, truth))];
  const figures = `${processes * lives} killed, ${truth.stops} stopped before; ${truth.calls} calls to ports, ${truth.passes()} passes`;
  console.log(`${name}: ${figures}, ${truth.fenced} late writes refused, ${found.length} violations; seed ${SEED}`);
  expect(found).toEqual([]);
  expect(truth.passes()).toBeGreaterThan(1);
  expect(truth.stops > 0).toBe(storm.stopsEach > 0);
}

async function livesOf({ store, lives, stopsEach }: Storm, truth: Truth, random: () => number): Promise<void> {
  for (let life = 0; life < lives; life += 1) {
    const plan = stopsEach > 0 && life % stopsEach === 0 ? stopPlan(random) : killPlan(random);
    const program = await startProcess(truth, store, plan);
    await Promise.race([peopleActIn(program, truth, random), program.ended]);
    await program.ended;
  }
}

function killPlan(random: () => number): KillPlan {
  const at = 1 + Math.floor(random() * CALLS_MAX);
  const when = WHEN[Math.floor(random() * WHEN.length)] ?? 'before';
  return { at, when, afterMs: random() * 15 };
}

function stopPlan(random: () => number): KillPlan {
  const at = 1 + Math.floor(random() * TARGET_CALLS_MAX);
  const when = random() < 0.5 ? 'before' : 'unanswered';
  return { at, when, stopMs: STOP_MS.least + random() * STOP_MS.more, afterMs: AWAKE_MS };
}

async function lawsOf({ store: url, stopsEach }: Storm, truth: Truth): Promise<readonly string[]> {
  const { chat, clock, fake } = truth;
  const store = await openStore(url, { clock, ids: systemIds, log: quietLog }, { time: clock.now });
  const common = { clock, ids: systemIds, store, chat, checkpoints: [], catalog: KILL_CATALOG, log: quietLog };
  const tools = toolsOf({ ...common, fakes: { 'prod-db': fake }, owner: 'after', hook: (_, proceed) => proceed() });
  // A call of a process that was stopped over it reaches the target long after it was given up.
  // Whatever was in doubt is looked at once more the next day.
  const remains = { store, chat, fake, checkpoints: [], errors: [], tools };
  const found = await broken(remains, stopsEach > 0, truth.passes());
  await store.close();
  return found;
}
