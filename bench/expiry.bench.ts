// Thousands of passes whose deadline is the same second (10,000 with `--full`), in a target that takes 50 ms a call and 32 calls
// at once: the time until the last of them is proven gone, over what the calls alone need. SQLite in a file, a card in a channel
// and one for the holder of each pass, ticks as in the program.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemIds as ids, systemClock } from '../src/lib/system-clock.ts';
import { startRunner } from '../src/operations/runner.ts';
import { sweep } from '../src/operations/sweep.ts';
import type { Tools } from '../src/operations/tools.ts';
import type { Clock } from '../src/ports/clock.ts';
import type { GrantConnection } from '../src/ports/grant-adapter.ts';
import type { Commit } from '../src/ports/store.ts';
import type { LiveTarget } from '../src/ports/targets.ts';
import { openStore } from '../src/store/open-store.ts';
import { openFakeAdapter } from '../test/fakes/fake-adapter.ts';
import { forgetfulChat } from '../test/soak/forgetful-chat.ts';
import { soakCatalog } from '../test/soak/soak-plan.ts';
import { type Hook, quietLog, toolsOf } from '../test/world-ports.ts';
import { figure } from './figures.ts';
import { writeLivePasses } from './passes.ts';

const PASSES = process.argv.includes('--full') ? 10_000 : 4_000;
const CALL_MS = 50;
const AT_ONCE = 32;
/** To take away, and to look twice. */
const CALLS_EACH = 3;
/** Between the two looks. */
const SETTLE_MS = 2_000;
const SWEEP_EVERY_MS = 5_000;
const HOUR_MS = 3600_000;
const TARGET = 'target-0';

/** It is put forward to the deadline once all is written. */
let aheadMs = 0;
const clock: Clock = { ...systemClock, now: () => systemClock.now() + aheadMs };
const folder = mkdtempSync(join(tmpdir(), 'hallpass-bench-'));
const store = await openStore(`sqlite:${join(folder, 'store.db')}`, { clock, ids, log: quietLog });
try {
  const expiresAt = clock.now() + HOUR_MS;
  // Four roles of the target, each with a channel of its own.
  await writeLivePasses(store, PASSES, expiresAt, (number) => {
    const at = (number % 4) * 10;
    return { role: `role-${at}`, target: TARGET, channel: `C-${at}` };
  });
  aheadMs = expiresAt - systemClock.now();
  const seconds = await secondsToEnd();
  const ideal = ((PASSES * CALLS_EACH * CALL_MS) / AT_ONCE + SETTLE_MS) / 1000;
  figure('expiry_last_confirmed', seconds, 's');
  figure('expiry_calls_alone', ideal, 's');
  figure('expiry_ratio_to_calls_alone', seconds / ideal, 'ratio (goal <= 1.3)');
} finally {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
}

/** From now, which is the deadline, until the last pass is proven gone. */
async function secondsToEnd(): Promise<number> {
  const { promise: allGone, resolve } = Promise.withResolvers<void>();
  let left = PASSES;
  const tools = toolsWith(async (call, proceed) => {
    const answer = await proceed();
    if (call.method !== 'commit') return answer;
    const { events = [] } = call.args[0] as Commit;
    left -= events.filter(({ event }) => event.type === 'grant.revoked').length;
    if (left === 0) resolve();
    return answer;
  });
  const started = performance.now();
  const runner = startRunner({ ...tools, poke: () => runner.poke() });
  const ticking = new AbortController();
  const ticks = tick({ ...tools, poke: () => runner.poke() }, ticking.signal);
  await allGone;
  const seconds = (performance.now() - started) / 1000;
  ticking.abort();
  await Promise.all([ticks, runner.stop()]);
  return seconds;
}

async function tick(tools: Tools, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    while (!signal.aborted && (await sweep(tools)) > 0);
    await clock.sleep(SWEEP_EVERY_MS, signal);
  }
}

function toolsWith(hook: Hook): Tools {
  const chat = forgetfulChat(clock, () => undefined);
  const target = slowTarget();
  return {
    ...toolsOf({
      ...{ clock, ids, store, chat, hook, catalog: soakCatalog(), log: quietLog, owner: 'bench' },
      ...{ checkpoints: [], fakes: {} },
    }),
    targets: { of: (name) => (name === TARGET ? target : undefined), all: () => [target] },
  };
}

function slowTarget(): LiveTarget {
  const adapter = openFakeAdapter({ clock, sessions: 'none' }).adapter as unknown as LiveTarget['adapter'];
  const gone = new Set<string>();
  const call = () => new Promise<void>((resolve) => setTimeout(resolve, CALL_MS));
  const no = () => Promise.reject(new Error('nobody asks this'));
  const connection: GrantConnection<unknown> = {
    ...{ resolve: no, grant: no, check: no },
    fingerprint: async () => 'f',
    async revoke({ grantId }) {
      await call();
      gone.add(grantId);
    },
    async inspect({ grantId }) {
      await call();
      return gone.has(grantId) ? 'absent' : 'present';
    },
  };
  return { name: TARGET, adapter, connection, atOnce: AT_ONCE, sessions: 'none', keyOf: () => TARGET };
}
