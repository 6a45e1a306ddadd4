// A few connections to one server, opened when needed and kept for a while. Not the driver's own pool: that cannot let go of
// a connection which is still being made, so four callers who gave up on a silent server would block everybody after them.
import { Socket } from 'node:net';
import type { Client, ClientConfig } from 'pg';
import { type Address, tlsOptions } from '../../lib/postgres-address.ts';
import { reveal } from '../../lib/secret.ts';
import type { Clock } from '../../ports/clock.ts';
import { AdapterError } from '../../ports/grant-adapter.ts';

const CONNECT_TIMEOUT_MS = 10_000;
const IDLE_MS = 30_000;
/** Beyond statement_timeout: for a network that swallows the answer. */
const ANSWER_TIMEOUT_MS = 12_000;

export interface Connection {
  readonly client: Client;
  /** Used before: the server may have closed it in the meantime, and only the next statement finds out. */
  readonly reused: boolean;
  /** In a state to be used again; anything else is `destroy`. The first of the two counts. */
  giveBack(): void;
  /** Ends a statement under way too. */
  destroy(): void;
}
export interface Connections {
  /** A connection of one's own, destroyed when `signal` aborts. Fails as the driver does, or with AdapterError when aborted. */
  take(signal: AbortSignal): Promise<Connection>;
  /** Says goodbye to idle connections; those in use end when they are given back. */
  close(): Promise<void>;
}

interface Line {
  readonly client: Client;
  readonly socket: Socket;
}

/** At most `atOnce` at a time; more callers wait for their turn. */
export function openConnections(address: Address, clock: Clock, atOnce: number): Connections {
  const idle: Line[] = [];
  const turns = turnstile(atOnce);
  const closing = new AbortController();
  return {
    async take(signal) {
      await turns.enter(signal);
      const kept = idle.pop();
      const line = kept ?? (await connect(address, idle, signal).catch(leaving(turns)));
      return leased(line, kept !== undefined, signal, (sound) => {
        if (sound && !closing.signal.aborted) void putAside(idle, line, clock.sleep(IDLE_MS, closing.signal));
        else line.socket.destroy();
        turns.leave();
      });
    },
    async close() {
      closing.abort();
      await Promise.all(idle.splice(0).map(({ client }) => client.end()));
    },
  };
}

function leased(line: Line, reused: boolean, signal: AbortSignal, end: (sound: boolean) => void): Connection {
  let over = false;
  const once = (sound: boolean): void => {
    if (over) return;
    over = true;
    signal.removeEventListener('abort', destroy);
    end(sound && !line.socket.destroyed);
  };
  const destroy = (): void => once(false);
  signal.addEventListener('abort', destroy, { once: true });
  if (signal.aborted) destroy();
  return { client: line.client, reused, giveBack: () => once(true), destroy };
}

async function putAside(idle: Line[], line: Line, idleTime: Promise<void>): Promise<void> {
  idle.push(line);
  await idleTime;
  if (remove(idle, line.client)) await line.client.end();
}

async function connect(address: Address, idle: Line[], signal: AbortSignal): Promise<Line> {
  const { default: pg } = await import('pg');
  const options = await optionsOf(address);
  const socket = new Socket();
  const client = new pg.Client({ ...options, stream: () => socket });
  const stop = (): void => void socket.destroy();
  // Unheard, a broken connection would end the process; the statement under way fails by itself.
  client.on('error', () => undefined);
  client.on('end', () => void remove(idle, client));
  signal.addEventListener('abort', stop, { once: true });
  try {
    if (signal.aborted) throw cancelled();
    await client.connect();
    return { client, socket };
  } catch (cause) {
    socket.destroy();
    throw signal.aborted ? cancelled() : cause;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function remove(idle: Line[], client: Client): boolean {
  const at = idle.findIndex((line) => line.client === client);
  return at >= 0 && idle.splice(at, 1).length > 0;
}

interface Turnstile {
  enter(signal: AbortSignal): Promise<void>;
  leave(): void;
}

/** Lets `places` in at a time, in the order of arrival; whoever gives up leaves the queue. */
function turnstile(places: number): Turnstile {
  let free = places;
  const queue: (() => void)[] = [];
  return {
    async enter(signal) {
      if (signal.aborted) throw cancelled();
      if (free > 0) {
        free -= 1;
        return;
      }
      await new Promise<void>((resolve, reject) => {
        const go = (): void => {
          signal.removeEventListener('abort', stop);
          resolve();
        };
        const stop = (): void => {
          queue.splice(queue.indexOf(go), 1);
          reject(cancelled());
        };
        queue.push(go);
        signal.addEventListener('abort', stop, { once: true });
      });
    },
    leave() {
      const next = queue.shift();
      if (next === undefined) free += 1;
      else next();
    },
  };
}

function leaving(turns: Turnstile): (cause: unknown) => never {
  return (cause) => {
    turns.leave();
    throw cause;
  };
}

function cancelled(): AdapterError {
  return new AdapterError('unreachable', 'PostgreSQL was not waited for: the call was cancelled.', 'no');
}

async function optionsOf(address: Address): Promise<ClientConfig> {
  return {
    host: address.host,
    port: address.port,
    user: address.user,
    password: () => reveal(address.password),
    database: address.database,
    ssl: await tlsOptions(address),
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: ANSWER_TIMEOUT_MS,
    application_name: 'hallpass',
    keepAlive: true,
  };
}
