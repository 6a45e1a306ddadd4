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

/** All but the turns, which only one of them has. */
function flat({ rows, counts, turns: _turns, ...others }: Statements): readonly Statement<unknown>[] {
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
    const inputsOf = ({ name, inputs }: Statement<unknown>) => {
      const asked: string[] = [];
      if (name === 'epoch_next') return asked; // a sequence here, a row there
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
      statements.flatMap(({ name, sql }) => {
        const lock = / for ((?:update|share)\b.*)/.exec(sql)?.[1];
        return lock ? [`${name}: ${lock}`] : [];
      });
    expect(locking(postgres).sort()).toEqual([
      'claims_tidy: update of "claims" skip locked)',
      'grant_version: share',
      'job_due_take: update of "jobs" skip locked',
      'job_holding_still: update',
      'ledger_head_lock: update',
      'person_version: share',
      'queues_tidy: update of "queues" skip locked)',
      'request_version: share',
      'surface_version: share',
    ]);
    expect(locking(sqlite)).toEqual([]);
    expect([writeStatements(dialect).turns !== undefined, sqliteStatements().turns]).toEqual([true, undefined]);
  });
});
