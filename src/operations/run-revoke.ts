// Taking access back: revoke, end sessions, look; a settle time later look again; only then is it over (law 4).
// There is no last try: every failure orders the next attempt in the commit that records it.
import { endDue } from '../core/grant-ending.ts';
import { OVERDUE_SECONDS } from '../core/grant-words.ts';
import type { Grant, GrantId } from '../core/model.ts';
import { backoffMs } from '../lib/backoff.ts';
import { AdapterError } from '../ports/grant-adapter.ts';
import type { Job } from '../ports/store.ts';
import type { LiveTarget } from '../ports/targets.ts';
import { RUNNER } from './actors.ts';
import { change, type Draft } from './change.ts';
import { callUnderLease } from './lease.ts';
import { lookAfter, orderLookAfter } from './look-after.ts';
import { orderOf, over } from './run-grant.ts';
import { sessionsOf } from './target-words.ts';
import type { Tools } from './tools.ts';

type Revoking = Extract<Grant, { status: 'revoking' }>;

/** Attempts are at most this far apart, for ever (threat F06). */
export const REVOKE_GAP_MAX_SECONDS = 300;
/**
 * And at most this far until people are alarmed: a target that answers, with a fault now and then, must not become late by
 * bad luck (S1). Six faults in a row would otherwise do.
 */
const REVOKE_GAP_IN_TIME_SECONDS = 15;

export async function runRevoke(tools: Tools, job: Job): Promise<void> {
  const id = String(job.payload['grant']) as GrantId;
  const grant = (await tools.store.grant(id))?.row;
  if (grant?.status === 'revoked') return lookAfter(tools, job, grant);
  if (grant?.status !== 'revoking') return over(tools, job);
  const target = tools.targets.of(grant.offer.target);
  if (!target) return failed(tools, job, grant, 'target_not_configured');
  try {
    const settle = settleMs(target);
    const first = grant.ending.seenAbsentAt;
    const now = await tools.store.now();
    if (first !== undefined && now < first + settle) {
      await tools.store.defer(job, first + settle, 'the second look is not due yet', { attempt: false });
      return;
    }
    if (first === undefined)
      await callUnderLease(tools, job, (signal) => target.connection.revoke(revokeOrder(grant), signal));
    await prove(tools, job, grant, target);
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    tools.log.warn('a revocation attempt failed and will be repeated', { grant: id, fault: error.fault, error });
    await failed(tools, job, grant, error.fault, error.retryAfterSeconds);
  }
}

/** End what lives on, then look. Anything but "absent, and no session left" is not the end. */
async function prove(tools: Tools, job: Job, grant: Revoking, target: LiveTarget): Promise<void> {
  const order = revokeOrder(grant);
  const { connection, adapter } = target;
  const end = sessionsOf(target) === 'ended' ? connection.endSessions?.bind(connection) : undefined;
  const sessions = end && (await callUnderLease(tools, job, (signal) => end(order, signal)));
  if (sessions && sessions.left > 0) return failed(tools, job, grant, 'sessions_left');
  const seen = await callUnderLease(tools, job, (signal) => connection.inspect(order, signal));
  if (seen === 'unknown') return failed(tools, job, grant, 'unknown');
  if (seen === 'present') return failed(tools, job, grant, 'still_present');
  const { settleSeconds } = adapter;
  const sessionsEnded = sessions?.ended ?? 0;
  await change(
    tools,
    RUNNER,
    async (draft) => {
      await draft.decideGrant(grant.id, { type: 'seen_absent', sessionsEnded, settleSeconds });
      await orderLookAfter(tools, draft, grant.id);
    },
    { hold: job },
  );
}

async function failed(tools: Tools, job: Job, grant: Revoking, fault: string, retryAfterSeconds = 0): Promise<void> {
  await change(
    tools,
    RUNNER,
    async (draft) => {
      const isInTime = draft.now < endDue(grant) + OVERDUE_SECONDS * 1000;
      const capMs = (isInTime ? REVOKE_GAP_IN_TIME_SECONDS : REVOKE_GAP_MAX_SECONDS) * 1000;
      const wait = backoffMs(grant.ending.attempts + 1, { baseMs: 2_000, capMs }, tools.ids.jitter());
      const gap = Math.min(Math.max(wait, retryAfterSeconds * 1000), REVOKE_GAP_MAX_SECONDS * 1000);
      await draft.decideGrant(grant.id, { type: 'revoke_failed', fault, retryAt: draft.now + gap });
      await draft.decideGrant(grant.id, { type: 'overdue', fault });
      if (PERMANENT.has(fault)) await alarmAtOnce(tools, draft, grant, fault);
    },
    { hold: job },
  );
}

/** Waiting does not mend these, so people hear of them now and not when the pass is overdue (threat F07). */
const PERMANENT: ReadonlySet<string> = new Set(['refused', 'invalid', 'missing', 'target_not_configured']);

/** Once for each ending and fault; the overdue alarm is what repeats. */
async function alarmAtOnce(tools: Tools, draft: Draft, grant: Revoking, fault: string): Promise<void> {
  const { request, id, offer, ending } = grant;
  const told = (await tools.store.eventsOf(request)).some(
    ({ event }) =>
      event.type === 'alarm.raised' &&
      event.subject.grant === id &&
      event.at >= ending.since &&
      event.data.code === 'revoke_refused' &&
      event.data.facts['fault'] === fault,
  );
  if (told) return;
  const data = { code: 'revoke_refused', facts: { target: offer.target, fault } };
  draft.record({ type: 'alarm.raised', at: draft.now, actor: RUNNER, subject: { request, grant: id }, data });
}

function revokeOrder(grant: Extract<Grant, { status: 'revoking' | 'revoked' }>) {
  return 'receipt' in grant && grant.receipt ? { ...orderOf(grant), receipt: grant.receipt } : orderOf(grant);
}

function settleMs(target: LiveTarget): number {
  return Math.max(target.adapter.settleSeconds, 2) * 1000;
}
