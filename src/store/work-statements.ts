// Statements that look for work: what is due, whose subject is free, how full each queue is, when to look again.
// Each walks an index over what is due, never over all that waits.
import { type Dialect, effect, rows, value } from './ask.ts';
import { orm } from './drizzle.ts';

export function workStatements(dialect: Dialect) {
  return { ...dueStatements(dialect), ...queueStatements(dialect), ...wakeStatements(dialect) };
}

/** Nobody works on the job's subject, and no older job that must go before it is left. */
function free({ write, alias, tables: { jobs: t, leases } }: Dialect) {
  const { sql } = orm;
  const one = { one: sql`1` };
  const older = alias(t, 'older');
  const busy = orm.and(orm.eq(leases.subject, t.subject), orm.gt(leases.until, value('now')));
  const before = orm.and(sql`${older.ordered}`, orm.eq(older.subject, t.subject), orm.lt(older.number, t.number));
  return orm.and(
    orm.notExists(write.select(one).from(leases).where(busy)),
    orm.or(sql`not ${t.ordered}`, orm.notExists(write.select(one).from(older).where(before))),
  );
}

function dueStatements(dialect: Dialect) {
  const {
    write,
    grab,
    tables: { jobs: t, queues },
  } = dialect;
  const { sql } = orm;
  const due = orm.lte(t.dueAt, value('now'));
  // Both ends are named: with one, SQLite would rather walk all of an index that has queues in order, and so all that waits.
  const since = orm.and(orm.gt(t.dueAt, sql.raw(String(Number.MIN_SAFE_INTEGER))), due);
  const shares = write.selectDistinct({ lane: t.lane, queue: t.queue }).from(t).where(since).as('shares');
  const share = { lane: shares.lane, queue: shares.queue, ...stateOf(queues) };
  const job = {
    ...{ number: t.number, id: t.id, kind: t.kind, subject: t.subject, queue: t.queue, lane: t.lane },
    ...{ dueAt: t.dueAt, payload: t.payload, ordered: t.ordered, once: t.once },
  };
  const here = orm.and(orm.eq(t.queue, value('queue')), orm.eq(t.lane, value('lane')), due);
  const next = sql`(${t.dueAt}, ${t.number}) > (${value('afterDue')}, ${value('afterNumber')})`;
  const waiting = () =>
    write
      .select(job)
      .from(t)
      .where(orm.and(here, next, free(dialect)))
      .orderBy(t.dueAt, t.number)
      .limit(value('limit'));
  return {
    /** Lanes and queues that have anything due, with the states of the queues where there are any yet. */
    dueShares: rows(
      'jobs_due_shares',
      share,
      write.select(share).from(shares).leftJoin(queues, orm.eq(queues.name, shares.queue)).orderBy(shares.lane),
    ),
    /** Of one lane and queue, the oldest that could be claimed now, after a cursor; at most `limit`. */
    dueJob: rows('job_due', job, waiting()),
    /** Likewise, and nobody else gets it until the transaction ends. Goes past those that somebody has just now. */
    dueJobToTake: rows('job_due_take', job, grab(waiting(), t)),
  };
}

function stateOf(queues: Dialect['tables']['queues']) {
  return { tat: queues.tat, readyAt: queues.readyAt, atOnce: queues.atOnce, served: queues.served };
}

function queueStatements({ write, grab, tables: { jobs, leases, queues: t } }: Dialect) {
  const { sql } = orm;
  const state = stateOf(t);
  const running = { queue: leases.queue, count: sql<number | string>`count(*)`.as('count') };
  const nobody = orm.notExists(write.select({ one: sql`1` }).from(jobs).where(orm.eq(jobs.queue, t.name)));
  const idle = orm.and(orm.lte(t.readyAt, value('now')), orm.lte(t.tat, value('now')), nobody);
  const live = orm.gt(leases.until, value('now'));
  const runningHere = write
    .select({ count: sql<number | string>`count(*)`.as('count') })
    .from(leases)
    .where(orm.and(orm.eq(leases.queue, value('name')), live))
    .as('running');
  const share = { ...state, running: runningHere.count };
  const over = write.select({ name: t.name }).from(t).where(idle);
  return {
    queue: rows(
      'queue',
      state,
      write
        .select(state)
        .from(t)
        .where(orm.eq(t.name, value('name'))),
    ),
    running: rows('queues_running', running, write.select(running).from(leases).where(live).groupBy(leases.queue)),
    /** One queue: how it stands (all null when nothing of it was ever claimed) and how much of it runs. */
    queueShare: rows(
      'queue_share',
      share,
      write
        .select(share)
        .from(runningHere)
        .leftJoin(t, orm.eq(t.name, value('name'))),
    ),
    tidyQueues: effect('queues_tidy', write.delete(t).where(orm.inArray(t.name, grab(over, t)))),
  };
}

function wakeStatements({ write, tables: { jobs: t, queues } }: Dialect) {
  const { sql } = orm;
  const now = value('now');
  const [ready, due] = [{ readyAt: queues.readyAt }, { dueAt: t.dueAt }];
  const queue = orm.eq(queues.name, t.queue);
  // The lane is named so that the index over (queue, lane, due) can be used.
  const wanted = orm.and(queue, sql`${t.lane} in (0, 1, 2, 3)`, orm.lte(t.dueAt, queues.readyAt));
  const inTime = sql`(${queues.readyAt} is null or ${queues.readyAt} <= ${t.dueAt})`;
  const waits = write.select({ one: sql`1` }).from(t).where(wanted);
  return {
    /** The first queue to come off its hold with something to do by then. */
    nextReady: rows(
      'queue_next',
      ready,
      write
        .select(ready)
        .from(queues)
        .where(orm.and(orm.gt(queues.readyAt, now), orm.exists(waits)))
        .orderBy(queues.readyAt)
        .limit(1),
    ),
    /** The first job to come due whose queue is ready for it then. */
    nextDue: rows(
      'job_next',
      due,
      write
        .select(due)
        .from(t)
        .leftJoin(queues, queue)
        .where(orm.and(orm.gt(t.dueAt, now), inTime))
        .orderBy(t.dueAt)
        .limit(1),
    ),
  };
}
