// F14 with a PostgreSQL that is really stopped, in real time: what falls due meanwhile is ended by the process that runs, and by
// one that is started while the database is away; afterwards the log tells of both.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { GrantId } from '../src/core/model.ts';
import { openSpool } from '../src/lib/spool-files.ts';
import { systemClock, systemIds } from '../src/lib/system-clock.ts';
import type { Program } from '../src/program.ts';
import { usePostgres } from './postgres-server.ts';
import { givePass, programStage } from './program-stage.ts';
import { quietLog } from './world-ports.ts';

const postgres = usePostgres();
/** Until the store counts as away: 10 s of failures; and the slowest machine. */
const LAG_MS = 8_000;

it('F14: ended on time by whoever runs, and entered when the database is back', { timeout: 150_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-away-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const store = await postgres().newDatabase();
  const stage = programStage({ store, folder, clock: systemClock, ids: systemIds });
  const { target } = stage.fakes['prod-db'];
  const isThere = (who: string) => target.has(`acct:${who}@acme.test`, 'readonly');

  const first = await stage.start();
  const passes = {
    soon: await givePass(first.tools, stage.fakes['prod-db'], 'prod-db', 'soon', 18),
    later: await givePass(first.tools, stage.fakes['prod-db'], 'prod-db', 'later', 36),
  };
  const ends = { soon: await endOf(first, passes.soon), later: await endOf(first, passes.later) };
  await first.tick();
  await postgres().halt();
  const ticks = ticking(first);
  await until('the first pass is gone', () => !isThere('soon'));
  const lag = systemClock.now() - ends.soon;
  expect(lag).toBeGreaterThanOrEqual(0);
  expect(lag).toBeLessThan(LAG_MS);
  expect(isThere('later')).toBe(true);
  expect(await statusOf(first.internalPort, '/live')).toBe(200);
  expect(await statusOf(first.internalPort, '/ready')).toBe(503);
  ticks.stop();
  await first.stop();

  const port = await freePort();
  const starting = stage.start({ internal: { host: '127.0.0.1', port } });
  await until('it answers', async () => (await statusOf(port, '/live').catch(() => 0)) === 200);
  expect(await statusOf(port, '/ready')).toBe(503);
  expect(systemClock.now()).toBeLessThan(ends.later);
  await until('the second pass is gone', () => !isThere('later'));
  const secondLag = systemClock.now() - ends.later;
  expect(secondLag).toBeGreaterThanOrEqual(0);
  expect(secondLag).toBeLessThan(LAG_MS);

  await postgres().restart();
  const second = await starting;
  const more = ticking(second);
  onTestFinished(async () => {
    more.stop();
    await second.stop();
  });
  await until('both are closed', async () => (await second.tools.store.liveGrants({}, 9)).length === 0);
  for (const id of Object.values(passes)) {
    const grant = (await second.tools.store.grant(id))?.row;
    expect(grant?.status).toBe('revoked');
    const events = grant ? await second.tools.store.eventsOf(grant.request) : [];
    const told = events.flatMap(({ event }) => (event.type === 'revoke.spooled' ? [event.data] : []));
    expect(told).toMatchObject([{ seen: 'absent' }]);
  }
  await until('it is ready', async () => (await statusOf(port, '/ready')) === 200);
  expect(await (await openSpool(folder, quietLog)).ends()).toEqual([]);
  console.log(`PostgreSQL stopped: ended ${lag} ms and ${secondLag} ms after the deadline`);
});

async function endOf(program: Program, id: GrantId): Promise<number> {
  const stored = await program.tools.store.grant(id);
  if (!stored) throw new Error('no such pass');
  return stored.row.expiresAt;
}

function ticking(program: Program): { stop(): void } {
  const timer = setInterval(() => void program.tick(), 1_000);
  return { stop: () => clearInterval(timer) };
}

async function statusOf(port: number, path: string): Promise<number> {
  return (await fetch(`http://127.0.0.1:${port}${path}`)).status;
}

async function until(what: string, look: () => boolean | Promise<boolean>): Promise<void> {
  for (let turns = 0; turns < 1_200; turns += 1) {
    if (await look()) return;
    await systemClock.sleep(50);
  }
  throw new Error(`never came: ${what}`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}
