// From the start of the process until people can be served, and the memory it takes: a deployment (Socket Mode, the default,
// against a Slack-compatible workspace), local mode, and what `npm start` adds. Medians.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ActOutcome } from '../src/local/slack/control-api.ts';
import { line, start, startHelper } from './child.ts';
import { answers, MAIN, startProgram } from './deployment.ts';
import { figure, median } from './figures.ts';
import { SEEDED, type SeededStore, seedStore } from './seeded-store.ts';
import { commandOf } from './slack-requests.ts';
import { REVIEW, TOKENS, type World } from './world.ts';

const STARTS = 5;
const COMMANDS = 1_000;
const AT_ONCE = 10;

const folder = mkdtempSync(join(tmpdir(), 'hallpass-bench-'));
const world = await startHelper<World>('world-process.ts', TOKENS);
try {
  const seeded = await seedStore(world.said, join(folder, 'seed'));
  const starts = await several(() => startAndServe(seeded));
  figure('start_ready', median(starts.map(({ ready }) => ready)), 'ms (goal < 1000)');
  figure('start_memory', median(starts.map(({ memory }) => memory)), 'MB (goal < 150)');
  figure('start_memory_after_1000_commands', median(starts.map(({ later }) => later)), 'MB (goal < 150)');
  figure('start_npm', median(await several(() => startByNpm(seeded))), 'ms');
} finally {
  await world.stop();
}
const home = join(folder, 'local');
mkdirSync(home);
figure('start_local_first', (await startLocal(home)).ready, 'ms');
const local = await several(() => startLocal(home));
figure('start_local', median(local.map(({ ready }) => ready)), 'ms');
figure('start_local_memory', median(local.map(({ memory }) => memory)), 'MB');
rmSync(folder, { recursive: true, force: true });

async function several<Result>(measure: () => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let time = 0; time < STARTS; time += 1) results.push(await measure());
  return results;
}

async function startAndServe(seeded: SeededStore) {
  const deployment = await seeded.deploy(join(folder, 'run'), 'socket');
  const program = await startProgram(deployment);
  const memory = memoryOf(program.pid);
  await Promise.all(Array.from({ length: AT_ONCE }, (_, worker) => sendCommands(worker)));
  const later = memoryOf(program.pid);
  await program.stop();
  rmSync(deployment.folder, { recursive: true });
  return { ready: program.readyAfter, memory, later };
}

/** Half of them list, half of them ask: through the workspace, as people do it. */
async function sendCommands(worker: number): Promise<void> {
  for (let number = worker; number < COMMANDS; number += AT_ONCE) {
    const { user, text } = commandOf(number % 2 === 0 ? 'list' : 'ask', SEEDED + number);
    const body = JSON.stringify({ as: user, channel: REVIEW, command: '/jit', text });
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${world.said.url}/local/slash`, { method: 'POST', headers, body });
    const { acked, failure } = (await answer.json()) as ActOutcome;
    if (!acked || failure !== undefined) throw new Error(`a command was not answered: ${failure}`);
  }
}

async function startByNpm(seeded: SeededStore): Promise<number> {
  const deployment = await seeded.deploy(join(folder, 'npm'), 'socket');
  const program = await startProgram(deployment, ['start'], 'npm');
  await program.stop();
  rmSync(deployment.folder, { recursive: true });
  return program.readyAfter;
}

/** Until the address is printed and its page answers. The first time a database is made. */
async function startLocal(cwd: string) {
  const { HALLPASS_CONFIG: _config, NODE_ENV: _environment, ...env } = process.env;
  const program = start([MAIN], { cwd, env: { ...env, HALLPASS_PORT: '0' }, output: 'pipe' });
  const url = /http:\/\/\S+/.exec(await line(program, /http:\/\//))?.[0] ?? '';
  if (!(await answers(url))) throw new Error(`the page at ${url} does not answer`);
  const ready = performance.now() - program.startedAt;
  const memory = memoryOf(program.pid);
  await program.stop();
  return { ready, memory };
}

/** Resident memory in MB, of the process alone. */
function memoryOf(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024;
}
