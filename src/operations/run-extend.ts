// More time for a live pass, once approved: told to the target where it keeps the deadline itself. The old deadline
// holds until the new one is confirmed.
import type { Grant, GrantId } from '../core/model.ts';
import { backoffMs } from '../lib/backoff.ts';
import { AdapterError } from '../ports/grant-adapter.ts';
import type { Job } from '../ports/store.ts';
import { RUNNER } from './actors.ts';
import { change, type Draft } from './change.ts';
import { holdOn } from './hold.ts';
import { grantJob } from './jobs.ts';
import { callUnderLease } from './lease.ts';
import { last, orderOf, over } from './run-grant.ts';
import type { Tools } from './tools.ts';

type Extending = Extract<Grant, { status: 'extending' }>;

/** A hold that is gone is noticed this soon. */
const HELD_MS = 10_000;

export async function runExtend(tools: Tools, job: Job): Promise<void> {
  const id = String(job.payload['grant']) as GrantId;
  const grant = (await tools.store.grant(id))?.row;
  if (grant?.status !== 'extending') return over(tools, job);
  const target = tools.targets.of(grant.offer.target);
  if (!target) return last(tools, job, id, { type: 'extension_failed', fault: 'target_not_configured' });
  const extend = target.connection.extend?.bind(target.connection);
  // A target that keeps no deadline has nothing to be told: ours is the only one.
  if (!extend) return extendHere(tools, job, grant);
  const isHeld = await change(tools, RUNNER, (draft) => heldBack(tools, draft, grant), { hold: job, keepHold: true });
  if (isHeld.kind === 'taken' || isHeld.value) return over(tools, job);
  const order = { ...orderOf(grant), expiresAt: grant.until, receipt: grant.receipt };
  try {
    const receipt = await callUnderLease(tools, job, (signal) => extend(order, signal));
    await last(tools, job, id, { type: 'extended', receipt });
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    const passing = error.fault === 'busy' || error.fault === 'unreachable';
    const now = await tools.store.now();
    if (!passing || now >= grant.expiresAt)
      return last(tools, job, id, { type: 'extension_failed', fault: error.fault });
    const wait = Math.max(
      backoffMs(job.attempts, { baseMs: 1_000, capMs: 30_000 }, tools.ids.jitter()),
      (error.retryAfterSeconds ?? 0) * 1000,
    );
    await tools.store.defer(job, Math.min(now + wait, grant.expiresAt), error.message);
  }
}

async function extendHere(tools: Tools, job: Job, grant: Extending): Promise<void> {
  await change(
    tools,
    RUNNER,
    async (draft) => {
      if (await heldBack(tools, draft, grant)) return;
      await draft.decideGrant(grant.id, { type: 'extended', receipt: grant.receipt });
    },
    { hold: job },
  );
}

/** Nothing new is given there for now, and more time is new: it is tried again as long as the old deadline lasts. */
async function heldBack(tools: Tools, draft: Draft, grant: Extending): Promise<boolean> {
  if (!(await holdOn(tools, grant.offer.target, draft))) return false;
  if (draft.now >= grant.expiresAt)
    await draft.decideGrant(grant.id, { type: 'extension_failed', fault: 'access_held' });
  else draft.job(grantJob(tools.ids, 'extend', grant, Math.min(draft.now + HELD_MS, grant.expiresAt)));
  return true;
}
