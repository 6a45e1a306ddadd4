// How a store operation speaks to a database: it is a generator that yields statements with their values and is handed the
// rows. A synchronous driver runs it in one go, an asynchronous one awaits each statement; the operation is the same.
// Must not know any table.
import type { Placeholder, Query } from 'drizzle-orm';
import type { PgColumn, PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import { orm } from './drizzle.ts';
import type { Tables } from './schema.ts';

/** The part of drizzle that both databases answer alike; used to write statements, never to run them. */
export type Writer = Pick<
  PgDatabase<PgQueryResultHKT, Record<string, never>>,
  'select' | 'insert' | 'update' | 'delete' | 'selectDistinct'
>;

/** What statements are written with, one for each driver. */
export interface Dialect {
  readonly write: Writer;
  readonly tables: Tables;
  /** A second name for a table in one statement. */
  readonly alias: <Table extends Tables[keyof Tables]>(table: Table, name: string) => Table;
  /** Several processes write at once. Where they do not, a writer has the whole file, and nothing else is locked. */
  readonly shared: boolean;
  /** Adds FOR UPDATE, or FOR SHARE, where rows can be locked one by one. */
  readonly lock: <Select extends object>(select: Select, strength?: 'update' | 'share') => Select;
  /** Adds FOR UPDATE SKIP LOCKED on the rows of `table`: what somebody else has is gone past. */
  readonly grab: <Select extends object>(select: Select, table: Tables[keyof Tables]) => Select;
}

export type Value = string | number | boolean | null;
export type Values = Readonly<Record<string, Value>>;

export interface Statement<Row> {
  /** Unique; the name under which a server may keep it prepared. */
  readonly name: string;
  readonly sql: string;
  /** False when it only changes something. */
  readonly answers: boolean;
  /** Values by their names, in the order of the text. Throws an Error when one is missing. */
  readonly inputs: (values: Values) => unknown[];
  readonly read: Read<Row>;
}

export interface Ask {
  readonly statement: Statement<unknown>;
  readonly values: Values;
}

/** Yields what it asks and takes the rows of the answer. Never awaits. */
export type Operation<Result> = Generator<Ask, Result, readonly unknown[]>;

export function* ask<Row>(statement: Statement<Row>, values: Values = {}): Operation<readonly Row[]> {
  // The rows were made by this very statement's `read`.
  return (yield { statement, values }) as readonly Row[];
}

export function* askOne<Row>(statement: Statement<Row>, values: Values = {}): Operation<Row | undefined> {
  const rows = yield* ask(statement, values);
  return rows[0];
}

/** What an operation leaves: its changes are kept, or all undone. */
export interface Outcome<Result> {
  readonly keep: boolean;
  readonly result: Result;
}
export function keep<Result>(result: Result): Outcome<Result> {
  return { keep: true, result };
}
export function undo<Result>(result: Result): Outcome<Result> {
  return { keep: false, result };
}

interface Written {
  toSQL(): Query;
}
type Columns<Row> = { readonly [Name in keyof Row]: unknown };

/** A statement that answers rows with exactly these columns, in this order: the same object as given to select or returning. */
export function rows<Row extends object>(
  name: string,
  columns: Columns<Row>,
  query: PromiseLike<Row[]> & Written,
): Statement<Row> {
  const readers = Object.entries(columns).map(([key, column]) => [key, decoder(column)] as const);
  // Built column by column; the compiler cannot see that all of them are there.
  const read = (raw: readonly unknown[]) =>
    Object.fromEntries(readers.map(([key, decode], index) => [key, decode(raw[index])])) as Row;
  return { name, ...compiled(query), answers: true, read };
}

/** A statement that only changes something. */
export function effect(name: string, query: Written): Statement<never> {
  return { name, ...compiled(query), answers: false, read: nothing(name) };
}

type Read<Row> = (columns: readonly unknown[]) => Row;

/** A statement in the own words of one database; values go in by these names. Without `read` it only changes something. */
export function spoken(name: string, sql: string, names: readonly string[]): Statement<never>;
export function spoken<Row>(name: string, sql: string, names: readonly string[], read: Read<Row>): Statement<Row>;
export function spoken<Row>(name: string, sql: string, names: readonly string[], read?: Read<Row>): Statement<Row> {
  const inputs = (values: Values) => names.map((one) => given(values, one));
  return { name, sql, inputs, answers: read !== undefined, read: read ?? nothing(name) };
}

function nothing(name: string): () => never {
  return () => {
    throw new Error(`${name} answers nothing`);
  };
}

/** A value that comes later, by name. */
export function value<Name extends string>(name: Name): Placeholder<Name> {
  return orm.sql.placeholder(name);
}

function compiled(query: Written): { readonly sql: string; readonly inputs: (values: Values) => unknown[] } {
  const { sql, params } = query.toSQL();
  const readers = params.map(input);
  return { sql, inputs: (values) => readers.map((reader) => reader(values)) };
}

function input(param: unknown): (values: Values) => unknown {
  if (orm.is(param, orm.Placeholder)) return (values) => given(values, param.name);
  if (orm.is(param, orm.Param) && orm.is(param.value, orm.Placeholder)) {
    const { encoder, value: placeholder } = param;
    return (values) => {
      const plain = given(values, placeholder.name);
      return plain === null ? null : encoder.mapToDriverValue(plain);
    };
  }
  return () => param;
}

function given(values: Values, name: string): Value {
  const found = values[name];
  if (found === undefined) throw new Error(`The statement wants a value for ${name}`);
  return found;
}

function decoder(column: unknown): (raw: unknown) => unknown {
  if (!orm.is(column, orm.Column)) return (raw) => raw;
  const known: PgColumn | typeof column = column;
  return (raw) => (raw === null ? null : known.mapFromDriverValue(raw));
}
