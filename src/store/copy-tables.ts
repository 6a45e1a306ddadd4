// What a copy of a store is made of: every table with its columns and its key, as data, from the one schema. Pure.
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import { loadSqliteDrizzle, orm } from './drizzle.ts';
import { sqliteKit } from './kit.ts';
import { buildTables } from './schema.ts';

export interface CopyColumn {
  readonly name: string;
  readonly kind: 'text' | 'integer' | 'boolean';
  readonly isKey: boolean;
}
export interface CopyTable {
  readonly name: string;
  readonly columns: readonly CopyColumn[];
}

/** Values in the order of the columns, the same from each database: booleans are 0 and 1. */
export type CopyRow = readonly (string | number | null)[];

/** Whoever refers to a row comes after it: a table can only be declared to refer to one that was declared before. */
export function copyTables(): readonly CopyTable[] {
  const { core } = loadSqliteDrizzle();
  return Object.values(buildTables(sqliteKit(core, orm.sql))).map((table) => {
    // The other half of the cast in kit.ts.
    const { name, columns, primaryKeys } = core.getTableConfig(table as unknown as SQLiteTable);
    const keys = new Set(primaryKeys.flatMap((key) => key.columns.map((column) => column.name)));
    return {
      name,
      columns: columns.map((column) => ({
        name: column.name,
        kind: kindOf(column.dataType),
        isKey: column.primary || keys.has(column.name),
      })),
    };
  });
}

function kindOf(type: string): CopyColumn['kind'] {
  if (type === 'string') return 'text';
  if (type === 'number') return 'integer';
  if (type === 'boolean') return 'boolean';
  throw new Error(`A copy does not know columns of the kind ${type}`);
}

export function columnAt({ name, columns }: CopyTable, column: string): number {
  const found = columns.findIndex((one) => one.name === column);
  if (found < 0) throw new Error(`The table ${name} has no column ${column}`);
  return found;
}

/** For SQL: names come from the schema, and are quoted all the same. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
