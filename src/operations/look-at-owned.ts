// Everything in a target that bears our mark, against the rows: what no live pass accounts for is taken back, loudly. What was
// read may be old by the time it is judged, so each verdict is passed on fresh rows, inside the change that acts on it.
import type { Grant, GrantId, Instant } from '../core/model.ts';
import type { Owned } from '../ports/grant-adapter.ts';
import { RUNNER } from './actors.ts';
import { adopt } from './adopt.ts';
import { callTarget } from './call-target.ts';
import { change, type Draft } from './change.ts';
import { liveKey } from './claims.ts';
import { callUnderLease } from './lease.ts';
import { type LivePass, type LivePasses, type Round, settleMs } from './reconcile-round.ts';

type ListOwned = (signal: AbortSignal) => AsyncIterable<Owned>;

/** Answers with the passes that should be there and were not listed. Throws AdapterError. */
export async function lookAtOwned(round: Round, live: LivePasses, list: ListOwned): Promise<readonly LivePass[]> {
  const unseen = new Map([...live.byKey.values()].filter(({ isDue }) => isDue).map((pass) => [pass.id, pass]));
  for await (const item of streamed(round, list)) {
    const id = await accountFor(round, live, item);
    if (id !== undefined) unseen.delete(id as GrantId);
  }
  return [...unseen.values()];
}

/** Item by item, each waited for as long as any call; a target that falls silent on the way is let go. */
async function* streamed({ tools, job }: Round, list: ListOwned): AsyncGenerator<Owned> {
  const over = new AbortController();
  const items = list(over.signal)[Symbol.asyncIterator]();
  try {
    let next = await callUnderLease(tools, job, () => items.next());
    while (!next.done) {
      yield next.value;
      next = await callTarget(tools, () => items.next());
    }
  } finally {
    over.abort('over');
    // Not waited for: a target that hangs would hold it up.
    void items.return?.().catch(() => undefined);
  }
}

/** The live pass that this belongs to, if there is one; otherwise it is dealt with. */
async function accountFor(round: Round, live: LivePasses, item: Owned): Promise<string | undefined> {
  const { tools, target } = round;
  const key = liveKey(item.principal.id, target.keyOf(item.target));
  const holder = live.byKey.get(key)?.id ?? (await tools.store.ownerOf(key));
  if (holder !== undefined && (item.grantId === '' || item.grantId === holder)) return holder;
  if (item.grantId === '' && (await isGone(round, item))) return undefined;
  const outcome = await change(tools, RUNNER, (draft) => judge(round, draft, item), {
    hold: round.job,
    keepHold: true,
  });
  if (outcome.kind === 'done') return outcome.value;
  await leftover(round, item, outcome.owner);
  return undefined;
}

/** Without an id no row tells that it ended while the list was read: it is looked at once more. */
async function isGone({ tools, job, target }: Round, item: Owned): Promise<boolean> {
  const order = orderFor(item);
  return (await callUnderLease(tools, job, (signal) => target.connection.inspect(order, signal))) === 'absent';
}

async function judge({ tools, target, startedAt }: Round, draft: Draft, item: Owned): Promise<string | undefined> {
  const row = item.grantId === '' ? undefined : await draft.grant(item.grantId);
  if (!row) {
    await adopt(tools, draft, target, { ...item, entitlement: item.target });
    return undefined;
  }
  const endedAt = endOf(row);
  if (endedAt === undefined) return row.id;
  // What ended while this was read, or so shortly before that a read-back may be older, is judged by the next round.
  if (endedAt + settleMs(target) < startedAt) await draft.decideGrant(row.id, { type: 'reappeared', marked: true });
  return undefined;
}

function endOf(row: Grant): Instant | undefined {
  if (row.status === 'revoked') return row.revokedAt;
  return row.status === 'failed' || row.status === 'force_closed' ? row.closedAt : undefined;
}

/**
 * It belongs to a pass that is over, or to none, while another pass has the same access: there can be no second one (law 10).
 * As long as that one lives its holder may have it; when it ends, or has not begun, the rest would outlive it.
 */
async function leftover({ tools, job, target }: Round, item: Owned, holder: string): Promise<void> {
  const row = (await tools.store.grant(holder))?.row;
  if (item.grantId === '' || (row?.status !== 'revoking' && row?.status !== 'scheduled')) return;
  tools.log.warn('access of a pass that is over was found beside another one, and is taken back', {
    grant: item.grantId,
    beside: holder,
  });
  await callUnderLease(tools, job, (signal) => target.connection.revoke(orderFor(item), signal));
}

function orderFor({ grantId, principal, target, expiresAt = 0 }: Owned) {
  return { grantId, principal, target: target as unknown, expiresAt };
}
