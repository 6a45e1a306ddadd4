// `hallpass store …` as people run it: processes, beside a Hallpass that works, with what they print and how they end.
import { existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { systemClock, systemIds } from '../../src/lib/system-clock.ts';
import type { Store } from '../../src/ports/store.ts';
import { openStore } from '../../src/store/open-store.ts';
import { quiet } from '../contracts/store-bench.ts';
import { event } from '../contracts/store-samples.ts';
import { usePostgres } from '../postgres-server.ts';
import { scratchFolder } from '../store/scratch.ts';
import { oldStore, writeOldFile } from '../upgrade/old-store.ts';
import { VKEY } from '../world.ts';
import { runCli } from './run-cli.ts';

const folder = scratchFolder();
afterAll(folder.remove);
const server = usePostgres();
const tools = { clock: systemClock, ids: systemIds, log: quiet };
const old = oldStore('0.1.0');

const run = (...args: readonly string[]) => runCli(folder.path, 'store', ...args);

/** Each command is a process of its own, on a machine that may be busy. */
vi.setConfig({ testTimeout: 60_000 });

const verified = ['--vkey', VKEY] as const;

async function open(file: string): Promise<Store> {
  const store = await openStore(file.includes(':') ? file : `sqlite:${file}`, tools);
  onTestFinished(() => store.close());
  return store;
}

/** As an older version left it, and brought up to date. */
async function fullFile(): Promise<string> {
  const file = folder.fresh();
  writeOldFile(old, file);
  await (await openStore(`sqlite:${file}`, tools)).close();
  return file;
}

describe('store backup', () => {
  it('is of one moment, beside a Hallpass that goes on writing, and belongs to its owner alone', async () => {
    const [file, to] = [await fullFile(), `${folder.fresh()}.backup`];
    const store = await open(file);
    const { size } = await store.ledgerHead();
    let backing = true;
    const writing = (async () => {
      while (backing) await store.commit({ events: [event()] });
    })();
    const ran = await run('backup', to, '--store', file, ...verified);
    backing = false;
    await writing;
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.out).toContain('The log is whole, and the state of 32 requests and 23 passes follows from it.');
    expect(ran.out).toContain(`hallpass store restore ${to}`);
    expect(ran.err).toMatch(/\d+ of \d+ pages/);
    expect(statSync(to).mode & 0o777).toBe(0o600);
    expect(existsSync(`${to}.partial`) || existsSync(`${to}-wal`)).toBe(false);
    const copy = await openStore(`sqlite:${to}`, tools, { readonly: true });
    const backed = (await copy.ledgerHead()).size;
    await copy.close();
    expect(backed).toBeGreaterThanOrEqual(size);
    expect(backed).toBeLessThan((await store.ledgerHead()).size);
  });

  it('takes the place of nothing, not of a link either', async () => {
    const [file, to] = [await fullFile(), folder.fresh()];
    writeFileSync(to, 'mine');
    const link = folder.fresh();
    symlinkSync(to, link);
    for (const there of [to, link]) {
      const ran = await run('backup', there, '--store', file, ...verified);
      expect(ran).toMatchObject({ code: 1, out: '' });
      expect(ran.err).toContain('is there already, and a backup never takes the place of another. Give a new name.');
    }
    expect(readFileSync(to, 'utf8')).toBe('mine');
  });

  it('tells of a store that is not as it was written, and ends with an error', async () => {
    const [file, to] = [await fullFile(), folder.fresh()];
    const db = new Sqlite(file);
    db.exec("update grants set body = json_set(body, '$.expiresAt', 9999999999999) where status = 'active'");
    db.close();
    const ran = await run('backup', to, '--store', file, ...verified);
    expect(ran.code).toBe(1);
    expect(ran.out).toContain('The log is NOT as it was written: 3 findings.');
    expect(ran.out).toContain('Do not restore it');
    expect(existsSync(to)).toBe(true);
  });

  it('of a damaged store leaves no file', async () => {
    const [file, to] = [await fullFile(), folder.fresh()];
    const bytes = readFileSync(file);
    bytes.fill(0x55, 200_000, 400_000);
    writeFileSync(file, bytes);
    const ran = await run('backup', to, '--store', file, ...verified);
    expect(ran.code).toBe(1);
    expect(ran.err).toContain('damaged');
    expect([to, `${to}.partial`].filter((path) => existsSync(path))).toEqual([]);
  });

  it('of PostgreSQL is what PostgreSQL does: the command is given, without the password', async () => {
    const ran = await run('backup', 'a b.dump', '--store', 'postgres://hp:geheim@db.acme.test/hall', ...verified);
    expect(ran.code).toBe(1);
    expect(ran.out).toContain(
      "pg_dump --format=custom --file='a b.dump' 'postgres://hp@db.acme.test:5432/hall?sslmode=verify-full&sslrootcert=system'",
    );
    expect(ran.out + ran.err).not.toContain('geheim');
  });
});

describe('store restore', () => {
  it('puts the backup in place and keeps what was there', async () => {
    const [file, to] = [await fullFile(), folder.fresh()];
    expect(await run('backup', to, '--store', file, ...verified)).toMatchObject({ code: 0 });
    const store = await openStore(`sqlite:${file}`, tools);
    const { size } = await store.ledgerHead();
    await store.commit({ events: [event(), event()] });
    expect(await run('restore', to, '--store', file, ...verified)).toMatchObject({
      code: 1,
      err: expect.stringContaining('is in use by process'),
    });
    await store.close();
    const ran = await run('restore', to, '--store', file, ...verified);
    expect(ran).toMatchObject({ code: 0 });
    const kept = /is kept as (.+)$/m.exec(ran.out)?.[1] ?? '';
    expect((await (await open(file)).ledgerHead()).size).toBe(size);
    expect((await (await open(kept)).ledgerHead()).size).toBe(size + 2);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('puts nothing in place that is no store, or damaged, or not there', async () => {
    const file = await fullFile();
    const [text, empty] = [folder.fresh(), folder.fresh()];
    writeFileSync(text, 'a shopping list, and quite a long one at that '.repeat(50));
    new Sqlite(empty).exec('create table x (y)').close();
    for (const [backup, says] of [
      [text, 'is damaged'],
      [empty, 'is no store of Hallpass'],
      [join(folder.path, 'nowhere'), 'There is no backup at'],
    ] as const) {
      const ran = await run('restore', backup, '--store', file, ...verified);
      expect(ran, backup).toMatchObject({ code: 1, err: expect.stringContaining(says) });
    }
    expect((await (await open(file)).ledgerHead()).size).toBeGreaterThan(700);
  });

  it('works when the store is gone or damaged: the reason for most restores', async () => {
    const [file, to] = [await fullFile(), folder.fresh()];
    expect(await run('backup', to, '--store', file, ...verified)).toMatchObject({ code: 0 });
    writeFileSync(file, 'not a database any more '.repeat(1000));
    writeFileSync(`${file}-wal`, 'nor is this');
    expect(await run('restore', to, '--store', file, ...verified)).toMatchObject({ code: 0 });
    expect((await (await open(file)).ledgerHead()).size).toBeGreaterThan(700);
    const gone = folder.fresh();
    expect(await run('restore', to, '--store', gone, ...verified)).toMatchObject({ code: 0 });
    expect((await (await open(gone)).ledgerHead()).size).toBeGreaterThan(700);
  });
});

describe('store copy', () => {
  it('moves to PostgreSQL: rows, digests, the log; the old store is left, and can be taken again on purpose', async () => {
    const [file, to] = [await fullFile(), await server().newDatabase()];
    const ran = await run('copy', `sqlite:${file}`, to, ...verified);
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.err).toContain('events: 765 of 765 rows');
    expect(ran.out).toMatch(/^ {2}events +765 [0-9a-f]{32}$/m);
    expect(ran.out).toContain('The log is whole, and the state of 32 requests and 23 passes follows from it.');
    expect(ran.out).toContain(`Keep sqlite:${file} as the last backup.`);
    expect(ran.out + ran.err).not.toContain(new URL(to).password);
    await expect(openStore(`sqlite:${file}`, tools)).rejects.toMatchObject({ code: 'moved' });
    await (await open(to)).close();
    expect(await run('reopen', `sqlite:${file}`)).toMatchObject({ code: 0, out: expect.stringContaining('again') });
    await open(file);
  });

  it('from a log that is not as it was written ends with an error, and the old store stays in use', async () => {
    const [file, to] = [await fullFile(), await server().newDatabase()];
    const db = new Sqlite(file);
    db.exec("update requests set body = json_set(body, '$.role', 'other') where status = 'denied'");
    db.close();
    const ran = await run('copy', `sqlite:${file}`, to, ...verified);
    expect(ran.code).toBe(1);
    expect(ran.out).toContain('The log is NOT as it was written: 1 finding.');
    expect(ran.out).toContain('drop that database');
    await open(file);
  });

  it('says what to do while Hallpass runs, where something is already, and where nothing is', async () => {
    const [file, to] = [await fullFile(), await server().newDatabase()];
    const store = await openStore(`sqlite:${file}`, tools);
    expect((await run('copy', `sqlite:${file}`, to, ...verified)).err).toContain('is in use by process');
    await store.close();
    const begun = await openStore(to, tools);
    expect((await run('copy', `sqlite:${file}`, to, ...verified)).err).toContain('Stop all replicas first.');
    await begun.close();
    expect((await run('copy', `sqlite:${file}`, to, ...verified)).err).toContain('Give an empty database');
    expect((await run('copy', `sqlite:${folder.fresh()}`, to, ...verified)).err).toContain('There is no store at');
    expect((await run('copy', file, to, ...verified)).err).toContain('A store is given as sqlite:<path>');
  });

  it('asks for the key of the log where there is no configuration', async () => {
    const ran = await run('copy', 'sqlite:a.db', 'sqlite:b.db');
    expect(ran).toMatchObject({ code: 1, out: expect.stringContaining('hallpass.yaml: error: does not exist') });
  });
});

describe('store --help', () => {
  it.each(['copy', 'restore'])('%s: what it does and what it wants', async (command) => {
    const { code, out } = await run(command, '--help');
    expect(code).toBe(0);
    expect(out).toMatch(/Usage: hallpass store \w+/);
    expect(out.split('\n')[2]?.length).toBeGreaterThan(30);
  });
});
