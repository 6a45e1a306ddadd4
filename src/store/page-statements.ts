// Statements that go through all of a kind page by page, for work that must not hold everything in memory. Each page begins
// after the last row of the one before, so that rows which come and go in between neither repeat nor hide others.
import { type Dialect, rows, value } from './ask.ts';
import { orm } from './drizzle.ts';

export function pageStatements({ write, tables: { grants, persons } }: Dialect) {
  const { sql } = orm;
  const person = { version: persons.version, body: persons.body };
  const grant = { version: grants.version, body: grants.body };
  const target = sql`(cast(${value('target')} as text) is null or ${grants.target} = ${value('target')})`;
  const after = sql`(${grants.orderedAt}, ${grants.id}) > (${value('orderedAt')}, ${value('id')})`;
  return {
    personsAfter: rows(
      'persons_after',
      person,
      write
        .select(person)
        .from(persons)
        .where(orm.gt(persons.id, value('id')))
        .orderBy(persons.id)
        .limit(value('limit')),
    ),
    liveAfter: rows(
      'grants_live_after',
      grant,
      write
        .select(grant)
        .from(grants)
        .where(orm.and(orm.isNotNull(grants.dueAt), after, target))
        .orderBy(grants.orderedAt, grants.id)
        .limit(value('limit')),
    ),
  };
}
