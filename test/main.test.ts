// The process itself: what it refuses to start with, that a lost file never becomes a demo, and that it stops in order.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { generateKey } from '../src/core/ledger/note-key.ts';
import { systemClock, systemIds } from '../src/lib/system-clock.ts';
import { startWorkspace } from '../src/local/slack/workspace.ts';

const MAIN = new URL('../src/main.ts', import.meta.url).pathname;

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'hallpass-main-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function start(cwd: string, env: Record<string, string>) {
  const child = spawn(process.execPath, [MAIN], {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', HOME: cwd, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (bytes) => {
      output += String(bytes);
      for (const look of waiting) look();
    });
  }
  const ended = new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)));
  return {
    child,
    ended,
    output: () => output,
    seen: (words: string) =>
      new Promise<void>((resolve, reject) => {
        const look = () => output.includes(words) && resolve();
        waiting.add(look);
        look();
        void ended.then(() => reject(new Error(`ended before it said “${words}”:\n${output}`)));
      }),
  };
}

describe('what it does not start with', () => {
  it.each([
    ['NODE_ENV=production', { NODE_ENV: 'production' }, () => undefined],
    ['HALLPASS_CONFIG', { HALLPASS_CONFIG: 'lost.yaml' }, () => undefined],
    [
      'a real store',
      {},
      (path: string) => {
        mkdirSync(join(path, 'data'));
        writeFileSync(join(path, 'data', 'hallpass.db'), '');
      },
    ],
  ] as const)('%s and no configuration: no demo, but a remedy', async (_name, env, prepare) => {
    const path = folder();
    prepare(path);
    const run = start(path, env as Record<string, string>);
    expect(await run.ended).toBe(1);
    expect(run.output()).toContain('does not exist');
    expect(run.output()).toContain('Copy hallpass.example.yaml');
    expect(run.output()).not.toContain('http://127.0.0.1');
  });

  it('a wrong configuration: every problem with line, column and remedy, and nothing is started', async () => {
    const path = folder();
    writeFileSync(join(path, 'hallpass.yaml'), 'organization: acme\nrolls: {}\nsecurity: [\n');
    const run = start(path, {});
    expect(await run.ended).toBe(1);
    expect(run.output()).toMatch(/hallpass\.yaml:\d+:\d+: error/);
    expect(run.output()).toContain('→');
  });
});

describe('a deployment', () => {
  it('starts with its configuration, and SIGTERM ends it in order with exit code 0', async () => {
    const workspace = await startWorkspace({
      clock: systemClock,
      ids: systemIds,
      users: [{ id: 'U0ANA', name: 'ana', email: 'ana@acme.test' }],
      channels: [{ id: 'C0AUDIT', name: 'audit', members: ['U0HALLPASS'] }],
      rateLimits: false,
    });
    onTestFinished(() => workspace.stop());
    const path = folder();
    writeFileSync(
      join(path, 'hallpass.yaml'),
      `organization: acme
chat: { slack: { mode: socket, command: /jit, api_url: "${workspace.apiUrl}" } }
audit_channel: slack:C0AUDIT
security: secops
http: { host: 127.0.0.1, port: 0 }
internal: { port: 0 }
groups: { secops: { members: [ana@acme.test, ben@acme.test] }, engineers: { members: [mia@acme.test] } }
targets: { db: { adapter: postgres, url: $DB_URL, people: "{mail.local}" } }
roles:
  db-readonly: { title: Read, target: db, grant: { role: readonly }, risk: low, who: [engineers], duration: { default: 1h, max: 2h }, approval: [{ from: [secops], count: 1 }] }
`,
    );
    const run = start(path, {
      SLACK_BOT_TOKEN: workspace.botToken,
      SLACK_APP_TOKEN: workspace.appToken,
      HALLPASS_SIGNING_KEY: generateKey('hallpass/acme').secret,
      DB_URL: 'postgres://bot:secret-word@127.0.0.1:1/db',
    });
    await run.seen('hallpass is ready');
    run.child.kill('SIGTERM');
    expect(await run.ended, run.output()).toBe(0);
    expect(run.output()).not.toContain('secret-word');
    expect(workspace.connections()).toBe(0);
  });
});

describe('what an operator can mend is said in a sentence, without a stack', () => {
  const yaml = (apiUrl: string, internal: number, store = '') => `organization: acme
chat: { slack: { mode: socket, command: /jit, api_url: "${apiUrl}" } }
audit_channel: slack:C0AUDIT
security: secops
internal: { port: ${internal} }
${store}
groups: { secops: { members: [ana@acme.test, ben@acme.test] }, engineers: { members: [mia@acme.test] } }
targets: { db: { adapter: postgres, url: $DB_URL, people: "{mail.local}" } }
roles:
  db-readonly: { title: Read, target: db, grant: { role: readonly }, risk: low, who: [engineers], duration: { default: 1h, max: 2h }, approval: [{ from: [secops], count: 1 }] }
`;
  const env = () => ({
    SLACK_BOT_TOKEN: 'xoxb-1-2-abcdefghijklmnop',
    SLACK_APP_TOKEN: 'xapp-1-A1-2-abcdefghijklmnop',
    HALLPASS_SIGNING_KEY: generateKey('hallpass/acme').secret,
    DB_URL: 'postgres://bot:secret-word@127.0.0.1:1/db',
  });

  it('a port that is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    const path = folder();
    writeFileSync(join(path, 'hallpass.yaml'), yaml('http://127.0.0.1:1/api/', port));
    const run = start(path, env());
    expect(await run.ended).toBe(1);
    expect(run.output()).toContain(`Port ${port} on 127.0.0.1 is taken.`);
    expect(run.output()).toContain('→ End the program that listens there, or set another port');
    expect(run.output()).not.toContain('    at ');
  });

  it('a store that is damaged', async () => {
    const path = folder();
    mkdirSync(join(path, 'data'));
    writeFileSync(join(path, 'data', 'hallpass.db'), 'no database at all, and longer than a header of SQLite would be');
    writeFileSync(join(path, 'hallpass.yaml'), yaml('http://127.0.0.1:1/api/', 0));
    const run = start(path, env());
    expect(await run.ended).toBe(1);
    expect(run.output()).toContain('Hallpass did not start.');
    expect(run.output()).toContain('restore the last backup');
    expect(run.output()).not.toContain('    at ');
  });
});
