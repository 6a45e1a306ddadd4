// What the store knows about how things stand: read in one consistent view, from what is live alone.
import { endDue } from '../core/grant-ending.ts';
import type { Grant, Surface } from '../core/model.ts';
import type { Instant } from '../ports/clock.ts';
import type { Backlog, Figures, WaitingJobs } from '../ports/figures.ts';
import { ask, askOne, keep, type Operation, type Outcome, undo } from './ask.ts';
import { ledgerHead } from './ledger.ts';
import { load } from './lists.ts';
import { readRow } from './row-columns.ts';
import type { Statements } from './statements.ts';

/** Closer beats are not written: with many replicas each second, somebody sweeps. */
const BEAT_GAP_MS = 10_000;
/** The surface that stands for the audit channel. */
const AUDIT_STREAM = 'audit';

export function* figures(s: Statements, now: Instant): Operation<Figures> {
  const groups = yield* ask(s.liveGroups);
  const swept = yield* askOne(s.counter, { name: 'swept' });
  return {
    now,
    grants: groups.map(({ status, target, count }) => ({ status, target, count: Number(count) })),
    late: yield* lateness(s, groups, now),
    pendingSince: (yield* ask(s.pendingSince)).map(({ submittedAt }) => submittedAt),
    jobs: yield* waitingJobs(s, now),
    ...(swept && { sweptAt: swept.value }),
    log: yield* logFigures(s),
  };
}

type Group = { readonly status: string; readonly endsAt: number | string };

/** A pass that nobody has begun to take back is late from its deadline on: perhaps nobody sweeps. */
function* lateness(s: Statements, groups: readonly Group[], now: Instant): Operation<Figures['late']> {
  const revoking = (yield* ask(s.revokingGrants)).flatMap((stored) => {
    const { row } = readRow<Grant>(stored);
    return row.status === 'revoking' ? [row] : [];
  });
  const untouched = groups.filter(({ status }) => status !== 'revoking').map(({ endsAt }) => Number(endsAt));
  const since = earliest([...revoking.map(endDue), ...untouched].filter((due) => due < now));
  const alarms = revoking.filter(({ ending }) => ending.overdueSince !== undefined).length;
  return { ...(since !== undefined && { since }), alarms };
}

function* waitingJobs(s: Statements, now: Instant): Operation<readonly WaitingJobs[]> {
  const sums = new Map<string, WaitingJobs>();
  for (const { queue: name, lane, ...group } of yield* ask(s.jobGroups, { now })) {
    const queue = name.split(':', 1)[0] ?? '';
    const before = sums.get(`${lane} ${queue}`) ?? { lane, queue, count: 0, due: 0 };
    const [due, first] = [Number(group.due), Number(group.first)];
    const dueSince = earliest([before.dueSince, due > 0 ? first : undefined]);
    const count = before.count + Number(group.count);
    const sum = { lane, queue, count, due: before.due + due, ...(dueSince !== undefined && { dueSince }) };
    sums.set(`${lane} ${queue}`, sum);
  }
  return [...sums.values()];
}

function* logFigures(s: Statements): Operation<Figures['log']> {
  const { size, checkpoint } = yield* ledgerHead(s);
  const stream = yield* load<Surface>(s, 'surface', AUDIT_STREAM);
  const told = stream?.row.told ?? -1;
  return {
    size,
    ...(checkpoint && { signedAt: checkpoint.at }),
    unsigned: yield* backlog(s, checkpoint?.size ?? 0, size),
    untold: yield* backlog(s, told + 1, size),
  };
}

function* backlog(s: Statements, from: number, size: number): Operation<Backlog> {
  if (from >= size) return { count: 0 };
  const first = yield* askOne(s.leaf, { seq: from });
  return { count: size - from, ...(first && { since: first.at }) };
}

/** Somebody swept, now. */
export function* beat(s: Statements, now: Instant): Operation<Outcome<boolean>> {
  const written = yield* askOne(s.beat, { now, before: now - BEAT_GAP_MS });
  return written ? keep(true) : undo(false);
}

function earliest(times: readonly (Instant | undefined)[]): Instant | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : known.reduce((first, time) => Math.min(first, time));
}
