// Commands of the machine against a Hallpass that really runs: asked by its socket while it lives, its store used when it does
// not, and what a killed one left in nobody's way.
import { spawn, spawnSync } from 'node:child_process';
import { lstatSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { generateKey } from '../../src/core/ledger/note-key.ts';
import { systemClock, systemIds } from '../../src/lib/system-clock.ts';
import { startWorkspace } from '../../src/local/slack/workspace.ts';

const MAIN = new URL('../../src/main.ts', import.meta.url).pathname;
const CLI = new URL('../../src/cli.ts', import.meta.url).pathname;

interface Deployment {
  readonly folder: string;
  start(): Running;
  /** Output and errors together. */
  run(...args: readonly string[]): Promise<{ readonly code: number | null; readonly said: string }>;
}
interface Running {
  seen(words: string): Promise<void>;
  readonly ended: Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
  output(): string;
}

async function deployment(store = 'sqlite:./data/hallpass.db'): Promise<Deployment> {
  const workspace = await startWorkspace({
    clock: systemClock,
    ids: systemIds,
    users: [{ id: 'U0ANA', name: 'ana', email: 'ana@acme.test' }],
    channels: [{ id: 'C0AUDIT', name: 'audit', members: ['U0HALLPASS'] }],
    rateLimits: false,
  });
  onTestFinished(() => workspace.stop());
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-machine-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(
    join(folder, 'hallpass.yaml'),
    `organization: acme
store: ${store}
chat: { slack: { mode: socket, command: /jit, api_url: "${workspace.apiUrl}" } }
audit_channel: slack:C0AUDIT
security: secops
internal: { port: 0 }
groups: { secops: { members: [ana@acme.test, ben@acme.test] }, engineers: { members: [mia@acme.test] } }
targets: { db: { adapter: postgres, url: $DB_URL, people: "{mail.local}" } }
roles:
  db-readonly: { title: Read, target: db, grant: { role: readonly }, risk: low, who: [engineers], duration: { default: 1h, max: 2h }, approval: [{ from: [secops], count: 1 }] }
`,
  );
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    NO_COLOR: '1',
    SLACK_BOT_TOKEN: workspace.botToken,
    SLACK_APP_TOKEN: workspace.appToken,
    HALLPASS_SIGNING_KEY: generateKey('hallpass/acme').secret,
    HALLPASS_STORE: 'postgres://hallpass:store-word@127.0.0.1:1/hallpass',
    DB_URL: 'postgres://bot:secret-word@127.0.0.1:1/db',
  };
  const begin = (args: readonly string[]) => started(folder, env, args);
  return {
    folder,
    start: () => begin([MAIN]),
    async run(...args) {
      const running = begin([CLI, ...args]);
      return { code: await running.ended, said: running.output() };
    },
  };
}

function started(cwd: string, env: Record<string, string>, args: readonly string[]): Running {
  const child = spawn(process.execPath, [...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  const looks = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (bytes) => {
      output += String(bytes);
      for (const look of looks) look();
    });
  }
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return {
    ended,
    output: () => output,
    kill: (signal) => void child.kill(signal),
    seen: (words) =>
      new Promise((resolve, reject) => {
        const look = () => output.includes(words) && resolve();
        looks.add(look);
        look();
        void ended.then(() => reject(new Error(`ended before it said “${words}”:\n${output}`)));
      }),
  };
}

describe('the command line and a running Hallpass', () => {
  it('talk by the socket while it runs, and the store is used when it does not', { timeout: 60_000 }, async () => {
    const { folder, start, run } = await deployment();
    const socket = join(folder, 'data', 'hallpass.sock');
    expect(await run('status')).toMatchObject({ code: 1, said: expect.stringContaining('No Hallpass runs here') });

    const running = start();
    await running.seen('hallpass is ready');
    expect(lstatSync(socket).mode & 0o777).toBe(0o600);
    const status = await run('status');
    expect(status.code, status.said).toBe(0);
    expect(status.said).toMatch(/chat +connected/);
    expect(status.said).toMatch(/live passes +0/);
    const unknown = await run('revoke', 'pass_nobody', '--why', 'to see');
    expect(unknown).toMatchObject({ code: 1 });
    expect(await run('revoke', 'pass_nobody')).toMatchObject({ code: 1, said: expect.stringContaining('--why') });
    const nobody = await run('person', 'confirm', 'person_nobody');
    expect(nobody).toMatchObject({ code: 1, said: expect.stringContaining('There is no person person_nobody') });

    const second = start();
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain('Another Hallpass runs here');
    expect((await run('status')).code).toBe(0);

    running.kill('SIGKILL');
    await running.ended;
    expect(lstatSync(socket).isSocket()).toBe(true);
    expect(await run('status')).toMatchObject({ code: 1, said: expect.stringContaining('No Hallpass runs here') });
    const alone = await run('person', 'confirm', 'person_nobody');
    expect(alone).toMatchObject({ code: 1, said: expect.stringContaining('There is no person person_nobody') });

    const again = start();
    await again.seen('hallpass is ready');
    expect((await run('status')).code).toBe(0);
    again.kill('SIGTERM');
    expect(await again.ended, again.output()).toBe(0);
    expect(lstatSync(socket, { throwIfNoEntry: false })).toBeUndefined();
  });

  it('a process that waits for its store says so, and goes when it is told', async () => {
    const { start, run } = await deployment('$HALLPASS_STORE');
    const running = start();
    await running.seen('the store cannot be reached');
    const status = await run('status');
    expect(status).toMatchObject({ code: 1, said: expect.stringContaining('waits for its store') });
    running.kill('SIGTERM');
    expect(await running.ended).toBe(1);
    expect(running.output()).not.toContain('store-word');
  });

  it.runIf(process.getuid?.() === 0)('refuses another user, with the remedy', { timeout: 60_000 }, async () => {
    const { folder, start } = await deployment();
    const running = start();
    await running.seen('hallpass is ready');
    const client = new URL('../../src/control/client.ts', import.meta.url).href;
    const script = `import { askStatus } from ${JSON.stringify(client)};
      process.setgid(65534); process.setuid(65534);
      askStatus('data/hallpass.sock').catch((error) => console.log(error.message));`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { cwd: folder });
    expect(String(stdout)).toContain('Run this command as the user that runs Hallpass');
    running.kill('SIGTERM');
    await running.ended;
  });
});
