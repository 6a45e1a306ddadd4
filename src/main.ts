// The process: decides between a deployment and local mode, ticks, and turns signals into an orderly stop.
// Imported by nobody.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import cron from 'node-cron';
import { configPath, loadConfig } from './config/load-config.ts';
import { adapters } from './grants/registry.ts';
import { openLog } from './lib/log.ts';
import { nodeProblem } from './lib/node-version.ts';
import { pagers } from './pagers/registry.ts';
import type { Log } from './ports/log.ts';
import type { Program } from './program.ts';
import { startConfigured } from './start.ts';
import { startProblem } from './start-problem.ts';

/** The sweep is a safety net under the jobs: every 5 seconds is often enough for a lag of seconds when a poke was lost. */
const SWEEP_EVERY = '*/5 * * * * *';
const FAILED = 1;
const STOP_SIGNALS = ['SIGINT', 'SIGTERM'] as const;

interface Running {
  readonly program: Program;
  readonly log: Log;
  /** Whatever else has to end after the program. */
  stop(): Promise<void>;
}

async function run(): Promise<void> {
  const tooOld = nodeProblem(process.versions);
  if (tooOld !== undefined) return fail(tooOld);
  const folder = process.cwd();
  const isLocal = wantsLocalMode(folder);
  const started = leaveOnSignals();
  const running = isLocal ? await startLocal(folder) : await startDeployment(folder);
  started();
  if (!running) return;
  const ticks = cron.schedule(SWEEP_EVERY, () => running.program.tick(), {
    noOverlap: true,
    logger: cronLog(running.log),
  });
  stopOnSignals(running, async () => {
    await ticks.stop();
    await running.program.stop();
    await running.stop();
  });
}

/** A lost file must never become a demo: only where nothing at all speaks of a real deployment (design, day one). */
function wantsLocalMode(folder: string): boolean {
  const { HALLPASS_CONFIG, NODE_ENV } = process.env;
  if (HALLPASS_CONFIG !== undefined || NODE_ENV === 'production') return false;
  return !existsSync(configPath(process.env, folder)) && !existsSync(join(folder, 'data', 'hallpass.db'));
}

async function startDeployment(folder: string): Promise<Running | undefined> {
  const loaded = loadConfig(configPath(process.env, folder), process.env, { adapters, pagers });
  if (!loaded.ok) return fail(loaded.report);
  if (loaded.warnings !== '') process.stderr.write(`${loaded.warnings}\n`);
  const log = openLog({ level: loaded.config.logLevel });
  const program = await startConfigured(loaded.config, log, (reason) => end(log, reason));
  const { slack, catalog } = loaded.config;
  void program.ready.then((isUp) => {
    if (isUp)
      log.info('hallpass is ready', {
        organization: catalog.organization,
        mode: slack.mode,
        port: program.port,
        internalPort: program.internalPort,
      });
  });
  return { program, log, stop: async () => undefined };
}

async function startLocal(folder: string): Promise<Running | undefined> {
  const { startLocalMode } = await import('./local-mode.ts');
  const started = await startLocalMode({ folder, env: process.env, onFatal: (log, reason) => end(log, reason) });
  if (!started.ok) return fail(started.report);
  process.stdout.write(started.welcome);
  return started;
}

function fail(report: string): undefined {
  process.stderr.write(`${report}\n`);
  process.exitCode = FAILED;
  return undefined;
}

/**
 * Until there is something to stop in order: a start waits as long as its store is away. Without a listener the first process
 * of a container would not hear the signal at all. What it answers ends that.
 */
function leaveOnSignals(): () => void {
  const leave = (): void => process.exit(FAILED);
  for (const signal of STOP_SIGNALS) process.once(signal, leave);
  return () => {
    for (const signal of STOP_SIGNALS) process.off(signal, leave);
  };
}

let stopNow: (code: number) => void = (code) => process.exit(code);

/** The platform turned us away for good: end in order, and let the supervisor start us again. */
function end(log: Log, reason: string): void {
  log.error('hallpass cannot go on and stops', { reason });
  stopNow(FAILED);
}

function stopOnSignals(running: Running, stop: () => Promise<void>): void {
  let stopping = false;
  stopNow = (code) => {
    if (stopping) return;
    stopping = true;
    stop().then(
      () => process.exit(code),
      (error: unknown) => {
        running.log.error('the stop failed', { error });
        process.exit(FAILED);
      },
    );
  };
  for (const signal of STOP_SIGNALS) {
    process.on(signal, () => {
      // The second signal means it: no more waiting.
      if (stopping) process.exit(FAILED);
      running.log.info('stopping: running handlers and jobs are finished first', { signal });
      stopNow(0);
    });
  }
}

function cronLog(log: Log) {
  return {
    info: (message: string) => log.debug(message),
    warn: (message: string) => log.warn(message),
    error: (message: string | Error, error?: Error) => log.error('a tick failed', { error: error ?? message }),
    debug: (message: string | Error) => log.debug(String(message)),
  };
}

run().catch((error: unknown) => {
  const problem = startProblem(error);
  if (problem !== undefined) {
    process.stderr.write(`${problem}\n`);
    process.exit(FAILED);
  }
  const log = openLog({ destination: process.stderr });
  log.error('hallpass could not start', { error });
  process.exit(FAILED);
});
