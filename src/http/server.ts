// The one HTTP server: finds the route by its exact path, reads the raw body within limits, has it verified, answers.
// Must not know any route, and must not run a handler whose verifier did not admit the request (threats A01, A02, A20).
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Meter } from '../ports/meter.ts';
import { isVerified, isVerifier, type RawRequest, type Reply, type Route } from '../ports/route.ts';
import type { Trace } from '../ports/trace.ts';
import { readBody } from './read-body.ts';

export interface ServerLimits {
  /** Longer bodies are answered 413 and the connection is closed. */
  readonly bodyBytes: number;
  /** Head and body must have arrived by then; a client that dribbles bytes is answered 408 (slowloris). */
  readonly requestMs: number;
  /** Connections beyond these are dropped before a byte of them is read. */
  readonly connections: number;
  /** What `stop` grants requests that are being answered. */
  readonly drainMs: number;
}

const DEFAULT_LIMITS: ServerLimits = {
  bodyBytes: 256 * 1024,
  requestMs: 5_000,
  connections: 512,
  drainMs: 10_000,
};
const HEAD_BYTES = 16 * 1024;
const HEADERS = 64;
/** Longer than the 60 s that proxies keep a connection for: whoever closes first must not be us, or requests get lost. */
const KEEP_ALIVE_MS = 65_000;
/** As web servers write it in their logs; nothing was sent. */
const CLIENT_WENT_AWAY = 499;
/** How often Node looks for requests that take too long: a deadline is met within a quarter of itself. */
const LOOKS_PER_DEADLINE = 4;

export type ServerSettings = Served & (Address | Bound);

interface Address {
  readonly host: string;
  /** 0 takes any free port; the answer says which. */
  readonly port: number;
}
interface Bound {
  /** Makes the server listen, where that is no address and port: on a socket file. */
  readonly bind: (server: Server) => void;
}
interface Served {
  readonly routes: readonly Route[];
  readonly log: Log;
  readonly limits?: Partial<ServerLimits>;
  /** Counts and traces each request, by route. */
  readonly measures?: Measures;
}

interface Measures {
  readonly meter: Meter;
  readonly trace: Trace;
  readonly clock: Clock;
}

export interface HttpServer {
  /** 0 where it listens on a socket file. */
  readonly port: number;
  /** Accepts nothing new, lets running requests finish, returns when the port is free. */
  stop(): Promise<void>;
}

/** Throws when a route has no verifier of `verifier()` or two routes are the same, and when the port cannot be had. */
export async function openServer(settings: ServerSettings): Promise<HttpServer> {
  const limits = { ...DEFAULT_LIMITS, ...settings.limits };
  const desk: Desk = { table: tableOf(settings.routes), limits, log: settings.log, isClosing: () => !server.listening };
  const server = createServer(
    {
      headersTimeout: limits.requestMs,
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: Math.ceil(limits.requestMs / LOOKS_PER_DEADLINE),
      maxHeaderSize: HEAD_BYTES,
      keepAliveTimeout: KEEP_ALIVE_MS,
    },
    (request, response) => {
      measured(settings.measures, desk, request, response).catch((error: unknown) => {
        settings.log.error('HTTP reply could not be written', { error });
        response.destroy();
      });
    },
  );
  server.maxConnections = limits.connections;
  server.maxHeadersCount = HEADERS;
  await listen(server, settings);
  return { port: portOf(server), stop: () => stop(server, limits.drainMs) };
}

interface Desk {
  readonly table: ReadonlyMap<string, Route>;
  readonly limits: ServerLimits;
  readonly log: Log;
  readonly isClosing: () => boolean;
}

function tableOf(routes: readonly Route[]): ReadonlyMap<string, Route> {
  const table = new Map<string, Route>();
  for (const route of routes) {
    const key = `${route.method} ${route.path}`;
    if (!isVerifier(route.verify)) throw new TypeError(`${key} has no verifier`);
    if (table.has(key)) throw new TypeError(`${key} is there twice`);
    table.set(key, route);
  }
  return table;
}

async function measured(
  measures: Measures | undefined,
  desk: Desk,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!measures) return answer(desk, request, response);
  const { meter, trace, clock } = measures;
  const begunAt = clock.now();
  // What is in no table was thought up by a client: it is no label.
  const route = desk.table.get(keyOf(request))?.path ?? 'other';
  await trace.span(`http ${route}`, { route }, async (note) => {
    await answer(desk, request, response);
    const status = response.headersSent ? response.statusCode : CLIENT_WENT_AWAY;
    note({ status });
    meter.httpAnswered(route, status, (clock.now() - begunAt) / 1000);
  });
}

function keyOf(request: IncomingMessage): string {
  return `${request.method} ${splitOnce(request.url ?? '', '?')[0]}`;
}

async function answer(desk: Desk, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [path = '', query = ''] = splitOnce(request.url ?? '', '?');
  const route = desk.table.get(keyOf(request));
  if (!route) return refuse(request, response, 404);
  // Never unpacked: a few kilobytes of gzip become gigabytes (A20). The client is told that plain bodies are wanted.
  if ((request.headers['content-encoding'] ?? 'identity') !== 'identity') return refuse(request, response, 415);
  const body = await readBody(request, desk.limits.bodyBytes);
  if (body === 'too_large') return refuse(request, response, 413);
  if (body === 'broken') return;
  const raw: RawRequest = { method: route.method, path, query, headers: request.headersDistinct, body };
  const reply = await replyOf(route, raw, desk.log);
  if (reply.status >= 400) return refuse(request, response, reply.status, reply);
  // A connection that is kept would hold up the stop until its client lets go.
  send(response, desk.isClosing() ? closing(reply) : reply);
}

async function replyOf(route: Route, raw: RawRequest, log: Log): Promise<Reply> {
  try {
    const verdict = await route.verify.check(raw);
    if (isVerified(verdict)) return await route.handle(verdict);
    log.warn('HTTP request refused', { path: route.path, code: verdict.refused, status: verdict.status });
    return { status: verdict.status };
  } catch (error) {
    log.error('HTTP request failed', { path: route.path, error });
    return { status: 500 };
  }
}

function send(response: ServerResponse, reply: Reply): void {
  const body = reply.body ?? '';
  response.writeHead(reply.status, {
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-length': Buffer.byteLength(body),
    ...reply.headers,
  });
  response.end(body);
}

/** The connection ends with it: whatever a refused client still has to send is not read. */
function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  reply: Omit<Reply, 'status'> = {},
): void {
  response.once('finish', () => request.destroy());
  send(response, closing({ ...reply, status }));
}

function closing(reply: Reply): Reply {
  return { ...reply, headers: { ...reply.headers, connection: 'close' } };
}

function splitOnce(text: string, mark: string): readonly [string, string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function listen(server: Server, where: Address | Bound): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('listening', () => {
      server.off('error', reject);
      resolve();
    });
    if ('bind' in where) where.bind(server);
    else server.listen(where.port, where.host);
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

function stop(server: Server, drainMs: number): Promise<void> {
  return new Promise((resolve) => {
    const hurry = setTimeout(() => server.closeAllConnections(), drainMs);
    server.close(() => {
      clearTimeout(hurry);
      resolve();
    });
    server.closeIdleConnections();
  });
}
