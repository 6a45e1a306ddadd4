// PagerDuty through its Events API v2: each page triggers an alert, or adds to the open one of the same key. Must never
// resolve one: that an alarm is over is for people to say (S2).
// https://developer.pagerduty.com/docs/events-api-v2/trigger-events/ (fields, lengths, what repeats do)
// https://developer.pagerduty.com/docs/events-api-v2/overview/ (answers, limits, what to repeat)
import { createHash } from 'node:crypto';
import type { JsonObject } from '../../core/model.ts';
import { readAnswer } from '../../lib/http.ts';
import { asPager, type PagerCall, postPage } from '../../lib/pager-http.ts';
import { oneLine } from '../../lib/plain-text.ts';
import { reveal } from '../../lib/secret.ts';
import { definePager, type Page, type Pager, type PagerKind, type PagerTools } from '../../ports/pager.ts';
import { Accepted, PagerDutyConfig } from './schema.ts';

const ENDPOINTS = {
  us: 'https://events.pagerduty.com/v2/enqueue',
  eu: 'https://events.eu.pagerduty.com/v2/enqueue',
} as const;
const SUMMARY_MAX_CHARACTERS = 1024;
const DEDUP_KEY_MAX_CHARACTERS = 255;
/** An event may have 512 KB, which the few lines of an alarm never reach. */
const LINE_MAX_CHARACTERS = 2_000;

export const pagerduty = pagerdutyAt(ENDPOINTS);

/** The kind, with another address for tests. */
export function pagerdutyAt(endpoints: Readonly<Record<'us' | 'eu', string>>): PagerKind<PagerDutyConfig> {
  return definePager({
    kind: 'pagerduty',
    title: 'PagerDuty',
    config: PagerDutyConfig,
    open: (name, config, tools) => open(name, config, tools, endpoints[config.region]),
  });
}

function open(name: string, { routing_key: key }: PagerDutyConfig, tools: PagerTools, url: string): Pager {
  const deployment = tools.deploymentId;
  async function send(event: JsonObject, signal: AbortSignal): Promise<void> {
    const call: PagerCall = {
      system: 'PagerDuty',
      url,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ routing_key: reveal(key), ...event }),
    };
    const answer = await postPage(tools.fetch, call, signal);
    await asPager(async () => readAnswer(Accepted, answer, { ...call, method: 'POST', changes: true }));
  }
  return {
    name,
    page: (page, signal) => send(trigger(page, dedupKey(deployment, page.key)), signal),
    // Nothing was ever triggered under this key, and an acknowledgement without an open alert is dropped: nobody is woken.
    check: (signal) => send({ event_action: 'acknowledge', dedup_key: dedupKey(deployment, 'check') }, signal),
  };
}

function trigger(page: Page, key: string): JsonObject {
  const detail = [...page.lines, `Run-book: ${page.runBook}`]
    .map((line) => oneLine(line, LINE_MAX_CHARACTERS))
    .join('\n');
  return {
    event_action: 'trigger',
    dedup_key: key,
    client: 'Hallpass',
    payload: {
      summary: oneLine(`${page.organization}: ${page.title}`, SUMMARY_MAX_CHARACTERS),
      source: oneLine(`hallpass/${page.organization}`, SUMMARY_MAX_CHARACTERS),
      severity: 'critical',
      timestamp: new Date(page.at).toISOString(),
      component: 'hallpass',
      class: page.code,
      custom_details: { what: detail },
    },
  };
}

function dedupKey(deployment: string, key: string): string {
  const whole = `hallpass/${deployment}/${key}`;
  if (whole.length <= DEDUP_KEY_MAX_CHARACTERS) return whole;
  return `hallpass/${createHash('sha256').update(whole).digest('hex')}`;
}
