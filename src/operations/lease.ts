// Holding a job: its lease is renewed while it runs, and no call that gives or takes leaves the house without a lease that
// outlasts it (law 5; threat E05: a process that slept must not act on what it believed before).
import type { ChatPlatform } from '../ports/chat-platform.ts';
import type { Clock } from '../ports/clock.ts';
import type { Job } from '../ports/store.ts';
import { CALL_SECONDS, callTarget } from './call-target.ts';
import { Fenced } from './change.ts';
import type { Tools } from './tools.ts';

/** Longer than a call to a target (20 s) by more than a renewal may take. */
export const LEASE_SECONDS = 30;
const RENEW_SECONDS = 10;
/** Between the last look at the lease and the end of the call: what the store's clock and ours may differ in, and more. */
const MARGIN_SECONDS = 5;
/** A lease that was taken longer ago does not outlast a call with that margin. */
const FRESH_MS = (LEASE_SECONDS - CALL_SECONDS - MARGIN_SECONDS) * 1000;

/** A moment by this process's own clocks. */
export interface Reading {
  readonly wall: number;
  readonly steady: number;
}

/** When each job's lease was asked for last; it is good for at least `LEASE_SECONDS` from then on. */
const asked = new WeakMap<Job, Reading>();

/** Undefined: this clock cannot tell how long ago something was. */
export function readClocks(clock: Clock): Reading | undefined {
  const steady = clock.monotonic?.();
  return steady === undefined ? undefined : { wall: clock.now(), steady };
}

/** `at`: before the store was asked for the lease. */
export function leased(job: Job, at: Reading | undefined): void {
  if (at) asked.set(job, at);
}

/** Until `signal` aborts, or the lease is another's. A store in trouble is asked again: it gave the lease to nobody else. */
export async function keepLease(tools: Tools, job: Job, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await tools.clock.sleep(RENEW_SECONDS * 1000, signal);
    if (signal.aborted) return;
    const isOurs = await renew(tools, job).catch(() => true);
    if (!isOurs) return;
  }
}

/** As `callTarget`. Throws Fenced, and calls nobody, when somebody else holds the job by now. */
export async function callUnderLease<T>(tools: Tools, job: Job, call: (signal: AbortSignal) => Promise<T>): Promise<T> {
  await stillHold(tools, job);
  return callTarget(tools, call);
}

async function stillHold(tools: Tools, job: Job): Promise<void> {
  if (!isFresh(tools.clock, job) && !(await renew(tools, job))) throw new Fenced();
}

/**
 * The chats, for whoever runs this job: a process that was stopped on its way says nothing any more when somebody else has
 * the job by now, for that one has said it (law 6). Throws Fenced, and sends nothing.
 */
export function chatsUnderLease(tools: Tools, job: Job): Tools['chats'] {
  return Object.fromEntries(
    Object.entries(tools.chats).map(([name, chat]) => [
      name,
      {
        ...chat,
        async post(place, message, key) {
          await stillHold(tools, job);
          return chat.post(place, message, key);
        },
        async update(at, document) {
          await stillHold(tools, job);
          return chat.update(at, document);
        },
      } satisfies ChatPlatform,
    ]),
  );
}

async function renew(tools: Tools, job: Job): Promise<boolean> {
  const at = readClocks(tools.clock);
  const isOurs = await tools.store.renew(job, LEASE_SECONDS * 1000);
  if (isOurs) leased(job, at);
  return isOurs;
}

/**
 * Spares a commit before each call. The longer of two measures counts: a process that was stopped sees it by both clocks, a
 * machine that slept by the one on the wall, and a clock that was set back changes only that one.
 */
function isFresh(clock: Clock, job: Job): boolean {
  const [then, now] = [asked.get(job), readClocks(clock)];
  return (
    then !== undefined && now !== undefined && Math.max(now.wall - then.wall, now.steady - then.steady) <= FRESH_MS
  );
}
