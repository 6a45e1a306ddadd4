// `hallpass audit verify` as people run it: what it prints, and how it ends.
import { copyFileSync, writeFileSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { signCheckpoint } from '../../src/core/ledger/checkpoint.ts';
import { generateKey, parseSigner } from '../../src/core/ledger/note-key.ts';
import { systemClock, systemIds } from '../../src/lib/system-clock.ts';
import type { NewEvent } from '../../src/ports/store.ts';
import { openStore } from '../../src/store/open-store.ts';
import { quiet } from '../contracts/store-bench.ts';
import { event } from '../contracts/store-samples.ts';
import { scratchFolder } from '../store/scratch.ts';
import { runCli } from './run-cli.ts';

const folder = scratchFolder();
afterAll(folder.remove);
vi.setConfig({ testTimeout: 60_000 });

const tools = { clock: systemClock, ids: systemIds, log: quiet };
const origin = 'hallpass/acme';
const key = generateKey(origin);
const signer = parseSigner(key.secret, origin);

/** Some entries more, and a signed head: also that of the file. */
async function goOn(file: string, ...first: readonly NewEvent[]): Promise<string> {
  const store = await openStore(`sqlite:${file}`, tools);
  await store.commit({ events: [...first, event(), event()] });
  const { size, rootHex } = await store.ledgerHead();
  const note = signCheckpoint({ origin, size, root: rootHex }, signer);
  await store.saveCheckpoint({ size, rootHex, note, at: await store.now() });
  await store.close();
  return note;
}

async function sizeOf(file: string): Promise<number> {
  const store = await openStore(`sqlite:${file}`, tools);
  const { size } = await store.ledgerHead();
  await store.close();
  return size;
}

function rolledBack(size: number, seen: number): NewEvent {
  const data = { size, seen, where: 'the checkpoint file' };
  return { ...event(), event: { ...event().event, type: 'log.rolled_back', data } as NewEvent['event'] };
}

function headsFile(...notes: readonly string[]): string {
  const file = `${folder.fresh()}.txt`;
  writeFileSync(file, notes.map((note) => `${note}\n`).join(''));
  return file;
}

const verify = (file: string, ...checkpoints: readonly string[]) =>
  runCli(folder.path, 'audit', 'verify', '--store', file, '--vkey', key.vkey, '--checkpoints', ...checkpoints);

describe('audit verify', () => {
  it('says that a log is whole, and under which heads', async () => {
    const file = folder.fresh();
    const heads = [await goOn(file), await goOn(file)];
    const ran = await verify(file, headsFile(...heads));
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(ran.out).toContain('(2 heads read from outside the store)');
    expect(ran.out).toMatch(/The log is whole, and the state follows from it\.\n$/);
    expect(ran.out).not.toContain('LOST');
  });

  it('tells loudly, for ever and without an error, of what was lost when a backup was put back', async () => {
    const [file, backup] = [folder.fresh(), folder.fresh()];
    const old = [await goOn(file)];
    copyFileSync(file, backup);
    const size = await sizeOf(backup);
    old.push(await goOn(file), await goOn(file));
    const since = [await goOn(backup, rolledBack(size, size + 4)), await goOn(backup)];
    const ran = await verify(backup, headsFile(...old, ...since));
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(ran.out).toContain(
      `LOST     entries from ${size} on, as they were up to ${size + 4}: 2 signed heads belong to entries that were lost in the rollback told in entry ${size} (run-book: store-rolled-back)`,
    );
    expect(ran.out).toMatch(/The log is whole but for what it says was lost .* Was that you\? .*log-changed/);

    // Another replica kept its own: each file is read by itself.
    const [ours, theirs] = [headsFile(...old.slice(0, 2), ...since), headsFile(old[0] ?? '', old[2] ?? '')];
    expect(await verify(backup, ours, theirs)).toMatchObject({
      code: 0,
      out: expect.stringContaining('2 signed heads'),
    });
    expect(await verify(backup, headsFile(...since, ...old))).toMatchObject({
      code: 1,
      out: expect.stringContaining('CHANGED'),
    });
  });

  it('is not talked out of a change by such an entry', async () => {
    const file = folder.fresh();
    const heads = [await goOn(file), await goOn(file)];
    const size = await sizeOf(file);
    heads.push(await goOn(file, rolledBack(size, size + 50)), await goOn(file));
    const db = new Sqlite(file);
    for (const name of db.prepare(`select name from sqlite_schema where type = 'trigger'`).pluck().all())
      db.exec(`drop trigger "${name}"`);
    db.exec('delete from checkpoints');
    db.prepare(`update events set leaf = replace(leaf, '"test"', '"tset"') where seq = ?`).run(size + 4);
    db.close();
    const ran = await verify(file, headsFile(...heads));
    expect(ran).toMatchObject({ code: 1 });
    expect(ran.out).toContain(`CHANGED  entry ${size + 4}: the entry was changed`);
    expect(ran.out).toContain('the entries do not give the root that was signed');
    expect(ran.out).toContain('The log is NOT as it was written.');
  });

  it('says when a file of heads that it was given is not there, instead of going without', async () => {
    const file = folder.fresh();
    await goOn(file);
    const ran = await verify(file, `${folder.fresh()}.txt`);
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(ran.err).toContain('no such file');
  });
});
