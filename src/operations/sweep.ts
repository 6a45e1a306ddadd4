// The safety net: looks at every row whose time has come and orders what should already be under way. Whatever job,
// timer or poke was lost, this finds it again (law 12). Safe to run anywhere, any number of times.
import { knowsGrant, knowsRequest } from '../core/known.ts';
import type { GrantId, RequestId } from '../core/model.ts';
import type { DueCursor } from '../ports/store.ts';
import { SWEEP } from './actors.ts';
import { change } from './change.ts';
import { checkpointJob, evaluateJob, grantJob } from './jobs.ts';
import { reviveReconcile } from './reconcile-state.ts';
import { REVOKE_GAP_MAX_SECONDS } from './run-revoke.ts';
import type { Tools } from './tools.ts';
import { tellUnknown } from './unknown-row.ts';

const SWEPT_AT_ONCE = 500;
/** Of each kind in one sweep: whoever watches that somebody sweeps must hear of one that came to its end. */
const PAGES_MAX = 10;
/** A signed head at least this often while there are new leaves, or after this many. */
const CHECKPOINT_EVERY_MS = 600_000;
const CHECKPOINT_EVERY_LEAVES = 256;
/** Signed within the day even if nothing happens: whoever sees no head for 24 h knows that something is wrong. */
const SIGN_OF_LIFE_MS = 20 * 3600_000;

/** Where the next sweep goes on, when there was more than one looks at. */
export interface SweepPlace {
  after?: DueCursor | undefined;
}

/**
 * Returns how many rows moved on; call again while that is not 0, with the same `place`. Throws only when the store cannot be
 * read.
 */
export async function sweep(tools: Tools, place: SweepPlace = {}): Promise<number> {
  const moved = await sweepDue(tools, place);
  await calmly(tools, 'checkpoint', () => signWhenDue(tools));
  await calmly(tools, 'reconcile', async () => {
    await reviveReconcile(tools);
    return false;
  });
  await tools.store.tidy();
  // Only a sweep that came to its end counts for whoever watches that somebody sweeps.
  await tools.store.beat();
  return moved;
}

/**
 * All that is due, page by page: rows that stay due, because only a newer version could move them on (threat F12), would else
 * hide for ever those that came due after them.
 */
async function sweepDue(tools: Tools, place: SweepPlace): Promise<number> {
  let moved = 0;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const due = await tools.store.due(SWEPT_AT_ONCE, place.after);
    for (const id of due.grants) if (await calmly(tools, id, () => sweepGrant(tools, id))) moved += 1;
    for (const id of due.requests) if (await calmly(tools, id, () => sweepRequest(tools, id))) moved += 1;
    place.after = due.next;
    if (due.next === undefined) return moved;
  }
  const rows = PAGES_MAX * SWEPT_AT_ONCE;
  tools.log.error('more rows are due than one sweep looks at; the next one goes on where this one stopped', { rows });
  return moved;
}

/** One row that cannot be swept (damaged, or of a version we do not know) must keep no other from its end. */
async function calmly(tools: Tools, id: string, work: () => Promise<boolean>): Promise<boolean> {
  try {
    return await work();
  } catch (error) {
    tools.log.error('a row could not be swept; it is looked at again at the next sweep', { id, error });
    return false;
  }
}

/** True: the row is not due any more. */
async function sweepRequest(tools: Tools, id: RequestId): Promise<boolean> {
  const changed = await change(tools, SWEEP, async (draft) => {
    const request = await draft.request(id);
    if (request?.status === 'pending') return !(await draft.decideRequest(id, { type: 'lapse' }));
    if (request?.status === 'evaluating') draft.job(evaluateJob(tools.ids, id, draft.now));
    else if (request && !knowsRequest(request.status))
      await tellUnknown(tools, draft, { what: 'request', id, status: request.status });
    return false;
  });
  return changed.kind === 'done' && changed.value;
}

async function sweepGrant(tools: Tools, id: GrantId): Promise<boolean> {
  const changed = await change(tools, SWEEP, async (draft) => {
    const grant = await draft.grant(id);
    if (grant && !knowsGrant(grant.status)) {
      await tellUnknown(tools, draft, { what: 'pass', id, status: grant.status });
      return false;
    }
    switch (grant?.status) {
      case 'scheduled':
        draft.job(grantJob(tools.ids, 'grant', grant, draft.now));
        return false;
      case 'granting':
        return !(await draft.decideGrant(id, { type: 'give_up' }));
      case 'active':
      case 'extending':
        return !(await draft.decideGrant(id, { type: 'end', because: 'deadline', by: 'hallpass', why: '' }));
      case 'revoking': {
        const early = await draft.decideGrant(id, { type: 'overdue', fault: grant.ending.lastFault ?? 'no_answer' });
        // Never earlier than the job that is there already: this only brings back one that was lost.
        draft.job(grantJob(tools.ids, 'revoke', grant, draft.now + REVOKE_GAP_MAX_SECONDS * 1000));
        return !early;
      }
      case 'revoked':
      case 'failed':
      case 'force_closed':
      case undefined:
        return false;
    }
  });
  return changed.kind === 'done' && changed.value;
}

async function signWhenDue(tools: Tools): Promise<boolean> {
  const { size, checkpoint } = await tools.store.ledgerHead();
  const fresh = size - (checkpoint?.size ?? 0);
  const now = await tools.store.now();
  const isLate = now - (checkpoint?.at ?? 0) >= CHECKPOINT_EVERY_MS;
  if (fresh === 0 && checkpoint && now - checkpoint.at >= SIGN_OF_LIFE_MS) return giveSignOfLife(tools, size);
  if (fresh === 0 || (fresh < CHECKPOINT_EVERY_LEAVES && !isLate)) return false;
  await change(tools, SWEEP, async (draft) => draft.job(checkpointJob(tools.ids, draft.now)));
  return true;
}

/** A head of the same size would be no news: an entry makes one. Of several replicas one writes it. */
async function giveSignOfLife(tools: Tools, size: number): Promise<boolean> {
  const changed = await change(tools, SWEEP, async (draft) => {
    draft.claim({ key: `log.continued:${size}`, owner: tools.owner, until: draft.now + SIGN_OF_LIFE_MS });
    draft.record({ type: 'log.continued', at: draft.now, actor: SWEEP, subject: {}, data: {} });
    draft.job(checkpointJob(tools.ids, draft.now));
  });
  return changed.kind === 'done';
}
