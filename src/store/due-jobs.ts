// What could be claimed out of one lane of one queue, and how many jobs run: shared by claim.ts and wake.ts, which must
// agree on it, or a runner would be woken for jobs that it does not get. Changes nothing.
import { ask, type Operation } from './ask.ts';
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

/** Due jobs whose subjects are free, oldest first; undefined when there are no more. */
export interface Source {
  readonly next: () => Operation<DueJob | undefined>;
}

interface Wanted {
  readonly queue: string;
  readonly lane: number;
  readonly now: number;
  /** How many to fetch at a time. */
  readonly limit: number;
}

export function dueJobs(s: Statements, wanted: Wanted): Source {
  let page: readonly DueJob[] = [];
  let index = 0;
  let more = true;
  let cursor = { afterDue: Number.MIN_SAFE_INTEGER, afterNumber: 0 };
  function* next(): Operation<DueJob | undefined> {
    if (index === page.length && more) {
      page = yield* ask(s.dueJobs, { ...wanted, ...cursor });
      more = page.length === wanted.limit;
      index = 0;
    }
    const job = page[index];
    if (job === undefined) return undefined;
    index += 1;
    cursor = { afterDue: job.dueAt, afterNumber: job.number };
    return job;
  }
  return { next };
}

/** Jobs under a lease that has not run out, by queue. */
export function* runningJobs(s: Statements, now: number): Operation<ReadonlyMap<string, number>> {
  const counts = yield* ask(s.running, { now });
  return new Map(counts.map(({ queue, count }) => [queue, Number(count)]));
}
