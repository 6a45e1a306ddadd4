// The watchdog over a whole Hallpass that lives and dies: silent while all is well, heard within 180 seconds after the last
// replica is gone (threat F15), heard again, and quiet when it is over.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { generateKey } from '../src/core/ledger/note-key.ts';
import { systemClock, systemIds } from '../src/lib/system-clock.ts';
import { startWorkspace } from '../src/local/slack/workspace.ts';
import type { Log } from '../src/ports/log.ts';
import type { Pager } from '../src/ports/pager.ts';
import type { Store } from '../src/ports/store.ts';
import { type Look, lookAtPages, lookAtStore, startWatchdog } from '../src/watchdog.ts';
import { type ManualClock, manualClock } from './fakes/manual-clock.ts';
import { openWorld } from './world.ts';
import { quietLog } from './world-ports.ts';

const LOOK_SECONDS = 15;

interface Watched {
  readonly pages: { readonly code: string; readonly at: number }[];
  readonly said: string[];
  readonly warned: string[];
  /** Lets this much virtual time pass, look after look. */
  pass(seconds: number): Promise<void>;
}

/** `alive` is what the watched do meanwhile, at each step of 15 s. */
function watching(
  clock: ManualClock,
  look: (log: Log) => Look,
  alive: () => Promise<unknown> = async () => undefined,
): Watched {
  const [pages, said, warned]: [Watched['pages'], string[], string[]] = [[], [], []];
  const page: Pager['page'] = async ({ code }) => void pages.push({ code, at: clock.now() });
  const log = { ...quietLog, warn: (message: string) => void warned.push(message) };
  const pager: Pager = { name: 'duty', page, check: async () => undefined };
  let looks = 0;
  let looked: () => void = () => undefined;
  const inner = look(log);
  const counted: Look = (signal) =>
    inner(signal).finally(() => {
      looks += 1;
      looked();
    });
  const dog = startWatchdog({
    ...{ pagers: [pager], clock, log, organization: 'acme', look: counted },
    say: ({ code, overAt }) => void said.push(overAt === undefined ? code : `over ${code}`),
  });
  onTestFinished(() => dog.stop());
  const lookedAt = (count: number) =>
    new Promise<void>((resolve) => {
      looked = () => looks >= count && resolve();
      looked();
    });
  return {
    pages,
    said,
    warned,
    async pass(seconds) {
      await lookedAt(Math.max(looks, 1));
      await clock.advance(0);
      for (let passed = 0; passed < seconds; passed += LOOK_SECONDS) {
        const next = looks + 1;
        await alive();
        await clock.advance(LOOK_SECONDS * 1000);
        await lookedAt(next);
        // The judging and the paging of what was seen.
        await clock.advance(0);
      }
    },
  };
}

const after = (pages: Watched['pages'], since: number) =>
  pages.filter(({ at }) => at >= since).map(({ code, at }) => `${code} ${(at - since) / 1000}`);

describe('on the store', () => {
  it('F15: every replica dies; who sweeps and what is late is heard within 180 s, again and again, until it is over', async () => {
    const world = await openWorld();
    await world.pass(1);
    let isAlive = true;
    const store: Store = { ...world.store, close: async () => undefined };
    const dog = watching(
      world.clock,
      () => lookAtStore(async () => store),
      async () => {
        // A sweep, and what it ordered, without moving the clock.
        if (isAlive) await world.pass(1, 1);
      },
    );
    await world.livePass();
    await dog.pass(3000);
    expect(dog.pages).toEqual([]);
    isAlive = false;
    const diedAt = world.clock.now();
    await dog.pass(1800);
    const { late } = await world.store.figures();
    const [sweeps, overdue] = ['nobody-sweeps', 'revoke-overdue'].map((code) =>
      dog.pages.filter((page) => page.code === code).map(({ at }) => at),
    );
    expect((sweeps?.[0] ?? 0) - diedAt).toBeLessThanOrEqual(180_000);
    expect((overdue?.[0] ?? 0) - (late.since ?? 0)).toBeLessThanOrEqual(180_000);
    expect((sweeps?.[1] ?? 0) - (sweeps?.[0] ?? 0)).toBe(900_000);
    isAlive = true;
    await dog.pass(120);
    expect(dog.said.slice(-2)).toEqual(['over nobody_sweeps', 'over revoke_overdue']);
    const silentFrom = world.clock.now();
    await dog.pass(1800);
    expect(after(dog.pages, silentFrom)).toEqual([]);
    expect(world.fake.target.has('acct:mia@acme.test', 'readonly')).toBe(false);
    await world.close();
  });

  it('a store that cannot be read is opened again at each look, and heard of within 180 s', async () => {
    const world = await openWorld();
    await world.pass(1);
    let [opened, closed, isThere] = [0, 0, true];
    const close = async () => {
      closed += 1;
    };
    const open = async (): Promise<Store> => {
      if (!isThere) throw new Error('the database is away');
      opened += 1;
      const figures = () => (isThere ? world.store.figures() : Promise.reject(new Error('the database is away')));
      return { ...world.store, figures, close };
    };
    const dog = watching(
      world.clock,
      () => lookAtStore(open),
      async () => void (await world.pass(1, 1)),
    );
    await dog.pass(600);
    expect([opened, closed, dog.pages]).toEqual([1, 0, []]);
    isThere = false;
    const awayAt = world.clock.now();
    await dog.pass(180);
    expect(dog.said).toEqual(['hallpass_unreachable']);
    expect((dog.pages[0]?.at ?? 0) - awayAt).toBeLessThanOrEqual(180_000);
    isThere = true;
    await dog.pass(30);
    expect(dog.said).toEqual(['hallpass_unreachable', 'over hallpass_unreachable']);
    expect([opened, closed]).toEqual([2, 1]);
    await world.close();
  });

  it('a store that hangs is one that cannot be read', async () => {
    const clock = manualClock();
    const dog = watching(clock, () => () => new Promise(() => undefined));
    for (let passed = 0; passed < 180; passed += 5) await clock.advance(5_000);
    expect(dog.said).toEqual(['hallpass_unreachable']);
    expect(dog.pages[0]?.code).toBe('hallpass-unreachable');
  });
});

describe('on the figures of replicas', () => {
  it('F15: real processes, killed: one of two that is gone is no alarm, both are, within 180 s', async () => {
    const [one, two] = [await replica(), await replica()];
    const clock = manualClock();
    const urls = [one, two].map(({ port }) => `http://127.0.0.1:${port}/metrics`);
    const dog = watching(clock, (log) => lookAtPages(urls, fetch, log));
    await dog.pass(60);
    expect([dog.said, dog.warned]).toEqual([[], []]);
    await one.kill();
    await dog.pass(300);
    expect(dog.said).toEqual([]);
    expect(dog.warned.length).toBeGreaterThan(10);
    const diedAt = clock.now();
    await two.kill();
    await dog.pass(990);
    const heard = after(dog.pages, diedAt);
    expect(dog.said).toEqual(['hallpass_unreachable']);
    expect(heard).toEqual([
      expect.stringMatching(/^hallpass-unreachable (75|90)$/),
      expect.stringMatching(/ (975|990)$/),
    ]);
  });
});

/** The process as people start it, with a store and a workspace of its own; answers when its figures can be had. */
async function replica(): Promise<{ readonly port: number; kill(): Promise<void> }> {
  const workspace = await startWorkspace({
    clock: systemClock,
    ids: systemIds,
    users: [{ id: 'U0ANA', name: 'ana', email: 'ana@acme.test' }],
    channels: [{ id: 'C0AUDIT', name: 'audit', members: ['U0HALLPASS'] }],
    rateLimits: false,
  });
  onTestFinished(() => workspace.stop());
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-watched-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(
    join(folder, 'hallpass.yaml'),
    `organization: acme
chat: { slack: { mode: socket, api_url: "${workspace.apiUrl}" } }
audit_channel: slack:C0AUDIT
security: secops
internal: { port: 0 }
groups: { secops: { members: [ana@acme.test, ben@acme.test] } }
targets: { db: { adapter: postgres, url: $DB_URL, people: "{mail.local}" } }
roles:
  db-readonly: { title: Read, target: db, grant: { role: readonly }, risk: low, who: [secops], duration: { default: 1h, max: 2h }, approval: [{ from: [secops] }] }
`,
  );
  const env = {
    ...{ PATH: process.env['PATH'] ?? '', SLACK_BOT_TOKEN: workspace.botToken, SLACK_APP_TOKEN: workspace.appToken },
    ...{ HALLPASS_SIGNING_KEY: generateKey('hallpass/acme').secret, DB_URL: 'postgres://bot:word@127.0.0.1:1/db' },
  };
  const main = new URL('../src/main.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [main], { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  const port = await new Promise<number>((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (bytes) => {
      output += String(bytes);
      const found = /"internalPort":(\d+)/.exec(output);
      if (found) resolve(Number(found[1]));
    });
    void ended.then(() => reject(new Error(`ended before it was ready:\n${output}`)));
  });
  return {
    port,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
