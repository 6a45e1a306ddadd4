// A job from its order to its end: ordered, held, kept, deferred, finished. Which job comes next is for claim.ts.
import type { Hold, NewJob } from '../ports/store.ts';
import { ask, askOne, keep, type Operation, type Outcome, undo } from './ask.ts';
import type { Statements } from './statements.ts';
import { turn } from './turn-statements.ts';

interface Held {
  /** Higher than the holder's when the job was ordered again meanwhile. */
  readonly round: number;
  readonly againAt: number | null;
  readonly attempts: number;
}

/**
 * Ordered jobs of a subject get their numbers under its turn, so that whoever has the lower number is seen first: numbers
 * alone are given in one order and seen in another, and a later word would be said before an earlier one.
 */
export function* orderAll(s: Statements, jobs: readonly NewJob[]): Operation<void> {
  if (s.turns) {
    const subjects = jobs.filter(({ ordered }) => ordered).map(({ subject }) => subject);
    for (const subject of [...new Set(subjects)].sort()) yield* ask(s.turns.wait, { key: turn.order(subject) });
  }
  for (const job of inLockOrder(jobs)) yield* order(s, job);
}

/**
 * Ordering a key again locks the job that waits under it. Two commits that do so for the same keys go through them in the same
 * order, or they would wait for each other. All others stay in their places.
 */
function inLockOrder(jobs: readonly NewJob[]): readonly NewJob[] {
  const moves = ({ once, ordered }: NewJob) => once !== undefined && !ordered;
  const sorted = jobs.filter(moves).sort((a, b) => ((a.once ?? '') < (b.once ?? '') ? -1 : 1));
  return jobs.map((job) => (moves(job) ? (sorted.shift() ?? job) : job));
}

function* order(s: Statements, job: NewJob): Operation<void> {
  const { id, kind, subject, queue, lane, dueAt, ordered = false, once = null } = job;
  const payload = JSON.stringify(job.payload);
  yield* ask(s.orderJob, { id, kind, subject, queue, lane, dueAt: Math.ceil(dueAt), payload, ordered, once });
}

/**
 * The job, if it is still held under this lease. A lease that ran out and that nobody took is still good: nothing has
 * happened in between. A later round does not matter: the holder's outcome is as true as before. Until the transaction ends
 * nobody can take the lease. The job itself is not locked: a commit that has yet to wait for rows would hold up those who
 * order it again, and they may be the ones who have these rows.
 */
export function* holding(s: Statements, hold: Hold): Operation<Held | undefined> {
  return yield* held(s, hold, s.holding);
}

/** Likewise, and nobody orders it again meanwhile: for whoever does nothing else. */
function* holdingStill(s: Statements, hold: Hold): Operation<Held | undefined> {
  return yield* held(s, hold, s.holdingStill);
}

function* held(
  s: Statements,
  { id, subject, epoch, round }: Hold,
  statement: Statements['holding'],
): Operation<Held | undefined> {
  // Whoever claims only tries this turn, so it is waited for once and never in a circle.
  if (s.turns) yield* ask(s.turns.wait, { key: turn.subject(subject) });
  const found = yield* askOne(statement, { id, subject, epoch });
  return found && round <= found.round ? found : undefined;
}

/** Only after `holding` in the same transaction. Ordered again at the same moment, it goes on; the order is not lost. */
export function* finish(s: Statements, { id, subject, epoch, round }: Hold): Operation<void> {
  const finished = yield* askOne(s.finishJob, { id, round });
  if (!finished) yield* ask(s.repeatJob, { id });
  yield* ask(s.dropLease, { subject, epoch });
}

export function* renew(s: Statements, hold: Hold, leaseMs: number, now: number): Operation<Outcome<boolean>> {
  if (!(yield* holdingStill(s, hold))) return undo(false);
  const { id, subject, epoch } = hold;
  const until = now + leaseMs;
  yield* ask(s.renewLease, { subject, epoch, until });
  yield* ask(s.renewJob, { id, until });
  return keep(true);
}

export interface Deferral {
  readonly dueAt: number;
  readonly because: string;
  /** False: this claim was no attempt. */
  readonly attempt: boolean;
}

/** What was ordered again meanwhile is not made to wait for the later time. */
export function* defer(s: Statements, hold: Hold, { dueAt, because, attempt }: Deferral): Operation<Outcome<boolean>> {
  const found = yield* holdingStill(s, hold);
  if (!found) return undo(false);
  const { id, subject, epoch } = hold;
  const attempts = attempt ? found.attempts : found.attempts - 1;
  const again = Math.ceil(Math.min(dueAt, found.againAt ?? dueAt));
  // The words are a target's, and PostgreSQL takes no text with a zero in it.
  yield* ask(s.deferJob, { id, because: because.replaceAll('\0', '\uFFFD'), attempts, dueAt: again });
  yield* ask(s.dropLease, { subject, epoch });
  return keep(true);
}
