// A small package that goes through scripts/run.mjs with a pretended npm: no network, no real install, the real scripts.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const scripts = join(import.meta.dirname, '../../scripts');

// Takes the next word of `npm.plan` (none: install), appends what it was asked to `npm.log`, and acts.
const NPM = `
const fs = require('node:fs');
const root = process.env.FIXTURE;
const plan = fs.existsSync(root + '/npm.plan') ? fs.readFileSync(root + '/npm.plan', 'utf8').split(' ').filter(Boolean) : [];
fs.writeFileSync(root + '/npm.plan', plan.slice(1).join(' '));
fs.appendFileSync(root + '/npm.log', JSON.stringify({ args: process.argv.slice(2), env: process.env }) + '\\n');
const at = process.argv[process.argv.indexOf('--prefix') + 1];
if (plan[0] === 'hang') process.on('SIGTERM', () => setInterval(() => {}, 1000)), setInterval(() => {}, 1000); // as npm, which takes its time
else if (plan[0] === 'fail') process.exitCode = 1;
else {
  fs.rmSync(at + '/node_modules', { recursive: true, force: true });
  for (const [name, text] of Object.entries(JSON.parse(fs.readFileSync(root + '/packages.json')))) {
    if (plan[0] === 'partly' && name.startsWith('platform/')) continue;
    fs.mkdirSync(require('node:path').dirname(at + '/node_modules/' + name), { recursive: true });
    fs.writeFileSync(at + '/node_modules/' + name, text, { mode: 0o755 });
  }
}
`;

// Copies src to --outDir as it is, the way tsc leaves plain code, and fails when a file says so.
const TSC = `
const fs = require('node:fs');
const path = require('node:path');
const out = process.argv[process.argv.indexOf('--outDir') + 1];
fs.appendFileSync(process.env.FIXTURE + '/tsc.log', 'built\\n');
for (const file of fs.readdirSync('src', { recursive: true })) {
  if (!file.endsWith('.ts')) continue;
  const text = fs.readFileSync('src/' + file, 'utf8');
  if (text.includes('type error')) process.exitCode = 2;
  fs.mkdirSync(path.dirname(path.join(out, file)), { recursive: true });
  fs.writeFileSync(path.join(out, file.replace(/ts$/, 'js')), text);
}
`;

const PLATFORM = 'platform/here';
const lock = {
  packages: {
    [`node_modules/${PLATFORM}`]: { optional: true, os: [process.platform], cpu: [process.arch] },
    'node_modules/platform/elsewhere': { optional: true, os: ['plan9'], cpu: [process.arch] },
  },
};

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

export interface Fixture {
  readonly root: string;
  write(path: string, text: string): void;
  read(path: string): string;
  has(path: string): boolean;
  /** Starts run.mjs; `env` is laid over the test's own. */
  start(args: readonly string[], env?: Readonly<Record<string, string>>): Running;
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>;
  npmCalls(): { args: string[]; env: Record<string, string> }[];
  remove(): void;
}

/** A fresh clone: nothing installed, nothing built. */
export function freshClone(): Fixture {
  const root = mkdtempSync(join(tmpdir(), 'hallpass-setup-'));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const read = (path: string) => readFileSync(join(root, path), 'utf8');
  const has = (path: string) => existsSync(join(root, path));
  cpSync(scripts, join(root, 'scripts'), { recursive: true });
  write('package.json', '{"type":"module"}');
  write('package-lock.json', JSON.stringify(lock));
  write('tsconfig.json', '{}');
  write('npm/npm-cli.js', NPM);
  write('npm/package.json', '{"type":"commonjs"}');
  write(
    'packages.json',
    JSON.stringify({ [PLATFORM]: '', 'typescript/bin/tsc': TSC, 'typescript/package.json': '{}' }),
  );
  write('src/main.ts', "console.log('main', process.argv.slice(2).join(' '));");
  const start: Fixture['start'] = (args, env = {}) => startRun(root, args, env);
  return {
    root,
    write,
    read,
    has,
    start,
    run: (args, env) => start(args, env).ended,
    npmCalls: () =>
      has('npm.log')
        ? read('npm.log')
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line))
        : [],
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

function startRun(root: string, args: readonly string[], env: Readonly<Record<string, string>>): Running {
  const { npm_lifecycle_event: _, ...own } = process.env;
  const child = spawn(process.execPath, ['scripts/run.mjs', ...args], {
    cwd: root,
    env: { ...own, npm_execpath: join(root, 'npm/npm-cli.js'), FIXTURE: root, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const text = { out: '', err: '' };
  child.stdout.on('data', (data) => {
    text.out += data;
  });
  child.stderr.on('data', (data) => {
    text.err += data;
  });
  const ended = once(child, 'close').then(([code, signal]): Ended => ({ code, signal, ...text }));
  return { child, ended };
}

/** Resolves when `path` exists; without polling, so that a test waits exactly as long as it must. */
export async function appeared(fixture: Fixture, path: string): Promise<void> {
  const watcher = watch(fixture.root);
  try {
    while (!fixture.has(path)) await once(watcher, 'change');
  } finally {
    watcher.close();
  }
}
