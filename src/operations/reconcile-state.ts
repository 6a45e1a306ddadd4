// What is remembered of a target from one look to the next: when it last answered, when it is looked at again. So that a job
// that was lost is missed, and a target that stays silent is told of.
import type { Instant } from '../core/model.ts';
import type { LiveCursor } from '../ports/store.ts';
import { SWEEP } from './actors.ts';
import { change, type Draft } from './change.ts';
import { targetJob } from './jobs.ts';
import { recall, remember } from './remembered.ts';
import type { Tools } from './tools.ts';

export interface ReconcileState {
  /** The last look that came to its end; before the first one, when it was ordered. */
  readonly okAt: Instant;
  readonly nextAt: Instant;
  readonly failures: number;
  readonly after?: LiveCursor;
  readonly alarmedAt?: Instant;
}

/** Longer without one successful look, while passes are live there, and people are alarmed … */
const FAILING_MS = 1_800_000;
/** … and again. */
const REPEAT_MS = 3_600_000;
/** So late, a look was lost: its job is ordered again. */
const LOST_MS = 600_000;

export function stateKey(target: string): string {
  return `reconcile:${target}`;
}

export async function raiseWhenFailing(
  tools: Tools,
  draft: Draft,
  target: string,
  state: ReconcileState,
  fault: string,
): Promise<ReconcileState> {
  const now = draft.now;
  const isNews = state.alarmedAt === undefined || now - state.alarmedAt >= REPEAT_MS;
  if (now - state.okAt < FAILING_MS || !isNews) return state;
  if ((await tools.store.liveAfter(target, undefined, 1)).length === 0) return state;
  const data = { code: 'reconcile_failing', facts: { target, fault } };
  draft.record({ type: 'alarm.raised', at: now, actor: draft.actor, subject: {}, data });
  return { ...state, alarmedAt: now };
}

/** Orders a look at each configured target now. */
export async function orderReconcile(tools: Tools): Promise<void> {
  for (const { name } of tools.targets.all()) await change(tools, SWEEP, (draft) => orderLook(tools, draft, name));
}

/** Where the look that was ordered never came, its job is lost: it is ordered again. */
export async function reviveReconcile(tools: Tools): Promise<void> {
  for (const { name } of tools.targets.all()) {
    const { value } = await recall<ReconcileState>(tools, stateKey(name));
    if (value === undefined || (await tools.store.now()) < value.nextAt + LOST_MS) continue;
    tools.log.warn('a look at a target was lost and is ordered again', { target: name });
    await change(tools, SWEEP, (draft) => orderLook(tools, draft, name));
  }
}

export async function orderLook(tools: Tools, draft: Draft, target: string): Promise<void> {
  const before = await recall<ReconcileState>(tools, stateKey(target));
  const state = { okAt: draft.now, failures: 0, ...before.value, nextAt: draft.now };
  remember(draft, stateKey(target), before, state);
  draft.job(targetJob(tools.ids, 'reconcile', target, draft.now));
}
