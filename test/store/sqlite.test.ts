// SQLite alone: files and their modes, what a restart keeps, waiting for others without blocking, and faults with a remedy.
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, describe, expect, it } from 'vitest';
import { type OpenOptions, openStore, StoreError } from '../../src/store/open-store.ts';
import { sqliteDriver } from '../../src/store/sqlite.ts';
import { sqliteFault } from '../../src/store/sqlite-fault.ts';
import { openFile } from '../../src/store/sqlite-file.ts';
import { makeStore } from '../../src/store/store.ts';
import { countingIds, quiet } from '../contracts/store-bench.ts';
import { commented, evaluating, event, holdOf, job, newRow, T0 } from '../contracts/store-samples.ts';
import { manualClock } from '../fakes/manual-clock.ts';
import { scratchFolder } from './scratch.ts';

const folder = scratchFolder();
afterAll(folder.remove);

function open(file: string, clock = manualClock(T0), options?: OpenOptions) {
  return openStore(`sqlite:${file}`, { clock, ids: countingIds(), log: quiet }, options);
}
const modeOf = (path: string) => statSync(path).mode & 0o777;

describe('opening', () => {
  it('makes a folder and files that only their owner may look into', async () => {
    const file = join(folder.path, 'new', 'deeper', 'hallpass.db');
    const store = await open(file);
    await store.commit({ events: [event()] });
    expect([join(folder.path, 'new'), join(folder.path, 'new', 'deeper')].map(modeOf)).toEqual([0o700, 0o700]);
    expect([file, `${file}-wal`, `${file}-shm`, `${file}.lock`].map(modeOf)).toEqual([0o600, 0o600, 0o600, 0o600]);
    await store.close();
  });

  it.each([
    ['mysql://db', 'bad_url', 'sqlite:<path>'],
    ['./data/hallpass.db', 'bad_url', 'sqlite:<path>'],
    ['sqlite:', 'bad_url', 'path is missing'],
  ])('%s: %s', async (url, code, words) => {
    const opening = openStore(url, { clock: manualClock(), ids: countingIds(), log: quiet });
    await expect(opening).rejects.toMatchObject({ name: 'StoreError', code, message: expect.stringContaining(words) });
  });

  it('says what to do about a path that cannot be', async () => {
    const plain = join(folder.path, 'plain.txt');
    writeFileSync(plain, '');
    await expect(open(join(plain, 'hallpass.db'))).rejects.toMatchObject({
      code: 'io',
      message: expect.stringContaining('Check the path'),
    });
  });

  it('leaves a file alone that is no store, and gives it back', async () => {
    const file = folder.fresh();
    writeFileSync(file, 'these are my notes, and they are longer than a header of a database would be'.repeat(20));
    const before = readFileSync(file);
    await expect(open(file)).rejects.toMatchObject({ code: 'damaged', message: expect.stringContaining('restore') });
    expect(readFileSync(file)).toEqual(before);
    await expect(open(file)).rejects.toMatchObject({ code: 'damaged' }); // and not in_use
  });

  it('to read only, it wants a store that is there and up to date', async () => {
    const file = folder.fresh();
    await expect(open(file, manualClock(), { readonly: true })).rejects.toMatchObject({ code: 'io' });
    expect(existsSync(file)).toBe(false);
    new Sqlite(file).exec('create table x(y)').close();
    const reading = open(file, manualClock(), { readonly: true });
    await expect(reading).rejects.toMatchObject({
      code: 'outdated',
      message: expect.stringContaining('Start Hallpass once'),
    });
  });
});

describe('a restart', () => {
  it('keeps everything, the leases of the dead too', async () => {
    const file = folder.fresh();
    const clock = manualClock(T0);
    const first = await open(file, clock);
    await first.commit({ writes: [newRow(evaluating(1))], events: [commented('x', 's'.repeat(22))], jobs: [job()] });
    const wish = { owner: 'w', limit: 1, leaseMs: 1000, pace: () => ({ everyMs: 0, burst: 1, atOnce: 9 }) };
    const [held] = await first.claim(wish);
    const head = await first.ledgerHead();
    await first.close();
    const second = await open(file, clock);
    expect(second.deploymentId).toBe(first.deploymentId);
    expect(await second.request('req_1')).toStrictEqual({ row: evaluating(1), version: 1 });
    expect(await second.ledgerHead()).toEqual(head);
    expect(await second.claim(wish)).toEqual([]);
    expect(held && (await second.commit({ hold: holdOf(held), finish: true }))).toMatchObject({ kind: 'done' });
    await second.close();
  });

  it('does not take time back, when the clock was set back meanwhile', async () => {
    const file = folder.fresh();
    const clock = manualClock(T0);
    const first = await open(file, clock);
    await clock.advance(5_000_000);
    await first.commit({ events: [event()] });
    await first.close();
    const set = manualClock(T0);
    for (const options of [undefined, { readonly: true }]) {
      const second = await open(file, set, options);
      expect(await second.now()).toBeGreaterThanOrEqual(T0 + 5_000_000);
      await second.close();
    }
  });
});

describe('others at the file', () => {
  it('a writer is waited for, and the event loop goes on meanwhile', async () => {
    const file = folder.fresh();
    const clock = manualClock(T0);
    const store = await open(file, clock);
    const shell = new Sqlite(file);
    shell.exec('begin immediate');
    const began = performance.now();
    let settled = false;
    const commit = store.commit({ events: [event()] }).finally(() => {
      settled = true;
    });
    for (let n = 0; n < 10; n += 1) await clock.advance(40);
    expect(settled).toBe(false);
    expect((await store.ledgerHead()).size).toBe(0); // reading goes on
    shell.exec('rollback');
    await clock.advance(40);
    expect(await commit).toEqual({ kind: 'done', numbers: [0] });
    expect(performance.now() - began).toBeLessThan(2_000);
    shell.close();
    await store.close();
  });

  it('a writer that never ends is named as the trouble', async () => {
    const file = folder.fresh();
    const clock = manualClock(T0);
    const store = await open(file, clock);
    const shell = new Sqlite(file);
    shell.exec('begin immediate');
    const commit = store.commit({ events: [event()] });
    const refused = expect(commit).rejects.toMatchObject({
      code: 'busy',
      message: expect.stringContaining('End the program'),
    });
    for (let n = 0; n < 400; n += 1) await clock.advance(40);
    await refused;
    shell.close();
    await store.close();
  });

  it('closing while a commit waits ends it', async () => {
    const file = folder.fresh();
    const clock = manualClock(T0);
    const store = await open(file, clock);
    const shell = new Sqlite(file);
    shell.exec('begin immediate');
    const refused = expect(store.commit({ events: [event()] })).rejects.toMatchObject({ code: 'closed' });
    await store.close();
    await clock.advance(40);
    await refused;
    shell.close();
  });
});

describe('faults', () => {
  it('a disk that fills up undoes the commit that met it, and no other', async () => {
    const { db, unlock } = openFile(folder.fresh(), quiet);
    const tools = { clock: manualClock(T0), ids: countingIds(), log: quiet };
    const store = makeStore(sqliteDriver(db, 'data/hallpass.db', tools, unlock), 'dep_1');
    await store.commit({ writes: [newRow(evaluating(1))], events: [event()] });
    db.pragma(`max_page_count = ${db.pragma('page_count', { simple: true })}`);
    const long = commented('x'.repeat(100_000), 's'.repeat(22));
    const refused = store.commit({ writes: [newRow(evaluating(2))], events: [event(), long] });
    await expect(refused).rejects.toMatchObject({ code: 'full', message: expect.stringContaining('data/hallpass.db') });
    expect(await store.request('req_2')).toBeUndefined();
    expect((await store.ledgerHead()).size).toBe(1);
    db.pragma('max_page_count = 100000');
    expect(await store.commit({ events: [event(), long] })).toEqual({ kind: 'done', numbers: [1, 2] });
    await store.close();
  });

  it.each([
    ['SQLITE_IOERR_FSYNC', 'io'],
    ['SQLITE_CANTOPEN', 'io'],
    ['SQLITE_CORRUPT_INDEX', 'damaged'],
    ['SQLITE_READONLY_DIRECTORY', 'read_only'],
    ['SQLITE_BUSY_SNAPSHOT', 'busy'],
    ['SQLITE_CONSTRAINT_CHECK', 'refused'],
  ])('%s is %s', (code, fault) => {
    const seen = sqliteFault(new Sqlite.SqliteError('words', code), 'f.db');
    expect(seen).toBeInstanceOf(StoreError);
    expect(seen).toMatchObject({ code: fault, message: expect.stringMatching(new RegExp(`f\\.db.*${code}: words`)) });
  });

  it('a mistake of ours stays what it is', () => {
    const mistake = new Error('ours');
    expect(sqliteFault(mistake, 'f.db')).toBe(mistake);
  });

  it('a fault in the middle of a commit leaves a store that works', async () => {
    const store = await open(folder.fresh());
    const nowhere = {
      kind: 'surface',
      version: 0,
      row: {
        id: 'c',
        request: 'req_9',
        audience: 'audit',
        place: { channel: { platform: 's', channel: 'c' } },
        told: -1,
      },
    };
    const writes = [newRow(evaluating(1)), nowhere] as unknown as [];
    await expect(store.commit({ writes })).rejects.toMatchObject({ code: 'refused' });
    expect(await store.request('req_1')).toBeUndefined();
    expect(await store.commit({ writes: [newRow(evaluating(1))] })).toMatchObject({ kind: 'done' });
    await store.close();
  });
});

describe('the file', () => {
  it('is kept so that a power cut takes nothing back', () => {
    const { db, unlock } = openFile(folder.fresh(), quiet);
    const settings = ['journal_mode', 'synchronous', 'foreign_keys', 'busy_timeout'];
    expect(settings.map((name) => db.pragma(name, { simple: true }))).toEqual(['wal', 2, 1, 0]); // 2 is FULL
    db.close();
    unlock();
  });
});
