// What the doctor asks a PostgreSQL server about the store, without changing anything on it.
import { Client } from 'pg';
import { type Door, readDoor } from '../lib/postgres-address.ts';
import type { Clock } from '../ports/clock.ts';
import { postgresFault } from './postgres-fault.ts';
import { OLDEST_SERVER } from './postgres-migrate.ts';
import { clientConfig } from './postgres-pool.ts';
import { StoreError } from './store-error.ts';

export interface ServerReport {
  /** Host, port and database. */
  readonly server: string;
  readonly version: number;
  readonly isNewEnough: boolean;
  /** Tables may be made in the schema that is used. */
  readonly mayCreate: boolean;
  readonly hasStore: boolean;
  /** It only follows another server. */
  readonly isStandby: boolean;
  /** What people were told of survives a power cut. */
  readonly isDurable: boolean;
  /** This machine's clock minus the server's. */
  readonly skewMs: number;
}

/** Throws StoreError. */
export async function examineServer(url: string, clock: Clock): Promise<ServerReport> {
  const door = readDoor(url);
  if ('problem' in door) throw new StoreError('bad_url', `The URL of the store is wrong: ${door.problem}.`);
  const server = serverName(door);
  try {
    const client = new Client(await clientConfig(door, true));
    client.on('error', () => {}); // whatever runs then fails by itself
    await client.connect();
    try {
      return { server, ...(await ask(client, clock)) };
    } finally {
      await client.end();
    }
  } catch (error) {
    throw postgresFault(error, server);
  }
}

export function serverName({ host, port, database }: Door): string {
  return `${host}:${port}/${database}`;
}

interface Answer {
  readonly version: number;
  readonly mayCreate: boolean;
  readonly hasStore: boolean;
  readonly isStandby: boolean;
  readonly isDurable: boolean;
  readonly at: string;
}

async function ask(client: Client, clock: Clock): Promise<Omit<ServerReport, 'server'>> {
  const askedAt = clock.now();
  const { rows } = await client.query<Answer>(`select current_setting('server_version_num')::int / 10000 as version,
    coalesce(has_schema_privilege(current_schema(), 'create'), false) as "mayCreate",
    to_regclass('ledger_head') is not null as "hasStore", pg_is_in_recovery() as "isStandby",
    current_setting('fsync') = 'on' and current_setting('synchronous_commit') <> 'off' as "isDurable",
    floor(extract(epoch from clock_timestamp()) * 1000)::bigint as at`);
  const [answer] = rows;
  if (answer === undefined) throw new Error('the server answered nothing');
  const { at, ...facts } = answer;
  const skewMs = Math.round((askedAt + clock.now()) / 2) - Number(at);
  return { ...facts, isNewEnough: facts.version >= OLDEST_SERVER, skewMs };
}
