// A store's job rules written down once more, slowly and plainly: what random histories of a real store are compared with.
import type { Hold, Job, NewJob } from '../../src/ports/store.ts';

interface ModelJob {
  readonly job: NewJob;
  readonly number: number;
  dueAt: number;
  round: number;
  attempts: number;
  running: boolean;
  againAt: number | undefined;
}
interface Lease {
  readonly hold: Hold;
  until: number;
}

export interface JobModel {
  readonly jobs: Map<string, ModelJob>;
  readonly leases: Map<string, Lease>;
  readonly holds: Map<string, number>;
  /** How often each job was finished, by id. */
  readonly finished: Map<string, number>;
}

export function jobModel(): JobModel {
  return { jobs: new Map(), leases: new Map(), holds: new Map(), finished: new Map() };
}

export function modelOrder({ jobs }: JobModel, job: NewJob, number: number): void {
  const there = [...jobs.values()].find((one) => job.once !== undefined && one.job.once === job.once);
  if (!there) {
    const fresh = { job, number, dueAt: job.dueAt, round: 1, attempts: 0, running: false, againAt: undefined };
    jobs.set(job.id, fresh);
  } else if (there.running) {
    there.round += 1;
    there.againAt = Math.min(there.againAt ?? job.dueAt, job.dueAt);
  } else {
    there.dueAt = Math.min(there.dueAt, job.dueAt);
  }
}

/** Jobs that may run at this time. */
export function claimable({ jobs, leases, holds }: JobModel, now: number): readonly ModelJob[] {
  return [...jobs.values()].filter(({ job, number, dueAt }) => {
    const busy = (leases.get(job.subject)?.until ?? 0) > now;
    const held = (holds.get(job.queue) ?? 0) > now;
    const older = [...jobs.values()].some(
      (one) => one.job.ordered && one.job.subject === job.subject && one.number < number,
    );
    return dueAt <= now && !busy && !held && !(job.ordered && older);
  });
}

export function subjectsOf(jobs: readonly ModelJob[]): number {
  return new Set(jobs.map(({ job }) => job.subject)).size;
}

/** The first time after `now` at which something may run if nobody does anything; undefined when never. */
export function nextTime(model: JobModel, now: number): number | undefined {
  const times = [
    ...[...model.jobs.values()].map(({ dueAt }) => dueAt),
    ...[...model.leases.values()].map(({ until }) => until),
    ...model.holds.values(),
  ];
  return times
    .filter((time) => time > now)
    .sort((a, b) => a - b)
    .find((time) => claimable(model, time).length > 0);
}

export function modelClaim(model: JobModel, claimed: Job, until: number): void {
  const known = model.jobs.get(claimed.id);
  if (!known) throw new Error(`Nobody ordered ${claimed.id}`);
  Object.assign(known, { dueAt: until, running: true, againAt: undefined, attempts: known.attempts + 1 });
  const { id, subject, epoch, round } = claimed;
  model.leases.set(subject, { hold: { id, subject, epoch, round }, until });
}

export function holdsStill({ leases }: JobModel, hold: Hold): boolean {
  return leases.get(hold.subject)?.hold.epoch === hold.epoch;
}

export function modelFinish(model: JobModel, hold: Hold): void {
  const known = model.jobs.get(hold.id);
  if (!known) return;
  model.leases.delete(hold.subject);
  if (known.round === hold.round) {
    model.jobs.delete(hold.id);
    model.finished.set(hold.id, (model.finished.get(hold.id) ?? 0) + 1);
    return;
  }
  Object.assign(known, { dueAt: known.againAt ?? known.dueAt, running: false, againAt: undefined, attempts: 0 });
}

export function modelDefer(model: JobModel, hold: Hold, dueAt: number): void {
  const known = model.jobs.get(hold.id);
  if (!known) return;
  model.leases.delete(hold.subject);
  Object.assign(known, { dueAt: Math.min(dueAt, known.againAt ?? dueAt), running: false, againAt: undefined });
}

export function modelRenew(model: JobModel, hold: Hold, until: number): void {
  const [lease, known] = [model.leases.get(hold.subject), model.jobs.get(hold.id)];
  if (lease) lease.until = until;
  if (known) known.dueAt = until;
}
