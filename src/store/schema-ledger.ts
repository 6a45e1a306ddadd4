// Tables of the ledger. Part of schema.ts; triggers of the migrations let `events` and `checkpoints` only grow.
import type { Kit } from './kit.ts';

export function ledgerTables(kit: Kit) {
  const events = eventTable(kit);
  /** Personal words, each with the salt of its commitment: erasing the row erases both, so nobody can try out guesses. */
  const eventTexts = kit.table('event_texts', {
    seq: kit
      .int64('seq')
      .primaryKey()
      .references(() => events.seq),
    salt: kit.text('salt').notNull(),
    text: kit.text('text').notNull(),
  });
  /** One row, locked last in a transaction, so that writers wait for each other as briefly as possible. */
  const ledgerHead = kit.table('ledger_head', {
    id: kit.int32('id').primaryKey(),
    size: kit.int64('size').notNull(),
    hashes: kit.text('hashes').notNull(),
  });
  return { events, eventTexts, ledgerHead, checkpoints: checkpointTable(kit) };
}

function eventTable(kit: Kit) {
  const columns = {
    seq: kit.int64('seq').primaryKey(),
    at: kit.int64('at').notNull(),
    type: kit.text('type').notNull(),
    requestId: kit.text('request_id'),
    grantId: kit.text('grant_id'),
    /** Canonical JSON, as hashed. */
    leaf: kit.text('leaf').notNull(),
    hash: kit.text('hash').notNull(),
  };
  return kit.table('events', columns, (t) => [
    kit.index('events_of_request').on(t.requestId, t.seq).where(kit.sql`request_id is not null`),
    kit.index('events_of_grant').on(t.grantId, t.seq).where(kit.sql`grant_id is not null`),
  ]);
}

function checkpointTable(kit: Kit) {
  return kit.table('checkpoints', {
    size: kit.int64('size').primaryKey(),
    root: kit.text('root').notNull(),
    /** The frontier at this size: the root of a later size follows without reading the whole log. */
    hashes: kit.text('hashes').notNull(),
    note: kit.text('note').notNull(),
    at: kit.int64('at').notNull(),
  });
}
