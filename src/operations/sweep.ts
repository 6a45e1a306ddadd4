// The safety net: looks at every row whose time has come and orders what should already be under way. Whatever job,
// timer or poke was lost, this finds it again (law 12). Safe to run anywhere, any number of times.
import type { GrantId, RequestId } from '../core/model.ts';
import { SWEEP } from './actors.ts';
import { change } from './change.ts';
import { checkpointJob, evaluateJob, grantJob } from './jobs.ts';
import { REVOKE_GAP_MAX_SECONDS } from './run-revoke.ts';
import type { Tools } from './tools.ts';

const SWEPT_AT_ONCE = 500;
/** A signed head at least this often while there are new leaves, or after this many. */
export const CHECKPOINT_EVERY_MS = 600_000;
export const CHECKPOINT_EVERY_LEAVES = 256;

/** Returns how many rows were looked at; call again while it is not 0. */
export async function sweep(tools: Tools): Promise<number> {
  const due = await tools.store.due(SWEPT_AT_ONCE);
  for (const id of due.requests) await sweepRequest(tools, id);
  for (const id of due.grants) await sweepGrant(tools, id);
  await signWhenDue(tools);
  await tools.store.tidy();
  return due.requests.length + due.grants.length;
}

async function sweepRequest(tools: Tools, id: RequestId): Promise<void> {
  await change(tools, SWEEP, async (draft) => {
    const request = await draft.request(id);
    if (request?.status === 'pending') await draft.decideRequest(id, { type: 'lapse' });
    if (request?.status === 'evaluating') draft.job(evaluateJob(tools.ids, id, draft.now));
  });
}

async function sweepGrant(tools: Tools, id: GrantId): Promise<void> {
  await change(tools, SWEEP, async (draft) => {
    const grant = await draft.grant(id);
    if (!grant) return;
    switch (grant.status) {
      case 'scheduled':
        return draft.job(grantJob(tools.ids, 'grant', grant, draft.now));
      case 'granting':
        return void (await draft.decideGrant(id, { type: 'give_up' }));
      case 'active':
      case 'extending':
        return void (await draft.decideGrant(id, { type: 'end', because: 'deadline', by: 'hallpass', why: '' }));
      case 'revoking':
        await draft.decideGrant(id, { type: 'overdue', fault: grant.ending.lastFault ?? 'no_answer' });
        // Never earlier than the job that is there already: this only brings back one that was lost.
        return draft.job(grantJob(tools.ids, 'revoke', grant, draft.now + REVOKE_GAP_MAX_SECONDS * 1000));
      case 'revoked':
      case 'failed':
      case 'force_closed':
        return undefined;
    }
  });
}

async function signWhenDue(tools: Tools): Promise<void> {
  const { size, checkpoint } = await tools.store.ledgerHead();
  const fresh = size - (checkpoint?.size ?? 0);
  const now = await tools.store.now();
  const late = now - (checkpoint?.at ?? 0) >= CHECKPOINT_EVERY_MS;
  if (fresh === 0 || (fresh < CHECKPOINT_EVERY_LEAVES && !late)) return;
  await change(tools, SWEEP, async (draft) => draft.job(checkpointJob(tools.ids, draft.now)));
}
