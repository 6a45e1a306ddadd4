// Statements that answer lists of rows. Must not walk a table: each has its index, and a test looks at the plans.
import { type Dialect, rows, value } from './ask.ts';
import { orm } from './drizzle.ts';

export function listStatements(dialect: Dialect) {
  return { ...requestLists(dialect), ...grantLists(dialect), ...surfaceLists(dialect) };
}

/** Of one moment by their ids: those behind a cursor, or rows that nobody can move on would hide all others. */
function dueAfter(t: Dialect['tables']['requests'] | Dialect['tables']['grants']) {
  const after = orm.sql`(${t.dueAt}, ${t.id}) > (${value('afterDue')}, ${value('afterId')})`;
  return { row: { id: t.id, dueAt: t.dueAt }, where: orm.and(orm.lte(t.dueAt, value('now')), after) };
}

function requestLists({ write, tables: { requests: t } }: Dialect) {
  const stored = { version: t.version, body: t.body };
  const due = dueAfter(t);
  const limit = value('limit');
  return {
    dueRequests: rows(
      'requests_due',
      due.row,
      write.select(due.row).from(t).where(due.where).orderBy(t.dueAt, t.id).limit(limit),
    ),
    requestsOf: rows(
      'requests_of',
      stored,
      write
        .select(stored)
        .from(t)
        .where(orm.eq(t.requester, value('person')))
        .orderBy(orm.desc(t.submittedAt), orm.desc(t.id))
        .limit(limit),
    ),
    requestsIn: rows(
      'requests_in',
      stored,
      write
        .select(stored)
        .from(t)
        .where(orm.eq(t.status, value('status')))
        .orderBy(t.submittedAt, t.id)
        .limit(limit),
    ),
  };
}

function grantLists({ write, tables: { grants: t } }: Dialect) {
  const stored = { version: t.version, body: t.body };
  const live = orm.isNotNull(t.dueAt);
  const { sql } = orm;
  const role = sql`(cast(${value('role')} as text) is null or ${t.role} = ${value('role')})`;
  const target = sql`(cast(${value('target')} as text) is null or ${t.target} = ${value('target')})`;
  const mine = orm.eq(t.person, value('person'));
  const newest = [orm.desc(t.orderedAt), orm.desc(t.id)];
  const limit = value('limit');
  const due = dueAfter(t);
  return {
    dueGrants: rows(
      'grants_due',
      due.row,
      write.select(due.row).from(t).where(due.where).orderBy(t.dueAt, t.id).limit(limit),
    ),
    grantsOfRequest: rows(
      'grants_of_request',
      stored,
      write
        .select(stored)
        .from(t)
        .where(orm.eq(t.requestId, value('request')))
        .orderBy(t.orderedAt, t.id),
    ),
    liveGrants: rows(
      'grants_live',
      stored,
      write
        .select(stored)
        .from(t)
        .where(orm.and(live, role, target))
        .orderBy(...newest)
        .limit(limit),
    ),
    liveGrantsOf: rows(
      'grants_live_of',
      stored,
      write
        .select(stored)
        .from(t)
        .where(orm.and(live, mine, role, target))
        .orderBy(...newest)
        .limit(limit),
    ),
  };
}

function surfaceLists({ write, tables: { surfaces: t } }: Dialect) {
  const stored = { version: t.version, body: t.body };
  const at = orm.and(
    orm.eq(t.message, value('message')),
    orm.eq(t.channel, value('channel')),
    orm.eq(t.tenant, value('tenant')),
    orm.eq(t.platform, value('platform')),
  );
  return {
    surfacesOf: rows(
      'surfaces_of',
      stored,
      write
        .select(stored)
        .from(t)
        .where(orm.eq(t.requestId, value('request')))
        .orderBy(t.id),
    ),
    surfaceAt: rows('surface_at', stored, write.select(stored).from(t).where(at).orderBy(t.id).limit(1)),
  };
}
