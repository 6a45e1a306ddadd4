// The page of figures: what each figure says, that it comes even when the store does not answer, and that the documents and
// alert rules speak of the very figures that are there.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { openMetrics, type Watched } from '../../src/metrics/metrics.ts';
import type { Figures } from '../../src/ports/figures.ts';
import type { Log } from '../../src/ports/log.ts';
import { manualClock } from '../fakes/manual-clock.ts';
import { quietLog } from '../world-ports.ts';
import { familiesOf, samplesOf } from './scrape.ts';

const NOW = 1_767_225_600_000;
const ago = (seconds: number) => NOW - seconds * 1000;

const FIGURES: Figures = {
  now: NOW,
  grants: [
    { status: 'active', target: 'prod-db', count: 2 },
    { status: 'revoking', target: 'billing', count: 1 },
  ],
  late: { since: ago(130), alarms: 1 },
  pendingSince: [ago(40_000), ago(299), ago(300), ago(1799)],
  jobs: [
    { lane: 1, queue: 'target', count: 3, due: 1, dueSince: ago(7) },
    { lane: 3, queue: 'post', count: 5, due: 4, dueSince: ago(20) },
    { lane: 3, queue: 'home', count: 2, due: 2, dueSince: ago(30) },
    { lane: 2, queue: 'warn', count: 9, due: 0 },
  ],
  sweptAt: ago(4),
  log: {
    size: 900,
    signedAt: ago(500),
    unsigned: { count: 12, since: ago(480) },
    untold: { count: 3, since: ago(9) },
  },
};
const NOTHING: Figures = {
  now: NOW,
  grants: [],
  late: { alarms: 0 },
  pendingSince: [],
  jobs: [],
  log: { size: 0, unsigned: { count: 0 }, untold: { count: 0 } },
};

function opened(log: Log = quietLog) {
  const clock = manualClock(NOW + 1500);
  const metrics = openMetrics({ clock, log });
  const page = (watched: Partial<Watched> = {}) =>
    metrics.page({ figures: async () => FIGURES, ready: () => true, writable: () => true, ...watched });
  return { clock, page, meter: metrics.meter };
}

describe('figures of the store', () => {
  it('are told as they are', async () => {
    const samples = samplesOf(await opened().page());
    expect(Object.fromEntries(samples)).toMatchObject({
      'hallpass_live_grants{status="active",target="prod-db"}': 2,
      'hallpass_live_grants{status="revoking",target="billing"}': 1,
      hallpass_oldest_overdue_seconds: 130,
      hallpass_alarms_open: 1,
      'hallpass_pending_requests{age="under_5m"}': 1,
      'hallpass_pending_requests{age="5m_to_30m"}': 2,
      'hallpass_pending_requests{age="30m_to_2h"}': 0,
      'hallpass_pending_requests{age="over_8h"}': 1,
      'hallpass_jobs_waiting{lane="3",queue="post"}': 5,
      'hallpass_jobs_due{lane="3",queue="post"}': 4,
      'hallpass_oldest_due_job_seconds{lane="0"}': 0,
      'hallpass_oldest_due_job_seconds{lane="1"}': 7,
      'hallpass_oldest_due_job_seconds{lane="2"}': 0,
      'hallpass_oldest_due_job_seconds{lane="3"}': 30,
      hallpass_outbox_messages: 7,
      hallpass_last_sweep_age_seconds: 4,
      hallpass_last_checkpoint_age_seconds: 500,
      hallpass_ledger_leaves: 900,
      hallpass_unsigned_leaves: 12,
      hallpass_oldest_unsigned_leaf_seconds: 480,
      hallpass_untold_leaves: 3,
      hallpass_oldest_untold_leaf_seconds: 9,
      hallpass_store_clock_skew_seconds: 1.5,
      hallpass_store_up: 1,
      hallpass_store_writable: 1,
      hallpass_ready: 1,
    });
  });

  it('of a store in which nothing has happened: never swept and never signed is older than any bound', async () => {
    const samples = samplesOf(await opened().page({ figures: async () => NOTHING }));
    expect(Object.fromEntries(samples)).toMatchObject({
      hallpass_oldest_overdue_seconds: 0,
      hallpass_last_sweep_age_seconds: Number.POSITIVE_INFINITY,
      hallpass_last_checkpoint_age_seconds: Number.POSITIVE_INFINITY,
      hallpass_oldest_unsigned_leaf_seconds: 0,
      hallpass_outbox_messages: 0,
    });
  });

  it('what was there at the last scrape and is not any more, is gone', async () => {
    const { page } = opened();
    await page();
    const later = await page({ figures: async () => NOTHING });
    expect(later).not.toContain('prod-db');
  });

  it('two scrapes at once both tell everything', async () => {
    const { page } = opened();
    const pages = await Promise.all([page(), page(), page({ figures: async () => NOTHING })]);
    const live = pages.map((text) => samplesOf(text).get('hallpass_live_grants{status="active",target="prod-db"}'));
    expect(live).toEqual([2, 2, undefined]);
  });
});

describe('a store in trouble', () => {
  it('that fails: the page comes without its figures, and says so', async () => {
    const warned: string[] = [];
    const { page } = opened({ ...quietLog, warn: (message) => void warned.push(message) });
    const figures = () => Promise.reject(new Error('disk'));
    const samples = samplesOf(await page({ figures, writable: () => false, ready: async () => false }));
    expect(samples.get('hallpass_store_up')).toBe(0);
    expect(samples.get('hallpass_store_writable')).toBe(0);
    expect(samples.get('hallpass_ready')).toBe(0);
    expect(samples.get('hallpass_scrape_failures_total')).toBe(1);
    expect(samples.has('hallpass_oldest_overdue_seconds')).toBe(false);
    expect(warned).toEqual(['the store could not be read for the figures']);
    expect(samplesOf(await page()).get('hallpass_store_up')).toBe(1);
  });

  it('that hangs: the page comes before a monitoring system gives up', async () => {
    const { clock, page } = opened();
    const asked = page({ figures: () => new Promise(() => undefined) });
    await clock.advance(5_000);
    expect(samplesOf(await asked).get('hallpass_store_up')).toBe(0);
  });
});

describe('what the process counts', () => {
  it('stands beside it', async () => {
    const { meter, page } = opened();
    meter.revoked('prod-db', 3);
    meter.revoked('prod-db', 118);
    meter.ranJob('revoke', 'done', 0.2);
    meter.calledTarget('prod-db', 'revoke', 'unreachable', 20);
    meter.chatWaited('slack', 30);
    meter.httpAnswered('/slack/events', 200, 0.004);
    const samples = samplesOf(await page());
    expect(Object.fromEntries(samples)).toMatchObject({
      'hallpass_revoke_lag_seconds_bucket{le="2",target="prod-db"}': 0,
      'hallpass_revoke_lag_seconds_bucket{le="5",target="prod-db"}': 1,
      'hallpass_revoke_lag_seconds_bucket{le="120",target="prod-db"}': 2,
      'hallpass_revoke_lag_seconds_sum{target="prod-db"}': 121,
      'hallpass_job_duration_seconds_count{kind="revoke",outcome="done"}': 1,
      'hallpass_target_call_duration_seconds_count{target="prod-db",call="revoke",outcome="unreachable"}': 1,
      'hallpass_chat_rate_limit_wait_seconds_sum{platform="slack"}': 30,
      'hallpass_http_request_duration_seconds_count{route="/slack/events",status="200"}': 1,
    });
    expect(samples.get('process_resident_memory_bytes')).toBeGreaterThan(1e6);
    expect(samples.has('nodejs_eventloop_lag_seconds')).toBe(true);
  });

  it('of one program is not that of another', async () => {
    const [one, two] = [opened(), opened()];
    one.meter.chatWaited('slack', 1);
    expect(await two.page()).not.toContain('platform="slack"');
  });
});

describe('the documents', () => {
  const page = opened().page();
  const text = (path: string) => readFileSync(new URL(`../../docs/${path}`, import.meta.url), 'utf8');
  const families = async () => [...familiesOf(await page).keys()].filter((name) => name.startsWith('hallpass_'));
  /** A histogram is spoken of by its parts too. */
  const base = (name: string) => name.replace(/_(bucket|sum|count)$/, '');
  const spokenOf = (of: string) => new Set([...of.matchAll(/\bhallpass_[a-z_]+/g)].map(([name]) => base(name)));

  it('explain every figure, and no other', async () => {
    expect([...spokenOf(text('metrics.md'))].sort()).toEqual((await families()).sort());
  });

  it('have rules only about figures that are there, each with what to do', async () => {
    const rules = text('alerts.yaml');
    const names = await families();
    expect([...spokenOf(rules)].filter((name) => !names.includes(name))).toEqual([]);
    const { groups } = parse(rules);
    const alerts = groups.flatMap((group: { rules: unknown[] }) => group.rules);
    expect(alerts.length).toBeGreaterThan(8);
    for (const alert of alerts) {
      expect(alert).toMatchObject({
        ...{ alert: expect.stringMatching(/^Hallpass[A-Z]/), expr: expect.any(String) },
        labels: { severity: expect.stringMatching(/^(page|ticket)$/) },
        annotations: { summary: expect.any(String), runbook: expect.stringMatching(/^docs\/run-book\.md#[a-z-]+$/) },
      });
    }
  });

  it('send people to entries of the run-book that are there', () => {
    const entries = [...text('run-book.md').matchAll(/^## (\S+)$/gm)].map(([, name]) => name);
    const named = [...text('alerts.yaml').matchAll(/run-book\.md#([a-z-]+)/g)].map(([, name]) => name);
    expect(named.filter((name) => !entries.includes(name))).toEqual([]);
  });
});
