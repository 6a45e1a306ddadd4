// The program as a whole: when it says that it is ready, and what it does while its store is away.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../src/lib/system-clock.ts';
import type { Program } from '../src/program.ts';
import { type ManualClock, manualClock } from './fakes/manual-clock.ts';
import { givePass, type ProgramStage, programStage } from './program-stage.ts';
import { countingIds } from './world-ports.ts';

const TWO_HOURS = 7_200_000;

interface Scene extends ProgramStage {
  readonly clock: ManualClock;
  readonly folder: string;
}

function scene(): Scene {
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-program-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const clock = manualClock();
  const stage = programStage({ store: `sqlite:${join(folder, 'hallpass.db')}`, folder, clock, ids: countingIds() });
  return Object.assign(stage, { clock, folder });
}

async function started(stage: Scene): Promise<Program> {
  const program = await stage.start();
  onTestFinished(() => stopped(stage, program));
  return program;
}

/** Calls that hang end with their time. */
async function stopped(stage: Scene, program: Program): Promise<void> {
  let isOver = false;
  const stopping = program.stop().finally(() => {
    isOver = true;
  });
  await until(
    'the stop',
    () => isOver,
    () => stage.clock.advance(1000),
  );
  await stopping;
}

async function statusOf(program: Program, path: string): Promise<number> {
  return (await fetch(`http://127.0.0.1:${program.internalPort}${path}`)).status;
}

async function until(what: string, look: () => boolean | Promise<boolean>, onTurn = async () => {}): Promise<void> {
  for (let turns = 0; turns < 4000; turns += 1) {
    if (await look()) return;
    await onTurn();
    await systemClock.sleep(1);
  }
  throw new Error(`never came: ${what}`);
}

/** Passes of 60 people were live when the program stopped; it starts again when all are over since long. */
async function stoppedForTwoHours(stage: Scene, counts: { readonly [target in 'prod-db' | 'billing']: number }) {
  const before = await stage.start();
  for (const target of ['prod-db', 'billing'] as const)
    for (let n = 0; n < counts[target]; n += 1)
      await givePass(before.tools, stage.fakes[target], target, `p${n}`, 600 + n);
  await before.stop();
  await stage.clock.advance(TWO_HOURS);
}

describe('E07, S4, I14: what was overdue at the start', () => {
  it('was sent, all of it, before /ready says 200 for the first time', async () => {
    const stage = scene();
    await stoppedForTwoHours(stage, { 'prod-db': 60, billing: 0 });
    const sent = new Set<() => void>();
    let isOpen = false;
    stage.around = async (_target, _call, proceed) => {
      if (!isOpen) await new Promise<void>((resolve) => sent.add(resolve));
      return proceed();
    };
    const program = await started(stage);
    expect(await program.ready).toBe(true);
    await until('four at once', () => sent.size === 4);
    expect(await statusOf(program, '/live')).toBe(200);
    expect(await statusOf(program, '/ready')).toBe(503);
    const [first, ...others] = [...sent];
    isOpen = true;
    for (const letGo of others) letGo();
    await until('all but one', () => stage.fakes['prod-db'].calls.revoke === 59);
    expect(await statusOf(program, '/ready')).toBe(503);
    first?.();
    await until('ready', async () => (await statusOf(program, '/ready')) === 200);
    expect(stage.fakes['prod-db'].calls.revoke).toBe(60);
    expect(stage.fakes['prod-db'].target.holdings()).toEqual([]);
  });

  it('and cannot be sent to a target that answers nothing: that holds nobody up for ever', async () => {
    const stage = scene();
    await stoppedForTwoHours(stage, { 'prod-db': 10, billing: 30 });
    stage.fakes.billing.script.always({ kind: 'hangs' }, 'revoke', 'inspect');
    const program = await started(stage);
    await until('the living target', () => stage.fakes['prod-db'].calls.revoke === 10);
    expect(await statusOf(program, '/ready')).toBe(503);
    const begun = stage.clock.now();
    await until(
      'ready',
      async () => (await statusOf(program, '/ready')) === 200,
      async () => {
        await stage.clock.advance(1000);
        await program.tick();
      },
    );
    const waited = (stage.clock.now() - begun) / 1000;
    expect(waited).toBeGreaterThanOrEqual(44);
    expect(waited).toBeLessThan(70);
    expect(stage.fakes['prod-db'].target.holdings()).toEqual([]);
  });

  it('a start with nothing overdue is ready with the chat, and what is owed is kept beside the store', async () => {
    const stage = scene();
    const program = await started(stage);
    await program.ready;
    await until('ready', async () => (await statusOf(program, '/ready')) === 200);
    await givePass(program.tools, stage.fakes['prod-db'], 'prod-db', 'mia', 600);
    await program.tick();
    expect(statSync(join(stage.folder, 'obligations.json')).mode & 0o777).toBe(0o600);
  });
});
