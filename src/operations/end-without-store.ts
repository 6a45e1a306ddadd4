// Ends what is owed with nothing but what is remembered: revoke, end sessions, look; again and again until it is seen gone.
// Nobody leases anything here: replicas may do it side by side, for taking away twice does no harm. Gives nothing, ever.
import type { GrantId, Instant } from '../core/model.ts';
import { backoffMs } from '../lib/backoff.ts';
import { AdapterError } from '../ports/grant-adapter.ts';
import type { Obligation, SpooledEnd } from '../ports/spool.ts';
import { callTarget } from './call-target.ts';
import { atOnceIn } from './pace.ts';
import { REVOKE_GAP_MAX_SECONDS } from './run-revoke.ts';
import { sessionsOf } from './target-words.ts';
import type { Tools } from './tools.ts';

/** As the runner: a slow target starves no other, and the process stays small. */
const AT_ONCE = 48;

export type EndTools = Pick<Tools, 'clock' | 'ids' | 'log' | 'targets' | 'meter' | 'trace'>;
export interface Endings {
  /** Starts what is due and has room; returns at once. */
  start(due: readonly Obligation[], now: () => Instant): void;
  /** Resolves when no attempt is under way. */
  idle(): Promise<void>;
  /** How many passes were seen gone, and how many should be gone and were not. */
  counts(): { readonly ended: number; readonly open: number };
  /** The store goes on with all of them. */
  forget(): void;
}

interface Trying {
  attempts: number;
  nextAt: Instant;
  running: boolean;
  /** What was last reported: a line is written for news only. */
  told: SpooledEnd['seen'] | undefined;
}
interface State {
  readonly tools: EndTools;
  readonly report: (end: SpooledEnd) => Promise<void>;
  readonly trying: Map<GrantId, Trying>;
  readonly running: Map<Promise<void>, string>;
}

export function openEndings(tools: EndTools, report: (end: SpooledEnd) => Promise<void>): Endings {
  const state: State = { tools, report, trying: new Map(), running: new Map() };
  return {
    start: (due, now) => start(state, due, now),
    async idle() {
      while (state.running.size > 0) await Promise.all(state.running.keys());
    },
    counts() {
      const all = [...state.trying.values()];
      const ended = all.filter(({ told }) => told === 'absent').length;
      return { ended, open: all.length - ended };
    },
    forget: () => state.trying.clear(),
  };
}

function start(state: State, due: readonly Obligation[], now: () => Instant): void {
  const { tools, trying, running } = state;
  const busy = new Map<string, number>();
  for (const target of running.values()) busy.set(target, (busy.get(target) ?? 0) + 1);
  for (const owed of due) {
    const one = trying.get(owed.grant) ?? { attempts: 0, nextAt: 0, running: false, told: undefined };
    trying.set(owed.grant, one);
    const here = busy.get(owed.target) ?? 0;
    const hasRoom = running.size < AT_ONCE && here < atOnceIn(tools.targets, owed.target);
    if (one.running || one.told === 'absent' || one.nextAt > tools.clock.now() || !hasRoom) continue;
    busy.set(owed.target, here + 1);
    one.running = true;
    const attempt: Promise<void> = endOnce(state, owed, one, now).finally(() => {
      one.running = false;
      running.delete(attempt);
    });
    running.set(attempt, owed.target);
  }
}

/** Never rejects. */
async function endOnce(state: State, owed: Obligation, one: Trying, now: () => Instant): Promise<void> {
  const { tools } = state;
  const { grant } = owed;
  const seen = await tryToEnd(tools, owed);
  one.attempts += 1;
  const gap = { baseMs: 2_000, capMs: REVOKE_GAP_MAX_SECONDS * 1000 };
  one.nextAt = tools.clock.now() + backoffMs(one.attempts, gap, tools.ids.jitter());
  if (seen === one.told) return;
  one.told = seen;
  tools.log.warn('a pass was ended without the store, as far as its target shows', { grant, seen });
  await state.report({ id: tools.ids.next('end'), grant, doneAt: now(), attempts: one.attempts, seen });
}

async function tryToEnd(tools: EndTools, owed: Obligation): Promise<SpooledEnd['seen']> {
  const target = tools.targets.of(owed.target);
  if (!target) {
    tools.log.error('a pass cannot be ended: its target is not configured', { grant: owed.grant, target: owed.target });
    return 'unknown';
  }
  const { connection } = target;
  const order = orderOf(owed);
  const end = sessionsOf(target) === 'ended' ? connection.endSessions?.bind(connection) : undefined;
  try {
    await callTarget(tools, (signal) => connection.revoke(order, signal));
    const sessions = end && (await callTarget(tools, (signal) => end(order, signal)));
    if (sessions && sessions.left > 0) return 'present';
    return await callTarget(tools, (signal) => connection.inspect(order, signal));
  } catch (error) {
    const fault = error instanceof AdapterError ? error.fault : 'bug';
    const { grant } = owed;
    tools.log.warn('an attempt to end a pass without the store failed and will be repeated', { grant, fault, error });
    return 'unknown';
  }
}

function orderOf({ grant, principal, entitlement, expiresAt, receipt }: Obligation) {
  const order = { grantId: grant, principal, target: entitlement as unknown, expiresAt };
  return receipt ? { ...order, receipt } : order;
}
