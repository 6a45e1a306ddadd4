// The one door to drizzle-orm: loads its CommonJS build. Imported as an ES module its cyclic graph costs about 290 MB of
// memory on Node 24, this way about 70. Everybody else in this folder imports drizzle's types alone.
import { createRequire } from 'node:module';
import type * as Orm from 'drizzle-orm';
import type * as BetterSqlite from 'drizzle-orm/better-sqlite3';
import type * as Migrator from 'drizzle-orm/better-sqlite3/migrator';
import type * as Migrations from 'drizzle-orm/migrator';
import type * as NodePostgres from 'drizzle-orm/node-postgres';
import type * as PgCore from 'drizzle-orm/pg-core';
import type * as SqliteCore from 'drizzle-orm/sqlite-core';

const require = createRequire(import.meta.url);

export const orm: typeof Orm = require('drizzle-orm');

/** Loaded on demand: a deployment on another database never pays for it. */
export function loadSqliteDrizzle(): {
  readonly core: typeof SqliteCore;
  readonly drizzle: typeof BetterSqlite.drizzle;
  readonly migrate: typeof Migrator.migrate;
} {
  const core: typeof SqliteCore = require('drizzle-orm/sqlite-core');
  const session: typeof BetterSqlite = require('drizzle-orm/better-sqlite3');
  const migrator: typeof Migrator = require('drizzle-orm/better-sqlite3/migrator');
  return { core, drizzle: session.drizzle, migrate: migrator.migrate };
}

/** Likewise. Drizzle only writes the statements here; they are run by the driver of the store. */
export function loadPgDrizzle(): {
  readonly core: typeof PgCore;
  readonly drizzle: typeof NodePostgres.drizzle;
  readonly readMigrations: typeof Migrations.readMigrationFiles;
} {
  const core: typeof PgCore = require('drizzle-orm/pg-core');
  const session: typeof NodePostgres = require('drizzle-orm/node-postgres');
  const migrator: typeof Migrations = require('drizzle-orm/migrator');
  return { core, drizzle: session.drizzle, readMigrations: migrator.readMigrationFiles };
}
