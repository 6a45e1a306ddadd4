// What is noted while a case runs: who held what with which epoch, what was carried out in the target and on whose intent,
// and how long access was there that should not have been. What can be seen to be wrong at once is kept as a violation.
import { isDeepStrictEqual } from 'node:util';
import type { Grant } from '../../src/core/model.ts';
import type { GrantOrder } from '../../src/ports/grant-adapter.ts';
import type { ClaimWish, Commit, Hold, Job, Store } from '../../src/ports/store.ts';
import type { PortCall } from '../world-ports.ts';
import { STALE_MS } from './outcomes.ts';
import type { VirtualTime } from './virtual-time.ts';

/** How late an end may be while the target answers, and how late its alarm while it does not. */
const LATE_MS = 120_000;
const ALARM_MS = 180_000;
/** After a rollback only a look at the whole target finds what nobody remembers; one comes at least so often. */
const FOUND_WITHIN_MS = 300_000;
/** Time is moved in steps, so that what is seen happened up to one step before. */
export const STEP_MS = 15_000;

export interface Watch {
  readonly violations: Set<string>;
  /** How often each pass came into being in the target, and how often because of a call that was given up long before. */
  readonly given: Map<string, { spells: number; late: number }>;
  /** Nobody in the target could be asked, or it answered with failures, until then. */
  troubleUntil: number;
  /** A store that was put back knows nothing: what is left is looked for from then on. */
  readonly lostAt: number | undefined;
  /** Something may have changed in the target … */
  dirty: boolean;
  /** … and then it did last. */
  changedAt: number;
  /** A call that was given up was carried out all the same, so shortly ago that looks may not show it yet. */
  hasJustComeLate(): boolean;
  seen(call: PortCall, answer: unknown): void;
  /** The store was put back. */
  forgets(): void;
  /** A process begins; `overdue` is what it must send to the target before `ready` says yes. */
  boots(ready: () => boolean, overdue: readonly string[]): void;
  /** A call to give is about to leave the program. */
  giving(order: GrantOrder<unknown>): Promise<void>;
  carriedOut(call: 'grant' | 'revoke' | 'endSessions', grantId: string, late: boolean): void;
  /** How things stand: is the access there, and whose is it? */
  look(present: boolean, grants: readonly Grant[]): void;
  /** It is there and should not be. */
  isLate(): boolean;
}

interface Lease {
  readonly job: string;
  readonly until: number;
}
interface State {
  readonly epochs: Map<string, number>;
  readonly leases: Map<string, Lease>;
  /** Which pass a job is about. */
  readonly passes: Map<string, string>;
  /** Passes that are in the target. */
  readonly held: Set<string>;
  goneSince: number | undefined;
  presentSince: number | undefined;
  alarmAt: number;
  cameLateAt: number;
  lostAt: number | undefined;
  boot: { readonly ready: () => boolean; readonly unsent: Set<string> } | undefined;
}

export function openWatch(time: VirtualTime, store: () => Store): Watch {
  const state: State = {
    epochs: new Map(),
    leases: new Map(),
    passes: new Map(),
    held: new Set(),
    goneSince: undefined,
    presentSince: undefined,
    alarmAt: Number.NEGATIVE_INFINITY,
    cameLateAt: Number.NEGATIVE_INFINITY,
    lostAt: undefined,
    boot: undefined,
  };
  const watch: Watch = {
    violations: new Set(),
    given: new Map(),
    troubleUntil: Number.NEGATIVE_INFINITY,
    dirty: true,
    changedAt: Number.NEGATIVE_INFINITY,
    get lostAt() {
      return state.lostAt;
    },
    forgets() {
      state.lostAt = time.truth.now();
      for (const memory of [state.epochs, state.leases, state.passes]) memory.clear();
    },
    boots(ready, overdue) {
      state.boot = { ready, unsent: new Set(overdue) };
    },
    seen(call, answer) {
      if (isEarly(state, call)) watch.violations.add('I14: it said that it is ready before what was overdue was sent');
      if (call.port !== 'store') return;
      for (const found of storeCall(state, time.truth.now(), call, answer)) watch.violations.add(found);
    },
    async giving(order) {
      for (const found of await intentOf(store(), order)) watch.violations.add(found);
    },
    carriedOut(call, grantId, late) {
      watch.dirty = true;
      watch.changedAt = time.truth.now();
      if (late && call === 'grant') state.cameLateAt = watch.changedAt;
      if (call === 'endSessions') return;
      const { spells, late: before } = watch.given.get(grantId) ?? { spells: 0, late: 0 };
      const isNew = call === 'grant' && !state.held.has(grantId);
      const isTakenLate = call === 'revoke' && late;
      if (call === 'revoke') state.held.delete(grantId);
      if (call === 'grant') state.held.add(grantId);
      // What was taken by a call that was given up long before may have to be given once more.
      const isExcused = isTakenLate || (isNew && late);
      watch.given.set(grantId, { spells: spells + (isNew ? 1 : 0), late: before + (isExcused ? 1 : 0) });
    },
    look(present, grants) {
      for (const found of presence(state, watch, time.truth.now(), present, grants)) watch.violations.add(found);
    },
    hasJustComeLate: () => time.truth.now() - state.cameLateAt <= STALE_MS,
    isLate: () => state.goneSince !== undefined && state.presentSince !== undefined,
  };
  return watch;
}

/** I14: asked of the program's own readiness after each of its calls. */
function isEarly({ boot }: State, call: PortCall): boolean {
  if (!boot) return false;
  if (call.port === 'target' && call.method === 'revoke')
    boot.unsent.delete((call.args[0] as GrantOrder<unknown>).grantId);
  return boot.unsent.size > 0 && boot.ready();
}

/** I8: epochs only rise, no write of a late holder counts, and no two jobs of one pass are held at the same time. */
function storeCall(state: State, now: number, call: PortCall, answer: unknown): readonly string[] {
  switch (call.method) {
    case 'claim': {
      const { leaseMs } = call.args[0] as ClaimWish;
      return (answer as readonly Job[] | undefined)?.flatMap((job) => claimed(state, now, leaseMs, job)) ?? [];
    }
    case 'renew': {
      const hold = call.args[0] as Hold;
      if (answer === true) extendLease(state, hold, now + Number(call.args[1]));
      return answer === true ? oldEpoch(state, hold, 'a lease was renewed') : [];
    }
    case 'defer': {
      const hold = call.args[0] as Hold;
      if (answer === true) dropLease(state, hold);
      return answer === true ? oldEpoch(state, hold, 'a job was put off') : [];
    }
    case 'commit':
      return committed(state, now, call.args[0] as Commit, answer);
  }
  return [];
}

function claimed(state: State, now: number, leaseMs: number, job: Job): readonly string[] {
  const { id, subject, epoch } = job;
  const found: string[] = [];
  if (epoch <= (state.epochs.get(subject) ?? 0)) found.push(`I8: the epoch of ${subject} did not rise with a claim`);
  state.epochs.set(subject, epoch);
  const pass = job.kind === 'warn' ? undefined : job.payload['grant'];
  if (typeof pass !== 'string') return found;
  const held = state.leases.get(pass);
  if (held && held.job !== id && held.until > now) found.push('I8: two jobs of one pass are held at the same time');
  state.passes.set(id, pass);
  state.leases.set(pass, { job: id, until: now + leaseMs });
  return found;
}

function committed(state: State, now: number, commit: Commit, answer: unknown): readonly string[] {
  if ((answer as { readonly kind?: string } | undefined)?.kind !== 'done') return [];
  const alarm = commit.events?.some(({ event }) => ALARMS.has(event.type));
  if (alarm) state.alarmAt = now;
  if (!commit.hold) return [];
  if (commit.finish) dropLease(state, commit.hold);
  return oldEpoch(state, commit.hold, 'a commit was accepted');
}

const ALARMS: ReadonlySet<string> = new Set([
  'revoke.overdue',
  'grant.reappeared',
  'grant.adopted',
  'alarm.raised',
  'log.rolled_back',
]);

function oldEpoch(state: State, { subject, epoch }: Hold, what: string): readonly string[] {
  return epoch < (state.epochs.get(subject) ?? 0) ? [`I8: ${what} from a holder of an old epoch`] : [];
}

function extendLease(state: State, { id }: Hold, until: number): void {
  const pass = state.passes.get(id);
  if (pass !== undefined && state.leases.get(pass)?.job === id) state.leases.set(pass, { job: id, until });
}

function dropLease(state: State, { id }: Hold): void {
  const pass = state.passes.get(id);
  if (pass !== undefined && state.leases.get(pass)?.job === id) state.leases.delete(pass);
}

/** I3 and I4, at the last moment before the call: the intent is stored, and it is what was approved. */
async function intentOf(store: Store, order: GrantOrder<unknown>): Promise<readonly string[]> {
  const row = (await store.grant(order.grantId))?.row;
  if (!row) return ['I3: a call to give left without an intent in the store'];
  const found: string[] = [];
  if (row.status !== 'granting' || row.attempts < 1 || !row.inFlight)
    found.push(`I3: a call to give left with the pass ${row.status} and no attempt noted`);
  const { principal, entitlement } = row.offer;
  if (
    !isDeepStrictEqual([order.principal, order.target], [principal, entitlement]) ||
    order.expiresAt !== row.expiresAt
  )
    found.push('I4: what was sent to the target is not what was approved');
  return found;
}

/** I2: nothing there later than 120 s after its end while the target answers; else an alarm within 180 s. I7: no live pass taken. */
function presence(
  state: State,
  watch: Watch,
  now: number,
  present: boolean,
  grants: readonly Grant[],
): readonly string[] {
  const live = grants.filter((grant) => isLive(grant) && now < grant.expiresAt);
  state.goneSince = live.length > 0 ? undefined : (state.goneSince ?? now);
  state.presentSince = present ? (state.presentSince ?? now) : undefined;
  // A store that was put back may hold a pass for live whose end it has forgotten.
  const isTaken = live.some(({ status }) => status === 'active') && !present;
  if (isTaken && state.lostAt === undefined) return ['I7: a live pass was taken before its end'];
  if (state.goneSince === undefined || state.presentSince === undefined) return [];
  const since = Math.max(state.goneSince, state.presentSince, watch.lostAt ?? 0);
  const late = now - Math.max(since, watch.troubleUntil);
  const slack = STEP_MS + (state.lostAt === undefined ? 0 : FOUND_WITHIN_MS);
  return [
    ...(late > LATE_MS + slack ? ['I2: access was there more than 120 s after its end'] : []),
    ...(now - since > ALARM_MS + slack && state.alarmAt < since - LATE_MS
      ? ['I2: access was there more than 180 s after its end and nobody was alarmed']
      : []),
  ];
}

function isLive({ status }: Grant): boolean {
  return status === 'granting' || status === 'active' || status === 'extending';
}
