// The PostgreSQL driver: each operation in a transaction of its own, READ COMMITTED when it writes, statements prepared once
// a connection. What several replicas must not do at once is settled by rows and locks in the statements (lock order:
// commit.ts), never by SERIALIZABLE; what collides all the same is undone by the server and tried again here.
import type { PoolClient } from 'pg';
import { backoffMs } from '../lib/backoff.ts';
import { systemClock } from '../lib/system-clock.ts';
import type { Clock, Ids, Instant } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Dialect, Writer } from './ask.ts';
import type { Driver } from './driver.ts';
import { loadPgDrizzle, orm } from './drizzle.ts';
import { pgKit } from './kit.ts';
import { isCollision, isPassing, postgresFault } from './postgres-fault.ts';
import type { News } from './postgres-news.ts';
import type { Lines } from './postgres-pool.ts';
import { type Talk, talkOn } from './postgres-talk.ts';
import { serverTime, TIME } from './postgres-time.ts';
import { buildTables } from './schema.ts';
import { writeStatements } from './statements.ts';
import { closed } from './store-error.ts';

const TRIES = 6;
const AGAIN = { baseMs: 20, capMs: 500 };
const READ = 'begin isolation level repeatable read read only';
const WRITE = 'begin isolation level read committed';

export interface PostgresTools {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** Stands in for the server's clock in tests. */
  readonly time?: () => Instant;
  /** For messages: its address, never its URL. */
  readonly server: string;
}

/** Takes over the connections and the news, and ends both when it is closed. */
export function postgresDriver(lines: Lines, news: News | undefined, tools: PostgresTools): Driver {
  const { clock, log, server } = tools;
  const statements = writeStatements(postgresDialect());
  const time = serverTime(clock, log, news ? saveMark : async () => {}, tools.time);
  let isClosed = false;

  /** On one connection, which is used again if nothing went wrong with it. */
  async function once<Result>(work: (client: PoolClient, talk: Talk) => Promise<Result>): Promise<Result> {
    const client = await lines.take();
    const talk = talkOn(client, () => lines.isLost(client), server);
    try {
      const result = await work(client, talk);
      lines.giveBack(client, true);
      return result;
    } catch (error) {
      talk.leave();
      lines.giveBack(client, isCollision(error));
      throw error;
    }
  }

  /** Again when the server or the network undid it; not when nobody can know whether it was done. */
  async function patiently<Result>(work: (client: PoolClient, talk: Talk) => Promise<Result>): Promise<Result> {
    for (let tries = 1; ; tries += 1) {
      if (isClosed) throw closed();
      try {
        return await once(work);
      } catch (error) {
        if (!isPassing(error) || tries === TRIES) throw postgresFault(error, server);
      }
      // By the machine's own timers, even where a test holds the clock: this is about the network.
      await systemClock.sleep(backoffMs(tries, AGAIN, tools.ids.jitter()));
    }
  }

  async function begun(talk: Talk, how: string): Promise<Instant> {
    const askedAt = clock.now();
    return time.heard(await talk.begin(how), askedAt);
  }

  async function saveMark(now: Instant): Promise<void> {
    const { name, sql, inputs } = statements.saveClock;
    await once((client) => client.query({ name, text: sql, values: inputs({ now }) }));
  }

  return {
    statements,
    skewMs: time.skewMs,
    now: () =>
      patiently(async (client) => {
        const askedAt = clock.now();
        const { rows } = await client.query({ ...TIME, rowMode: 'array' });
        return time.heard(rows[0] ?? [], askedAt);
      }),
    read: (operation) =>
      patiently(async (_client, talk) => {
        const result = await talk.run(operation(await begun(talk, READ)));
        talk.leave();
        return result;
      }),
    readOne: (operation) => patiently((_client, talk) => talk.runOne(operation())),
    write: (operation) =>
      patiently(async (_client, talk) => {
        const outcome = await talk.run(operation(await begun(talk, WRITE)));
        await (outcome.keep ? talk.commit() : talk.leave());
        return outcome.result;
      }),
    announce: () => news?.announce(),
    onNews: (listener) => news?.onNews(listener) ?? (() => {}),
    async close() {
      if (isClosed) return;
      isClosed = true;
      await Promise.all([news?.close(), lines.end()]);
    },
  };
}

export function postgresDialect(): Dialect {
  const { core, drizzle } = loadPgDrizzle();
  const kit = pgKit(core, orm.sql);
  return {
    tables: buildTables(kit),
    write: drizzle.mock() satisfies Writer,
    alias: (table, name) => kit.alias(table, name) as unknown as typeof table,
    shared: true,
    lock: (select, strength = 'update') => lockable(select).for(strength),
    grab: (select, table) => lockable(select).for('update', { of: table, skipLocked: true }),
  };
}

type Lockable<Select> = {
  for(strength: 'update' | 'share', options?: { readonly of: object; readonly skipLocked: true }): Select;
};
/** Only drizzle's selects for PostgreSQL have it; the operations are written for both databases. */
function lockable<Select extends object>(select: Select): Lockable<Select> {
  return select as unknown as Lockable<Select>;
}
