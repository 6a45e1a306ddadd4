// What the doctor says about a store: each thing that can be wrong with one on PostgreSQL, made wrong on a real server; and on
// either engine a store that another program, or a newer one, works on.
import Sqlite from 'better-sqlite3';
import { afterAll, describe, expect, it } from 'vitest';
import { storeFindings } from '../../src/cli/doctor-store.ts';
import type { StoreSetting } from '../../src/config/store-setting.ts';
import { secretOf } from '../../src/lib/secret.ts';
import { systemClock, systemIds } from '../../src/lib/system-clock.ts';
import type { Finding } from '../../src/ports/chat-platform.ts';
import { copyStore } from '../../src/store/copy-store.ts';
import { openStore, type StoreTools } from '../../src/store/open-store.ts';
import { usePostgres } from '../postgres-server.ts';
import { scratchFolder } from '../store/scratch.ts';
import { quietLog } from '../world.ts';

const server = usePostgres(18, { fsync: 'on', synchronous_commit: 'on' });
const tools: StoreTools = { clock: systemClock, ids: systemIds, log: quietLog };
const at = (url: string): StoreSetting => ({ kind: 'postgres', url: secretOf(url) });
const skewed = (ms: number): StoreTools => ({ ...tools, clock: { ...systemClock, now: () => systemClock.now() + ms } });

async function look(url: string, given = tools): Promise<readonly Finding[]> {
  const findings = await storeFindings(at(url), given);
  for (const { what, says, remedy = '' } of findings) {
    expect(what).toBe('store');
    expect(`${says} ${remedy}`).not.toMatch(/only-for-tests|canary/);
  }
  return findings;
}

/** An address of either engine for each test; `sql` is run behind the back of the store. */
interface Engine {
  readonly fresh: () => Promise<string>;
  readonly run: (url: string, sql: string) => Promise<unknown>;
}
const scratch = scratchFolder();
afterAll(scratch.remove);
const engines: { readonly [name: string]: Engine } = {
  SQLite: {
    fresh: async () => `sqlite:${scratch.fresh()}`,
    run: async (url, sql) => new Sqlite(url.slice('sqlite:'.length)).exec(sql).close(),
  },
  PostgreSQL: {
    fresh: () => server().newDatabase(),
    run: (url, sql) => server().query(sql, [], url.slice(url.lastIndexOf('/') + 1)),
  },
};
const settingOf = (url: string): StoreSetting =>
  url.startsWith('sqlite:') ? { kind: 'sqlite', file: url.slice('sqlite:'.length) } : at(url);

describe.each(Object.entries(engines))('hallpass check, of a store on %s that is not ours to work on', (_, engine) => {
  async function made(): Promise<string> {
    const url = await engine.fresh();
    await (await openStore(url, tools)).close();
    return url;
  }

  it('because it was copied to another one', async () => {
    const url = await made();
    const options = { log: quietLog, clock: systemClock, onProgress: () => undefined, accept: async () => true };
    expect(await storeFindings(settingOf(url), tools)).toMatchObject([{ state: 'ok' }]);
    await copyStore(url, `sqlite:${scratch.fresh()}`, options);
    expect(await storeFindings(settingOf(url), tools)).toEqual([
      {
        ...{ what: 'store', state: 'wrong' },
        says: expect.stringMatching(
          /^This store was copied to another one at 20.*Z, and Hallpass works on that one since\.$/,
        ),
        remedy: expect.stringMatching(/^Set store in hallpass\.yaml to it\..*hallpass store reopen/),
      },
    ]);
  });

  it('because a newer program brought it up to date', async () => {
    const url = await made();
    await engine.run(url, "insert into __drizzle_migrations (hash, created_at) values ('x', 9999999999999)");
    expect(await storeFindings(settingOf(url), tools)).toEqual([
      {
        ...{ what: 'store', state: 'wrong' },
        says: expect.stringMatching(/was brought up to date by a newer version of Hallpass, .* tables\.$/),
        remedy: expect.stringMatching(/^Start the newer version again.*hallpass store restore/),
      },
    ]);
  });

  it('… yet: one of an older version is brought up to date by the next start', async () => {
    const url = await made();
    await engine.run(
      url,
      'delete from __drizzle_migrations where created_at = (select max(created_at) from __drizzle_migrations)',
    );
    expect(await storeFindings(settingOf(url), tools)).toMatchObject([
      { state: 'warning', remedy: expect.stringContaining('Start Hallpass once') },
    ]);
  });
});

describe('hallpass check, of a store on PostgreSQL', () => {
  it('an empty database is in order, and so is a store, with the length of its log', async () => {
    const url = await server().newDatabase();
    expect(await look(url)).toEqual([
      { what: 'store', state: 'ok', says: expect.stringMatching(/PostgreSQL 18; its tables will be made/) },
    ]);
    await (await openStore(url, tools)).close();
    expect(await look(url)).toEqual([
      { what: 'store', state: 'ok', says: expect.stringMatching(/PostgreSQL 18, 0 entries in the log$/) },
    ]);
  });

  it('a wrong password, a database that is not there, a server that is away', async () => {
    const addresses = [
      server().url('postgres', 'canary'),
      server().superuserUrl('nothing_there'),
      'postgres://u:canary@127.0.0.1:1/db',
    ];
    const found = await Promise.all(addresses.map((url) => look(url)));
    expect(found.map(([line]) => line)).toEqual([
      {
        what: 'store',
        state: 'wrong',
        says: expect.stringContaining('Check user, password'),
        remedy: expect.any(String),
      },
      { what: 'store', state: 'wrong', says: expect.stringContaining('no such database'), remedy: expect.any(String) },
      { what: 'store', state: 'wrong', says: expect.stringContaining('does not answer'), remedy: expect.any(String) },
    ]);
  });

  it('a user who may not make tables: wrong when there are none, and told when there are', async () => {
    await server().query("create role reader login password 'canary'; grant pg_read_all_data to reader");
    const empty = await server().newDatabase();
    const there = await server().newDatabase();
    await (await openStore(there, tools)).close();
    const asReader = (url: string) => server().url('reader', 'canary', url.slice(url.lastIndexOf('/') + 1));
    const [first] = await look(asReader(empty));
    expect(first).toMatchObject({ state: 'wrong', remedy: expect.stringContaining('create database') });
    const states = (await look(asReader(there))).map(({ state }) => state);
    expect(states).toEqual(['ok', 'warning']);
  });

  it('a clock that is off: a little is told, much is wrong', async () => {
    const url = await server().newDatabase();
    expect(await look(url, skewed(10_000))).toMatchObject([
      { state: 'ok' },
      { state: 'warning', says: "this machine's clock is 10 s ahead of the store's" },
    ]);
    expect(await look(url, skewed(-600_000))).toMatchObject([
      { state: 'wrong', says: "this machine's clock is 600 s behind the store's" },
    ]);
  });

  it('a server that may lose commits', async () => {
    const url = await server().newDatabase();
    await server().query(`alter database ${url.slice(url.lastIndexOf('/') + 1)} set synchronous_commit = off`);
    expect(await look(url)).toMatchObject([
      { state: 'ok' },
      { state: 'warning', says: expect.stringContaining('lose') },
    ]);
  });
});
