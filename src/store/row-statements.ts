// Statements that load and save the four kinds of rows, each under its version. Must not decide anything.
import type { SQL } from 'drizzle-orm';
import type { Write } from '../ports/store.ts';
import { type Dialect, rows, type Statement, value } from './ask.ts';
import { orm } from './drizzle.ts';
import type { Tables } from './schema.ts';

export interface KindStatements {
  readonly load: Statement<{ version: number; body: string }>;
  /** The version alone, kept from changing until the end of the transaction. */
  readonly version: Statement<{ version: number }>;
  /** Takes all columns but `version`. Answers nothing when the id is there already. */
  readonly insert: Statement<{ id: string }>;
  /** Takes all columns, `version` being the one that was read. Answers nothing when it is another by now. */
  readonly update: Statement<{ id: string }>;
}

export function rowStatements(dialect: Dialect): { readonly [kind in Write['kind']]: KindStatements } {
  const { requests, grants, persons, surfaces } = dialect.tables;
  return {
    request: kindStatements(dialect, 'request', requests),
    grant: kindStatements(dialect, 'grant', grants),
    person: kindStatements(dialect, 'person', persons),
    surface: kindStatements(dialect, 'surface', surfaces),
  };
}

/** What all kinds have; drizzle has no type for "a table with at least these columns". */
type Common = Tables['persons'];

function kindStatements(
  { write, lock }: Dialect,
  kind: Write['kind'],
  table: Tables['requests' | 'grants' | 'persons' | 'surfaces'],
): KindStatements {
  const t = table as unknown as Common;
  const [stored, id, version] = [{ version: t.version, body: t.body }, { id: t.id }, { version: t.version }];
  const here = orm.eq(t.id, value('id'));
  const same = orm.and(here, orm.eq(t.version, value('version')));
  const set = laterColumns(t);
  const fresh = { ...set, id: value('id'), version: 1 };
  const next = { ...set, version: orm.sql`${t.version} + 1` };
  return {
    load: rows(`${kind}_load`, stored, write.select(stored).from(t).where(here)),
    version: rows(`${kind}_version`, version, lock(write.select(version).from(t).where(here), 'share')),
    insert: rows(`${kind}_insert`, id, write.insert(t).values(fresh).onConflictDoNothing().returning(id)),
    update: rows(`${kind}_update`, id, write.update(t).set(next).where(same).returning(id)),
  };
}

/** Every column of the table but its key and version, to be given under its own name. */
function laterColumns(table: Common): { readonly body: SQL } {
  const names = Object.keys(orm.getTableColumns(table)).filter((name) => name !== 'id' && name !== 'version');
  const others = Object.fromEntries(names.map((name) => [name, orm.sql`${value(name)}`]));
  return { ...others, body: orm.sql`${value('body')}` };
}
