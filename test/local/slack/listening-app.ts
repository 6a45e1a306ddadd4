// A bare app behind a request URL: keeps what it was sent, answers what the test says. No Slack code in it.
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { WorkspaceOptions } from '../../../src/local/slack/workspace.ts';
import { type Bench, bench } from './support.ts';

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly raw: Buffer;
  /** The payload, whatever it was wrapped in. */
  readonly payload: Record<string, unknown>;
}

interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Objects are sent as JSON. */
  readonly body?: string | object;
}

export interface ListeningApp {
  readonly url: string;
  readonly received: readonly Received[];
  /** What it answers from now on; `undefined` never answers. */
  answer: (request: Received) => Answer | undefined;
}

/** A workspace in `http` mode with an app that takes everything. */
export async function withApp(
  options: Partial<WorkspaceOptions> = {},
): Promise<Bench & { readonly app: ListeningApp }> {
  const app = await listeningApp();
  const on = await bench({ mode: 'http', requestUrl: app.url, ...options });
  return { ...on, app };
}

export async function listeningApp(): Promise<ListeningApp> {
  const received: Received[] = [];
  const server = createServer(async (req, res) => {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk);
    const raw = Buffer.concat(chunks);
    const request = { headers: req.headers, raw, payload: unwrap(req.headers['content-type'], raw.toString()) };
    received.push(request);
    const answer = app.answer(request);
    if (!answer) return;
    const { status = 200, headers = {}, body = '' } = answer;
    const isText = typeof body === 'string';
    res.writeHead(status, { ...(!isText && { 'content-type': 'application/json' }), ...headers });
    res.end(isText ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  );
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`;
  const app: ListeningApp = { url, received, answer: () => ({}) };
  return app;
}

function unwrap(contentType: string | undefined, text: string): Record<string, unknown> {
  if (contentType !== 'application/x-www-form-urlencoded') return parsed(text);
  const form = new URLSearchParams(text);
  const payload = form.get('payload');
  return payload === null ? Object.fromEntries(form) : parsed(payload);
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
