// The program is really killed (SIGKILL), 40 times, wherever it happens to be, while people go on asking, approving and
// giving back; store file, chat and target outlive it. At the end all laws hold, and no access outlived its time.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { systemIds } from '../../src/lib/system-clock.ts';
import { openStore } from '../../src/store/open-store.ts';
import { type Sent, textOf } from '../fakes/fake-chat.ts';
import { quietLog, toolsOf } from '../world-ports.ts';
import { KILL_CATALOG } from './kill-catalog.ts';
import { broken } from './laws.ts';
import { type KillPlan, type RunningProgram, startProcess } from './process.ts';
import { openTruth, type Truth } from './truth.ts';

const KILLS = 40;
const SEED = 20_261_122;
/** So many calls a program makes before it dies, at most: about as many as half a life of a pass needs. */
const CALLS_MAX = 60;
const WHEN = ['before', 'unanswered', 'after'] as const;

it(`${KILLS} kills, nothing lost`, { timeout: 300_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-kill-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'hallpass.db');
  const truth = openTruth();
  const random = randomOf(SEED);
  for (let kills = 0; kills < KILLS; kills += 1) {
    const program = await startProcess(truth, file, planOf(random));
    await Promise.race([peopleActIn(program, truth, random), program.ended]);
    await program.ended;
  }
  const last = await startProcess(truth, file, undefined);
  await untilAllIsOver(last, truth);
  last.stop();
  await last.ended;
  const found = [...truth.violations, ...(await lawsOf(file, truth))];
  const figures = `${truth.calls} calls to ports, ${truth.passes()} passes, ${found.length} violations`;
  console.log(`SIGKILL: ${KILLS} kills, ${figures}; seed ${SEED}`);
  expect(found).toEqual([]);
  expect(truth.passes()).toBeGreaterThan(5);
});

function planOf(random: () => number): KillPlan {
  const at = 1 + Math.floor(random() * CALLS_MAX);
  const when = WHEN[Math.floor(random() * WHEN.length)] ?? 'before';
  return { at, when, afterMs: random() * 15 };
}

/** Whatever there is to approve is approved; there is always somebody who asks, and sometimes somebody gives back. */
async function peopleActIn(program: RunningProgram, truth: Truth, random: () => number): Promise<void> {
  while (program.isUp()) {
    await breathe(20);
    if (await approveOne(program, truth)) continue;
    if (!cardsOf(truth).some(({ message }) => isOpen(textOf(message)))) {
      for (const user of ['mia', 'kim'])
        await program.act('command', { ...originOf(truth, user), text: 'prod-db-readonly 2m fix INC-42' });
    } else if (random() < 0.05) await program.act('command', { ...originOf(truth, 'kim'), text: 'return' });
  }
}

async function untilAllIsOver(program: RunningProgram, truth: Truth): Promise<void> {
  for (;;) {
    await breathe(100);
    if (await approveOne(program, truth)) continue;
    const { jobs, live } = (await program.act('jobs')) as { readonly jobs: number; readonly live: number };
    if (jobs === 0 && live === 0) return;
  }
}

async function approveOne(program: RunningProgram, truth: Truth): Promise<boolean> {
  for (const { message, ref } of cardsOf(truth)) {
    const value = message.buttons?.find(({ action }) => action === 'approve')?.value;
    if (value === undefined) continue;
    const channel = { platform: 'slack', channel: ref.channel };
    await program.act('press', { ...originOf(truth, 'ana'), message: ref, channel, action: 'approve', value });
    return true;
  }
  return false;
}

function cardsOf({ chat }: Truth): readonly Sent[] {
  return chat.sent.filter(({ message, place }) => message.kind === 'card' && place.kind === 'channel');
}

function isOpen(text: string): boolean {
  return !/\| (Ended|Not given|Denied|Lapsed|Withdrawn)/.test(text);
}

let deliveries = 0;

function originOf({ chat, clock }: Truth, user: string) {
  deliveries += 1;
  return { account: chat.ref(`U-${user}`), delivery: `d${deliveries}`, at: clock.now() };
}

async function lawsOf(file: string, { chat, clock, fake }: Truth): Promise<readonly string[]> {
  const store = await openStore(`sqlite:${file}`, { clock, ids: systemIds, log: quietLog });
  const common = { clock, ids: systemIds, store, chat, checkpoints: [], catalog: KILL_CATALOG, log: quietLog };
  const tools = toolsOf({ ...common, fakes: { 'prod-db': fake }, owner: 'after', hook: (_, proceed) => proceed() });
  const found = await broken({ store, chat, fake, checkpoints: [], errors: [], tools });
  await store.close();
  return found;
}

function breathe(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Park and Miller's generator: the same numbers in every run. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
