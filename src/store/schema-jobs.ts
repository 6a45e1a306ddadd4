// Tables of work: jobs, who works on which subject, and how fast each queue may go. Part of schema.ts.
import type { Kit } from './kit.ts';

export function jobTables(kit: Kit) {
  return { jobs: jobTable(kit), leases: leaseTable(kit), queues: queueTable(kit) };
}

function jobTable(kit: Kit) {
  const columns = {
    /** Order of arrival: what `ordered` goes by. */
    number: kit.serial('number').primaryKey(),
    id: kit.text('id').notNull().unique('jobs_id'),
    kind: kit.text('kind').notNull(),
    subject: kit.text('subject').notNull(),
    queue: kit.text('queue').notNull(),
    lane: kit.int32('lane').notNull(),
    /** While it runs: the end of its lease, so that the work of a dead holder is due again by itself. */
    dueAt: kit.int64('due_at').notNull(),
    payload: kit.text('payload').notNull(),
    ordered: kit.bool('ordered').notNull(),
    once: kit.text('once').unique('jobs_once'),
    attempts: kit.int32('attempts').notNull(),
    /** Of the lease it was claimed under; null while it waits. */
    epoch: kit.int64('epoch'),
    round: kit.int32('round').notNull(),
    /** When the next round is wanted, if it was ordered again while it ran. */
    againAt: kit.int64('again_at'),
    /** Why it was deferred last. */
    because: kit.text('because'),
  };
  return kit.table('jobs', columns, (t) => [
    kit.index('jobs_due').on(t.dueAt, t.lane, t.queue),
    kit.index('jobs_in_queue').on(t.queue, t.lane, t.dueAt, t.number),
    kit.index('jobs_ordered').on(t.subject, t.number).where(kit.sql`ordered`),
  ]);
}

function leaseTable(kit: Kit) {
  const columns = {
    subject: kit.text('subject').primaryKey(),
    job: kit.text('job').notNull(),
    queue: kit.text('queue').notNull(),
    epoch: kit.int64('epoch').notNull(),
    owner: kit.text('owner').notNull(),
    until: kit.int64('until').notNull(),
  };
  return kit.table('leases', columns, (t) => [kit.index('leases_until').on(t.until, t.queue)]);
}

function queueTable(kit: Kit) {
  const columns = {
    name: kit.text('name').primaryKey(),
    /** Theoretical arrival time of the next job (GCRA). */
    tat: kit.int64('tat').notNull(),
    /** Nothing of this queue before then: its pace or a Retry-After. */
    readyAt: kit.int64('ready_at').notNull(),
    /** How many may run at once, by the last pace that was seen. */
    atOnce: kit.int32('at_once').notNull(),
    /** Epoch of the last job taken from it: the queue served longest ago goes first. */
    served: kit.int64('served').notNull(),
  };
  return kit.table('queues', columns, (t) => [kit.index('queues_ready').on(t.readyAt)]);
}
