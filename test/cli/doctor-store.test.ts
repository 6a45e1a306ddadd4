// What the doctor says about a store on PostgreSQL: each thing that can be wrong with it, made wrong on a real server.
import { describe, expect, it } from 'vitest';
import { storeFindings } from '../../src/cli/doctor-store.ts';
import type { StoreSetting } from '../../src/config/store-setting.ts';
import { secretOf } from '../../src/lib/secret.ts';
import { systemClock, systemIds } from '../../src/lib/system-clock.ts';
import type { Finding } from '../../src/ports/chat-platform.ts';
import { openStore, type StoreTools } from '../../src/store/open-store.ts';
import { usePostgres } from '../postgres-server.ts';
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
