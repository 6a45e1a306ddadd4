// Migrations are only ever added: the journal is in order and whole, and the schema has no change that none of them makes.
import { readdirSync, readFileSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { afterAll, describe, expect, it } from 'vitest';
import { systemClock, systemIds } from '../../src/lib/system-clock.ts';
import type { Log } from '../../src/ports/log.ts';
import { orm } from '../../src/store/drizzle.ts';
import { openStore } from '../../src/store/open-store.ts';
import * as schema from '../../src/store/schema.sqlite.ts';
import { openFile, openFileToRead } from '../../src/store/sqlite-file.ts';
import { quiet } from '../contracts/store-bench.ts';
import { oldStore, writeOldFile } from '../upgrade/old-store.ts';
import { scratchFolder } from './scratch.ts';

const folder = scratchFolder();
afterAll(folder.remove);
/** How many there were in version 0.1.0. */
const OLD_STEPS = 2;
const folderOf = (dialect: string) => new URL(`../../migrations/${dialect}/`, import.meta.url);
function journal(dialect: string): readonly { readonly idx: number; readonly tag: string; readonly when: number }[] {
  return JSON.parse(readFileSync(new URL('meta/_journal.json', folderOf(dialect)), 'utf8')).entries;
}
const entries = journal('sqlite');

describe.each(['sqlite', 'postgres'])('migrations of %s', (dialect) => {
  const steps = journal(dialect);

  it('are in the order of their times: a later file with an earlier time would be skipped without a word', () => {
    expect(steps.map(({ idx }) => idx)).toEqual(steps.map((_entry, index) => index));
    expect(steps.map(({ when }) => when)).toEqual(steps.map(({ when }) => when).sort((a, b) => a - b));
    expect(new Set(steps.map(({ when }) => when)).size).toBe(steps.length);
  });

  it('are all listed, and nothing else', () => {
    const files = readdirSync(folderOf(dialect)).filter((name) => name.endsWith('.sql'));
    expect(files.sort()).toEqual(steps.map(({ tag }) => `${tag}.sql`).sort());
  });
});

describe('migrations', () => {
  it('are the same steps for both databases', () => {
    expect(journal('postgres').map(({ tag }) => tag)).toEqual(entries.map(({ tag }) => tag));
  });

  it('make exactly the tables and columns of the schema', () => {
    const { db } = openFile(':memory:', quiet);
    const columns = (table: string) =>
      db.prepare<[string], { name: string }>('select name from pragma_table_info(?)').all(table);
    const made = db
      .prepare<[], { name: string }>(
        "select name from sqlite_master where type = 'table' and name not like '\\_\\_%' escape '\\' and name not like 'sqlite%'",
      )
      .all()
      .map(({ name }) => [
        name,
        columns(name)
          .map((column) => column.name)
          .sort(),
      ]);
    const wanted = Object.values(schema).map((table) => [
      orm.getTableName(table),
      Object.values(orm.getTableColumns(table))
        .map(({ name }) => name)
        .sort(),
    ]);
    expect(Object.fromEntries(made)).toEqual(Object.fromEntries(wanted));
    db.close();
  });

  it('run again change nothing', () => {
    const file = folder.fresh();
    const first = openFile(file, quiet);
    first.db.close();
    first.unlock();
    const { db, unlock } = openFile(file, quiet);
    expect(db.prepare('select count(*) from __drizzle_migrations').pluck().get()).toBe(entries.length);
    expect(db.prepare('select count(*) from counters').pluck().get()).toBe(3);
    db.close();
    unlock();
  });

  it('of a newer version keep an older one from starting, with a remedy; it may look', async () => {
    const file = folder.fresh();
    const first = openFile(file, quiet);
    first.db.close();
    first.unlock();
    const later = new Sqlite(file);
    later.prepare("insert into __drizzle_migrations (hash, created_at) values ('x', 9999999999999)").run();
    later.close();
    const tools = { clock: systemClock, ids: systemIds, log: quiet };
    await expect(openStore(`sqlite:${file}`, tools)).rejects.toMatchObject({
      code: 'newer',
      message: expect.stringMatching(/Start the newer version again.*hallpass store restore/),
    });
    openFileToRead(file).db.close();
    // It let go of the file: the newer version can start at once.
    const again = new Sqlite(file);
    again.prepare('delete from __drizzle_migrations where created_at = 9999999999999').run();
    again.close();
    await (await openStore(`sqlite:${file}`, tools)).close();
  });

  it('that are missing are made up for, and that is told', () => {
    const file = folder.fresh();
    writeOldFile(oldStore('0.1.0'), file);
    const told: unknown[] = [];
    const log: Log = { ...quiet, info: (message, facts) => told.push([message, facts]) };
    const { db, unlock } = openFile(file, log);
    const steps = entries.length - OLD_STEPS;
    expect(told).toEqual(steps === 0 ? [] : [['The store was brought up to date', { file, steps }]]);
    db.close();
    unlock();
  });
});
