// A world whose program watches its store as the real one does: what is owed is remembered, and ended while the store is away.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openSpool } from '../../src/lib/spool-files.ts';
import { type Emergency, openEmergency } from '../../src/operations/emergency.ts';
import { openEmergencyAlarm } from '../../src/operations/emergency-alarm.ts';
import { openInbox } from '../../src/operations/inbox.ts';
import { type Obligations, openObligations } from '../../src/operations/obligations.ts';
import { openSpoolQueue } from '../../src/operations/spool-queue.ts';
import { type StoreWatch, watchStore } from '../../src/operations/store-watch.ts';
import { sweep } from '../../src/operations/sweep.ts';
import type { Tools } from '../../src/operations/tools.ts';
import type { Pager } from '../../src/ports/pager.ts';
import type { Spool } from '../../src/ports/spool.ts';
import { StoreError } from '../../src/store/open-store.ts';
import { quietLog, type World } from '../world.ts';

/** One process: its tools write through a store that is watched. */
export interface Guarded {
  readonly tools: Tools;
  readonly watch: StoreWatch;
  readonly obligations: Obligations;
  readonly emergency: Emergency;
  readonly spool: Spool;
}

export function scratch(): string {
  const path = mkdtempSync(join(tmpdir(), 'hallpass-spool-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** The program of this world, as it starts now, on this folder. */
export async function guarded(
  world: World,
  folder: string,
  wrap = (spool: Spool) => spool,
  pagers: readonly Pager[] = [],
): Promise<Guarded> {
  const spool = wrap(await openSpool(folder, quietLog));
  const obligations = openObligations(world.clock, [], await spool.remembered());
  const watch = watchStore(world.tools.store, world.clock, obligations.saw);
  const tools = { ...world.tools, store: watch.store };
  world.tools = tools;
  world.inbox = openInbox(tools);
  const queue = openSpoolQueue(spool, quietLog);
  const emergency = openEmergency({
    tools,
    watch,
    obligations,
    queue,
    alarm: openEmergencyAlarm({ ...tools, pagers }),
  });
  return { tools, watch, obligations, emergency, spool };
}

/** As the ticks of the program would: what fails is tried again at the next one. */
export async function tick(world: World, ...all: readonly Guarded[]): Promise<void> {
  for (const { tools, emergency, obligations, spool } of all) {
    await Promise.race([emergency.turn(), breathe()]);
    await breathe();
    await sweep(tools).catch(() => undefined);
    const { changes } = obligations;
    const before = changes();
    await obligations.refresh(tools.store).catch(() => undefined);
    if (changes() !== before || before > 0)
      await spool.remember(obligations.remembered(world.store.deploymentId)).catch(() => undefined);
  }
  await world.settle().catch(() => undefined);
  await breathe();
}

export async function pass(world: World, seconds: number, step: number, ...all: readonly Guarded[]): Promise<void> {
  for (let passed = 0; passed < seconds; passed += step) {
    await world.clock.advance(step * 1000);
    await tick(world, ...all);
  }
}

/** Files and calls in memory come to their end. */
export async function breathe(): Promise<void> {
  for (let turns = 0; turns < 30; turns += 1) await new Promise((resolve) => setImmediate(resolve));
}

const WRITES = new Set(['commit', 'claim', 'defer', 'renew', 'holdQueue', 'saveCheckpoint', 'tidy', 'beat']);

/** `all`: nothing can be read either, as with a database that is gone. */
export function storeFails(world: World, how: 'writes' | 'all', code: 'full' | 'io' = 'io'): void {
  world.hook = (call, proceed) => {
    if (call.port !== 'store' || (how === 'writes' && !WRITES.has(call.method))) return proceed();
    return Promise.reject(new StoreError(code, 'The store is away.'));
  };
}
