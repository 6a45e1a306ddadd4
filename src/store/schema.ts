// Every table, once, for both databases. A row's truth is `body`; the columns beside it are what queries look for and what
// a revoke needs even if no event could be read (law 14). Must not be changed without a new migration.
// Partial indexes ask `is not null` and never for a list of statuses: SQLite would not use such a one for a bound parameter,
// and a status that this version does not know would be missing in it, and never swept.
import type { Kit } from './kit.ts';
import { jobTables } from './schema-jobs.ts';
import { ledgerTables } from './schema-ledger.ts';

export function buildTables(kit: Kit) {
  return { ...rowTables(kit), ...personTables(kit), ...nameTables(kit), ...jobTables(kit), ...ledgerTables(kit) };
}
export type Tables = ReturnType<typeof buildTables>;

function rowTables(kit: Kit) {
  const requests = requestTable(kit);
  return { requests, grants: grantTable(kit, requests), surfaces: surfaceTable(kit, requests) };
}

function requestTable(kit: Kit) {
  const columns = {
    id: kit.text('id').primaryKey(),
    version: kit.int32('version').notNull(),
    status: kit.text('status').notNull(),
    requester: kit.text('requester').notNull(),
    submittedAt: kit.int64('submitted_at').notNull(),
    /** Null when final. */
    dueAt: kit.int64('due_at'),
    body: kit.text('body').notNull(),
  };
  return kit.table('requests', columns, (t) => [
    kit.index('requests_due').on(t.dueAt).where(kit.sql`due_at is not null`),
    kit.index('requests_of').on(t.requester, t.submittedAt),
    kit.index('requests_in').on(t.status, t.submittedAt),
  ]);
}

function grantTable(kit: Kit, requests: ReturnType<typeof requestTable>) {
  const columns = {
    id: kit.text('id').primaryKey(),
    version: kit.int32('version').notNull(),
    requestId: kit.text('request_id').notNull(),
    status: kit.text('status').notNull(),
    person: kit.text('person').notNull(),
    role: kit.text('role').notNull(),
    target: kit.text('target').notNull(),
    targetKey: kit.text('target_key').notNull(),
    entitlement: kit.text('entitlement').notNull(),
    principalId: kit.text('principal_id').notNull(),
    principalName: kit.text('principal_name').notNull(),
    orderedAt: kit.int64('ordered_at').notNull(),
    expiresAt: kit.int64('expires_at').notNull(),
    /** Null when final, and only then: a status that this version does not know is due as well. */
    dueAt: kit.int64('due_at'),
    body: kit.text('body').notNull(),
  };
  return kit.table('grants', { ...columns, requestId: columns.requestId.references(() => requests.id) }, (t) => [
    kit.check('grants_end', kit.sql`expires_at > 0`),
    kit.index('grants_due').on(t.dueAt).where(kit.sql`due_at is not null`),
    kit.index('grants_live').on(t.orderedAt, t.id).where(kit.sql`due_at is not null`),
    kit.index('grants_live_of').on(t.person, t.orderedAt, t.id).where(kit.sql`due_at is not null`),
    kit.index('grants_of_request').on(t.requestId),
  ]);
}

function surfaceTable(kit: Kit, requests: ReturnType<typeof requestTable>) {
  const columns = {
    id: kit.text('id').primaryKey(),
    version: kit.int32('version').notNull(),
    /** Null for the stream of the audit channel. */
    requestId: kit.text('request_id').references(() => requests.id),
    platform: kit.text('platform'),
    tenant: kit.text('tenant'),
    channel: kit.text('channel'),
    message: kit.text('message'),
    body: kit.text('body').notNull(),
  };
  return kit.table('surfaces', columns, (t) => [
    kit.index('surfaces_of').on(t.requestId),
    kit.index('surfaces_at').on(t.message, t.channel, t.tenant, t.platform).where(kit.sql`message is not null`),
  ]);
}

function personTables(kit: Kit) {
  const persons = kit.table('persons', {
    id: kit.text('id').primaryKey(),
    version: kit.int32('version').notNull(),
    body: kit.text('body').notNull(),
  });
  const columns = {
    platform: kit.text('platform').notNull(),
    tenant: kit.text('tenant').notNull(),
    user: kit.text('user_id').notNull(),
    person: kit.text('person').notNull(),
  };
  const accounts = kit.table('accounts', { ...columns, person: columns.person.references(() => persons.id) }, (t) => [
    kit.primaryKey({ columns: [t.platform, t.tenant, t.user] }),
    kit.index('accounts_of').on(t.person),
  ]);
  return { persons, accounts };
}

function nameTables(kit: Kit) {
  const claims = kit.table(
    'claims',
    {
      key: kit.text('key').primaryKey(),
      owner: kit.text('owner').notNull(),
      /** Null: for good, until released. */
      until: kit.int64('until'),
    },
    (t) => [kit.index('claims_until').on(t.until).where(kit.sql`until is not null`)],
  );
  /** `clock` (the latest time ever used), `epoch` (of leases), `freeze`. */
  const counters = kit.table('counters', { name: kit.text('name').primaryKey(), value: kit.int64('value').notNull() });
  const deployment = kit.table('deployment', {
    id: kit.text('id').primaryKey(),
    createdAt: kit.int64('created_at').notNull(),
  });
  return { claims, counters, deployment };
}
