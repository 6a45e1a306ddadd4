// One target against what is live in it, again and again (threat F19): access with our mark that no pass accounts for is taken
// back, passes whose access is gone are ended, entitlements that changed are told. Level-triggered: the commit that ends a round
// orders the next one, and the sweep brings back one that was lost.
import { backoffMs } from '../lib/backoff.ts';
import { AdapterError } from '../ports/grant-adapter.ts';
import type { Claim, Job, LiveCursor } from '../ports/store.ts';
import type { LiveTarget } from '../ports/targets.ts';
import { RUNNER } from './actors.ts';
import { change, type Draft } from './change.ts';
import { reasonOn, releaseHold } from './hold.ts';
import { targetJob } from './jobs.ts';
import { lookAtEntitlements } from './look-at-entitlements.ts';
import { lookAtMissing } from './look-at-missing.ts';
import { lookAtOwned } from './look-at-owned.ts';
import { type LivePass, type LivePasses, livePasses, type Round, settleMs } from './reconcile-round.ts';
import { type ReconcileState, raiseWhenFailing, stateKey } from './reconcile-state.ts';
import { recall, remember } from './remembered.ts';
import { releaseRemoved } from './removed-targets.ts';
import { over } from './run-grant.ts';
import type { Tools } from './tools.ts';

/** From one round's beginning to the next: with both looks at what is missing, a change by hand is told within 5 minutes. */
const RECONCILE_EVERY_MS = 240_000;
const FAILED_GAP = { baseMs: 15_000, capMs: RECONCILE_EVERY_MS };

export async function runReconcile(tools: Tools, job: Job): Promise<void> {
  const name = String(job.payload['target']);
  const target = tools.targets.of(name);
  // Not configured any more: what lives there is told of at the start, and there is nobody to ask.
  if (!target) return over(tools, job);
  const startedAt = await tools.store.now();
  const round: Round = { tools, job, target, startedAt, held: await reasonOn(tools, name) };
  try {
    await ended(round, await look(round));
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    await failed(round, error);
  }
}

interface Looked {
  readonly first: readonly Claim[];
  /** Some passes are still to be looked at, or to be looked at again. */
  readonly isMore: boolean;
  /** Where targets without marks go on. */
  readonly after: LiveCursor | undefined;
}

async function look(round: Round): Promise<Looked> {
  const live = await livePasses(round);
  const looked = await lookAtPasses(round, live);
  await lookAtEntitlements(round, live);
  return looked;
}

async function lookAtPasses(round: Round, live: LivePasses): Promise<Looked> {
  const { connection } = round.target;
  const owned = connection.owned?.bind(connection);
  if (!owned) return lookInTurn(round, live);
  const missing = await lookAtOwned(round, live, owned);
  const { first, looked } = await lookAtMissing(round, missing);
  return { first, isMore: first.length > 0 || looked < missing.length, after: undefined };
}

/** Nothing can be listed: so many passes are looked at in each round, those first that were not looked at for longest. */
async function lookInTurn(round: Round, live: LivePasses): Promise<Looked> {
  const { after } = (await recall<ReconcileState>(round.tools, stateKey(round.target.name))).value ?? {};
  const due = [...live.byKey.values()].filter(({ isDue }) => isDue);
  const turn = [...due.filter((pass) => isAfter(pass, after)), ...due.filter((pass) => !isAfter(pass, after))];
  const { first, looked } = await lookAtMissing(round, turn);
  // Those that were not there are looked at again before the others go on.
  const last = first.length > 0 ? after : cursorOf(turn[looked - 1]);
  return { first, isMore: first.length > 0, after: last };
}

function isAfter({ orderedAt, id }: LivePass, after: LiveCursor | undefined): boolean {
  if (!after) return true;
  return orderedAt > after.orderedAt || (orderedAt === after.orderedAt && id > after.id);
}

function cursorOf(pass: LivePass | undefined): LiveCursor | undefined {
  return pass && { orderedAt: pass.orderedAt, id: pass.id };
}

async function ended(round: Round, { first, isMore, after }: Looked): Promise<void> {
  const { tools, job, target, startedAt, held } = round;
  await written(round, async (draft) => {
    for (const claim of first) draft.claim(claim);
    const { now } = draft;
    const nextAt = isMore ? now + settleMs(target) : Math.max(startedAt + RECONCILE_EVERY_MS, now + 1000);
    await keepState(tools, draft, target, { okAt: now, nextAt, failures: 0, ...(after ? { after } : {}) });
    // Where nothing bears a mark, people choose: there the census ends the hold.
    if (held === 'rolled_back' && target.connection.owned) await releaseHold(tools, draft, target.name, held);
    await releaseRemoved(tools, draft);
  });
  tools.log.debug('a target was looked at as a whole', { target: target.name, job: job.id });
}

/** Late ends alarm by themselves; this alarms only when for long nobody could see what lives there. */
async function failed(round: Round, error: AdapterError): Promise<void> {
  const { tools, target } = round;
  tools.log.warn('a target could not be looked at as a whole and will be again', {
    target: target.name,
    fault: error.fault,
    error,
  });
  await written(round, async (draft) => {
    const before = (await recall<ReconcileState>(tools, stateKey(target.name))).value;
    const failures = (before?.failures ?? 0) + 1;
    const wait = Math.max(backoffMs(failures, FAILED_GAP, tools.ids.jitter()), (error.retryAfterSeconds ?? 0) * 1000);
    const nextAt = draft.now + Math.min(wait, RECONCILE_EVERY_MS);
    const state = { ...before, okAt: before?.okAt ?? draft.now, nextAt, failures };
    await keepState(tools, draft, target, await raiseWhenFailing(tools, draft, target.name, state, error.fault));
  });
}

async function keepState(tools: Tools, draft: Draft, { name }: LiveTarget, state: ReconcileState): Promise<void> {
  remember(draft, stateKey(name), await recall(tools, stateKey(name)), state);
  draft.job(targetJob(tools.ids, 'reconcile', name, state.nextAt));
}

/** The end of the round. Somebody may have written the same name in this very moment: then again. */
async function written({ tools, job }: Round, body: (draft: Draft) => Promise<void>): Promise<void> {
  const outcome = await change(tools, RUNNER, body, { hold: job });
  if (outcome.kind === 'taken') throw new Error(`somebody else keeps ${outcome.key}`);
}
