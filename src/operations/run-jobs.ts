// The job runner: claims what is due, runs it under a lease that is renewed, and gives it back when it failed. Woken after
// each commit and by the tick; safe to run in any number of processes.
import { backoffMs } from '../lib/backoff.ts';
import type { JobOutcome } from '../ports/meter.ts';
import type { ClaimWish, Job, JobKind } from '../ports/store.ts';
import type { SpanFacts } from '../ports/trace.ts';
import { Fenced } from './change.ts';
import { evaluate } from './evaluate.ts';
import { judge } from './judge.ts';
import { chatsUnderLease, keepLease, LEASE_SECONDS, leased, readClocks } from './lease.ts';
import { paceOf } from './pace.ts';
import { runCensus } from './run-census.ts';
import { runCheckpoint } from './run-checkpoint.ts';
import { runChoose } from './run-choose.ts';
import { runExtend } from './run-extend.ts';
import { runGrant } from './run-grant.ts';
import { runOverdue } from './run-overdue.ts';
import { runPage } from './run-page.ts';
import { runReconcile } from './run-reconcile.ts';
import { runRevoke } from './run-revoke.ts';
import { runWarn } from './run-warn.ts';
import { runWitness } from './run-witness.ts';
import { showAudit } from './show-audit.ts';
import { showCard } from './show-card.ts';
import { showHome } from './show-home.ts';
import { tell } from './tell.ts';
import { tellOwners } from './tell-owners.ts';
import type { Tools } from './tools.ts';

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
  page: runPage,
  overdue: runOverdue,
  owners: tellOwners,
  checkpoint: runCheckpoint,
  reconcile: runReconcile,
  census: runCensus,
  choose: runChoose,
  witness: runWitness,
};

export interface StartedJob {
  readonly queue: string;
  /** Settles when the job is done or given back. Never rejects. */
  readonly ended: Promise<void>;
}

/** Claims at most `limit` jobs and starts them. */
export async function startJobs(
  tools: Tools,
  limit: number,
  how: Partial<Pick<ClaimWish, 'pace' | 'rooms'>> = {},
): Promise<readonly StartedJob[]> {
  const at = readClocks(tools.clock);
  const { owner, targets } = tools;
  const jobs = await tools.store.claim({ owner, limit, leaseMs: LEASE_SECONDS * 1000, pace: paceOf(targets), ...how });
  for (const job of jobs) leased(job, at);
  return jobs.map((job) => ({ queue: job.queue, ended: runJob(tools, job) }));
}

async function runJob(tools: Tools, job: Job): Promise<void> {
  const { kind } = job;
  const begunAt = tools.clock.now();
  await tools.trace.span(`job ${kind}`, factsOf(job), async (note) => {
    const outcome = await runHeld(tools, job);
    note({ outcome });
    tools.meter.ranJob(kind, outcome, (tools.clock.now() - begunAt) / 1000);
  });
}

/** Subjects of other kinds (a home, a private note) name accounts. */
function factsOf({ id, kind, subject, attempts }: Job): SpanFacts {
  const about = /^(?:grant|request|surface):/.test(subject) ? { subject } : {};
  return { job: id, kind, attempt: attempts, ...about };
}

async function runHeld(tools: Tools, job: Job): Promise<JobOutcome> {
  const renewing = new AbortController();
  const renewal = keepLease(tools, job, renewing.signal);
  try {
    await work[job.kind]({ ...tools, chats: chatsUnderLease(tools, job) }, job);
    return 'done';
  } catch (error) {
    await giveBack(tools, job, error);
    return error instanceof Fenced ? 'taken_over' : 'failed';
  } finally {
    renewing.abort('over'); // the reason spares an error with a stack trace that nobody reads
    await renewal;
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
