// The connection: transactions on a small pool, ended at once when the caller gives up, every failure an AdapterError.
// Knows when COMMIT was sent, and so whether a failure can have changed anything. Holds no statement of the trade.
import { readFile } from 'node:fs/promises';
import type { Pool, PoolClient, PoolConfig } from 'pg';
import type { z } from 'zod';
import { reveal } from '../../lib/secret.ts';
import { AdapterError } from '../../ports/grant-adapter.ts';
import type { Address } from './address.ts';
import { codeOf, faultOf } from './errors.ts';

const POOL_SIZE = 4;
const CONNECT_TIMEOUT_MS = 10_000;
/** Beyond statement_timeout: for a network that swallows the answer. */
const ANSWER_TIMEOUT_MS = 12_000;
// SET LOCAL and not start-up parameters: a pooler such as PgBouncer refuses those. The search path keeps functions that
// somebody put into a schema of theirs from standing in for PostgreSQL's own.
const SETTINGS =
  'SET LOCAL statement_timeout = 10000; SET LOCAL lock_timeout = 5000; SET LOCAL search_path = pg_catalog, pg_temp';

/** Run one statement; the rows come back in the shape of `schema`. */
export type Query = <Row>(schema: z.ZodType<Row>, sql: string, values?: readonly unknown[]) => Promise<readonly Row[]>;

export interface Api {
  /** A read-only transaction. */
  read<T>(signal: AbortSignal, work: (query: Query) => Promise<T>): Promise<T>;
  /** A transaction that may change memberships: all of it or nothing. */
  write<T>(signal: AbortSignal, work: (query: Query) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Connects at the first use. */
export function openApi(address: Address): Api {
  let opened: Promise<Pool> | undefined;
  const pool = (): Promise<Pool> => {
    // A failure (a certificate file that cannot be read) is not kept: the next call tries again.
    opened ??= openPool(address).catch((cause: unknown) => {
      opened = undefined;
      throw cause;
    });
    return opened;
  };
  const server = `${address.host}:${address.port}`;
  return {
    read: (signal, work) =>
      transact({ pool, server, signal, begin: `BEGIN READ ONLY; ${SETTINGS}`, doubt: 'no' }, work),
    write: (signal, work) =>
      transact({ pool, server, signal, begin: `BEGIN READ WRITE; ${SETTINGS}`, doubt: 'maybe' }, work),
    close: async () => {
      const last = await opened?.catch(() => undefined);
      opened = undefined;
      await last?.end();
    },
  };
}

interface Transaction {
  readonly pool: () => Promise<Pool>;
  readonly server: string;
  readonly signal: AbortSignal;
  readonly begin: string;
  /** What a commit whose answer was lost means. */
  readonly doubt: 'no' | 'maybe';
}

async function transact<T>(how: Transaction, work: (query: Query) => Promise<T>): Promise<T> {
  let changed: 'no' | 'maybe' = 'no';
  const client = await checkOut(how).catch((cause: unknown) => {
    throw faultOf(cause, how.server, 'no');
  });
  const lease = leaseOf(client, how.signal);
  try {
    await client.query(how.begin);
    const result = await work(queryOf(client));
    changed = how.doubt;
    await client.query('COMMIT');
    lease.giveBack();
    return result;
  } catch (cause) {
    // The connection goes too: the server then rolls back, whatever state it was left in.
    lease.destroy();
    throw faultOf(cause, how.server, refusedCommit(cause) ? 'no' : changed);
  }
}

async function checkOut({ pool, signal, server }: Transaction): Promise<PoolClient> {
  const cancelled = (): AdapterError =>
    new AdapterError('unreachable', `PostgreSQL at ${server} was not waited for: cancelled.`, 'no');
  if (signal.aborted) throw cancelled();
  const coming = (await pool()).connect();
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      reject(cancelled());
      // A connection that arrives after all goes back to the pool.
      coming.then(
        (late) => late.release(),
        () => undefined,
      );
    };
    signal.addEventListener('abort', stop, { once: true });
    coming.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

interface Lease {
  giveBack(): void;
  destroy(): void;
}

/** The client until it is given back or destroyed, once; an abort destroys it, which also ends a statement under way. */
function leaseOf(client: PoolClient, signal: AbortSignal): Lease {
  let over = false;
  const end = (broken: boolean): void => {
    if (over) return;
    over = true;
    signal.removeEventListener('abort', destroy);
    client.release(broken);
  };
  const destroy = (): void => end(true);
  signal.addEventListener('abort', destroy, { once: true });
  return { giveBack: () => end(false), destroy };
}

function queryOf(client: PoolClient): Query {
  return async (schema, sql, values) => {
    const result = await client.query(sql, values === undefined ? undefined : [...values]);
    const read = schema.array().safeParse(result.rows);
    if (!read.success)
      throw new AdapterError('invalid', "PostgreSQL's catalog answered in a shape not understood.", 'no');
    return read.data;
  };
}

/** An error of its own in answer to COMMIT means that the server rolled back; going down while committing is doubt. */
function refusedCommit(cause: unknown): boolean {
  const code = codeOf(cause);
  return /^(?:23|40|42|25)[0-9A-Z]{3}$/.test(code);
}

async function openPool(address: Address): Promise<Pool> {
  const { default: pg } = await import('pg');
  const pool = new pg.Pool(await optionsOf(address));
  // A connection that breaks emits 'error', idle or in use; unheard, that ends the process. The statement fails by itself.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

async function optionsOf(address: Address): Promise<PoolConfig> {
  return {
    host: address.host,
    port: address.port,
    user: address.user,
    password: () => reveal(address.password),
    database: address.database,
    ssl: await tlsOf(address),
    max: POOL_SIZE,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: ANSWER_TIMEOUT_MS,
    application_name: 'hallpass',
    keepAlive: true,
    allowExitOnIdle: true,
  };
}

async function tlsOf({ tls, rootCertificate }: Address): Promise<false | { rejectUnauthorized: boolean; ca?: string }> {
  switch (tls) {
    case 'off':
      return false;
    case 'unverified':
      return { rejectUnauthorized: false };
    case 'verify':
      if (rootCertificate === undefined) return { rejectUnauthorized: true };
      return { rejectUnauthorized: true, ca: await readFile(rootCertificate, 'utf8') };
  }
}
