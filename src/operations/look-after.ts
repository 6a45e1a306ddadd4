// After the end: where the outcome of a call to give was never learnt, the target may still carry it out, minutes later and
// after everybody looked (threat F04). Such a pass is looked at again for a while; what came back is taken back, loudly.
// Passes whose every call was answered are left alone: what appears there later was given by somebody else (law 9).
import type { Grant, GrantId, Instant } from '../core/model.ts';
import { AdapterError } from '../ports/grant-adapter.ts';
import type { Job, StoredEvent } from '../ports/store.ts';
import { RUNNER } from './actors.ts';
import { change, type Draft } from './change.ts';
import { liveKey } from './claims.ts';
import { grantJob } from './jobs.ts';
import { callUnderLease } from './lease.ts';
import { orderOf, over } from './run-grant.ts';
import type { Tools } from './tools.ts';

type Revoked = Extract<Grant, { status: 'revoked' }>;

const LOOK_EVERY_MS = 60_000;
/** A call that was not carried out by then will not be. */
const LATEST_EFFECT_MS = 900_000;

/** When a call to give was sent whose outcome nobody knows: the last of them. */
function lastDoubt(events: readonly StoredEvent[], grant: GrantId): Instant | undefined {
  let sent: Instant | undefined;
  let doubt: Instant | undefined;
  for (const { event } of events) {
    if (event.subject.grant !== grant) continue;
    if (event.type === 'grant.attempted') {
      doubt = sent ?? doubt;
      sent = event.at;
    } else if (event.type === 'grant.attempt_failed') {
      if (event.data.changed === 'maybe') doubt = event.at;
      sent = undefined;
    } else if (event.type === 'grant.accepted') sent = event.at;
    else if (event.type === 'grant.confirmed' || event.type === 'grant.late_confirmed') sent = undefined;
  }
  return sent ?? doubt;
}

export async function orderLookAfter(tools: Tools, draft: Draft, id: GrantId): Promise<void> {
  const grant = await draft.grant(id);
  if (grant?.status !== 'revoked') return;
  const doubt = lastDoubt(await tools.store.eventsOf(grant.request), id);
  if (doubt === undefined || draft.now >= doubt + LATEST_EFFECT_MS) return;
  draft.job(grantJob(tools.ids, 'revoke', grant, draft.now + LOOK_EVERY_MS));
}

export async function lookAfter(tools: Tools, job: Job, grant: Revoked): Promise<void> {
  const target = tools.targets.of(grant.offer.target);
  const { principal, targetKey } = grant.offer;
  // A newer pass for the same access is live: whatever is there is its, and ends with it.
  const isTaken = (await tools.store.ownerOf(liveKey(principal.id, targetKey))) !== undefined;
  if (!target || isTaken) return over(tools, job);
  try {
    const seen = await callUnderLease(tools, job, (signal) => target.connection.inspect(orderOf(grant), signal));
    if (seen === 'unknown') return later(tools, job, 'the target could not say whether access exists');
    const outcome = await change(
      tools,
      RUNNER,
      async (draft) => {
        if (seen === 'present') await draft.decideGrant(grant.id, { type: 'reappeared' });
        await orderLookAfter(tools, draft, grant.id);
      },
      { hold: job },
    );
    // Somebody was given the same access this very moment.
    if (outcome.kind === 'taken') await over(tools, job);
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    await later(tools, job, error.message);
  }
}

async function later(tools: Tools, job: Job, because: string): Promise<void> {
  await tools.store.defer(job, (await tools.store.now()) + LOOK_EVERY_MS, because);
}
