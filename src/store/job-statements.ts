// Statements for jobs: ordering, claiming, keeping and giving back. What may be claimed is decided in claim.ts.
import { type Dialect, effect, rows, type Statement, spoken, value } from './ask.ts';
import { orm } from './drizzle.ts';

export function jobStatements(dialect: Dialect) {
  return { ...orderStatements(dialect), ...holdStatements(dialect), ...claimStatements(dialect) };
}

function orderStatements({ write, tables: { jobs: t } }: Dialect) {
  const { sql } = orm;
  const waits = sql`${t.epoch} is null`;
  const sooner = sql`excluded.due_at < ${t.dueAt}`;
  const soonerAgain = sql`(${t.againAt} is null or excluded.due_at < ${t.againAt})`;
  const ordering = write.insert(t).values({
    ...{ id: value('id'), kind: value('kind'), subject: value('subject'), queue: value('queue') },
    ...{ lane: value('lane'), dueAt: value('dueAt'), payload: value('payload') },
    ...{ ordered: value('ordered'), once: value('once'), attempts: 0, round: 1 },
  });
  return {
    /** With the key of a job that is there: moves it forward while it waits, gives it another round while it runs. */
    orderJob: effect(
      'job_order',
      ordering.onConflictDoUpdate({
        target: t.once,
        set: {
          round: sql`case when ${waits} then ${t.round} else ${t.round} + 1 end`,
          againAt: sql`case when ${waits} then null when ${soonerAgain} then excluded.due_at else ${t.againAt} end`,
          dueAt: sql`case when ${waits} and ${sooner} then excluded.due_at else ${t.dueAt} end`,
          lane: sql`case when excluded.lane < ${t.lane} then excluded.lane else ${t.lane} end`,
        },
      }),
    ),
  };
}

function holdStatements({ write, lock, tables: { jobs: t, leases } }: Dialect) {
  const { sql } = orm;
  const held = { round: t.round, againAt: t.againAt, attempts: t.attempts };
  const [job, id] = [orm.eq(t.id, value('id')), { id: t.id }];
  const lease = orm.and(orm.eq(leases.subject, value('subject')), orm.eq(leases.epoch, value('epoch')));
  const holding = () =>
    write.select(held).from(t).innerJoin(leases, orm.eq(leases.job, t.id)).where(orm.and(lease, job));
  const waiting = { epoch: null, againAt: null };
  const again = { ...waiting, dueAt: sql`coalesce(${t.againAt}, ${t.dueAt})`, attempts: 0, because: null };
  const later = {
    ...waiting,
    dueAt: sql`${value('dueAt')}`,
    because: sql`${value('because')}`,
    attempts: sql`${value('attempts')}`,
  };
  const until = sql`${value('until')}`;
  return {
    /** Answers nothing when the lease is another's by now. */
    holding: rows('job_holding', held, holding()),
    /** And the job stays as it is: nobody orders it again meanwhile. */
    holdingStill: rows('job_holding_still', held, lock(holding())),
    /** Answers nothing when another round was ordered meanwhile. */
    finishJob: rows(
      'job_finish',
      id,
      write
        .delete(t)
        .where(orm.and(job, orm.eq(t.round, value('round'))))
        .returning(id),
    ),
    repeatJob: effect('job_repeat', write.update(t).set(again).where(job)),
    deferJob: effect('job_defer', write.update(t).set(later).where(job)),
    renewJob: effect('job_renew', write.update(t).set({ dueAt: until }).where(job)),
    renewLease: effect('lease_renew', write.update(leases).set({ until }).where(lease)),
    dropLease: effect('lease_drop', write.delete(leases).where(lease)),
  };
}

function claimStatements(dialect: Dialect) {
  const {
    write,
    tables: { jobs: t, leases, queues },
  } = dialect;
  const { sql } = orm;
  const subject = { subject: leases.subject };
  const set = {
    ...{ job: sql`excluded.job`, queue: sql`excluded.queue`, epoch: sql`excluded.epoch` },
    ...{ owner: sql`excluded.owner`, until: sql`excluded.until` },
  };
  const leasing = write
    .insert(leases)
    .values({
      ...{ subject: value('subject'), job: value('id'), queue: value('queue') },
      ...{ epoch: value('epoch'), owner: value('owner'), until: value('until') },
    })
    .onConflictDoUpdate({ target: leases.subject, set, setWhere: sql`${leases.until} <= ${value('now')}` });
  const running = {
    epoch: sql`${value('epoch')}`,
    dueAt: sql`${value('until')}`,
    attempts: sql`${t.attempts} + 1`,
    againAt: null,
  };
  const started = { attempts: t.attempts, round: t.round };
  const state = { tat: value('tat'), readyAt: value('readyAt'), atOnce: value('atOnce'), served: value('served') };
  const newState = {
    ...{ tat: sql`excluded.tat`, readyAt: sql`excluded.ready_at` },
    ...{ atOnce: sql`excluded.at_once`, served: sql`excluded.served` },
  };
  return {
    nextEpoch: nextEpoch(dialect),
    /** Answers nothing when somebody else has the subject. */
    takeLease: rows('lease_take', subject, leasing.returning(subject)),
    startJob: rows(
      'job_start',
      started,
      write
        .update(t)
        .set(running)
        .where(orm.eq(t.id, value('id')))
        .returning(started),
    ),
    saveQueue: effect(
      'queue_save',
      write
        .insert(queues)
        .values({ name: value('name'), ...state })
        .onConflictDoUpdate({ target: queues.name, set: newState }),
    ),
  };
}

/**
 * A new epoch, higher than any before, for a lease of this subject. Answers nothing when another process is claiming or
 * finishing something of the subject at this moment: a claimer waits for nobody. A sequence where several claim, since a row
 * that counts would be locked until its transaction ends; its gaps do no harm.
 */
function nextEpoch({ shared, write, tables: { counters } }: Dialect): Statement<{ value: number }> {
  if (shared) {
    const mine = 'pg_try_advisory_xact_lock(hashtextextended($1, 0))';
    const sql = `select nextval('lease_epochs') where ${mine}`;
    return spoken('epoch_next', sql, ['turn'], ([value]) => ({ value: Number(value) }));
  }
  const count = { value: counters.value };
  const raised = { value: orm.sql`${counters.value} + 1` };
  const epoch = orm.eq(counters.name, 'epoch');
  return rows('epoch_next', count, write.update(counters).set(raised).where(epoch).returning(count));
}
