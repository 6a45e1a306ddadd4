// The one HTTP server on loopback: guards every request, then gives it to the part that its path names.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Control, serveControl } from './control.ts';
import { isForeign } from './guard.ts';
import { BodyTooLarge, sendJson, sendText } from './http-io.ts';
import { serveResponseUrl } from './response-url.ts';
import type { SocketMode } from './socket.ts';
import { serveUpload } from './uploads.ts';
import { serveWebApi, type WebApi } from './web-api.ts';

/** Further routes of the caller (page, target query): true when it answered. Foreign requests never get there. */
export type ExtraRoutes = (req: IncomingMessage, res: ServerResponse, url: URL) => boolean | Promise<boolean>;

export interface Parts {
  readonly api: WebApi;
  readonly control: Control;
  readonly socketMode: SocketMode;
  readonly isDown: () => boolean;
  readonly extraRoutes: ExtraRoutes | undefined;
}

/** Resolves once it listens on 127.0.0.1; port 0 takes a free one. */
export async function listen(parts: Parts, port: number): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer((req, res) => void serve(parts, listeningPort(server), req, res));
  server.on('upgrade', (req, socket, head) => {
    socket.on('error', () => socket.destroy());
    const wanted = req.url?.startsWith('/link/') && !parts.isDown() && !isForeign(req, listeningPort(server));
    if (wanted) parts.socketMode.upgrade(req, socket, head);
    else socket.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return { server, port: listeningPort(server) };
}

function listeningPort(server: Server): number {
  return (server.address() as AddressInfo).port;
}

async function serve(parts: Parts, port: number, req: IncomingMessage, res: ServerResponse): Promise<void> {
  if (parts.isDown()) return void req.socket.destroy();
  if (isForeign(req, port)) return sendJson(res, 403, { error: 'foreign_request', message: 'only from this machine' });
  try {
    await route(parts, req, res, new URL(req.url ?? '/', `http://127.0.0.1:${port}`));
  } catch (error) {
    if (error instanceof BodyTooLarge) sendText(res, 413, error.message);
    else if (res.headersSent || req.destroyed) res.destroy();
    else sendText(res, 500, error instanceof Error ? (error.stack ?? error.message) : 'failed');
  }
}

async function route(parts: Parts, req: IncomingMessage, res: ServerResponse, url: URL): Promise<void> {
  const { api, control, extraRoutes } = parts;
  const [, first = '', ...rest] = url.pathname.split('/');
  const tail = rest.join('/');
  if (first === 'local') return serveControl(control, req, res, url);
  if (['api', 'upload', 'hooks'].includes(first) && req.method !== 'POST') return sendText(res, 405, 'POST only');
  if (first === 'api') return serveWebApi(api, req, res, tail);
  if (first === 'upload') return serveUpload(api.state, req, res, tail);
  if (first === 'hooks') return serveResponseUrl(api.state, req, res, tail);
  if (!(await extraRoutes?.(req, res, url))) sendText(res, 404, 'not found');
}
