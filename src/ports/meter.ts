// What the process counts as it works. Labels come from bounded sets (targets, platforms, kinds, routes) and never name a
// person, a request or a pass: whoever may read the figures may not read who has access (threat I08).
import type { AdapterFault } from './grant-adapter.ts';
import type { JobKind } from './store.ts';

/** `taken_over`: another process had the lease by then. `failed`: a bug, or the store in trouble; it is tried again. */
export type JobOutcome = 'done' | 'failed' | 'taken_over';
/** `bug`: it threw what an adapter may not throw. */
export type CallOutcome = 'ok' | AdapterFault | 'bug';

export interface Meter {
  /** Access was proven gone, this long after it should have been. */
  revoked(target: string, lagSeconds: number): void;
  ranJob(kind: JobKind, outcome: JobOutcome, seconds: number): void;
  /** `call` is the name of a method of the adapter. */
  calledTarget(target: string, call: string, outcome: CallOutcome, seconds: number): void;
  /** The platform told us to wait this long before we say more. */
  chatWaited(platform: string, seconds: number): void;
  /** `route` is a path of the route table, never what was sent. */
  httpAnswered(route: string, status: number, seconds: number): void;
}

/** Counts nothing. */
export const quietMeter: Meter = {
  revoked() {},
  ranJob() {},
  calledTarget() {},
  chatWaited() {},
  httpAnswered() {},
};
