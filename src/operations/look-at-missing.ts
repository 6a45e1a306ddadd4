// Live passes that the target does not show: looked at one by one, twice and a settle time apart. Then somebody took the access
// away by hand, and the pass ends with it (threat F19). A look that fails proves nothing.
import type { GrantId, Instant } from '../core/model.ts';
import type { Presence } from '../ports/grant-adapter.ts';
import type { Claim } from '../ports/store.ts';
import { RUNNER } from './actors.ts';
import { change } from './change.ts';
import { callUnderLease } from './lease.ts';
import { asked, type LivePass, type Round, settleMs } from './reconcile-round.ts';
import { orderOf } from './run-grant.ts';

/** In one round, and for so long; the others have their turn in the next. What ends access there must not wait for looks. */
const LOOKS_MAX = 100;
const LOOKS_MS = 15_000;
/** A first look counts for this long; a second one that comes later is a first one again. */
const FIRST_LOOK_KEPT_MS = 900_000;

export interface Looks {
  /** Names for the first looks that found nothing, to be kept when the round ends. */
  readonly first: readonly Claim[];
  /** So many of the passes were looked at, from the first on. */
  readonly looked: number;
}

/** Throws AdapterError. */
export async function lookAtMissing(round: Round, passes: readonly LivePass[]): Promise<Looks> {
  const { clock, store } = round.tools;
  const first: Claim[] = [];
  const until = clock.now() + LOOKS_MS;
  let looked = 0;
  for (const { id } of passes) {
    if (looked >= LOOKS_MAX || clock.now() >= until) break;
    looked += 1;
    if ((await presenceOf(round, id)) !== 'absent') continue;
    const now = await store.now();
    const seenAt = await store.ownerOf(absentKey(id));
    if (seenAt === undefined) first.push(firstLook(id, now));
    else if (now >= Number(seenAt) + settleMs(round.target)) await end(round, id, seenAt);
  }
  return { first, looked };
}

async function presenceOf(round: Round, id: GrantId): Promise<Presence> {
  const { tools, job, target } = round;
  const row = (await tools.store.grant(id))?.row;
  if (row?.status !== 'active' && row?.status !== 'extending') return 'unknown';
  const order = { ...orderOf(row), receipt: row.receipt };
  const look = (signal: AbortSignal) => target.connection.inspect(order, signal);
  return (await asked(tools, { grant: id }, () => callUnderLease(tools, job, look))) ?? 'unknown';
}

async function end({ tools, job }: Round, id: GrantId, seenAt: string): Promise<void> {
  await change(
    tools,
    RUNNER,
    async (draft) => {
      await draft.decideGrant(id, { type: 'end', because: 'drift', by: 'hallpass', why: '' });
      draft.release(absentKey(id), seenAt);
    },
    { hold: job, keepHold: true },
  );
}

function firstLook(id: GrantId, now: Instant): Claim {
  return { key: absentKey(id), owner: String(now), until: now + FIRST_LOOK_KEPT_MS };
}

function absentKey(id: GrantId): string {
  return `absent:${id}`;
}
