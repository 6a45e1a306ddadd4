// A copy of a store is the same store: every row, the deployment's id, numbers that go on; whole or not at all, and never from
// or to one that somebody works on. Between all databases that a store can be in.
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { systemClock, systemIds } from '../../src/lib/system-clock.ts';
import { verifyLog } from '../../src/operations/verify-log.ts';
import { type CopyOptions, type CopyProgress, copyStore, reopenStore } from '../../src/store/copy-store.ts';
import { copyTables } from '../../src/store/copy-tables.ts';
import { openStore } from '../../src/store/open-store.ts';
import { quiet } from '../contracts/store-bench.ts';
import { event, job } from '../contracts/store-samples.ts';
import { usePostgres } from '../postgres-server.ts';
import { oldStore, writeOldFile } from '../upgrade/old-store.ts';
import { VKEY } from '../world.ts';
import { scratchFolder } from './scratch.ts';

/** Servers, files and hours, on a machine that may be busy. */
vi.setConfig({ testTimeout: 90_000 });

const folder = scratchFolder();
afterAll(folder.remove);
const server = usePostgres();
const old = oldStore('0.1.0');
const tools = { clock: systemClock, ids: systemIds, log: quiet };

function options(more: Partial<CopyOptions> = {}): CopyOptions {
  return { log: quiet, clock: systemClock, onProgress: () => undefined, accept: async () => true, ...more };
}

/** A store with something in every table. */
async function fullFile(): Promise<string> {
  const file = folder.fresh();
  writeOldFile(old, file);
  // Opened once by the program of today: its tables are up to date.
  await (await openStore(`sqlite:${file}`, tools)).close();
  return `sqlite:${file}`;
}
const DEPLOYMENT = 'dep_0000000000000000000000000X';
const OLD_EPOCH = 1436;
/** Two jobs are leased in it, by a process that died. */
const HELD = ['grant:pass_0000000000000000000001920X', 'grant:pass_0000000000000000000002024X'];
const atOnce = () => ({ everyMs: 0, burst: 500, atOnce: 500 });

const emptyFile = async () => `sqlite:${folder.fresh()}`;
const emptyDatabase = () => server().newDatabase();

async function fullDatabase(): Promise<string> {
  const url = await emptyDatabase();
  await copyStore(await fullFile(), url, options());
  return url;
}

/** What must be the same. Only looks. */
async function facts(url: string) {
  const store = await openStore(url, tools, { readonly: true });
  try {
    const { ledger, ok, rows } = await verifyLog(store, { vkeys: [VKEY], checkpoints: [] });
    const counts = await store.counts();
    const freeze = await store.freezeEpoch();
    return { deployment: store.deploymentId, counts, freeze, ok, rows, size: ledger.size, root: ledger.root };
  } finally {
    await store.close();
  }
}

const WAYS = [
  ['SQLite to PostgreSQL', fullFile, emptyDatabase],
  ['PostgreSQL to SQLite', fullDatabase, emptyFile],
  ['SQLite to SQLite', fullFile, emptyFile],
  ['PostgreSQL to PostgreSQL', fullDatabase, emptyDatabase],
] as const;

describe.each(WAYS)('a copy from %s', (_name, full, empty) => {
  it('has every row of every table but leases, and the same log', async () => {
    const [from, to] = [await full(), await empty()];
    const before = await facts(from);
    const copied = await copyStore(from, to, options());
    const after = await facts(to);
    expect(after).toEqual({ ...before, counts: { ...before.counts, leases: 0 } });
    expect(copied.tables.map(({ table }) => table)).toEqual(
      copyTables().flatMap(({ name }) => (name === 'leases' ? [] : [name])),
    );
    for (const { table, rows } of copied.tables) expect(before.counts[table], table).toBe(rows);
    expect(copied.tables.filter(({ rows }) => rows === 0)).toEqual([]);
  });

  it('goes on where the first one stopped: numbers of jobs and leases, entries of the log, time', async () => {
    const [from, to] = [await full(), await empty()];
    const before = await openStore(from, tools, { readonly: true });
    const { size } = await before.ledgerHead();
    await before.close();
    await copyStore(from, to, options());
    const store = await openStore(to, tools);
    onTestFinished(() => store.close());
    expect(await store.commit({ jobs: [job({ queue: 'new', dueAt: 1 })], events: [event()] })).toMatchObject({
      kind: 'done',
      numbers: [size],
    });
    const pace = (queue: string) => ({ everyMs: 0, burst: 1, atOnce: queue === 'new' ? 9 : 0 });
    const [claimed] = await store.claim({ owner: 'me', limit: 9, leaseMs: 1000, pace });
    expect(claimed?.epoch).toBeGreaterThan(OLD_EPOCH);
    expect(await store.now()).toBeGreaterThanOrEqual(old.now);
  });

  it('makes the work of processes that died due at once', async () => {
    const [from, to] = [await fullFile(), await empty()];
    await copyStore(from, to, options());
    const store = await openStore(to, tools);
    onTestFinished(() => store.close());
    const jobs = await store.claim({ owner: 'me', limit: 500, leaseMs: 1000, pace: atOnce });
    const held = jobs.filter(({ subject }) => HELD.includes(subject));
    expect(held.map(({ subject }) => subject).sort()).toEqual(HELD);
  });

  it('leaves the first one so that nobody works on it by mistake, and gives it back on purpose', async () => {
    const [from, to] = [await full(), await empty()];
    await copyStore(from, to, options());
    await expect(openStore(from, tools)).rejects.toMatchObject({ code: 'moved' });
    await expect(copyStore(from, await empty(), options())).rejects.toMatchObject({ code: 'moved' });
    const looking = await openStore(from, tools, { readonly: true });
    expect((await looking.ledgerHead()).size).toBeGreaterThan(0);
    await looking.close();
    await (await openStore(to, tools)).close();
    expect(await reopenStore(from)).toBe(true);
    expect(await reopenStore(from)).toBe(false);
    const again = await openStore(from, tools);
    expect(again.deploymentId).toBe(DEPLOYMENT);
    await expect(reopenStore(from)).rejects.toMatchObject({ code: 'in_use' });
    await again.close();
  });

  it('that is not accepted leaves the first one as it is', async () => {
    const [from, to] = [await full(), await empty()];
    await copyStore(from, to, options({ accept: async () => false }));
    await (await openStore(from, tools)).close();
  });

  it('that breaks in the middle leaves nothing', async () => {
    const [from, to] = [await full(), await empty()];
    const stop = ({ table }: CopyProgress) => {
      if (table === 'events') throw new Error('the power went');
    };
    await expect(copyStore(from, to, options({ onProgress: stop }))).rejects.toThrow('the power went');
    await copyStore(from, to, options());
    expect(await facts(to)).toMatchObject({ deployment: DEPLOYMENT });
  });

  it('is refused into one that has anything in it', async () => {
    const [from, to] = [await full(), await empty()];
    await (await openStore(to, tools)).close();
    await expect(copyStore(from, to, options())).rejects.toMatchObject({
      code: 'not_empty',
      message: expect.stringMatching(/has rows in deployment already\. Give an empty database/),
    });
  });

  it('is refused from one on which Hallpass never ran', async () => {
    await expect(copyStore(await empty(), await empty(), options())).rejects.toMatchObject({
      code: expect.stringMatching(/^(io|outdated)$/),
    });
  });

  it('is refused while a Hallpass works on either', async () => {
    const [from, to] = [await full(), await empty()];
    const working = await openStore(from, tools);
    await expect(copyStore(from, to, options())).rejects.toMatchObject({ code: 'in_use' });
    await working.close();
    await copyStore(from, to, options());
  });
});
