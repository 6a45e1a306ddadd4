// Giving access: look, note the intent, call, note the outcome, look again. Each step is stored before the next, so that a
// crash between any two leaves either nothing given or an obligation to revoke (laws 1–3, 9).

import { isDeepStrictEqual } from 'node:util';
import type { GrantCommand } from '../core/grant-command.ts';
import type { Grant, GrantId, Instant, JsonObject } from '../core/model.ts';
import { backoffMs } from '../lib/backoff.ts';
import { type Accepted, AdapterError, type Granted } from '../ports/grant-adapter.ts';
import type { Job } from '../ports/store.ts';
import type { LiveTarget } from '../ports/targets.ts';
import { RUNNER } from './actors.ts';
import { change } from './change.ts';
import { isTooSkewed } from './clock-skew.ts';
import { holdOn } from './hold.ts';
import { callUnderLease } from './lease.ts';
import type { Tools } from './tools.ts';

type Granting = Extract<Grant, { status: 'granting' }>;

const POLL_MS = 5_000;
/** A hold that is gone is noticed this soon. */
const HELD_MS = 10_000;

export async function runGrant(tools: Tools, job: Job): Promise<void> {
  const id = String(job.payload['grant']) as GrantId;
  const now = await tools.store.now();
  let grant = (await tools.store.grant(id))?.row;
  if (grant?.status === 'scheduled' && now >= grant.startsAt) {
    const begun = await intend(tools, job, grant, { type: 'start' });
    if (begun === 'held') return held(tools, job, now + HELD_MS);
    grant = begun;
  }
  if (grant?.status !== 'granting') return over(tools, job);
  if (now >= Math.min(grant.giveUpAt, grant.expiresAt)) return last(tools, job, id, { type: 'give_up' });
  const target = tools.targets.of(grant.offer.target);
  if (!target) return again(tools, job, grant, 'the target is not configured any more');
  // Looked at again as long as nothing was sent: what was clear before a crash may be different after it.
  if (!grant.handle && (isTooSkewed(tools) || (await holdOn(tools, target.name))))
    return held(tools, job, heldUntil(now, grant));
  const cleared = grant.attempts > 0 ? grant : await look(tools, job, grant, target);
  if (cleared) await give(tools, job, cleared, target);
}

/** Before the first call: is it still what was approved, and is the access absent? Otherwise it is not ours to give. */
async function look(tools: Tools, job: Job, grant: Granting, target: LiveTarget): Promise<Granting | undefined> {
  const { entitlement, fingerprint, policyVersion } = grant.offer;
  if (policyVersion !== tools.catalog.policyVersion) {
    await last(tools, job, grant.id, { type: 'changed', code: 'policy_changed' });
    return undefined;
  }
  try {
    const today = await callUnderLease(tools, job, (signal) => target.connection.fingerprint(entitlement, signal));
    if (today !== fingerprint) {
      await last(tools, job, grant.id, { type: 'changed', code: 'entitlement_changed' });
      return undefined;
    }
    const seen = await callUnderLease(tools, job, (signal) => target.connection.inspect(orderOf(grant), signal));
    if (seen === 'present') await last(tools, job, grant.id, { type: 'already_there' });
    else if (seen === 'unknown') await again(tools, job, grant, 'the target could not say whether access exists');
    else return (await step(tools, job, grant.id, { type: 'cleared' })) as Granting;
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    await again(tools, job, grant, error.message, error.retryAfterSeconds);
  }
  return undefined;
}

async function give(tools: Tools, job: Job, grant: Granting, target: LiveTarget): Promise<void> {
  const order = orderOf(grant);
  const { connection } = target;
  const { handle } = grant;
  const poll = connection.poll?.bind(connection);
  if (!handle || !poll) {
    const sent = await intend(tools, job, grant, { type: 'attempt' });
    if (sent === 'held') return held(tools, job, heldUntil(await tools.store.now(), grant));
    if (sent?.status !== 'granting') return over(tools, job);
  }
  try {
    const answer: Granted | Accepted = await callUnderLease(tools, job, (signal) =>
      handle && poll ? poll(handle, order, signal) : connection.grant(order, signal),
    );
    if ('accepted' in answer) return accepted(tools, job, grant, answer.accepted);
    const { receipt } = answer;
    // There is no safe way to hand it over yet, and a message is none (threat D11).
    if (answer.secret)
      tools.log.error('the target handed out a secret, which nobody can be given', { grant: grant.id });
    const seen = await callUnderLease(tools, job, (signal) => connection.inspect({ ...order, receipt }, signal));
    // Told to people only when seen: a receipt alone has been wrong before (threat F03).
    if (seen === 'present') return last(tools, job, grant.id, { type: 'confirmed', receipt });
    return failed(tools, job, grant, new AdapterError('busy', `granted, but the access is ${seen} so far`, 'maybe'));
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    return failed(tools, job, grant, error);
  }
}

/** The same answer as before is no news: a target that works for minutes must not fill the log. */
async function accepted(tools: Tools, job: Job, grant: Granting, handle: JsonObject): Promise<void> {
  const pollAt = (await tools.store.now()) + POLL_MS;
  if (!isDeepStrictEqual(handle, grant.handle)) return last(tools, job, grant.id, { type: 'accepted', handle, pollAt });
  await tools.store.defer(job, pollAt, 'the target is still at work', { attempt: false });
}

async function failed(tools: Tools, job: Job, grant: Granting, error: AdapterError): Promise<void> {
  const now = await tools.store.now();
  const passing = error.fault === 'busy' || error.fault === 'unreachable';
  const retryAt = Math.min(now + waitMs(tools, grant.attempts, error.retryAfterSeconds), grant.giveUpAt);
  tools.log.warn('a grant attempt failed', { grant: grant.id, fault: error.fault, changed: error.changed, error });
  const { fault, changed } = error;
  await last(tools, job, grant.id, { type: 'attempt_failed', fault, changed, ...(passing ? { retryAt } : {}) });
}

/** Nothing was called: look again later; the sweep gives up when the time is over. */
async function again(
  tools: Tools,
  job: Job,
  grant: Granting,
  because: string,
  retryAfterSeconds?: number,
): Promise<void> {
  const now = await tools.store.now();
  await tools.store.defer(job, Math.min(now + waitMs(tools, job.attempts, retryAfterSeconds), grant.giveUpAt), because);
}

function waitMs(tools: Tools, attempts: number, retryAfterSeconds: number | undefined): number {
  return Math.max(
    backoffMs(attempts, { baseMs: 1_000, capMs: 30_000 }, tools.ids.jitter()),
    (retryAfterSeconds ?? 0) * 1000,
  );
}

export function orderOf(grant: Grant) {
  const { id, offer, expiresAt } = grant;
  return { grantId: id, principal: offer.principal, target: offer.entitlement as unknown, expiresAt };
}

/**
 * A step after which the target is called to give. Not where nothing new is given for now: it waits, and what is not given in
 * time is given up.
 */
async function intend(
  tools: Tools,
  job: Job,
  grant: Grant,
  command: Extract<GrantCommand, { type: 'start' | 'attempt' }>,
): Promise<Grant | undefined | 'held'> {
  const result = await change(
    tools,
    RUNNER,
    async (draft) => {
      if (await holdOn(tools, grant.offer.target, draft)) return 'held';
      return (await draft.decideGrant(grant.id, command)) ? undefined : draft.grant(grant.id);
    },
    { hold: job, keepHold: true },
  );
  return result.kind === 'done' ? result.value : undefined;
}

async function held(tools: Tools, job: Job, until: Instant): Promise<void> {
  await tools.store.defer(job, until, 'nothing new is given here for now', { attempt: false });
}

function heldUntil(now: Instant, { giveUpAt, expiresAt }: Granting): Instant {
  return Math.min(now + HELD_MS, giveUpAt, expiresAt);
}

/** One step of a job that goes on: the state afterwards, or `undefined` when the state has moved on without us. */
async function step(tools: Tools, job: Job, id: GrantId, command: GrantCommand): Promise<Grant | undefined> {
  const result = await change(
    tools,
    RUNNER,
    async (draft) => ((await draft.decideGrant(id, command)) ? undefined : draft.grant(id)),
    { hold: job, keepHold: true },
  );
  return result.kind === 'done' ? result.value : undefined;
}

/** The last step: outcome and the end of the job in one commit (law 2). A refusal means the state moved on: only the job ends. */
export async function last(tools: Tools, job: Job, id: GrantId, command: GrantCommand): Promise<void> {
  await change(tools, RUNNER, async (draft) => void (await draft.decideGrant(id, command)), { hold: job });
}

export async function over(tools: Tools, job: Job): Promise<void> {
  await change(tools, RUNNER, async () => undefined, { hold: job });
}
