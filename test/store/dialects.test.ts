// One schema and one set of statements serve both databases: held here.
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/lib/system-clock.ts';
import type { Statement } from '../../src/store/ask.ts';
import { orm } from '../../src/store/drizzle.ts';
import { postgresDialect } from '../../src/store/postgres.ts';
import { sqliteDriver } from '../../src/store/sqlite.ts';
import { openFile } from '../../src/store/sqlite-file.ts';
import { type Statements, writeStatements } from '../../src/store/statements.ts';
import { countingIds, quiet } from '../contracts/store-bench.ts';

function sqliteStatements(): Statements {
  const { db } = openFile(':memory:', quiet);
  const tools = { clock: systemClock, ids: countingIds(), log: quiet };
  return sqliteDriver(db, ':memory:', tools, () => {}).statements;
}

function flat({ rows, counts, ...others }: Statements): readonly Statement<unknown>[] {
  return [...Object.values(others), ...Object.values(counts), ...Object.values(rows).flatMap(Object.values)];
}

describe('the two databases', () => {
  const dialect = postgresDialect();
  const [postgres, sqlite] = [flat(writeStatements(dialect)), flat(sqliteStatements())];

  it('have the same tables with the same columns', () => {
    expect(Object.keys(dialect.tables)).toHaveLength(15);
    for (const table of Object.values(dialect.tables)) {
      const columns = Object.values(orm.getTableColumns(table)).map(({ name }) => name);
      const { db } = openFile(':memory:', quiet);
      const made = db
        .prepare<[string], { name: string }>('select name from pragma_table_info(?)')
        .all(orm.getTableName(table));
      expect(made.map(({ name }) => name)).toEqual(columns);
      db.close();
    }
  });

  it('have the same statements with the same inputs, each in its own words', () => {
    const inputsOf = ({ inputs }: Statement<unknown>) => {
      const asked: string[] = [];
      inputs(new Proxy({}, { get: (_values, name) => asked.push(String(name)) }));
      return asked;
    };
    expect(postgres.map(({ name }) => name)).toEqual(sqlite.map(({ name }) => name));
    expect(postgres.map(inputsOf)).toEqual(sqlite.map(inputsOf));
    expect(postgres.filter(({ sql }) => sql.includes('?'))).toEqual([]);
    expect(sqlite.filter(({ sql }) => sql.includes('$1'))).toEqual([]);
  });

  it('lock rows one by one only where rows can be locked', () => {
    const locking = (statements: readonly Statement<unknown>[]) =>
      statements.filter(({ sql }) => sql.endsWith('for update')).map(({ name }) => name);
    expect(locking(postgres)).toEqual(
      expect.arrayContaining(['job_holding', 'ledger_head_lock', 'request_version', 'grant_version']),
    );
    expect(locking(sqlite)).toEqual([]);
  });
});
