// What was done while the store was away is written into the log: each line of the spool once, in its order, whatever stops the
// process in between; a line is dropped only when its commit is durable. From there the ordinary revocation goes on: it looks
// twice and closes.
import type { SpooledEnd } from '../ports/spool.ts';
import { EMERGENCY } from './actors.ts';
import { change } from './change.ts';
import type { Tools } from './tools.ts';

/** A line that comes back later than this would be refused by the state of its pass as well. */
const REMEMBERED_MS = 30 * 24 * 3_600_000;

/** Throws when the store refuses: what was entered until then is not entered again. */
export async function enterEnd(tools: Tools, end: SpooledEnd): Promise<void> {
  const { id, grant, doneAt, attempts, seen } = end;
  const entered = await change(tools, EMERGENCY, async (draft) => {
    // An owner of its own each time: a line that was entered before the process died is found to be taken.
    draft.claim({ key: `spooled:${id}`, owner: tools.ids.next('act'), until: draft.now + REMEMBERED_MS });
    return draft.decideGrant(grant, { type: 'spooled', doneAt, attempts, seen });
  });
  if (entered.kind === 'taken' || !entered.value) return;
  const facts = { grant, seen, code: entered.value.code };
  // A store that was put back to an earlier state does not know the pass: comparing with the targets finds what is there.
  if (entered.value.code === 'unknown_pass') tools.log.error('a pass was ended that the store does not know', facts);
  else tools.log.warn('a pass was ended without the store, and its row has moved on since', facts);
}
