// The figures of the store as gauges: the same on each replica, read when somebody asks. A gauge without a value (nothing was
// ever signed, nobody ever swept) says +Inf, so that a rule on "too old" holds for "never" too.
import { Gauge, Registry } from 'prom-client';
import type { Instant } from '../ports/clock.ts';
import type { Backlog, Figures } from '../ports/figures.ts';

const AGES = [
  { age: 'under_5m', belowSeconds: 300 },
  { age: '5m_to_30m', belowSeconds: 1800 },
  { age: '30m_to_2h', belowSeconds: 7200 },
  { age: '2h_to_8h', belowSeconds: 28_800 },
  { age: 'over_8h', belowSeconds: Number.POSITIVE_INFINITY },
] as const;
/** Queues of messages to people, channels and pagers. */
const OUTBOX = ['post', 'home', 'page', 'overdue'];

/** `machineNow` is the clock of this machine, beside the store's. */
export function figureGauges(figures: Figures, machineNow: Instant): Registry {
  const registry = new Registry();
  passGauges(registry, figures);
  requestGauges(registry, figures);
  jobGauges(registry, figures);
  logGauges(registry, figures);
  const { sweptAt, now } = figures;
  single(registry, 'last_sweep_age_seconds', 'Since some replica swept to the end', ageOf(now, sweptAt));
  single(
    registry,
    'store_clock_skew_seconds',
    'The clock of this machine minus that of the store',
    (machineNow - now) / 1000,
  );
  return registry;
}

function passGauges(registry: Registry, { now, grants, late }: Figures): void {
  const live = gauge(registry, 'live_grants', 'Passes that are not over, by status and target', ['status', 'target']);
  for (const { status, target, count } of grants) live.set({ status, target }, count);
  single(
    registry,
    'oldest_overdue_seconds',
    'How long access has been there after it should have been gone; 0: none',
    late.since === undefined ? 0 : (now - late.since) / 1000,
  );
  single(registry, 'alarms_open', 'Passes whose end is overdue and alarmed', late.alarms);
}

function requestGauges(registry: Registry, { now, pendingSince }: Figures): void {
  const pending = gauge(registry, 'pending_requests', 'Requests that wait for people, by age', ['age']);
  for (const { age } of AGES) pending.set({ age }, 0);
  for (const since of pendingSince) {
    const age = AGES.find(({ belowSeconds }) => (now - since) / 1000 < belowSeconds)?.age ?? 'over_8h';
    pending.inc({ age });
  }
}

function jobGauges(registry: Registry, { now, jobs }: Figures): void {
  const labels = ['lane', 'queue'] as const;
  const all = gauge(registry, 'jobs_waiting', 'Jobs that are not done, by lane and kind of queue', labels);
  const due = gauge(registry, 'jobs_due', 'Of these, jobs that could run now', labels);
  const oldest = gauge(registry, 'oldest_due_job_seconds', 'How long the oldest due job has waited, by lane', ['lane']);
  for (const lane of [0, 1, 2, 3]) oldest.set({ lane }, 0);
  for (const { lane, queue, ...group } of jobs) {
    all.set({ lane, queue }, group.count);
    due.set({ lane, queue }, group.due);
  }
  for (const lane of new Set(jobs.map((group) => group.lane))) {
    const since = jobs.flatMap((group) => (group.lane === lane && group.dueSince !== undefined ? group.dueSince : []));
    if (since.length > 0) oldest.set({ lane }, (now - Math.min(...since)) / 1000);
  }
  const outbox = jobs.filter(({ queue }) => OUTBOX.includes(queue));
  const depth = outbox.reduce((sum, { count }) => sum + count, 0);
  single(registry, 'outbox_messages', 'Messages, cards and home views that are still to be sent or edited', depth);
}

function logGauges(registry: Registry, { now, log }: Figures): void {
  single(registry, 'ledger_leaves', 'Entries of the log', log.size);
  single(registry, 'last_checkpoint_age_seconds', 'Since the log was last signed', ageOf(now, log.signedAt));
  backlog(registry, 'unsigned', 'not signed yet', log.unsigned, now);
  backlog(registry, 'untold', 'that the audit channel does not have yet', log.untold, now);
}

function backlog(registry: Registry, name: string, what: string, { count, since }: Backlog, now: Instant): void {
  single(registry, `${name}_leaves`, `Entries of the log ${what}`, count);
  const age = since === undefined ? 0 : (now - since) / 1000;
  single(registry, `oldest_${name}_leaf_seconds`, `How old the oldest of the entries ${what} is; 0: none`, age);
}

function ageOf(now: Instant, at: Instant | undefined): number {
  return at === undefined ? Number.POSITIVE_INFINITY : (now - at) / 1000;
}

function single(registry: Registry, name: string, help: string, value: number): void {
  gauge(registry, name, help, []).set(value);
}

function gauge<Label extends string>(registry: Registry, name: string, help: string, labelNames: readonly Label[]) {
  return new Gauge({ name: `hallpass_${name}`, help, labelNames: [...labelNames], registers: [registry] });
}
