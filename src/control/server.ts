// The control socket of a running Hallpass, open for its owner alone. That it cannot be opened is said, and is no reason not
// to run: what it does is never the only way.
import { rmSync } from 'node:fs';
import { type HttpServer, openServer } from '../http/server.ts';
import type { Log } from '../ports/log.ts';
import { type ControlDesk, controlRoutes } from './routes.ts';
import { bindPrivately, ControlError, isPrivate, makeRoom } from './socket-file.ts';

/** Orders are a few hundred bytes. */
const LIMITS = { bodyBytes: 16 * 1024, requestMs: 5_000, connections: 16, drainMs: 2_000 };

export interface ControlServer {
  stop(): Promise<void>;
}

export async function openControl(
  path: string,
  desk: Omit<ControlDesk, 'isPrivate'>,
  log: Log,
): Promise<ControlServer | undefined> {
  if (process.platform === 'win32') {
    log.info('there is no control socket on Windows: the command line works while Hallpass is stopped');
    return undefined;
  }
  try {
    await makeRoom(path);
    const routes = controlRoutes({ ...desk, isPrivate: () => isPrivate(path) });
    const server = await openServer({ bind: (bound) => bindPrivately(bound, path), routes, log, limits: LIMITS });
    return { stop: () => stop(server, path) };
  } catch (error) {
    const reason = error instanceof ControlError ? error.message : 'it could not be bound';
    log.error('the control socket cannot be opened: the command line does not reach this process', { reason, error });
    return undefined;
  }
}

async function stop(server: HttpServer, path: string): Promise<void> {
  await server.stop();
  rmSync(path, { force: true });
}
