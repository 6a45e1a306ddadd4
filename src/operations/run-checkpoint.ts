// Sign the head of the log and put it where others see it: the store, a file, the audit channel (threats J02–J04).
import { checkpointNote } from '../messages/audit-line.ts';
import type { Job, LedgerHead } from '../ports/store.ts';
import { RUNNER } from './actors.ts';
import { change } from './change.ts';
import { LANE, tellJob } from './jobs.ts';
import { over } from './run-grant.ts';
import { headKey } from './seen-outside.ts';
import type { Tools } from './tools.ts';

export async function runCheckpoint(tools: Tools, job: Job): Promise<void> {
  const head = await tools.store.ledgerHead();
  const note = await signed(tools, job, head);
  if (note === undefined) return over(tools, job);
  await tools.keepCheckpoint(note);
  const place = { kind: 'channel', channel: tools.catalog.auditChannel } as const;
  await change(
    tools,
    RUNNER,
    async (draft) => {
      const key = headKey(head.size, head.rootHex);
      draft.job(tellJob(tools.ids, place, checkpointNote(note, head.size), LANE.rest, draft.now, key));
    },
    { hold: job },
  );
}

/** `undefined`: there is nothing new to show. */
async function signed(tools: Tools, job: Job, head: LedgerHead): Promise<string | undefined> {
  const { size, rootHex, checkpoint } = head;
  // Signed, but perhaps shown to nobody: an attempt before this one broke off in between. Copies do no harm.
  if (checkpoint?.size === size) return job.attempts > 1 ? checkpoint.note : undefined;
  if (size === 0) return undefined;
  const note = tools.signer.sign({ size, rootHex });
  const at = await tools.store.now();
  if (await tools.store.saveCheckpoint({ size, rootHex, note, at })) return note;
  tools.log.error('the log no longer has the root that was signed: run "hallpass audit verify" now', { size });
  return undefined;
}
