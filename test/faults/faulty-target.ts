// Stands before the real connection of an adapter and makes calls go as the case says. Whatever is carried out is carried
// out by the adapter itself, in the real target, now or later.
import type { JsonObject } from '../../src/core/model.ts';
import {
  type Accepted,
  AdapterError,
  type GrantConnection,
  type Granted,
  type GrantOrder,
  type Presence,
  type RevokeOrder,
} from '../../src/ports/grant-adapter.ts';
import type { Turns } from './cases.ts';
import type { FaultBench } from './fault-bench.ts';
import { LATE_MS, OUTCOME, type OutcomeName, PENDING_MS, RETRY_AFTER_SECONDS, STALE_MS } from './outcomes.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface Faults {
  /** The calls that go wrong. */
  readonly call: 'grant' | 'revoke';
  readonly outcome: OutcomeName;
  readonly turns: Turns;
  readonly time: VirtualTime;
  /** Something was carried out in the target; `late` when whoever asked for it was told of a failure long before. */
  readonly carriedOut: (call: 'grant' | 'revoke' | 'endSessions', grantId: string, late: boolean) => void;
  /** The target answered a call with a failure. */
  readonly troubled: () => void;
}

type Connection = GrantConnection<unknown>;
type Order = RevokeOrder<unknown>;
interface State extends Faults {
  readonly raw: Connection;
  readonly bench: FaultBench<unknown, unknown>;
  readonly stale: Map<string, { readonly shows: Presence; readonly until: number }>;
  /** Work in the target's own time, by pass. */
  readonly pending: Map<string, Granted | undefined>;
  left: number;
}

export function faultyTarget(raw: Connection, bench: FaultBench<unknown, unknown>, faults: Faults): Connection {
  const left = OUTCOME[faults.outcome].times[faults.call];
  const state: State = { ...faults, raw, bench, left, stale: new Map(), pending: new Map() };
  const connection: Connection = {
    resolve: (person, signal) => raw.resolve(person, signal),
    fingerprint: (target, signal) => raw.fingerprint(target, signal),
    check: (targets, signal) => raw.check(targets, signal),
    grant: (order, signal) => grant(state, order, signal),
    poll: (accepted, order, signal) => poll(state, accepted, order, signal),
    revoke: (order, signal) => revoke(state, order, signal),
    inspect: (order, signal) => inspect(state, order, signal),
  };
  if (raw.extend) connection.extend = raw.extend.bind(raw);
  if (raw.owned) connection.owned = raw.owned.bind(raw);
  if (raw.endSessions) connection.endSessions = (order, signal) => endSessions(state, order, signal);
  return connection;
}

function isHit(state: State, call: Faults['call']): boolean {
  if (state.call !== call || state.left === 0) return false;
  state.left -= 1;
  return true;
}

async function grant(state: State, order: GrantOrder<unknown>, signal: AbortSignal): Promise<Granted | Accepted> {
  const apply = (late = false) => reallyGrant(state, order, late, late ? never() : signal);
  if (!isHit(state, 'grant')) return apply();
  switch (state.outcome) {
    case 'partial':
      await (state.bench.half?.grant?.(order) ?? apply());
      state.carriedOut('grant', order.grantId, false);
      throw trouble(state, 'busy', 'maybe');
    case 'pending':
      state.pending.set(order.grantId, undefined);
      later(state, PENDING_MS, async () => void state.pending.set(order.grantId, await apply(true)));
      return { accepted: { ticket: order.grantId } };
    case 'stale':
      await freeze(state, order, signal);
      return apply();
    case 'ok':
    case 'reply_lost':
    case 'timeout':
    case 'refused':
    case 'busy':
    case 'failed':
    case 'late':
      return plainly(state, apply);
  }
}

async function poll(state: State, accepted: JsonObject, order: GrantOrder<unknown>, signal: AbortSignal) {
  if (!state.pending.has(String(accepted['ticket']))) {
    if (!state.raw.poll) throw new AdapterError('missing', 'there is no such ticket', 'no');
    return state.raw.poll(accepted, order, signal);
  }
  return state.pending.get(order.grantId) ?? { accepted };
}

async function revoke(state: State, order: Order, signal: AbortSignal): Promise<void> {
  const apply = (late = false) => reallyRevoke(state, order, late, late ? never() : signal);
  if (!isHit(state, 'revoke')) return apply();
  switch (state.outcome) {
    case 'partial':
      await (state.bench.half?.revoke?.(order) ?? apply());
      throw trouble(state, 'busy', 'maybe');
    case 'pending':
      state.troubled();
      later(state, PENDING_MS, () => apply(true));
      return;
    case 'stale':
      await freeze(state, order, signal);
      return apply();
    case 'ok':
    case 'reply_lost':
    case 'timeout':
    case 'refused':
    case 'busy':
    case 'failed':
    case 'late':
      await plainly(state, apply);
  }
}

/** Outcomes that are the same for whatever is asked. */
async function plainly<T>(state: State, apply: (late?: boolean) => Promise<T>): Promise<T> {
  switch (state.outcome) {
    case 'reply_lost':
      await apply();
      throw trouble(state, 'unreachable', 'maybe');
    case 'refused':
      throw trouble(state, 'refused', 'no');
    case 'busy':
      throw trouble(state, 'busy', 'no', RETRY_AFTER_SECONDS);
    case 'late':
      later(state, LATE_MS[state.turns.lateBy], async () => void (await apply(true)));
      throw trouble(state, 'unreachable', 'maybe');
    case 'timeout':
    case 'failed':
      throw trouble(state, 'unreachable', 'maybe');
    case 'ok':
    case 'partial':
    case 'pending':
    case 'stale':
      return apply();
  }
}

function trouble(
  state: State,
  fault: 'refused' | 'busy' | 'unreachable',
  changed: 'no' | 'maybe',
  retryAfterSeconds?: number,
): AdapterError {
  state.troubled();
  const more = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  return new AdapterError(fault, `the target is in trouble: ${state.outcome}`, changed, more);
}

async function reallyGrant(state: State, order: GrantOrder<unknown>, late: boolean, signal: AbortSignal) {
  const answer = await state.raw.grant(order, signal);
  state.carriedOut('grant', order.grantId, late);
  if ('accepted' in answer) throw new Error('the matrix makes answers of this kind itself');
  return answer;
}

async function reallyRevoke(state: State, order: Order, late: boolean, signal: AbortSignal): Promise<void> {
  if (state.bench.isNasty) state.troubled();
  await state.raw.revoke(order, signal);
  state.carriedOut('revoke', order.grantId, late);
}

async function endSessions(state: State, order: Order, signal: AbortSignal) {
  const seen = await state.raw.endSessions?.(order, signal);
  state.carriedOut('endSessions', order.grantId, false);
  return seen ?? { ended: 0, left: 0 };
}

/** Looks show for a while what they show now. */
async function freeze(state: State, order: Order, signal: AbortSignal): Promise<void> {
  state.troubled();
  const shows = await state.raw.inspect(order, signal);
  state.stale.set(order.principal.id, { shows, until: state.time.truth.now() + STALE_MS });
}

async function inspect(state: State, order: Order, signal: AbortSignal): Promise<Presence> {
  const old = state.stale.get(order.principal.id);
  return old && state.time.truth.now() < old.until ? old.shows : state.raw.inspect(order, signal);
}

/** Nobody is there any more who could be told that it failed. */
function later({ time }: State, ms: number, effect: () => Promise<void>): void {
  time.later(ms, () =>
    effect().catch((error: unknown) => {
      if (!(error instanceof AdapterError)) throw error;
    }),
  );
}

function never(): AbortSignal {
  return new AbortController().signal;
}
