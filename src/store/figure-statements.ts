// Statements behind the figures for whoever watches, and the beat of the sweep. Must not walk what is over: a scrape comes
// every few seconds for as long as the log grows.
import { type Dialect, rows, value } from './ask.ts';
import { orm } from './drizzle.ts';

export function figureStatements(dialect: Dialect) {
  return { ...grantFigures(dialect), ...workFigures(dialect), ...beatStatements(dialect) };
}

function grantFigures({ write, tables: { grants: t, requests } }: Dialect) {
  const { sql } = orm;
  const live = orm.isNotNull(t.dueAt);
  const group = {
    ...{ status: t.status, target: t.target, count: sql<number | string>`count(*)`.as('count') },
    endsAt: sql<number | string>`min(${t.expiresAt})`.as('ends_at'),
  };
  const stored = { version: t.version, body: t.body };
  const submitted = { submittedAt: requests.submittedAt };
  return {
    liveGroups: rows('figures_grants', group, write.select(group).from(t).where(live).groupBy(t.status, t.target)),
    revokingGrants: rows(
      'figures_revoking',
      stored,
      write
        .select(stored)
        .from(t)
        .where(orm.and(live, orm.eq(t.status, 'revoking'))),
    ),
    pendingSince: rows(
      'figures_pending',
      submitted,
      write.select(submitted).from(requests).where(orm.eq(requests.status, 'pending')).orderBy(requests.submittedAt),
    ),
  };
}

function workFigures({ write, tables: { jobs: t } }: Dialect) {
  const { sql } = orm;
  const now = value('now');
  const group = {
    ...{ queue: t.queue, lane: t.lane, count: sql<number | string>`count(*)`.as('count') },
    due: sql<number | string>`count(*) filter (where ${t.dueAt} <= ${now})`.as('due'),
    first: sql<number | string>`min(${t.dueAt})`.as('first'),
  };
  return {
    /** Finished jobs are gone from the table: all that is left is waiting or running. */
    jobGroups: rows('figures_jobs', group, write.select(group).from(t).groupBy(t.queue, t.lane)),
  };
}

function beatStatements({ write, tables: { counters: t } }: Dialect) {
  const { sql } = orm;
  const at = { at: t.value };
  return {
    /** Answers nothing, and changes nothing, when the last beat is not older than `before`. */
    beat: rows(
      'beat',
      at,
      write
        .insert(t)
        .values({ name: 'swept', value: sql`${value('now')}` })
        .onConflictDoUpdate({
          target: t.name,
          set: { value: sql`excluded.value` },
          setWhere: sql`${t.value} <= ${value('before')}`,
        })
        .returning(at),
    ),
  };
}
