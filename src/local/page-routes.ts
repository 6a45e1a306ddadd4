// Serves the page of the local workspace and the JSON of its target view, as `extraRoutes` of the workspace's server.
// Knows only the files that lie in `page/`, by name: no path of a request ever becomes a path of the disk.
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { isForeign, isJson } from './slack/guard.ts';
import { readBody, sendJson } from './slack/http-io.ts';
import type { TargetPort, TargetReply } from './target-port.ts';

export interface PageOptions {
  /** Without one the target view says that there is none. */
  readonly target?: TargetPort;
}
type Handler = (req: IncomingMessage, res: ServerResponse, url: URL) => Promise<boolean>;

const FOLDER = new URL('./page/', import.meta.url);
const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};
/**
 * Whatever a message manages to say, it runs nothing, loads nothing from elsewhere and frames nothing. Trusted Types
 * without a policy make every door for markup (`innerHTML` and the like) throw in browsers that know them.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "base-uri 'none'",
  "object-src 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');
const HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;

const QUERY_BYTES = 64 * 1_024;
const query = z.strictObject({
  as: z.string().min(1).max(255),
  sql: z.string().min(1).max(20_000),
  role: z.string().min(1).max(63).exactOptional(),
});

/** Answers `/`, `/page/<file>`, `GET /target?as=` and `POST /target/query`; false for everything else. */
export function pageRoutes(options: PageOptions): Handler {
  const files = new Map(readdirSync(FOLDER).flatMap(servable));
  return async (req, res, url) => {
    const file = files.get(url.pathname);
    const isTarget = url.pathname === '/target' || url.pathname === '/target/query';
    if (file === undefined && !isTarget) return false;
    if (isForeign(req, req.socket.localPort ?? 0)) refuse(res, 403, 'foreign_request', 'only from this machine');
    else if (file !== undefined) await sendFile(req, res, file);
    else if (url.pathname === '/target') await sendState(req, res, url, options.target);
    else await runQuery(req, res, options.target);
    return true;
  };
}

interface PageFile {
  readonly name: string;
  readonly type: string;
}

function servable(name: string): readonly (readonly [string, PageFile])[] {
  const type = TYPES[name.split('.').at(-1) ?? ''];
  if (type === undefined) return [];
  const file = { name, type };
  return name === 'index.html' ? [['/', file]] : [[`/page/${name}`, file]];
}

async function sendFile(req: IncomingMessage, res: ServerResponse, { name, type }: PageFile): Promise<void> {
  if (req.method !== 'GET' && req.method !== 'HEAD') return refuse(res, 405, 'method_not_allowed', 'only to be read');
  const bytes = await readFile(new URL(name, FOLDER));
  res.writeHead(200, { ...HEADERS, 'content-type': type, 'content-length': bytes.length });
  res.end(req.method === 'HEAD' ? undefined : bytes);
}

async function sendState(
  req: IncomingMessage,
  res: ServerResponse,
  url: URL,
  target: TargetPort | undefined,
): Promise<void> {
  if (req.method !== 'GET') return refuse(res, 405, 'method_not_allowed', 'only to be read');
  const as = url.searchParams.get('as');
  if (as === null) return refuse(res, 400, 'invalid_query', 'as is missing');
  sendJson(res, 200, await stateFor(as, target));
}

async function stateFor(as: string, target: TargetPort | undefined): Promise<TargetReply> {
  if (!target) return { available: false };
  const psql = target.psqlCommand(as);
  return { available: true, ...(await target.state()), ...(psql !== undefined && { psql }) };
}

async function runQuery(req: IncomingMessage, res: ServerResponse, target: TargetPort | undefined): Promise<void> {
  if (req.method !== 'POST') return refuse(res, 405, 'method_not_allowed', 'only POST');
  if (!isJson(req)) return refuse(res, 415, 'not_json', 'content-type must be application/json');
  if (!target) return refuse(res, 404, 'no_target', 'this workspace has no target');
  const body = query.safeParse(parsed((await readBody(req, QUERY_BYTES)).toString('utf8')));
  if (!body.success) return refuse(res, 400, 'invalid_body', z.prettifyError(body.error));
  const { as, sql, role } = body.data;
  sendJson(res, 200, await target.query(as, sql, role));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refuse(res: ServerResponse, status: number, error: string, message: string): void {
  sendJson(res, status, { error, message });
}
