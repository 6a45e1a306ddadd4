// PostgreSQL alone: opening with a remedy for what is wrong, lines that are cut, servers that go and come, and whose clock
// counts.
import { Client } from 'pg';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { readDoor } from '../../src/lib/postgres-address.ts';
import { systemClock } from '../../src/lib/system-clock.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Store } from '../../src/ports/store.ts';
import { orm } from '../../src/store/drizzle.ts';
import { type OpenOptions, openStore, StoreError, type StoreTools } from '../../src/store/open-store.ts';
import { examineServer } from '../../src/store/postgres-check.ts';
import { type News, openNews } from '../../src/store/postgres-news.ts';
import { clientConfig } from '../../src/store/postgres-pool.ts';
import * as schema from '../../src/store/schema.postgres.ts';
import { LEASE_MS, NO_PACE } from '../contracts/store-bench.ts';
import { commented, evaluating, event, holdOf, job, newRow, pending, T0 } from '../contracts/store-samples.ts';
import { cuttingProxy } from '../fakes/cutting-proxy.ts';
import { manualClock } from '../fakes/manual-clock.ts';
import { openProxy } from '../tcp-proxy.ts';
import { openOn, tools, usePostgresStores } from './postgres-bench.ts';

// A server that crashes has to keep what it acknowledged; the disk may sleep, it does not crash with it.
const { server, newStore } = usePostgresStores(18, { synchronous_commit: 'on' });

async function open(url: string, given: Partial<StoreTools> = {}, options?: OpenOptions): Promise<Store> {
  const store = await openStore(url, { ...tools, ...given }, options);
  onTestFinished(() => store.close());
  return store;
}

/** The same database by way of another port. */
const through = (url: string, port: number) => url.replace(/:\d+\//, `:${port}/`);
const databaseOf = (url: string) => url.slice(url.lastIndexOf('/') + 1);

function noted() {
  const lines: { level: string; message: string }[] = [];
  const at = (level: string) => (message: string) => void lines.push({ level, message });
  const log: Log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  return { lines, log };
}

/** Looks again until it is so; the test's own time limit ends it. */
async function until<Value>(look: () => Promise<Value>, isSo: (value: Value) => boolean): Promise<Value> {
  for (;;) {
    const value = await look();
    if (isSo(value)) return value;
  }
}

describe('opening', () => {
  it.each([
    ['postgres://u:canary@127.0.0.1', 'bad_url', 'name the database'],
    ['postgres://u:canary@127.0.0.1:1/db', 'unreachable', 'Start PostgreSQL'],
    ['postgres://u:canary@127.0.0.1:1/db?sslrootcert=/nowhere.pem&sslmode=verify-full', 'io', 'sslrootcert'],
  ])('%s: %s', async (url, code, words) => {
    const error: unknown = await openStore(url, tools).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ name: 'StoreError', code, message: expect.stringContaining(words) });
    expect(String(error)).not.toContain('canary');
  });

  it('says what to do when the server does not want us, and never shows the password', async () => {
    const { url } = server();
    const tries = [
      [url('postgres', 'canary'), 'denied', 'Check user, password'],
      [url('nobody', 'canary'), 'denied', 'Check user, password'],
      [server().superuserUrl('nothing_there'), 'bad_url', 'Create it'],
      [`${url('postgres', 'canary')}?sslmode=require`, 'unreachable', 'sslmode'],
    ] as const;
    for (const [address, code, words] of tries) {
      const error: unknown = await openStore(address, tools).catch((cause: unknown) => cause);
      expect(error).toMatchObject({ name: 'StoreError', code, message: expect.stringContaining(words) });
      expect(String(error)).not.toMatch(/canary|only-for-tests/);
    }
  });

  it('replicas that start together on an empty database make one store', async () => {
    const url = await server().newDatabase();
    const stores = await Promise.all([1, 2, 3, 4].map(() => open(url)));
    expect(new Set(stores.map(({ deploymentId }) => deploymentId)).size).toBe(1);
    expect(stores[0]?.deploymentId).toMatch(/^dep_/);
    const made = await server().query('select count(*)::int as count from __drizzle_migrations', [], databaseOf(url));
    expect(made).toEqual([{ count: 2 }]);
  });

  it('makes exactly the tables and columns of the schema', async () => {
    const rows = await server().query(
      `select table_name as name, array_agg(column_name::text order by column_name::text) as columns
       from information_schema.columns where table_schema = 'public' and table_name not like '\\_\\_%' group by 1`,
      [],
      databaseOf(await newStore()),
    );
    const wanted = Object.values(schema).map((table) => [
      orm.getTableName(table),
      Object.values(orm.getTableColumns(table))
        .map(({ name }) => name)
        .sort(),
    ]);
    expect(Object.fromEntries(rows.map(({ name, columns }) => [name, columns]))).toEqual(Object.fromEntries(wanted));
  });

  it('warns of a server that may lose commits', async () => {
    const { lines, log } = noted();
    await open(await newStore(), { log });
    expect(lines).toEqual([
      { level: 'warn', message: 'The PostgreSQL server may lose commits that people were told of' },
    ]);
  });

  it('to look: everything can be read, nothing written, and nothing is made', async () => {
    const url = await newStore();
    const store = await open(url);
    await store.commit({ writes: [newRow(evaluating(1))], events: [event()] });
    const reader = await open(url, {}, { readonly: true });
    expect([reader.deploymentId, (await reader.ledgerHead()).size]).toEqual([store.deploymentId, 1]);
    await expect(reader.commit({ events: [event()] })).rejects.toMatchObject({ code: 'read_only' });
    const empty = await server().newDatabase();
    await expect(openStore(empty, tools, { readonly: true })).rejects.toMatchObject({ code: 'outdated' });
    const tables = await server().query(`select 1 from pg_tables where schemaname = 'public'`, [], databaseOf(empty));
    expect(tables).toEqual([]);
  });

  it('each connection has its limits, so that a replica which stops in a transaction holds up nobody for long', async () => {
    const door = readDoor(await newStore());
    if ('problem' in door) throw new Error(door.problem);
    const client = new Client(await clientConfig(door, false));
    await client.connect();
    onTestFinished(() => client.end());
    const names = ['application_name', 'idle_in_transaction_session_timeout', 'lock_timeout', 'statement_timeout'];
    const { rows } = await client.query(
      `select ${names.map((name) => `current_setting('${name}') as ${name}`).join()}`,
    );
    expect(rows).toEqual([
      {
        application_name: 'hallpass',
        idle_in_transaction_session_timeout: '10s',
        lock_timeout: '12s',
        statement_timeout: '15s',
      },
    ]);
  });

  it('the doctor hears what it needs, of a store that is there and of one that is not', async () => {
    const made = await examineServer(await newStore(), systemClock);
    expect(made).toMatchObject({ version: 18, isNewEnough: true, mayCreate: true, hasStore: true, isStandby: false });
    expect(Math.abs(made.skewMs)).toBeLessThan(2_000);
    await server().query("create role plain login password 'plain'");
    const other = await server().newDatabase();
    const url = server().url('plain', 'plain', databaseOf(other));
    expect(await examineServer(url, systemClock)).toMatchObject({ mayCreate: false, hasStore: false });
    await expect(openStore(url, tools)).rejects.toMatchObject({ code: 'denied' });
  });
});

it('a claim goes past a job that somebody has locked, and past a queue that somebody claims from', async () => {
  const url = await newStore();
  const store = await open(url);
  const jobs = ['a', 'a', 'b', 'c'].map((queue) => job({ queue }));
  await store.commit({ jobs });
  const other = new Client({ connectionString: url });
  await other.connect();
  onTestFinished(() => other.end());
  await other.query('begin');
  await other.query('select 1 from jobs where id = $1 for update', [jobs[0]?.id]);
  await other.query("select pg_advisory_xact_lock(hashtextextended('queue:b', 0))");
  const claim = () => store.claim({ owner: 'w', limit: 9, leaseMs: LEASE_MS, pace: () => NO_PACE });
  expect((await claim()).map(({ id }) => id).sort()).toEqual([jobs[1]?.id, jobs[3]?.id]);
  await other.query('rollback');
  expect((await claim()).map(({ id }) => id).sort()).toEqual([jobs[0]?.id, jobs[2]?.id]);
});

describe('a line that is cut', () => {
  async function cutting() {
    const url = await newStore();
    const proxy = await cuttingProxy(server().port);
    const store = await openStore(through(url, proxy.port), tools);
    onTestFinished(async () => {
      await store.close();
      await proxy.close();
    });
    await store.commit({ writes: [newRow(pending(1, T0))] });
    return { store, proxy };
  }
  /** As it is sent; "read committed" is not it. */
  const COMMIT = 'commit\0';
  const write = (store: Store, version: number) =>
    store.commit({ writes: [{ kind: 'request', row: pending(1, T0 + version), version }], events: [event()] });

  it('before the commit: nothing was done, and it is done again by itself', async () => {
    const { store, proxy } = await cutting();
    proxy.cutAt('update "requests"', 'before');
    expect(await write(store, 1)).toMatchObject({ kind: 'done' });
    expect(proxy.cuts).toBe(1);
    expect((await store.request('req_1'))?.version).toBe(2);
  });

  it.each([
    ['before', 1],
    ['after', 2],
  ] as const)('%s the server has the commit: nobody can know, and the store does not guess', async (when, version) => {
    const { store, proxy } = await cutting();
    proxy.cutAt(COMMIT, when);
    await expect(write(store, 1)).rejects.toMatchObject({ name: 'StoreError', code: 'unknown_outcome' });
    const seen = await until(
      () => store.request('req_1'),
      (row) => row?.version === version,
    );
    expect((await store.ledgerHead()).size).toBe(version - 1);
    expect(await write(store, seen?.version ?? 0)).toMatchObject({ kind: 'done' });
  });

  it('a finish whose answer was lost is fenced when it is tried again: it was done once', async () => {
    const { store, proxy } = await cutting();
    await store.commit({ jobs: [job()] });
    const [held] = await store.claim({ owner: 'w', limit: 1, leaseMs: LEASE_MS, pace: () => NO_PACE });
    if (!held) throw new Error('nothing was claimed');
    const finish = () => store.commit({ hold: holdOf(held), finish: true, events: [event()] });
    proxy.cutAt(COMMIT, 'after');
    await expect(finish()).rejects.toMatchObject({ code: 'unknown_outcome' });
    await until(
      () => store.counts(),
      ({ jobs }) => jobs === 0,
    );
    expect(await finish()).toEqual({ kind: 'fenced' });
    expect((await store.ledgerHead()).size).toBe(1);
  });
});

describe('news', () => {
  async function newsThrough(port: number, self: string, log = tools.log): Promise<News> {
    const door = readDoor(through(server().superuserUrl(), port));
    if ('problem' in door) throw new Error(door.problem);
    const news = openNews(await clientConfig(door, false), self, () => 0, log);
    onTestFinished(() => news.close());
    return news;
  }
  const heardBy = (news: News) => new Promise<void>((resolve) => void news.onNews(resolve));

  it('of before there was a line are told when there is one, and its absence is told once', async () => {
    const { lines, log } = noted();
    const proxy = await openProxy(server().port);
    onTestFinished(() => proxy.close());
    proxy.cut();
    const teller = await newsThrough(proxy.port, 'teller', log);
    teller.announce();
    const listener = await newsThrough(server().port, 'listener');
    await heardBy(listener); // it listens
    const told = heardBy(listener);
    proxy.heal();
    await told;
    expect(lines).toEqual([
      { level: 'warn', message: 'Other replicas are not heard, their work is found by looking' },
      { level: 'info', message: 'Other replicas are heard again' },
    ]);
    const again = heardBy(listener);
    teller.announce();
    await again;
  });
});

describe('a server that goes', () => {
  /** Counts in one row for as long as it is told to; what was acknowledged is what is held against the store later. */
  async function count(store: Store, isOver: () => boolean): Promise<{ done: number; unknown: number }> {
    const seen = { done: 0, unknown: 0 };
    while (!isOver()) {
      try {
        const stored = await store.request('req_1');
        const version = stored?.version ?? 0;
        const writes = [{ kind: 'request', row: pending(1, T0 + version), version }] as const;
        if ((await store.commit({ writes, events: [event()] })).kind === 'done') seen.done += 1;
      } catch (error) {
        expect(error).toBeInstanceOf(StoreError);
        if ((error as StoreError).code === 'unknown_outcome') seen.unknown += 1;
      }
    }
    return seen;
  }

  async function hammered(trouble: (url: string, store: Store) => Promise<void>): Promise<readonly [string, Store]> {
    const url = await newStore();
    const stores = await Promise.all([open(url), open(url)]);
    const [first] = stores as [Store, Store];
    await first.commit({ writes: [newRow(pending(1, T0))] });
    let isOver = false;
    const counting = [...stores, ...stores].map((store) => count(store, () => isOver));
    await trouble(url, first);
    isOver = true;
    const counts = await Promise.all(counting);
    const done = counts.reduce((sum, one) => sum + one.done, 0);
    const unknown = counts.reduce((sum, one) => sum + one.unknown, 0);
    const last = (await first.request('req_1'))?.version ?? 0;
    expect(done).toBeGreaterThan(0);
    expect(last - 1).toBeGreaterThanOrEqual(done);
    expect(last - 1).toBeLessThanOrEqual(done + unknown);
    expect((await first.ledgerHead()).size).toBe(last - 1);
    return [url, first];
  }

  /** Until so many more commits were done. */
  async function further(store: Store, commits: number): Promise<void> {
    const size = async () => (await store.ledgerHead().catch(() => undefined))?.size ?? -1;
    const from = await until(size, (now) => now >= 0);
    await until(size, (now) => now >= from + commits);
  }

  it('backends that are ended in the middle of their transactions: nothing that was acknowledged is lost', async () => {
    const [url, store] = await hammered(async (address, first) => {
      for (let round = 0; round < 6; round += 1) {
        await further(first, 5);
        await server().query(
          "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'hallpass' and datname = $1",
          [databaseOf(address)],
        );
      }
      await further(first, 5);
    });
    // What they hear of others was ended as well, and comes back.
    const other = await open(url);
    let heard = 0;
    store.onNews(() => {
      heard += 1;
    });
    await until(
      () => other.commit({ jobs: [job()] }),
      () => heard > 0,
    );
  });

  it('a server that crashes comes back with everything that was acknowledged', async () => {
    await hammered(async (_url, first) => {
      await further(first, 10);
      await server().crash();
      await further(first, 10);
    });
  }, 60_000);
});

describe('whose clock counts', () => {
  const HOUR = 3_600_000;

  it('the server’s: a replica whose own is ten minutes off decides as the others do, and knows of it', async () => {
    const url = await newStore();
    const ahead = { now: () => systemClock.now() + 600_000, sleep: systemClock.sleep };
    const [good, wrong] = [await open(url), await open(url, { clock: ahead })];
    await good.commit({
      writes: [newRow(pending(1, (await good.now()) + 300_000))],
      jobs: [job({ dueAt: (await good.now()) + 300_000 })],
    });
    expect((await wrong.due(5)).requests).toEqual([]);
    expect(await wrong.claim({ owner: 'w', limit: 5, leaseMs: LEASE_MS, pace: () => NO_PACE })).toEqual([]);
    expect(Math.abs((await wrong.now()) - (await good.now()))).toBeLessThan(2_000);
    expect(Math.abs(wrong.skewMs() - 600_000)).toBeLessThan(2_000);
    expect(Math.abs(good.skewMs())).toBeLessThan(2_000);
  });

  it('set back by an hour, nothing that was over begins again, for this replica or for the next', async () => {
    const url = await newStore();
    const clock = manualClock(T0);
    const opened: Store[] = [];
    onTestFinished(async () => void (await Promise.all(opened.map((store) => store.close()))));
    const openBy = async () => {
      const store = await openOn(url, { ...tools, clock });
      opened.push(store);
      return store;
    };
    const first = await openBy();
    await first.commit({ writes: [newRow(pending(1, T0 + 1_000))] });
    await clock.advance(1_000);
    expect((await first.due(5)).requests).toEqual(['req_1']);
    const marked = await until(
      () => first.now().then(() => mark(url)),
      (value) => value >= T0 + 1_000,
    );
    await clock.advance(-HOUR);
    expect((await first.due(5)).requests).toEqual(['req_1']);
    const second = await openBy();
    expect((await second.due(5)).requests).toEqual(['req_1']);
    expect(await second.now()).toBeGreaterThanOrEqual(marked);
    await clock.advance(30_000);
    expect(await second.now()).toBe(marked + 30_000);
  });

  it('how far it got is written down once a second and not with each commit', async () => {
    const url = await newStore();
    const clock = manualClock(T0);
    const store = await openOn(url, { ...tools, clock });
    await until(
      () => store.now().then(() => mark(url)),
      (value) => value === T0,
    );
    for (let ms = 0; ms < 999; ms += 111) {
      await store.commit({ events: [event()] });
      await clock.advance(111);
    }
    await clock.advance(-1);
    await store.commit({ events: [event()] });
    await clock.advance(2);
    await until(
      () => store.now().then(() => mark(url)),
      (value) => value > T0,
    );
    expect(await mark(url)).toBe(T0 + 1_000);
    await store.close();
  });

  async function mark(url: string): Promise<number> {
    const rows = await server().query("select value from counters where name = 'clock'", [], databaseOf(url));
    return Number(rows[0]?.value);
  }
});

describe('the ledger’s tables', () => {
  let url = '';
  beforeAll(async () => {
    url = await newStore();
    const store = await openStore(url, tools);
    await store.commit({ events: [event(), commented('why', 's'.repeat(22))] });
    const { size, rootHex } = await store.ledgerHead();
    await store.saveCheckpoint({ size, rootHex, note: 'n', at: T0 });
    await store.close();
  });

  it.each([
    'update events set at = at + 1 where seq = 1',
    'delete from events where seq = 1',
    'truncate events cascade',
    'insert into events select seq + 2, at, type, request_id, grant_id, leaf, hash from events where seq = 1',
    "update event_texts set text = '{}'",
    "update checkpoints set note = ''",
    'delete from checkpoints',
    'truncate checkpoints',
    "update deployment set id = 'dep_other'",
    'delete from deployment',
    'truncate deployment',
    "insert into deployment values ('dep_other', 1)",
  ])('do not take: %s', async (sql) => {
    await expect(server().query(sql, [], databaseOf(url))).rejects.toThrow(
      /only grow|without gaps|erased, not changed|one id/,
    );
  });

  it('let a text be erased', async () => {
    await server().query('delete from event_texts', [], databaseOf(url));
    const store = await open(url, {}, { readonly: true });
    expect((await store.leaves(0, 9)).map(({ salt, text }) => [salt, text])).toEqual([
      ['', undefined],
      ['', undefined],
    ]);
  });
});
