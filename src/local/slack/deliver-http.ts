// Requests to the app's request URL: signed as docs.slack.dev/authentication/verifying-requests-from-slack says,
// or raw bytes with any headers for tests of the receiver. Only ever to this machine.
import { createHmac } from 'node:crypto';
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import type { Undelivered } from './control-api.ts';
import type { Delivery } from './records.ts';

export interface RawRequest {
  /** `POST` when left out. */
  readonly method?: string;
  /** The request URL's own path when left out. */
  readonly path?: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string | Uint8Array;
}

export interface RawAnswer {
  /** HTTP status, or why there is none. */
  readonly status: number | Undelivered;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const USER_AGENT = 'Slackbot 1.0 (+https://api.slack.com/robots)';
const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

/** `v0=<hex>`: HMAC-SHA256 over `v0:<unix seconds>:<raw body>`. */
export function slackSignature(secret: string, timestamp: number | string, body: string | Uint8Array): string {
  return `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex')}`;
}

/** Slack's own encoding: JSON for events, `payload=` for interactions, plain fields for commands. */
export function encodeDelivery(type: Delivery['type'], payload: Readonly<Record<string, unknown>>): RawRequest {
  if (type === 'events_api') return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(payload) };
  const fields = type === 'interactive' ? { payload: JSON.stringify(payload) } : (payload as Record<string, string>);
  return {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  };
}

/** Never rejects for what the app does: that is in `status`. Throws only for an address that is not of this machine. */
export function sendRaw(requestUrl: string, raw: RawRequest, timeoutMs: number): Promise<RawAnswer> {
  const url = raw.path === undefined ? new URL(requestUrl) : new URL(raw.path, requestUrl);
  if (url.protocol !== 'http:' || !LOOPBACK.includes(url.hostname))
    throw new Error(`not on this machine: ${url.origin}`);
  const body = Buffer.from(typeof raw.body === 'string' ? Buffer.from(raw.body) : raw.body);
  const signal = AbortSignal.timeout(timeoutMs);
  const headers = { 'content-length': String(body.length), 'user-agent': USER_AGENT, ...raw.headers };
  return new Promise((resolve) => {
    const failed = () => resolve({ status: signal.aborted ? 'timeout' : 'no_connection', headers: {}, body: '' });
    const sent = request(url, {
      method: raw.method ?? 'POST',
      headers: headers as Record<string, string>,
      agent: false,
      signal,
    });
    sent.on('error', failed);
    sent.on('response', (response) => readAnswer(response).then(resolve, failed));
    sent.end(body);
  });
}

async function readAnswer(response: IncomingMessage): Promise<RawAnswer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString() };
}
