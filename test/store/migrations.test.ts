// Migrations are only ever added: the journal is in order and whole, and the schema has no change that none of them makes.
import { readdirSync, readFileSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { afterAll, describe, expect, it } from 'vitest';
import type { Log } from '../../src/ports/log.ts';
import { orm } from '../../src/store/drizzle.ts';
import * as schema from '../../src/store/schema.sqlite.ts';
import { openFile } from '../../src/store/sqlite-file.ts';
import { quiet } from '../contracts/store-bench.ts';
import { scratchFolder } from './scratch.ts';

const folder = scratchFolder();
afterAll(folder.remove);
const FOLDER = new URL('../../migrations/sqlite/', import.meta.url);
const { entries }: { entries: { idx: number; tag: string; when: number }[] } = JSON.parse(
  readFileSync(new URL('meta/_journal.json', FOLDER), 'utf8'),
);

describe('migrations', () => {
  it('are in the order of their times: a later file with an earlier time would be skipped without a word', () => {
    expect(entries.map(({ idx }) => idx)).toEqual(entries.map((_entry, index) => index));
    expect(entries.map(({ when }) => when)).toEqual(entries.map(({ when }) => when).sort((a, b) => a - b));
    expect(new Set(entries.map(({ when }) => when)).size).toBe(entries.length);
  });

  it('are all listed, and nothing else', () => {
    const files = readdirSync(FOLDER).filter((name) => name.endsWith('.sql'));
    expect(files.sort()).toEqual(entries.map(({ tag }) => `${tag}.sql`).sort());
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

  it('of a newer version are noticed, and do not keep an older one from revoking', () => {
    const file = folder.fresh();
    const first = openFile(file, quiet);
    first.db.close();
    first.unlock();
    const later = new Sqlite(file);
    later.prepare("insert into __drizzle_migrations (hash, created_at) values ('x', 9999999999999)").run();
    later.close();
    const warnings: string[] = [];
    const log: Log = { ...quiet, warn: (message) => warnings.push(message) };
    const { db, unlock } = openFile(file, log);
    expect(warnings).toEqual(['The store was made by a newer version']);
    db.close();
    unlock();
  });
});
