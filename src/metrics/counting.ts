// What this process counts, kept for Prometheus. Only here and in figure-gauges.ts are metrics named; docs/metrics.md says
// what each means. Labels are from bounded sets and name nobody (threat I08).
import { Counter, Histogram, type Registry } from 'prom-client';
import type { Meter } from '../ports/meter.ts';

/** Around the promises: 60 s for 99 of 100, 120 s at most, then what an alarm is about. */
const LAG_BUCKETS = [1, 2, 5, 10, 15, 30, 45, 60, 90, 120, 180, 300, 600, 1800, 3600];
/** A commit takes a millisecond, a call to a target 20 s at most. */
const WORK_BUCKETS = [0.005, 0.025, 0.1, 0.25, 1, 2.5, 5, 10, 20, 60];
const WAIT_BUCKETS = [1, 2, 5, 10, 30, 60, 120, 600];

export function countingMeter(registry: Registry): Meter {
  const registers = [registry];
  const lag = new Histogram({
    name: 'hallpass_revoke_lag_seconds',
    help: 'From the moment access should have been gone to the proof that it was',
    labelNames: ['target'],
    buckets: LAG_BUCKETS,
    registers,
  });
  const jobs = new Histogram({
    name: 'hallpass_job_duration_seconds',
    help: 'Jobs that ran, by kind and outcome: done, failed (tried again), taken_over (by another process)',
    labelNames: ['kind', 'outcome'],
    buckets: WORK_BUCKETS,
    registers,
  });
  const calls = new Histogram({
    name: 'hallpass_target_call_duration_seconds',
    help: 'Calls to targets, by method of the adapter and outcome: ok, the fault, or bug',
    labelNames: ['target', 'call', 'outcome'],
    buckets: WORK_BUCKETS,
    registers,
  });
  const waits = new Histogram({
    name: 'hallpass_chat_rate_limit_wait_seconds',
    help: 'How long the chat platform told us to wait, each time it did',
    labelNames: ['platform'],
    buckets: WAIT_BUCKETS,
    registers,
  });
  const http = new Histogram({
    name: 'hallpass_http_request_duration_seconds',
    help: 'HTTP requests, by route and status; route is "other" for what is in no route table',
    labelNames: ['route', 'status'],
    buckets: WORK_BUCKETS,
    registers,
  });
  return {
    revoked: (target, lagSeconds) => lag.observe({ target }, lagSeconds),
    ranJob: (kind, outcome, seconds) => jobs.observe({ kind, outcome }, seconds),
    calledTarget: (target, call, outcome, seconds) => calls.observe({ target, call, outcome }, seconds),
    chatWaited: (platform, seconds) => waits.observe({ platform }, seconds),
    httpAnswered: (route, status, seconds) => http.observe({ route, status }, seconds),
  };
}

/** How often a read of the store for `/metrics` failed or took too long. */
export function scrapeFailures(registry: Registry): Counter {
  return new Counter({
    name: 'hallpass_scrape_failures_total',
    help: 'Times that the store could not be read for these figures',
    registers: [registry],
  });
}
