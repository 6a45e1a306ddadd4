// All statements of the store for one database, written once when it is opened.
import { type Dialect, rows, type Statement } from './ask.ts';
import { orm } from './drizzle.ts';
import { figureStatements } from './figure-statements.ts';
import { jobStatements } from './job-statements.ts';
import { ledgerStatements } from './ledger-statements.ts';
import { listStatements } from './list-statements.ts';
import { nameStatements } from './name-statements.ts';
import { pageStatements } from './page-statements.ts';
import { rowStatements } from './row-statements.ts';
import { turnStatements } from './turn-statements.ts';
import { workStatements } from './work-statements.ts';

export function writeStatements(dialect: Dialect) {
  return {
    rows: rowStatements(dialect),
    ...turnStatements(dialect),
    ...listStatements(dialect),
    ...pageStatements(dialect),
    ...nameStatements(dialect),
    ...jobStatements(dialect),
    ...workStatements(dialect),
    ...ledgerStatements(dialect),
    ...figureStatements(dialect),
    counts: countStatements(dialect),
  };
}
export type Statements = ReturnType<typeof writeStatements>;

function countStatements({ write, tables }: Dialect): Readonly<Record<string, Statement<{ count: number | string }>>> {
  const count = { count: orm.sql<number | string>`count(*)`.as('count') };
  return Object.fromEntries(
    Object.values(tables).map((table) => {
      const name = orm.getTableName(table);
      return [name, rows(`count_${name}`, count, write.select(count).from(table))];
    }),
  );
}
