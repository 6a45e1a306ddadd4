// The kinds of columns that mean the same in both databases: what schema.ts is built from.
// Must not offer a kind whose JavaScript type differs between them. Times are int64 in ms, ids and JSON are text
// (PostgreSQL's jsonb would reorder keys, and the ledger hashes text).
import type { sql } from 'drizzle-orm';
import type * as Pg from 'drizzle-orm/pg-core';
import type * as Lite from 'drizzle-orm/sqlite-core';

/** Both kits take the modules from outside, so that neither loads the other database's. */
export function pgKit(pg: typeof Pg, sqlTag: typeof sql) {
  return {
    sql: sqlTag,
    table: pg.pgTable,
    text: (name: string) => pg.text(name),
    int32: (name: string) => pg.integer(name),
    int64: (name: string) => pg.bigint(name, { mode: 'number' }),
    bool: (name: string) => pg.boolean(name),
    /** A rising number that the database gives to each new row. */
    serial: (name: string) => pg.bigserial(name, { mode: 'number' }),
    index: pg.index,
    check: pg.check,
    primaryKey: pg.primaryKey,
    alias: pg.alias,
  };
}
export type Kit = ReturnType<typeof pgKit>;

/** The cast that lets one program serve both: SQLite's builders under PostgreSQL's types. Row types are the same. */
export function sqliteKit(lite: typeof Lite, sqlTag: typeof sql): Kit {
  return {
    sql: sqlTag,
    table: lite.sqliteTable,
    text: (name: string) => lite.text(name),
    int32: (name: string) => lite.integer(name, { mode: 'number' }),
    int64: (name: string) => lite.integer(name, { mode: 'number' }),
    bool: (name: string) => lite.integer(name, { mode: 'boolean' }),
    serial: (name: string) => lite.integer(name, { mode: 'number' }),
    index: lite.index,
    check: lite.check,
    primaryKey: lite.primaryKey,
    alias: lite.alias,
  } as unknown as Kit;
}
