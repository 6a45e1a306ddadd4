// How things stand in the store, for whoever watches: figures and times, of bounded size whatever is over already, the same
// for each replica. No id of a person, request or pass is in them (threat I08).
import type { Instant } from './clock.ts';

export interface Figures {
  /** The store's clock when this was read. */
  readonly now: Instant;
  /** Passes that are not over, by status and target. */
  readonly grants: readonly { readonly status: string; readonly target: string; readonly count: number }[];
  readonly late: {
    /** Since when access should be gone that is not proven gone; absent: none is late. */
    readonly since?: Instant;
    /** Passes for which the alarm is open. */
    readonly alarms: number;
  };
  /** When each request that waits for a decision was submitted, oldest first. */
  readonly pendingSince: readonly Instant[];
  readonly jobs: readonly WaitingJobs[];
  /** The end of the last sweep, of whichever replica, to within 10 s; absent: never. */
  readonly sweptAt?: Instant;
  readonly log: {
    readonly size: number;
    readonly signedAt?: Instant;
    readonly unsigned: Backlog;
    /** Leaves that the audit channel does not have yet. */
    readonly untold: Backlog;
  };
}

/** Work that is not done, of one lane and one kind of queue (what stands before the first colon of its name). */
export interface WaitingJobs {
  readonly lane: number;
  readonly queue: string;
  /** All of it: due, running, and put off. */
  readonly count: number;
  readonly due: number;
  /** When the oldest that is due fell due. */
  readonly dueSince?: Instant;
}

export interface Backlog {
  readonly count: number;
  /** When the oldest of it was written. */
  readonly since?: Instant;
}
