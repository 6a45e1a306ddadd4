// What is owed: every access that may be in a target now, with all that ending it needs, held in memory beside the store. Exact
// for what this process writes itself, and brought up to date by the log for what others write: the cost is that of the changes.
import { isDeepStrictEqual } from 'node:util';
import { isCertain } from '../core/grant-words.ts';
import { readLeaf } from '../core/ledger/leaf.ts';
import type { Grant, GrantId, Instant } from '../core/model.ts';
import type { Clock } from '../ports/clock.ts';
import type { Obligation, Remembered } from '../ports/spool.ts';
import type { Store, Stored } from '../ports/store.ts';

/** All passes are read at the start, and when more of them changed than this. */
const CHANGED_MAX = 2_000;
const LIVE_MAX = 100_000;
const LEAVES_AT_ONCE = 500;

export interface Obligations {
  /** A row as it stands now: read, or just written. An older one than was seen before is passed over. */
  saw(stored: Stored<Grant>): void;
  /** Throws when the store cannot be read; what was known stays known. */
  refresh(store: Store): Promise<void>;
  /** The store's clock, as this machine's clock tells it. */
  now(): Instant;
  /** What has to be gone by now: its stored deadline has passed, or its end was ordered. */
  due(): readonly Obligation[];
  remembered(deploymentId: string): Remembered;
  /** Goes up with each change of what is owed. */
  changes(): number;
}

interface Known {
  readonly version: number;
  readonly obligation: Obligation;
  readonly change: number;
}
interface State {
  readonly known: Map<GrantId, Known>;
  readonly watchers: readonly ((stored: Stored<Grant>) => void)[];
  changes: number;
  aheadMs: number;
  /** Of the log: rows that changed later are not in `known` yet. */
  size: number | undefined;
}

/**
 * `before` is what another life of this process knew. Its idea of the store's clock may be old, and the machine's clock may
 * have been set since: it is used to end later, never to end earlier.
 */
export function openObligations(
  clock: Clock,
  watchers: readonly ((stored: Stored<Grant>) => void)[] = [],
  before?: Remembered,
): Obligations {
  const state: State = {
    known: new Map(),
    watchers,
    changes: 0,
    aheadMs: Math.min(0, before?.aheadMs ?? 0),
    size: undefined,
  };
  for (const obligation of before?.obligations ?? [])
    state.known.set(obligation.grant, { version: 0, obligation, change: 0 });
  const now = () => clock.now() + state.aheadMs;
  const all = () => [...state.known.values()].map(({ obligation }) => obligation);
  return {
    saw: (stored) => saw(state, stored),
    refresh: (store) => refresh(state, store, clock),
    now,
    due: () => all().filter(({ status, expiresAt }) => status === 'revoking' || expiresAt <= now()),
    remembered: (deploymentId) => ({ deploymentId, at: now(), aheadMs: state.aheadMs, obligations: all() }),
    changes: () => state.changes,
  };
}

function saw(state: State, stored: Stored<Grant>): void {
  for (const watch of state.watchers) watch(stored);
  const { row, version } = stored;
  const known = state.known.get(row.id);
  if (known && version < known.version) return;
  const obligation = obligationOf(row);
  if (!obligation && !known) return;
  if (known && isDeepStrictEqual(known.obligation, obligation)) {
    state.known.set(row.id, { ...known, version });
    return;
  }
  state.changes += 1;
  if (obligation) state.known.set(row.id, { version, obligation, change: state.changes });
  else state.known.delete(row.id);
}

/** Where every call to give was answered with a no, nothing of ours can be there, and nothing may be taken (law 9). */
function obligationOf(row: Grant): Obligation | undefined {
  switch (row.status) {
    case 'granting':
      return isCertain(row) ? undefined : obliged(row, row.status);
    case 'active':
    case 'extending':
    case 'revoking':
      return obliged(row, row.status);
    case 'scheduled':
    case 'revoked':
    case 'force_closed':
    case 'failed':
      return undefined;
  }
}

function obliged(row: Grant, status: Obligation['status']): Obligation {
  const { id: grant, offer, expiresAt } = row;
  const { target, principal, entitlement } = offer;
  const receipt = 'receipt' in row && row.receipt ? { receipt: row.receipt } : {};
  return { grant, target, principal, entitlement, ...receipt, expiresAt, status };
}

async function refresh(state: State, store: Store, clock: Clock): Promise<void> {
  const now = await store.now();
  // Read after the answer: the way it took makes us late by a moment, and never early.
  state.aheadMs = now - clock.now();
  const { size } = await store.ledgerHead();
  const from = state.size;
  if (from === undefined || size < from || size - from > CHANGED_MAX) await readAll(state, store);
  else await readChanged(state, store, from, size);
  state.size = size;
}

async function readAll(state: State, store: Store): Promise<void> {
  const { changes } = state;
  const live = await store.liveGrants({}, LIVE_MAX);
  const ids = new Set(live.map(({ row }) => row.id));
  for (const [id, { change }] of state.known) {
    if (ids.has(id) || change > changes) continue; // written while we read
    state.known.delete(id);
    state.changes += 1;
  }
  for (const stored of live) saw(state, stored);
}

/** Every change of a pass has its leaf in the same commit. */
async function readChanged(state: State, store: Store, from: number, size: number): Promise<void> {
  for (let next = from; next < size; next += LEAVES_AT_ONCE) {
    const leaves = await store.leaves(next, Math.min(LEAVES_AT_ONCE, size - next));
    for (const id of new Set(leaves.flatMap(grantOf))) {
      const stored = await store.grant(id);
      if (stored) saw(state, stored);
    }
  }
}

function grantOf({ type, leaf }: { readonly type: string; readonly leaf: string }): readonly string[] {
  if (!type.startsWith('grant.') && !type.startsWith('revoke.')) return [];
  const subject = readLeaf(leaf)?.subject;
  return subject && 'grant' in subject && typeof subject.grant === 'string' ? [subject.grant] : [];
}
