// Statements of the ledger: its head, leaves, erasable texts and checkpoints. Must not change a leaf once it is in.
import { type Dialect, effect, rows, value } from './ask.ts';
import { orm } from './drizzle.ts';

export function ledgerStatements(dialect: Dialect) {
  return { ...headStatements(dialect), ...leafStatements(dialect), ...checkpointStatements(dialect) };
}

function headStatements({ write, lock, tables: { ledgerHead: t, events, eventTexts } }: Dialect) {
  const head = { size: t.size, hashes: t.hashes };
  const one = orm.eq(t.id, 1);
  const reading = write.select(head).from(t).where(one);
  const next = { size: orm.sql`${value('size')}`, hashes: orm.sql`${value('hashes')}` };
  const leaf = {
    ...{ seq: value('seq'), at: value('at'), type: value('type') },
    ...{ requestId: value('requestId'), grantId: value('grantId'), leaf: value('leaf'), hash: value('hash') },
  };
  const text = { seq: value('seq'), salt: value('salt'), text: value('text') };
  return {
    head: rows('ledger_head', head, reading),
    /** Nobody else appends until the transaction ends. */
    lockHead: rows('ledger_head_lock', head, lock(write.select(head).from(t).where(one))),
    moveHead: effect('ledger_head_move', write.update(t).set(next).where(one)),
    addLeaf: effect('leaf_add', write.insert(events).values(leaf)),
    addText: effect('text_add', write.insert(eventTexts).values(text)),
  };
}

function leafStatements({ write, tables: { events: t, eventTexts, grants } }: Dialect) {
  const leaf = {
    ...{ seq: t.seq, at: t.at, type: t.type, leaf: t.leaf, hash: t.hash },
    ...{ salt: eventTexts.salt, text: eventTexts.text },
  };
  const seq = { seq: t.seq };
  const from = orm.gte(t.seq, value('from'));
  const leaves = () => write.select(leaf).from(t).leftJoin(eventTexts, orm.eq(eventTexts.seq, t.seq));
  const passes = write
    .select({ id: grants.id })
    .from(grants)
    .where(orm.eq(grants.requestId, value('request')));
  const ofRequest = write
    .select(seq)
    .from(t)
    .where(orm.and(orm.eq(t.requestId, value('request')), from));
  const ofGrants = write
    .select(seq)
    .from(t)
    .where(orm.and(orm.inArray(t.grantId, passes), from));
  const below = orm.and(from, orm.lt(t.seq, value('below')));
  const hash = { hash: t.hash };
  return {
    leaf: rows('leaf', leaf, leaves().where(orm.eq(t.seq, value('seq')))),
    leaves: rows('leaves', leaf, leaves().where(from).orderBy(t.seq).limit(value('limit'))),
    /** Two lists by index, put together: an `or` over both would walk the whole log. */
    eventsOf: rows(
      'events_of',
      leaf,
      leaves()
        .where(orm.or(orm.inArray(t.seq, ofRequest), orm.inArray(t.seq, ofGrants)))
        .orderBy(t.seq),
    ),
    hashes: rows('leaf_hashes', hash, write.select(hash).from(t).where(below).orderBy(t.seq)),
  };
}

function checkpointStatements({ write, tables: { checkpoints: t } }: Dialect) {
  const checkpoint = { size: t.size, root: t.root, note: t.note, at: t.at };
  const base = { size: t.size, hashes: t.hashes };
  const row = {
    size: value('size'),
    root: value('root'),
    hashes: value('hashes'),
    note: value('note'),
    at: value('at'),
  };
  return {
    checkpoints: rows(
      'checkpoints',
      checkpoint,
      write
        .select(checkpoint)
        .from(t)
        .where(orm.gte(t.size, value('from')))
        .orderBy(t.size),
    ),
    lastCheckpoint: rows(
      'checkpoint_last',
      checkpoint,
      write.select(checkpoint).from(t).orderBy(orm.desc(t.size)).limit(1),
    ),
    /** The frontier nearest below a size. */
    baseOf: rows(
      'checkpoint_base',
      base,
      write
        .select(base)
        .from(t)
        .where(orm.lte(t.size, value('size')))
        .orderBy(orm.desc(t.size))
        .limit(1),
    ),
    /** The first note for a size stays. */
    addCheckpoint: effect('checkpoint_add', write.insert(t).values(row).onConflictDoNothing()),
  };
}
