// Sign the head of the log and put it where others see it: the store, a file, the audit channel (threats J02–J04).
import { checkpointNote } from '../messages/audit-line.ts';
import type { Job } from '../ports/store.ts';
import { RUNNER } from './actors.ts';
import { change } from './change.ts';
import { LANE, tellJob } from './jobs.ts';
import { over } from './run-grant.ts';
import type { Tools } from './tools.ts';

export async function runCheckpoint(tools: Tools, job: Job): Promise<void> {
  const head = await tools.store.ledgerHead();
  if (head.size === 0 || head.checkpoint?.size === head.size) return over(tools, job);
  const { size, rootHex } = head;
  const note = tools.signer.sign({ size, rootHex });
  const at = await tools.store.now();
  if (!(await tools.store.saveCheckpoint({ size, rootHex, note, at }))) {
    tools.log.error('the log no longer has the root that was signed: run "hallpass audit verify" now', { size });
    return over(tools, job);
  }
  await tools.keepCheckpoint(note);
  const place = { kind: 'channel', channel: tools.catalog.auditChannel } as const;
  await change(
    tools,
    RUNNER,
    async (draft) => draft.job(tellJob(tools.ids, place, checkpointNote(note, size), LANE.rest, draft.now)),
    { hold: job },
  );
}
