// Copies a whole store into an empty one, whatever databases the two are: all rows of all tables in one transaction, then
// read again and compared before it is kept. Leases are left behind, for nobody holds them any more.
import { readDoor } from '../lib/postgres-address.ts';
import type { Clock, Instant } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { type Change, digestOf, freed, rollingDigest } from './copy-rows.ts';
import type { CopySide } from './copy-side.ts';
import { type CopyRow, type CopyTable, copyTables } from './copy-tables.ts';
import { MOVED, REOPEN } from './moved.ts';
import { StoreError } from './store-error.ts';

interface CopiedTable {
  readonly table: string;
  readonly rows: number;
  /** SHA-256 over the rows in the order of their keys, hex. */
  readonly digest: string;
}
export interface CopyProgress {
  readonly table: string;
  readonly done: number;
  readonly of: number;
}
export interface CopyOptions {
  readonly log: Log;
  readonly onProgress: (progress: CopyProgress) => void;
  /**
   * Looks at what was kept, while nobody can begin to work on either. True: the old store is left, and cannot be opened for
   * work any more (moved.ts). False: both are as they are.
   */
  readonly accept: (copied: Copied) => Promise<boolean>;
  readonly clock: Clock;
}
export interface Copied {
  readonly from: string;
  readonly to: string;
  readonly tables: readonly CopiedTable[];
}

/** Rows that a migration puts in: they are replaced, and an otherwise empty store is empty. */
const SEEDED: ReadonlySet<string> = new Set(['counters', 'ledger_head']);
const LEFT_BEHIND: ReadonlySet<string> = new Set(['leases']);

/**
 * `from` and `to` as openStore takes them; `to` is migrated first. Nothing is left in it when anything goes wrong.
 * Throws StoreError: `in_use`, `not_empty`, `moved`, `nothing_there`, and what the databases throw.
 */
export async function copyStore(from: string, to: string, options: CopyOptions): Promise<Copied> {
  const source = await openSource(from);
  try {
    const destination = await openDestination(to, options.log);
    try {
      const copied = await copyAll(source, destination, options);
      await destination.close();
      if (await options.accept(copied)) await source.leave(options.clock.now());
      return copied;
    } finally {
      await destination.close();
    }
  } finally {
    await source.close();
  }
}

/** Lets Hallpass work again on a store that was left. False: it never was. Throws StoreError, `in_use` among others. */
export async function reopenStore(url: string): Promise<boolean> {
  if (url.startsWith('sqlite:')) return (await import('./copy-sqlite.ts')).reopenFile(fileOf(url));
  return (await import('./copy-postgres.ts')).reopenDatabase(doorOf(url));
}

async function openSource(url: string): Promise<CopySide> {
  if (url.startsWith('sqlite:')) return (await import('./copy-sqlite.ts')).sqliteSource(fileOf(url));
  return (await import('./copy-postgres.ts')).postgresSource(doorOf(url));
}

async function openDestination(url: string, log: Log): Promise<CopySide> {
  if (url.startsWith('sqlite:')) return (await import('./copy-sqlite.ts')).sqliteDestination(fileOf(url), log);
  return (await import('./copy-postgres.ts')).postgresDestination(doorOf(url), log);
}

function fileOf(url: string): string {
  const file = url.slice('sqlite:'.length);
  if (file !== '' && file !== ':memory:') return file;
  throw new StoreError('bad_url', 'A SQLite store is given as sqlite:<path>, for example sqlite:./data/hallpass.db');
}

function doorOf(url: string) {
  if (!/^postgres(ql)?:/.test(url)) {
    throw new StoreError(
      'bad_url',
      'A store is given as sqlite:<path> or as postgres://user:password@host:5432/database',
    );
  }
  const door = readDoor(url);
  if ('problem' in door) throw new StoreError('bad_url', `The URL of the PostgreSQL store: ${door.problem}`);
  return door;
}

async function copyAll(source: CopySide, destination: CopySide, { onProgress }: CopyOptions): Promise<Copied> {
  const tables = copyTables();
  const now = await usableSource(source, tables);
  await refuseFull(destination, tables);
  const free = freed(await source.epoch(), now);
  const copied: CopiedTable[] = [];
  for (const table of tables) {
    if (SEEDED.has(table.name)) await destination.clear(table);
    if (!LEFT_BEHIND.has(table.name)) copied.push(await copyTable(source, destination, table, free, onProgress));
  }
  for (const [index, table] of tables.filter(({ name }) => !LEFT_BEHIND.has(name)).entries()) {
    const arrived = await digestOf(destination, table);
    if (arrived.rows !== copied[index]?.rows || arrived.digest !== copied[index]?.digest) throw differs(table.name);
  }
  await destination.commit();
  return { from: source.name, to: destination.name, tables: copied };
}

function differs(table: string): StoreError {
  return new StoreError(
    'refused',
    `What arrived in ${table} is not what was sent; nothing was kept. Report this as a bug.`,
  );
}

/** The latest time that was used in it. */
async function usableSource(source: CopySide, tables: readonly CopyTable[]): Promise<Instant> {
  const counters = new Map<string, number>();
  for await (const [name, value] of allRows(source, tableOf(tables, 'counters')))
    counters.set(String(name), Number(value));
  if (counters.has(MOVED)) {
    throw new StoreError('moved', `${source.name} was copied elsewhere already: copy from there. ${REOPEN}`);
  }
  if ((await source.count(tableOf(tables, 'deployment'))) === 0) {
    throw new StoreError('nothing_there', `Hallpass never ran on ${source.name}: there is nothing to copy.`);
  }
  return counters.get('clock') ?? 0;
}

async function refuseFull(destination: CopySide, tables: readonly CopyTable[]): Promise<void> {
  for (const table of tables) {
    if (SEEDED.has(table.name) || (await destination.count(table)) === 0) continue;
    throw new StoreError(
      'not_empty',
      `${destination.name} has rows in ${table.name} already. Give an empty database, or drop this one and create it again, before Hallpass was started on it.`,
    );
  }
}

async function copyTable(
  source: CopySide,
  destination: CopySide,
  table: CopyTable,
  change: Change,
  onProgress: CopyOptions['onProgress'],
): Promise<CopiedTable> {
  const of = await source.count(table);
  const sum = rollingDigest();
  for await (const batch of source.rows(table)) {
    const rows = batch.map((row) => change(table, row));
    await destination.insert(table, rows);
    sum.add(rows);
    onProgress({ table: table.name, done: sum.rows(), of });
  }
  return { table: table.name, rows: sum.rows(), digest: sum.hex() };
}

async function* allRows(side: CopySide, table: CopyTable): AsyncGenerator<CopyRow> {
  for await (const batch of side.rows(table)) yield* batch;
}

function tableOf(tables: readonly CopyTable[], name: string): CopyTable {
  const found = tables.find((table) => table.name === name);
  if (!found) throw new Error(`There is no table ${name}`);
  return found;
}
