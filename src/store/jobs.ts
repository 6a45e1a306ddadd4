// A job from its order to its end: ordered, held, kept, deferred, finished. Which job comes next is for claim.ts.
import type { Hold, NewJob } from '../ports/store.ts';
import { ask, askOne, keep, type Operation, type Outcome, undo } from './ask.ts';
import type { Statements } from './statements.ts';

interface Held {
  /** Higher than the holder's when the job was ordered again meanwhile. */
  readonly round: number;
  readonly againAt: number | null;
  readonly attempts: number;
}

export function* order(s: Statements, job: NewJob): Operation<void> {
  const { id, kind, subject, queue, lane, dueAt, ordered = false, once = null } = job;
  const payload = JSON.stringify(job.payload);
  yield* ask(s.orderJob, { id, kind, subject, queue, lane, dueAt, payload, ordered, once });
}

/**
 * The job, if it is still held under this lease. A lease that ran out and that nobody took is still good: nothing has
 * happened in between. A later round does not matter: the holder's outcome is as true as before.
 */
export function* holding(s: Statements, { id, subject, epoch, round }: Hold): Operation<Held | undefined> {
  const held = yield* askOne(s.holding, { id, subject, epoch });
  return held && round <= held.round ? held : undefined;
}

/** Only after `holding` in the same transaction. */
export function* finish(s: Statements, { id, subject, epoch, round }: Hold): Operation<void> {
  const finished = yield* askOne(s.finishJob, { id, round });
  if (!finished) yield* ask(s.repeatJob, { id });
  yield* ask(s.dropLease, { subject, epoch });
}

export function* renew(s: Statements, hold: Hold, leaseMs: number, now: number): Operation<Outcome<boolean>> {
  if (!(yield* holding(s, hold))) return undo(false);
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
  const held = yield* holding(s, hold);
  if (!held) return undo(false);
  const { id, subject, epoch } = hold;
  const attempts = attempt ? held.attempts : held.attempts - 1;
  yield* ask(s.deferJob, { id, because, attempts, dueAt: Math.min(dueAt, held.againAt ?? dueAt) });
  yield* ask(s.dropLease, { subject, epoch });
  return keep(true);
}
