// Holding a job: its lease is renewed while it runs, and no call that gives or takes leaves the house without a lease that
// outlasts it (law 5; threat E05: a process that slept must not act on what it believed before).
import type { Job } from '../ports/store.ts';
import { callTarget } from './call-target.ts';
import { Fenced } from './change.ts';
import type { Tools } from './tools.ts';

/** Longer than a call to a target (20 s) by more than a renewal may take. */
export const LEASE_SECONDS = 30;
const RENEW_SECONDS = 10;

/** Until `signal` aborts, or the lease is another's. A store in trouble is asked again: it gave the lease to nobody else. */
export async function keepLease(tools: Tools, job: Job, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await tools.clock.sleep(RENEW_SECONDS * 1000, signal);
    if (signal.aborted) return;
    const isOurs = await tools.store.renew(job, LEASE_SECONDS * 1000).catch(() => true);
    if (!isOurs) return;
  }
}

/** As `callTarget`. Throws Fenced, and calls nobody, when somebody else holds the job by now. */
export async function callUnderLease<T>(tools: Tools, job: Job, call: (signal: AbortSignal) => Promise<T>): Promise<T> {
  if (!(await tools.store.renew(job, LEASE_SECONDS * 1000))) throw new Fenced();
  return callTarget(tools, call);
}
