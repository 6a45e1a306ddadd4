// The alarm for overdue access in the audit channel. A target that is dead makes hundreds of passes overdue at once: each has its
// line in the audit channel, but the alarm that must be heard within three minutes is one for the target, saying how many there
// are, and never waits behind hundreds of its own kind (S2).
import type { Grant, GrantId, JsonObject } from '../core/model.ts';
import { overdueLine } from '../messages/page.ts';
import type { Ids, Instant } from '../ports/clock.ts';
import type { Note } from '../ports/document.ts';
import type { Job, NewJob } from '../ports/store.ts';
import { RUNNER } from './actors.ts';
import { change } from './change.ts';
import { LANE, tellJob } from './jobs.ts';
import type { Tools } from './tools.ts';

const READ_MAX = 1_000;

export function overdueJob(ids: Ids, { offer: { target } }: Grant, note: Note, dueAt: Instant): NewJob {
  const subject = `overdue:${target}`;
  const payload = { target, note } as unknown as JsonObject;
  return {
    id: ids.next('job'),
    kind: 'overdue',
    subject,
    queue: subject,
    lane: LANE.alarm,
    dueAt,
    payload,
    once: subject,
  };
}

export async function runOverdue(tools: Tools, job: Job): Promise<void> {
  const { target, note } = job.payload as unknown as { readonly target: string; readonly note: Note };
  const passes = await overdueIn(tools, target);
  const lines = passes.length > 1 ? [...note.lines, [overdueLine(target, passes)]] : note.lines;
  const place = { kind: 'channel', channel: tools.catalog.auditChannel } as const;
  await change(
    tools,
    RUNNER,
    async (draft) => draft.job(tellJob(tools.ids, place, { ...note, lines }, LANE.alarm, draft.now)),
    { hold: job },
  );
}

/** Passes in this target that people were alarmed about and that are not gone yet, the oldest last. */
export async function overdueIn(tools: Tools, target: string): Promise<readonly GrantId[]> {
  const live = await tools.store.liveGrants({ target }, READ_MAX);
  return live.flatMap(({ row }) =>
    row.status === 'revoking' && row.ending.overdueSince !== undefined ? [row.id] : [],
  );
}
