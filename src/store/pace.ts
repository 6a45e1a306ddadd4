// How fast a queue may go: a pure account of one queue (GCRA, https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm).
// Must not look at jobs. All times are in ms; a share is what is known of one queue at one moment.
import type { Pace } from '../ports/store.ts';

export interface QueueState {
  /** Theoretical arrival time: when the next job would come if jobs came exactly at the pace. */
  readonly tat: number;
  /** Nothing of the queue before then, by its pace or by a hold. */
  readonly readyAt: number;
  readonly atOnce: number;
  /** Epoch of the job taken last. */
  readonly served: number;
}
export interface Share {
  readonly queue: string;
  readonly state: QueueState;
  readonly running: number;
  readonly pace: Pace;
}

/** Fits an int32 column; stands for "as many as you like". */
const NO_LIMIT = 2_147_483_647;

export const NEW_QUEUE: QueueState = { tat: 0, readyAt: 0, atOnce: NO_LIMIT, served: 0 };

/** The state under the pace of now: a slower one than it was served by last counts at once. */
export function underPace(state: QueueState, pace: Pace): QueueState {
  const readyAt = Math.max(state.readyAt, readyAfter(state.tat, pace));
  return { ...state, readyAt, atOnce: Math.min(pace.atOnce, NO_LIMIT) };
}

export function admits({ state, running, pace }: Share, now: number): boolean {
  return state.readyAt <= now && running < pace.atOnce;
}

/** The share after one more job was taken from it. */
export function takeOne(share: Share, epoch: number, now: number): Share {
  const tat = Math.ceil(Math.max(share.state.tat, now) + share.pace.everyMs);
  const state = underPace({ ...share.state, tat, served: epoch }, share.pace);
  return { ...share, state, running: share.running + 1 };
}

function readyAfter(tat: number, { everyMs, burst }: Pace): number {
  return Math.ceil(tat - (Math.max(1, burst) - 1) * everyMs);
}

/** Who goes first within a lane: the queue with the fewest running, then the one that was served longest ago. */
export function nextShare(shares: readonly Share[]): Share | undefined {
  return shares.reduce<Share | undefined>(
    (best, share) => (best && !goesBefore(share, best) ? best : share),
    undefined,
  );
}

function goesBefore(a: Share, b: Share): boolean {
  if (a.running !== b.running) return a.running < b.running;
  if (a.state.served !== b.state.served) return a.state.served < b.state.served;
  return a.queue < b.queue;
}
