// Whoever owns a target hears privately what is wrong with a pass in it, beside the audit channel and the pagers. Who they are is
// asked of the chat when it is told, so this waits for the chat; the alarm itself does not.
import type { JsonObject } from '../core/model.ts';
import { backoffMs } from '../lib/backoff.ts';
import type { Ids, Instant } from '../ports/clock.ts';
import type { Note } from '../ports/document.ts';
import type { Job, NewJob } from '../ports/store.ts';
import { RUNNER } from './actors.ts';
import { change } from './change.ts';
import { LANE, tellJob } from './jobs.ts';
import { accountsIn } from './membership.ts';
import { over } from './run-grant.ts';
import type { Tools } from './tools.ts';

const GAP_MAX_MS = 300_000;

interface Telling {
  readonly owner: string;
  readonly note: Note;
}

export function ownersJob(ids: Ids, owner: string, note: Note, about: string, dueAt: Instant): NewJob {
  const payload = { owner, note } as unknown as JsonObject;
  const once = `owners:${owner}:${about}`;
  return {
    id: ids.next('job'),
    kind: 'owners',
    subject: once,
    queue: 'owners',
    lane: LANE.alarm,
    dueAt,
    payload,
    once,
  };
}

export async function tellOwners(tools: Tools, job: Job): Promise<void> {
  const { owner, note } = job.payload as unknown as Telling;
  const accounts = await accountsIn(tools, owner);
  if (!accounts) {
    const wait = backoffMs(job.attempts, { baseMs: 5_000, capMs: GAP_MAX_MS }, tools.ids.jitter());
    await tools.store.defer(job, (await tools.store.now()) + wait, 'who owns the target is not to be had');
    return;
  }
  if (accounts.length === 0) {
    tools.log.error('the owners of a target are nobody', { owner });
    return over(tools, job);
  }
  await change(
    tools,
    RUNNER,
    async (draft) => {
      for (const account of accounts)
        draft.job(tellJob(tools.ids, { kind: 'person', account }, note, LANE.alarm, draft.now));
    },
    { hold: job },
  );
}
