// The target of local mode is a real PostgreSQL: people have nothing until the adapter gives it, and lose it with their session.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgres } from '../../src/grants/postgres/index.ts';
import { systemClock } from '../../src/lib/system-clock.ts';
import { type LocalTarget, startLocalTarget } from '../../src/local/target.ts';
import type { Log } from '../../src/ports/log.ts';
import { never } from '../contracts/grant-adapter-bench.ts';

const PEOPLE = [{ login: 'mia' }, { login: 'ana' }];
const logged: string[] = [];
const write = (message: string, facts: unknown): void => {
  logged.push(`${message} ${JSON.stringify(facts ?? {})}`);
};
const log: Log = { debug: write, info: write, warn: write, error: write };
const home = mkdtempSync(join(tmpdir(), 'hallpass-test-target-'));
afterAll(() => {
  for (const folder of [home, ...folders()]) rmSync(folder, { recursive: true, force: true });
});

function start(folder: string): Promise<LocalTarget> {
  return startLocalTarget({ dataDir: join(home, folder), log, people: PEOPLE });
}
/** Where the files really are: not in the folder for a root user whose folders are closed to others. */
function folders(): readonly string[] {
  const lines = logged.filter((one) => one.startsWith('The demo database runs'));
  return lines.map((line) => JSON.parse(line.slice(line.indexOf('{'))).folder);
}
function folderOf(): string {
  return folders().at(-1) ?? '';
}
/** The process of the server that has this folder, while there is one. */
function serverIn(folder: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(join(folder, 'cluster', 'postmaster.pid'), 'utf8'), 10);
  } catch {
    return undefined;
  }
}

interface Elsewhere {
  readonly child: ChildProcess;
  readonly url: string;
  /** Of the PostgreSQL server. */
  readonly pid: number;
  readonly folder: string;
}

/** In a process of its own, which can be ended in every way. */
async function startElsewhere(folder: string): Promise<Elsewhere> {
  const script = fileURLToPath(new URL('./target-child.ts', import.meta.url));
  const child = spawn(process.execPath, [script, join(home, folder)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const line = await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
  const found: Omit<Elsewhere, 'child'> = JSON.parse(String(line[0]));
  logged.push(`The demo database runs ${JSON.stringify({ folder: found.folder })}`);
  return { child, ...found };
}

describe('a demo target', () => {
  let target: LocalTarget;
  beforeAll(async () => {
    target = await start('story');
  });
  afterAll(() => target.stop());
  const connection = () =>
    postgres.connect(postgres.config.parse({ url: target.url, people: '{mail.local}' }), {
      fetch: globalThis.fetch,
      clock: systemClock,
      log,
      deploymentId: 'dep_demo',
    });

  it('holds a web shop of some two hundred rows', async () => {
    const tables = await target.runQuery('mia', "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'");
    expect(tables.rows).toEqual([['3']]);
    const bot = connection();
    await bot.check([{ role: 'shop_readonly' }, { role: 'shop_support' }], never());
    await bot.close?.();
  });

  it('gives people nothing', async () => {
    for (const { login } of PEOPLE) {
      const denied = await target.runQuery(login, 'SELECT * FROM customers');
      expect(denied.error).toEqual({ code: '42501', message: 'permission denied for table customers' });
    }
    expect((await target.runQuery('mia', 'SET ROLE shop_readonly')).error?.code).toBe('42501');
    expect((await target.state()).memberships).toEqual([]);
  });

  it('gives the bot the right to give, and no data', async () => {
    const { Client } = await import('pg');
    const bot = new Client({ connectionString: target.url });
    await bot.connect();
    await expect(bot.query('SELECT * FROM customers')).rejects.toMatchObject({ code: '42501' });
    await expect(bot.query('SET ROLE shop_readonly')).rejects.toMatchObject({ code: '42501' });
    await expect(bot.query('CREATE ROLE more')).rejects.toMatchObject({ code: '42501' });
    await bot.end();
  });

  it('plays the whole story with the real adapter: nothing, access, session ended, nothing', async () => {
    const bot = connection();
    const mia = await bot.resolve({ id: 'per_mia', name: 'Mia', email: 'mia@acme.test' }, never());
    const order = {
      grantId: 'grt_1',
      principal: mia,
      target: { role: 'shop_readonly' },
      expiresAt: systemClock.now() + 60_000,
    };
    await bot.grant(order, never());
    const read = await target.runQuery('mia', 'SELECT name, city FROM customers ORDER BY id LIMIT 2');
    expect(read).toMatchObject({
      command: 'SELECT',
      columns: ['name', 'city'],
      rowCount: 2,
      rows: [[expect.any(String), expect.any(String)], expect.anything()],
    });
    expect((await target.runQuery('mia', "UPDATE orders SET status = 'x'")).error?.code, 'reads only').toBe('42501');
    const during = await target.state();
    expect(during.memberships).toEqual([{ role: 'shop_readonly', login: 'mia', grantor: 'hallpass_bot' }]);
    expect(during.sessions).toContainEqual(expect.objectContaining({ login: 'mia', client: 'this page' }));
    await bot.revoke(order, never());
    expect(await bot.endSessions?.(order, never())).toEqual({ ended: 1, left: 0 });
    expect((await target.runQuery('mia', 'SELECT 1')).error, 'one sees the session being ended').toEqual({
      code: '57P01',
      message: 'terminating connection due to administrator command',
    });
    expect((await target.runQuery('mia', 'SELECT * FROM customers')).error?.code).toBe('42501');
    const after = await target.state();
    expect(after.memberships).toEqual([]);
    expect(after.roles).toEqual([
      { name: 'shop_readonly', about: expect.stringContaining('Reads') },
      { name: 'shop_support', about: expect.stringContaining('changes orders') },
    ]);
    await bot.close?.();
  });

  it('lets support change orders and mark payments, and no more', async () => {
    const bot = connection();
    const ana = await bot.resolve({ id: 'per_ana', name: 'Ana', email: 'ana@acme.test' }, never());
    const order = {
      grantId: 'grt_2',
      principal: ana,
      target: { role: 'shop_support' },
      expiresAt: systemClock.now() + 60_000,
    };
    await bot.grant(order, never());
    const ask = (sql: string) => target.runQuery('ana', sql);
    expect(await ask("UPDATE orders SET note = 'checked' WHERE id = 1001")).toMatchObject({
      command: 'UPDATE',
      rowCount: 1,
    });
    expect(await ask("UPDATE payments SET status = 'settled' WHERE id = 5001")).toMatchObject({ rowCount: 1 });
    for (const sql of ['UPDATE payments SET amount = 0', 'DELETE FROM orders', "UPDATE customers SET city = 'x'"]) {
      expect((await ask(sql)).error?.code, sql).toBe('42501');
    }
    const counts = await ask(
      'SELECT (SELECT count(*) FROM customers) + (SELECT count(*) FROM orders) + (SELECT count(*) FROM payments)',
    );
    expect(counts.rows).toEqual([['210']]);
    const joined = await ask(
      'SELECT count(*) FROM payments p JOIN orders o ON o.id = p.order_id JOIN customers c ON c.id = o.customer_id WHERE p.amount = o.total',
    );
    expect(joined.rows, 'the rows belong together').toEqual([['60']]);
    await bot.revoke(order, never());
    await bot.endSessions?.(order, never());
    await bot.close?.();
  });

  it('is connected to with what it says', () => {
    expect(target.psqlCommand('mia')).toMatch(
      new RegExp(`^psql 'postgres://mia:[\\w-]+@127\\.0\\.0\\.1:${target.port}/shop'$`),
    );
    expect(() => target.psqlCommand('hallpass_bot')).toThrow(RangeError);
    expect(() => target.psqlCommand('__proto__')).toThrow(RangeError);
  });

  it('answers nobody who is not one of its people', async () => {
    for (const login of ['postgres', 'hallpass_bot', 'nobody', 'constructor']) {
      await expect(target.runQuery(login, 'SELECT 1')).rejects.toThrow(RangeError);
    }
  });

  it('listens on loopback alone, and keeps its passwords to its owner', async () => {
    expect((await target.runQuery('mia', 'SHOW listen_addresses')).rows).toEqual([['127.0.0.1']]);
    expect(statSync(join(folderOf(), 'passwords.json')).mode & 0o777).toBe(0o600);
    expect(logged.join('\n')).not.toContain(new URL(target.url).password);
  });
});

describe('a demo target that is started again', () => {
  it('has the same port, passwords and data, and takes back what was granted', async () => {
    const first = await start('again');
    const { Client } = await import('pg');
    const superuser = JSON.parse(readFileSync(join(folderOf(), 'passwords.json'), 'utf8')).superuser;
    const client = new Client({ connectionString: `postgres://postgres:${superuser}@127.0.0.1:${first.port}/shop` });
    await client.connect();
    await client.query("GRANT shop_readonly TO mia; UPDATE customers SET city = 'Riga' WHERE id = 1");
    const readMine = 'SELECT city FROM customers WHERE id = 1';
    expect((await first.runQuery('mia', readMine)).rows).toEqual([['Riga']]);
    await client.end();
    await first.stop();
    const second = await start('again');
    expect([second.url, second.psqlCommand('mia')]).toEqual([first.url, first.psqlCommand('mia')]);
    expect((await second.runQuery('mia', readMine)).error?.code, 'taken back').toBe('42501');
    await second.stop();
  });

  it('survives a half-made database, lost passwords and broken files', async () => {
    const first = await start('broken');
    const folder = folderOf();
    await first.stop();
    mkdirSync(join(folder, 'cluster.new'), { recursive: true });
    writeFileSync(join(folder, 'cluster.new', 'PG_VERSION'), 'half');
    writeFileSync(join(folder, 'passwords.json'), '{"superuser":');
    const second = await start('broken');
    expect((await second.runQuery('mia', 'SELECT 1')).rows).toEqual([['1']]);
    await second.stop();
    writeFileSync(join(folder, 'cluster', 'PG_VERSION'), '9');
    const third = await start('broken');
    expect((await third.runQuery('mia', 'SELECT 1')).rows).toEqual([['1']]);
    await third.stop();
    expect(logged.join('\n')).toContain('is made anew');
  });

  it('takes over the server of a process that was killed', async () => {
    const { child, url, pid } = await startElsewhere('killed');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(process.kill(pid, 0), 'the server outlives its master').toBe(true);
    const target = await start('killed');
    expect(target.url).toBe(url);
    expect((await target.runQuery('mia', 'SELECT 1')).rows).toEqual([['1']]);
    expect(serverIn(folderOf()), 'the old server is gone: two cannot have one folder').not.toBe(pid);
    await target.stop();
  });

  it('leaves the server of a living process alone', async () => {
    const { child, pid } = await startElsewhere('shared');
    await expect(start('shared')).rejects.toThrow(`Process ${child.pid} already uses`);
    expect(process.kill(pid, 0)).toBe(true);
    child.kill('SIGTERM');
    await once(child, 'exit');
    const after = await start('shared');
    await after.stop();
    expect(existsSync(join(folderOf(), 'owner.pid'))).toBe(false);
  });

  it('stops its server when its process exits without a word', async () => {
    const { child, pid, folder } = await startElsewhere('exits');
    child.kill('SIGUSR2');
    await once(child, 'exit');
    // Nobody starts it anew here: that it goes is the doing of the process that left.
    expect(serverIn(folder) ?? pid).toBe(pid);
    while (serverIn(folder) !== undefined) await new Promise((resolve) => setImmediate(resolve));
  });

  it('does not begin with logins that are not plain', async () => {
    for (const login of ['postgres', 'hallpass_bot', 'Mia', "x'; DROP", '']) {
      await expect(startLocalTarget({ dataDir: join(home, 'never'), log, people: [{ login }] })).rejects.toThrow(
        RangeError,
      );
    }
    expect(existsSync(join(home, 'never'))).toBe(false);
  });
});
