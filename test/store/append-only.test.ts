// The ledger's tables only grow; and who takes the triggers away and edits a row is found out by the core's audit (J01, J05).
import { copyFileSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signCheckpoint } from '../../src/core/ledger/checkpoint.ts';
import { generateKey, parseSigner } from '../../src/core/ledger/note-key.ts';
import { type Verdict, verifyLedger } from '../../src/core/ledger/verify.ts';
import { openStore } from '../../src/store/open-store.ts';
import { countingIds, quiet } from '../contracts/store-bench.ts';
import { commented, event, T0 } from '../contracts/store-samples.ts';
import { manualClock } from '../fakes/manual-clock.ts';
import { scratchFolder } from './scratch.ts';

const ORIGIN = 'hallpass/acme';
const SIZE = 12;
const key = generateKey(ORIGIN);
const folder = scratchFolder();
afterAll(folder.remove);
let pristine = '';

const open = (file: string) => openStore(`sqlite:${file}`, { clock: manualClock(T0), ids: countingIds(), log: quiet });

beforeAll(async () => {
  const file = folder.fresh();
  const store = await open(file);
  for (let n = 0; n < SIZE / 2; n += 1) {
    await store.commit({ events: [event(), commented(`reason ${n}`, `salt-${n}`.padEnd(22, '_'))] });
  }
  const { size, rootHex } = await store.ledgerHead();
  const note = signCheckpoint({ origin: ORIGIN, size, root: rootHex }, parseSigner(key.secret, ORIGIN));
  expect(await store.saveCheckpoint({ size, rootHex, note, at: T0 })).toBe(true);
  await store.commit({ events: [event()] });
  await store.close();
  pristine = file;
});

/** A copy of the store, with this done to it by hand. */
function tampered(sql: string, stripped = true): string {
  const file = folder.fresh();
  copyFileSync(pristine, file);
  const db = new Sqlite(file);
  try {
    const triggers = db.prepare<[], { name: string }>("select name from sqlite_master where type = 'trigger'").all();
    for (const { name } of stripped ? triggers : []) db.exec(`drop trigger ${name}`);
    db.pragma('foreign_keys = OFF');
    db.exec(sql);
  } finally {
    db.close();
  }
  return file;
}

async function audit(file: string): Promise<Verdict> {
  const store = await open(file);
  try {
    const entries = await store.leaves(0, 1000);
    const checkpoints = (await store.checkpoints(0)).map(({ note }) => note);
    return verifyLedger({ entries, checkpoints, vkeys: [key.vkey], head: await store.ledgerHead() });
  } finally {
    await store.close();
  }
}

describe('the ledger’s tables', () => {
  it.each([
    'update events set at = at + 1 where seq = 3',
    "update events set leaf = '{}'",
    'delete from events where seq = 3',
    'insert or replace into events select seq, at + 1, type, request_id, grant_id, leaf, hash from events where seq = 3',
    'insert into events select seq + 2, at, type, request_id, grant_id, leaf, hash from events where seq = 12',
    "update event_texts set text = '{}' where seq = 3",
    "insert or replace into event_texts values (3, 'salt', '{}')",
    "update checkpoints set note = ''",
    'delete from checkpoints',
    "update deployment set id = 'dep_other'",
    'delete from deployment',
    "insert into deployment values ('dep_other', 1)",
  ])('do not take: %s', (sql) => {
    expect(() => tampered(sql, false)).toThrow(/only grow|without gaps|erased, not changed|one id/);
  });

  it('let a text be erased, with its salt, and the audit still holds', async () => {
    const verdict = await audit(tampered('delete from event_texts where seq = 3', false));
    expect(verdict).toMatchObject({ ok: true, size: SIZE + 1, proven: SIZE, erased: 1 });
  });
});

describe('an audit of the stored ledger', () => {
  it('finds nothing in what nobody touched', async () => {
    expect(await audit(tampered('select 1'))).toMatchObject({
      ok: true,
      size: SIZE + 1,
      proven: SIZE,
      erased: 0,
    });
  });

  it.each([
    [`update events set leaf = replace(leaf, 'hallpass', 'somebody') where seq = 2`, 'leaf_changed', 2],
    ['update events set at = at + 1 where seq = 5', 'columns_differ', 5],
    [`update events set type = 'request.opened' where seq = 4`, 'columns_differ', 4],
    ['delete from events where seq = 6', 'leaf_missing', 6],
    [`update event_texts set text = '{"comment":"nothing"}' where seq = 7`, 'text_changed', 7],
    [`update event_texts set salt = 'another-salt-altogether' where seq = 7`, 'text_changed', 7],
    ['delete from events where seq = 12', 'head_differs', 12],
    [
      `update ledger_head set size = size + 1, hashes = (select json_group_array(hash) from events where seq < 3)`,
      'head_differs',
      12,
    ],
    [
      'delete from events where seq > 8; update ledger_head set size = 9, hashes = (select json_group_array(hash) from events where seq < 2)',
      'checkpoint_beyond_log',
      9,
    ],
  ])('finds: %s', async (sql, code, index) => {
    const verdict = await audit(tampered(sql));
    expect(verdict.ok).toBe(false);
    expect(verdict.findings).toContainEqual(expect.objectContaining({ code, index }));
  });
});
