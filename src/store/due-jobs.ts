// What could be claimed out of one lane of one queue, and how many jobs run: shared by claim.ts and wake.ts, which must
// agree on it, or a runner would be woken for jobs that it does not get. Changes nothing.
import { ask, type Operation } from './ask.ts';
import { NEW_QUEUE, type QueueState } from './pace.ts';
import type { Statements } from './statements.ts';

export interface DueJob {
  readonly number: number;
  readonly id: string;
  readonly kind: string;
  readonly subject: string;
  readonly queue: string;
  readonly lane: number;
  readonly dueAt: number;
  readonly payload: string;
  readonly ordered: boolean;
  readonly once: string | null;
}

/** A lane of a queue with anything due, and the queue's state: all null when nothing of it was ever claimed. */
export interface DueShare {
  readonly lane: number;
  readonly queue: string;
  readonly tat: number | null;
  readonly readyAt: number | null;
  readonly atOnce: number | null;
  readonly served: number | null;
}

export function stateOf({ tat, readyAt, atOnce, served }: Omit<DueShare, 'lane' | 'queue'>): QueueState {
  const isNew = tat === null || readyAt === null || atOnce === null || served === null;
  return isNew ? NEW_QUEUE : { tat, readyAt, atOnce, served };
}

/** Due jobs whose subjects were free when they were looked up, oldest first, one by one; undefined when there are no more. */
export interface Source {
  /** `wanted`: so many will be asked for, if there are. */
  readonly next: (wanted: number) => Operation<DueJob | undefined>;
}

/** Goes on from where it was, so that jobs which have to wait are stepped over once and not for each job that is taken. */
export function dueJobs(
  statement: Statements['dueJob'],
  { queue, lane }: { readonly queue: string; readonly lane: number },
  now: number,
): Source {
  let cursor = { afterDue: Number.MIN_SAFE_INTEGER, afterNumber: 0 };
  let found: DueJob[] = [];
  let isOver = false;
  function* next(wanted: number): Operation<DueJob | undefined> {
    if (found.length === 0 && !isOver) {
      found = [...(yield* ask(statement, { queue, lane, now, limit: wanted, ...cursor }))];
      isOver = found.length < wanted;
    }
    const job = found.shift();
    if (job) cursor = { afterDue: job.dueAt, afterNumber: job.number };
    return job;
  }
  return { next };
}

/** Jobs under a lease that has not run out, by queue. */
export function* runningJobs(s: Statements, now: number): Operation<ReadonlyMap<string, number>> {
  const counts = yield* ask(s.running, { now });
  return new Map(counts.map(({ queue, count }) => [queue, Number(count)]));
}
