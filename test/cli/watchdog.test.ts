// `hallpass watchdog` as people run it: what it needs of the configuration, its exit codes, and a page that arrives from a real
// process, over real HTTP on both sides.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type WatchdogFlags, watchdog } from '../../src/cli/watchdog.ts';
import { readWatchdog } from '../../src/config/read-watchdog.ts';
import { systemClock, systemIds } from '../../src/lib/system-clock.ts';
import { openMetrics } from '../../src/metrics/metrics.ts';
import { pagers } from '../../src/pagers/registry.ts';
import type { Figures } from '../../src/ports/figures.ts';
import { openStore } from '../../src/store/open-store.ts';
import { startPageReceiver } from '../fakes/fake-http-pager.ts';
import { usePostgres } from '../postgres-server.ts';
import { quietLog } from '../world-ports.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const CLI = new URL('../../src/cli.ts', import.meta.url).pathname;
const now = systemClock.now();
const FINE: Figures = {
  ...{ now, grants: [], late: { alarms: 0 }, pendingSince: [], jobs: [], sweptAt: now },
  log: { size: 5, signedAt: now, unsigned: { count: 0 }, untold: { count: 0 } },
};
const LATE: Figures = { ...FINE, late: { since: now - 500_000, alarms: 1 } };

const postgres = usePostgres(18);

function folder(yaml: string): string {
  const path = mkdtempSync(join(tmpdir(), 'hallpass-watchdog-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  writeFileSync(join(path, 'hallpass.yaml'), yaml);
  return path;
}

/** A replica's internal port, with these figures. */
async function replica(figures: () => Promise<Figures>): Promise<string> {
  const metrics = openMetrics({ clock: systemClock, log: quietLog });
  const server = createServer(async (_request, response) => {
    response.end(await metrics.page({ figures, ready: () => true, writable: () => true }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
}

async function run(flags: WatchdogFlags, yaml: string, env: Record<string, string> = {}) {
  const lines: string[] = [];
  const code = await watchdog(flags, {
    ...{ clock: systemClock, ids: systemIds, log: quietLog, env, stop: new AbortController().signal },
    configFile: join(folder(yaml), 'hallpass.yaml'),
    write: (line) => void lines.push(line),
  });
  return { code, lines };
}

describe('what it needs of the configuration', () => {
  const read = (text: string, wantsStore: boolean, env: Record<string, string> = {}) =>
    readWatchdog({ path: 'hallpass.yaml', text, env, pagers, wantsStore });
  const PAGED = `organization: acme\nalarms: [{ pager: webhook, url: $URL, secret: $SECRET }]\n`;
  const ENV = { URL: 'https://pages.acme.test/x', SECRET };

  it('whom to page, and nothing of Slack, keys, targets and roles, which may be there or not', () => {
    const whole = `${PAGED}security: nobody\nchat: { slack: {} }\ntargets: { db: { url: $DB_URL } }\nrolls: 1\n`;
    for (const text of [PAGED, whole]) {
      const result = read(text, false, ENV);
      if (!result.ok) throw new Error(result.report);
      expect(result.config).toMatchObject({ organization: 'acme', alarms: [{ name: 'webhook', pager: 'webhook' }] });
      expect(result.config.store).toBeUndefined();
      expect(result.config.secrets).toHaveLength(2);
    }
  });

  it('where the store is, only when it is looked at', () => {
    const text = 'organization: acme\nstore: $HALLPASS_STORE\n';
    expect(read(text, false)).toMatchObject({ ok: true });
    expect(read(text, true)).toMatchObject({ ok: false, report: expect.stringContaining('HALLPASS_STORE is not set') });
    const set = read(text, true, { HALLPASS_STORE: 'postgres://watch:word@db.acme.test/hallpass' });
    expect(set).toMatchObject({ ok: true, config: { store: { kind: 'postgres' } } });
    expect(JSON.stringify(set)).not.toContain('word');
    expect(read('organization: acme\n', true)).toMatchObject({ ok: true, config: { store: { kind: 'sqlite' } } });
  });

  it.each([
    ['no organization', 'alarms: []\n', /organization/],
    ['a pager there is none of', 'organization: acme\nalarms: [{ pager: pigeon }]\n', /hallpass\.yaml:2:\d+: error/],
    ['a variable that is not set', PAGED, /URL is not set/],
    ['no YAML', 'organization: [', /error/],
    [
      'a secret in the file',
      `organization: acme\nalarms: [{ pager: webhook, url: "https://a.test/", secret: ${SECRET} }]\n`,
      /secret stands in the file/,
    ],
  ])('%s is told with its place', (_name, text, words) => {
    const result = read(text, true);
    expect(result.ok ? 'taken' : result.report).toMatch(words);
    expect(JSON.stringify(result)).not.toContain(SECRET);
  });
});

describe('one look', () => {
  it('0 when all is well, 2 with a line for each trouble, 2 when nothing can be seen', async () => {
    const yaml = 'organization: acme\n';
    const fine = await replica(async () => FINE);
    const late = await replica(async () => LATE);
    const blind = await replica(() => Promise.reject(new Error('away')));
    expect(await run({ once: true, metrics: [fine] }, yaml)).toEqual({ code: 0, lines: [] });
    const line = 'ALARM: Hallpass could not end access in time: access that should be gone is there for 500 s';
    const found = await run({ once: true, metrics: [fine, late] }, yaml);
    expect([found.code, found.lines]).toEqual([2, [`${line}. Run-book: revoke-overdue`]]);
    expect(await run({ once: true, metrics: [fine, blind] }, yaml)).toEqual({ code: 0, lines: [] });
    expect(await run({ once: true, metrics: [blind, 'http://127.0.0.1:1/metrics'] }, yaml)).toEqual({
      code: 2,
      lines: ['ALARM: Hallpass cannot be seen: nothing could be read at all. Run-book: hallpass-unreachable'],
    });
  });

  it('looks into a store that another process writes, and changes nothing in it', async () => {
    const file = join(folder(''), 'store.db');
    const store = await openStore(`sqlite:${file}`, { clock: systemClock, ids: systemIds, log: quietLog });
    onTestFinished(() => store.close());
    const yaml = `organization: acme\nstore: sqlite:${file}\n`;
    const never = await run({ once: true }, yaml);
    expect([never.code, never.lines[0]]).toEqual([2, expect.stringContaining('no replica has swept at all')]);
    await store.beat();
    const before = await store.counts();
    expect(await run({ once: true }, yaml)).toEqual({ code: 0, lines: [] });
    expect(await store.counts()).toEqual(before);
  });

  it('looks into a store on PostgreSQL', async () => {
    const url = await postgres().newDatabase();
    const store = await openStore(url, { clock: systemClock, ids: systemIds, log: quietLog });
    onTestFinished(() => store.close());
    await store.beat();
    const looked = await run({ once: true }, 'organization: acme\nstore: $HALLPASS_STORE\n', { HALLPASS_STORE: url });
    expect(looked).toEqual({ code: 0, lines: [] });
  });

  it('does not start with what is wrong: 1, with a remedy', async () => {
    const address = await run({ metrics: ['10.0.0.5:9464'] }, 'organization: acme\n');
    expect([address.code, address.lines.join()]).toEqual([1, expect.stringContaining('write an address such as')]);
    const config = await run({ metrics: ['http://a.test/metrics'] }, 'rolls: 1\n');
    expect([config.code, config.lines.join()]).toEqual([1, expect.stringContaining('hallpass.yaml')]);
  });
});

describe('the process', () => {
  it('pages somebody when access is late; SIGTERM ends it with 0, when the page is out', async () => {
    const url = await replica(async () => LATE);
    const receiver = await startPageReceiver(SECRET);
    onTestFinished(() => receiver.close());
    const yaml =
      'organization: acme\nalarms: [{ pager: webhook, url: $URL, secret: $SECRET, allow_private_networks: [127.0.0.0/8] }]\n';
    const child = spawn(process.execPath, [CLI, 'watchdog', '--metrics', url], {
      cwd: folder(yaml),
      env: { PATH: process.env['PATH'] ?? '', URL: receiver.url, SECRET },
      stdio: ['ignore', 'inherit', 'pipe'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const ended = new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)));
    let output = '';
    const heard = new Set<() => void>();
    child.stderr.on('data', (bytes) => {
      output += String(bytes);
      for (const look of heard) look();
    });
    const said = (words: string) =>
      new Promise<void>((resolve, reject) => {
        const look = () => output.includes(words) && resolve();
        heard.add(look);
        look();
        void ended.then(() => reject(new Error(`ended before it said “${words}”:\n${output}`)));
      });
    await said('watching; pagers: webhook');
    await said('ALARM: Hallpass could not end access in time');
    child.kill('SIGTERM');
    expect([await ended, output.includes(SECRET)]).toEqual([0, false]);
    const pages = [...receiver.received.values()].map(({ data }) => data);
    expect(pages).toHaveLength(1);
    expect(pages[0]).toMatchObject({
      ...{ organization: 'acme', code: 'revoke-overdue', run_book: 'docs/run-book.md#revoke-overdue' },
      key: expect.stringMatching(/^watchdog:revoke-overdue:\d+$/),
    });
  });
});
