// After the end: where the outcome of a call to give was never learnt, the target may still carry it out, minutes later and
// after everybody looked (threat F04). Such a pass is looked at again for a while; what came back is taken back, loudly.
// More time that was asked for and never confirmed is such a call too. Passes whose every call was answered are left alone:
// what appears there later was given by somebody else (law 9).
import type { DomainEvent } from '../core/events.ts';
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
/** A call that was not carried out by then will hardly be … */
const LATEST_EFFECT_MS = 900_000;
/** … and this look, so long after the end, is for the one that is. */
const NEXT_DAY_MS = 24 * 3600_000;

/** When a call to give was sent whose outcome nobody knows: the last of them. */
function lastDoubt(events: readonly StoredEvent[], grant: GrantId): Instant | undefined {
  let calls: Calls = {};
  for (const { event } of events) if (event.subject.grant === grant) calls = after(calls, event);
  return calls.sent ?? calls.doubt;
}

interface Calls {
  /** A call that has no outcome so far. */
  readonly sent?: Instant;
  /** The last one whose outcome will never be known. */
  readonly doubt?: Instant;
}

function after({ sent, doubt }: Calls, event: DomainEvent): Calls {
  const known = doubt === undefined ? {} : { doubt };
  const unknown = sent === undefined ? known : { doubt: sent };
  switch (event.type) {
    case 'grant.attempted':
    case 'grant.accepted':
    case 'grant.extending':
      return { ...(event.type === 'grant.attempted' ? unknown : known), sent: event.at };
    case 'grant.attempt_failed':
      return event.data.changed === 'maybe' ? { doubt: event.at } : known;
    case 'grant.extension_failed':
      return CERTAIN.has(event.data.fault) ? known : { doubt: event.at };
    case 'grant.confirmed':
    case 'grant.late_confirmed':
    case 'grant.extended':
      return known;
  }
  return { ...known, ...(sent === undefined ? {} : { sent }) };
}

/** More time failed like this without a call, or after one that was answered. */
const CERTAIN: ReadonlySet<string> = new Set(['target_not_configured', 'too_late']);

/** Each minute while it may still come, once on the next day, then never again. */
function nextLook(now: Instant, doubt: Instant, revokedAt: Instant): Instant | undefined {
  if (now < doubt + LATEST_EFFECT_MS) return now + LOOK_EVERY_MS;
  return now < revokedAt + NEXT_DAY_MS ? revokedAt + NEXT_DAY_MS : undefined;
}

export async function orderLookAfter(tools: Tools, draft: Draft, id: GrantId): Promise<void> {
  const grant = await draft.grant(id);
  if (grant?.status !== 'revoked') return;
  const doubt = lastDoubt(await tools.store.eventsOf(grant.request), id);
  const next = doubt === undefined ? undefined : nextLook(draft.now, doubt, grant.revokedAt);
  if (next !== undefined) draft.job(grantJob(tools.ids, 'revoke', grant, next));
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
