// Connections to the PostgreSQL server of the store, each with the limits that keep one stuck replica from holding up the
// others. Must not let a lost connection end the process.
import { type Client, type ClientConfig, Pool, type PoolClient } from 'pg';
import { type Door, tlsOptions } from '../lib/postgres-address.ts';
import { reveal } from '../lib/secret.ts';

const CONNECTIONS_MAX = 10;
const CONNECT_TIMEOUT_MS = 5_000;
const IDLE_MS = 60_000;
/** A replica that stops in the middle of a transaction (SIGSTOP, a paused container) loses it, and its locks, after this. */
const IDLE_IN_TRANSACTION_MS = 10_000;
/** Longer than that, so that whoever waits for such a replica gets on instead of failing. */
const LOCK_TIMEOUT_MS = 12_000;
const STATEMENT_TIMEOUT_MS = 15_000;
/** For a network that swallows answers, when the server's own limits say nothing. */
const ANSWER_TIMEOUT_MS = 20_000;

/** Rejects with the file system's error when the certificates of the URL cannot be read. */
export async function clientConfig(door: Door, readonly: boolean): Promise<ClientConfig> {
  const { host, port, user, database, password } = door;
  return {
    ...{ host, port, user, database },
    ...(password === undefined ? {} : { password: () => reveal(password) }),
    ssl: await tlsOptions(door),
    application_name: 'hallpass',
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: ANSWER_TIMEOUT_MS,
    ...(readonly && { options: '-c default_transaction_read_only=on' }),
  };
}

export interface Lines {
  /** Rejects with whatever the driver throws. */
  take(): Promise<PoolClient>;
  /** Used again only when `healthy`. */
  giveBack(client: PoolClient, healthy: boolean): void;
  /** The server has ended this connection, or the network has: what is sent on it now goes nowhere. */
  isLost(client: PoolClient): boolean;
  /** Waits for those that are out. */
  end(): Promise<void>;
}

export function openLines(config: ClientConfig): Lines {
  // Pipelined: a statement that answers nothing is sent and not waited for, so that locks are held for fewer round trips.
  const pool = new Pool({ ...config, pipeline: true, max: CONNECTIONS_MAX, idleTimeoutMillis: IDLE_MS });
  const lost = new WeakSet<Client>();
  // A connection in use that loses its server tells nobody but itself, and without a listener it would end the process.
  pool.on('connect', (client) => client.on('error', () => lost.add(client)));
  pool.on('error', () => {});
  return {
    take: () => pool.connect(),
    giveBack: (client, healthy) => client.release(!healthy || lost.has(client)),
    isLost: (client) => lost.has(client),
    end: () => pool.end(),
  };
}
