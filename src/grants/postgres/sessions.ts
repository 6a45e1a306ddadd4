// Ends a person's live sessions and counts what is left. Needed because REVOKE does not reach a session that did SET ROLE:
// it keeps the role until it ends (threat F17). Such a session cannot be told from the others, so all of the person's end.
import { z } from 'zod';
import type { Principal } from '../../core/model.ts';
import type { Clock } from '../../ports/clock.ts';
import { AdapterError, type SessionsSeen } from '../../ports/grant-adapter.ts';
import type { Api } from './api.ts';
import { Oid } from './schema.ts';

const POLL_MS = 100;
const MAX_POLLS = 50;

const Session = z.object({ pid: z.number().int() });

const SESSIONS = 'FROM pg_stat_activity WHERE usesysid = $1::oid AND pid <> pg_backend_pid()';
const END = `SELECT pid FROM (SELECT pid, pg_terminate_backend(pid) AS sent ${SESSIONS}) AS ended WHERE sent`;
const LEFT = `SELECT pid ${SESSIONS} AND pid = ANY($2::int[])`;

/**
 * To be called after the revoke. Goes by the oid, so that it works for a role that was dropped while its sessions live.
 * Sessions that began after the first look are not counted: they never had the right, and a client that connects again by
 * itself would keep the count up for ever.
 */
export async function endSessionsOf(
  api: Api,
  clock: Clock,
  { id }: Principal,
  signal: AbortSignal,
): Promise<SessionsSeen> {
  const oid = Oid.safeParse(id);
  if (!oid.success)
    throw new AdapterError('invalid', 'The principal is not one of PostgreSQL: its id is no oid.', 'no');
  const told = pidsOf(await api.write(signal, (query) => query(Session, END, [oid.data])));
  let left = told.length;
  for (let polls = 0; left > 0 && polls < MAX_POLLS; polls += 1) {
    // A transaction for each look: within one, PostgreSQL shows the same picture of its sessions again and again.
    left = (await api.read(signal, (query) => query(Session, LEFT, [oid.data, told]))).length;
    if (left > 0) await clock.sleep(POLL_MS, signal);
  }
  return { ended: told.length - left, left };
}

function pidsOf(sessions: readonly z.output<typeof Session>[]): readonly number[] {
  return sessions.map(({ pid }) => pid);
}
