// The job runner: claims what is due, runs it under a lease that is renewed, and gives it back when it failed. Woken after
// each commit and by the tick; safe to run in any number of processes.
import { backoffMs } from '../lib/backoff.ts';
import type { Job, JobKind } from '../ports/store.ts';
import { Fenced } from './change.ts';
import { evaluate } from './evaluate.ts';
import { paceOf } from './jobs.ts';
import { judge } from './judge.ts';
import { runCheckpoint } from './run-checkpoint.ts';
import { runExtend } from './run-extend.ts';
import { runGrant } from './run-grant.ts';
import { runRevoke } from './run-revoke.ts';
import { runWarn } from './run-warn.ts';
import { showAudit } from './show-audit.ts';
import { showCard } from './show-card.ts';
import { showHome } from './show-home.ts';
import { tell } from './tell.ts';
import type { Tools } from './tools.ts';

export const LEASE_SECONDS = 30;
export const RENEW_SECONDS = 10;
export const JOBS_AT_ONCE = 16;
const BUG_GAP_MAX_MS = 60_000;

const work: { readonly [kind in JobKind]: (tools: Tools, job: Job) => Promise<void> } = {
  evaluate,
  judge,
  grant: runGrant,
  extend: runExtend,
  revoke: runRevoke,
  warn: runWarn,
  card: showCard,
  tell,
  audit: showAudit,
  home: showHome,
  checkpoint: runCheckpoint,
};

/** Claims at most `room` jobs and starts them; each promise settles when its job is done or given back. Never rejects. */
export async function startJobs(tools: Tools, room: number): Promise<readonly Promise<void>[]> {
  const jobs = await tools.store.claim({
    owner: tools.owner,
    limit: room,
    leaseMs: LEASE_SECONDS * 1000,
    pace: paceOf,
  });
  return jobs.map((job) => runJob(tools, job));
}

/** Runs what is due until nothing is, as of the store's present time. */
export async function runDueJobs(tools: Tools): Promise<number> {
  for (let done = 0; ; ) {
    const started = await startJobs(tools, JOBS_AT_ONCE);
    if (started.length === 0) return done;
    await Promise.all(started);
    done += started.length;
  }
}

async function runJob(tools: Tools, job: Job): Promise<void> {
  const renewing = new AbortController();
  const renewal = keepLease(tools, job, renewing.signal);
  try {
    await work[job.kind](tools, job);
  } catch (error) {
    await giveBack(tools, job, error);
  } finally {
    renewing.abort();
    await renewal;
  }
}

async function keepLease(tools: Tools, job: Job, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await tools.clock.sleep(RENEW_SECONDS * 1000, signal);
    if (signal.aborted) return;
    const kept = await tools.store.renew(job, LEASE_SECONDS * 1000).catch(() => false);
    if (!kept) return;
  }
}

/** A bug, or the store in trouble: logged in full, never shown raw, and tried again. */
async function giveBack(tools: Tools, job: Job, error: unknown): Promise<void> {
  if (error instanceof Fenced) {
    tools.log.info('a job was taken over while it ran', { job: job.id, kind: job.kind });
    return;
  }
  tools.log.error('a job failed unexpectedly and will be tried again', { job: job.id, kind: job.kind, error });
  try {
    const wait = backoffMs(job.attempts, { baseMs: 1_000, capMs: BUG_GAP_MAX_MS }, tools.ids.jitter());
    await tools.store.defer(job, (await tools.store.now()) + wait, 'failed unexpectedly');
  } catch (storeError) {
    // The lease runs out by itself, and the job comes back.
    tools.log.error('a job could not be given back', { job: job.id, kind: job.kind, error: storeError });
  }
}
