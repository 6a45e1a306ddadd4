// Transactions: whole or nothing, ended at once when the caller gives up, every failure an AdapterError. Knows when COMMIT
// was sent, and so whether a failure can have changed anything. Holds no statement of the trade.
import type { Client } from 'pg';
import type { z } from 'zod';
import type { Address } from '../../lib/postgres-address.ts';
import type { Clock } from '../../ports/clock.ts';
import { AdapterError } from '../../ports/grant-adapter.ts';
import { type Connection, type Connections, openConnections } from './connections.ts';
import { codeOf, faultOf } from './errors.ts';

// SET LOCAL and not start-up parameters: a pooler such as PgBouncer refuses those. The search path keeps functions that
// somebody put into a schema of theirs from standing in for PostgreSQL's own.
const SETTINGS =
  'SET LOCAL statement_timeout = 10000; SET LOCAL lock_timeout = 3000; SET LOCAL search_path = pg_catalog, pg_temp';

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
export function openApi(address: Address, clock: Clock, atOnce: number): Api {
  const connections = openConnections(address, clock, atOnce);
  const server = `${address.host}:${address.port}`;
  return {
    read: (signal, work) => transact({ connections, server, signal, mode: 'READ ONLY' }, work),
    write: (signal, work) => transact({ connections, server, signal, mode: 'READ WRITE' }, work),
    close: () => connections.close(),
  };
}

interface Transaction {
  readonly connections: Connections;
  readonly server: string;
  readonly signal: AbortSignal;
  readonly mode: 'READ ONLY' | 'READ WRITE';
}

async function transact<T>(how: Transaction, work: (query: Query) => Promise<T>): Promise<T> {
  const connection = await begin(how).catch((cause: unknown) => {
    throw faultOf(cause, how.server, 'no');
  });
  let changed: 'no' | 'maybe' = 'no';
  try {
    const result = await work(queryOf(connection.client));
    changed = how.mode === 'READ ONLY' ? 'no' : 'maybe';
    await connection.client.query('COMMIT');
    connection.giveBack();
    return result;
  } catch (cause) {
    await rollBack(connection, cause);
    throw faultOf(cause, how.server, refusedCommit(cause) ? 'no' : changed);
  }
}

/** An idle connection that the server closed is found out here, when nothing is lost yet: then a new one is taken. */
async function begin(how: Transaction): Promise<Connection> {
  for (;;) {
    const connection = await how.connections.take(how.signal);
    try {
      await connection.client.query(`BEGIN ${how.mode}; ${SETTINGS}`);
      return connection;
    } catch (cause) {
      connection.destroy();
      if (!connection.reused || how.signal.aborted) throw cause;
    }
  }
}

/** A refusal leaves a sound connection; after anything else it goes, and the server rolls back when it is gone. */
async function rollBack({ client, giveBack, destroy }: Connection, cause: unknown): Promise<void> {
  if (!(cause instanceof AdapterError)) return destroy();
  await client.query('ROLLBACK').then(giveBack, destroy);
}

function queryOf(client: Client): Query {
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
  return /^(?:23|25|40|42)[0-9A-Z]{3}$/.test(codeOf(cause));
}
