// The two places that take pages by HTTP, each with the rules of its own: PagerDuty's Events API v2 (its fields, lengths, answers
// and limits) and a strict receiver of signed webhooks, written from the page of the pager. Both remember what they were told.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** For the next call: what happens instead of the work, or after it. */
export interface HttpPagerFault {
  readonly when?: 'instead' | 'after';
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly hangUp?: boolean;
  readonly silent?: boolean;
}
interface HttpCallSeen {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}
interface FakeHttpPager {
  readonly url: string;
  readonly calls: readonly HttpCallSeen[];
  fail(fault: HttpPagerFault): void;
  close(): Promise<void>;
}
type Answer = { readonly status: number; readonly body: unknown };

async function serve(answer: (call: HttpCallSeen) => Answer): Promise<FakeHttpPager> {
  const calls: HttpCallSeen[] = [];
  const faults: HttpPagerFault[] = [];
  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const call = { headers: request.headers, body: Buffer.concat(parts).toString('utf8') };
    calls.push(call);
    const fault = faults.shift();
    const said = fault === undefined || fault.when === 'after' ? answer(call) : undefined;
    if (fault?.silent) return;
    if (fault?.hangUp) return void response.destroy();
    if (fault) return void response.writeHead(fault.status ?? 200, fault.headers ?? {}).end(fault.body ?? '');
    response.writeHead(said?.status ?? 500, { 'content-type': 'application/json' }).end(JSON.stringify(said?.body));
  }
  const server = createServer((request, response) => void receive(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}/v2/enqueue`,
    calls,
    fail: (fault) => void faults.push(fault),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/* ---------------------------------------------------------------- PagerDuty */

interface Alert {
  readonly key: string;
  readonly status: 'open' | 'acknowledged';
  readonly events: readonly PagerDutyEvent[];
}
interface PagerDutyEvent {
  readonly event_action: string;
  readonly dedup_key?: string;
  readonly payload?: Readonly<Record<string, unknown>>;
  readonly [key: string]: unknown;
}
export interface FakePagerDuty extends FakeHttpPager {
  readonly alerts: ReadonlyMap<string, Alert>;
}

const EVENT_MAX_BYTES = 512 * 1024;
const KEYS = ['routing_key', 'event_action', 'dedup_key', 'payload', 'client', 'client_url', 'links', 'images'];
const SEVERITIES = ['critical', 'error', 'warning', 'info'];

/** https://developer.pagerduty.com/docs/events-api-v2/trigger-events/ and …/overview/ */
export async function startPagerDuty(routingKey: string): Promise<FakePagerDuty> {
  const alerts = new Map<string, Alert>();
  const served = await serve(({ body }) => {
    const event = eventIn(body);
    const errors = event === undefined ? ['JSON parse error'] : problemsOf(event, routingKey, body);
    if (event === undefined || errors.length > 0)
      return { status: 400, body: { status: 'invalid event', message: 'Event object is invalid', errors } };
    const key = event.dedup_key ?? `made-${alerts.size}`;
    const before = alerts.get(key);
    if (event.event_action === 'trigger')
      alerts.set(key, { key, status: before?.status ?? 'open', events: [...(before?.events ?? []), event] });
    else if (before && event.event_action === 'acknowledge') alerts.set(key, { ...before, status: 'acknowledged' });
    else alerts.delete(key);
    return { status: 202, body: { status: 'success', message: 'Event processed', dedup_key: key } };
  });
  return { ...served, alerts };
}

function eventIn(body: string): PagerDutyEvent | undefined {
  try {
    return JSON.parse(body) as PagerDutyEvent;
  } catch {
    return undefined;
  }
}

function problemsOf(event: PagerDutyEvent, routingKey: string, body: string): string[] {
  const { payload, dedup_key: key = '' } = event;
  const is = (value: unknown, max: number) => typeof value === 'string' && value !== '' && value.length <= max;
  return [
    ...(Buffer.byteLength(body) > EVENT_MAX_BYTES ? ['too large'] : []),
    ...Object.keys(event).flatMap((name) => (KEYS.includes(name) ? [] : [`unknown ${name}`])),
    ...(event['routing_key'] === routingKey ? [] : ['Invalid routing key']),
    ...(['trigger', 'acknowledge', 'resolve'].includes(event.event_action) ? [] : ["'event_action' is wrong"]),
    ...(key.length > 255 ? ["'dedup_key' is too long"] : []),
    ...(event.event_action !== 'trigger' && key === '' ? ["'dedup_key' is missing"] : []),
    ...(event.event_action !== 'trigger' || is(payload?.['summary'], 1024) ? [] : ["'payload.summary' is wrong"]),
    ...(event.event_action !== 'trigger' || is(payload?.['source'], 1024) ? [] : ["'payload.source' is wrong"]),
    ...(event.event_action !== 'trigger' || SEVERITIES.includes(String(payload?.['severity']))
      ? []
      : ["'payload.severity' is wrong"]),
    ...(payload?.['timestamp'] === undefined || !Number.isNaN(Date.parse(String(payload['timestamp'])))
      ? []
      : ["'payload.timestamp' is wrong"]),
  ];
}

/* ------------------------------------------------------------------ webhook */

interface PageReceived {
  readonly id: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}
export interface FakePageReceiver extends FakeHttpPager {
  /** Each message once, however often it came. */
  readonly received: ReadonlyMap<string, PageReceived>;
}

const TOLERANCE_SECONDS = 300;
const FIELDS = ['at', 'code', 'deployment', 'key', 'lines', 'organization', 'run_book', 'title'];

/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#verifying-webhook-authenticity */
export async function startPageReceiver(secret: string): Promise<FakePageReceiver> {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const received = new Map<string, PageReceived>();
  const served = await serve(({ headers, body }) => {
    if (!isSigned(key, headers, body)) return { status: 401, body: {} };
    const message = JSON.parse(body) as { type: string; timestamp: string; data: Record<string, unknown> };
    const fields = Object.keys(message.data).sort();
    const wanted = message.type === 'page' ? FIELDS : ['deployment'];
    const isRight = JSON.stringify(fields) === JSON.stringify(wanted) && !Number.isNaN(Date.parse(message.timestamp));
    if (!isRight || !['page', 'page.check'].includes(message.type)) return { status: 400, body: {} };
    const id = String(headers['webhook-id']);
    if (!received.has(id)) received.set(id, { id, type: message.type, data: message.data });
    return { status: 204, body: undefined };
  });
  return { ...served, received };
}

function isSigned(key: Buffer, headers: IncomingMessage['headers'], body: string): boolean {
  const [id, timestamp, given] = ['id', 'timestamp', 'signature'].map((name) =>
    String(headers[`webhook-${name}`] ?? ''),
  );
  if (!id || id.includes('.') || Math.abs(Date.now() / 1000 - Number(timestamp)) > TOLERANCE_SECONDS) return false;
  const wanted = Buffer.from(createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64'));
  return (given ?? '').split(' ').some((one) => {
    const offered = Buffer.from(one.replace(/^v1,/, ''));
    return one.startsWith('v1,') && offered.length === wanted.length && timingSafeEqual(offered, wanted);
  });
}
