// One PostgreSQL server on loopback, run from a folder of its programs: made if new, taken back if left over, stopped.
// Knows nothing of what is in it. Must never be used for anything but local mode and tests.
import { execFile } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ServerAccount } from './postgres-programs.ts';

export interface ServerOptions {
  /** The folder with `initdb`, `pg_ctl` and `postgres`. */
  readonly programs: string;
  readonly account: ServerAccount;
  /** Everything of the server lives here: `cluster/` with `server.log`, and `owner.pid`. */
  readonly folder: string;
  /** Of the superuser `postgres`; used when the server is made for the first time. */
  readonly password: string;
  /** Must be this one. */
  readonly port?: number;
  /** Better this one than any other, if it is free. */
  readonly preferredPort?: number;
  readonly settings?: Readonly<Record<string, string>>;
}
export interface PostgresServer {
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

const START_SECONDS = 60;
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '60',
  shared_buffers: '16MB',
  password_encryption: 'scram-sha-256',
  log_timezone: 'UTC',
  timezone: 'UTC',
} as const;

/** Another living process uses the folder; its data are no business of ours. */
export class FolderInUse extends Error {}

/** Starts the server; on an existing folder it goes on with the data there. Throws FolderInUse, or an Error that says why. */
export async function startServer(options: ServerOptions): Promise<PostgresServer> {
  const cluster = join(options.folder, 'cluster');
  openFolder(options.folder, options.account);
  await takeOver(options, cluster);
  if (!existsSync(join(cluster, 'PG_VERSION'))) await createCluster(options, cluster);
  // Only now: a server that was left over has given its port back.
  const port = options.port ?? (await portNear(options.preferredPort));
  await writeSettings(options, cluster, port);
  await writeFile(join(options.folder, 'owner.pid'), String(process.pid));
  await run(options, 'pg_ctl', [
    'start',
    '-D',
    cluster,
    '-l',
    join(cluster, 'server.log'),
    '-w',
    '-t',
    String(START_SECONDS),
  ]);
  return watched(options, cluster, port);
}

/** A port that nobody uses right now. Somebody may take it before we do; the start then fails and says so. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

async function portNear(preferred: number | undefined): Promise<number> {
  return preferred !== undefined && (await isFree(preferred)) ? preferred : freePort();
}

/** Whether a server could listen there on loopback. */
function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.on('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

function watched(options: ServerOptions, cluster: string, port: number): PostgresServer {
  const pid = pidOf(cluster) ?? 0;
  // SIGINT is PostgreSQL's fast shutdown. Only for an exit without stop(); after kill -9 the next start takes the server over.
  const onExit = (): void => {
    if (pid !== 0 && pidOf(cluster) === pid) process.kill(pid, 'SIGINT');
  };
  process.once('exit', onExit);
  const stop = async (): Promise<void> => {
    process.off('exit', onExit);
    await halt(options, cluster);
    await rm(join(options.folder, 'owner.pid'), { force: true });
  };
  return { port, pid, stop };
}

/** A server left over from a killed process is stopped first; one that a living process uses is left alone. */
async function takeOver(options: ServerOptions, cluster: string): Promise<void> {
  if (!(await isRunning(options, cluster))) return;
  const owner = Number(textOf(join(options.folder, 'owner.pid')));
  if (owner !== process.pid && isAlive(owner)) {
    throw new FolderInUse(`Process ${owner} already uses the database in ${options.folder}. Stop it first.`);
  }
  await halt(options, cluster);
}

async function isRunning(options: ServerOptions, cluster: string): Promise<boolean> {
  if (pidOf(cluster) === undefined) return false;
  return run(options, 'pg_ctl', ['status', '-D', cluster]).then(
    () => true,
    () => false,
  );
}

async function halt(options: ServerOptions, cluster: string): Promise<void> {
  if (!(await isRunning(options, cluster))) return;
  await run(options, 'pg_ctl', ['stop', '-D', cluster, '-m', 'fast', '-w', '-t', String(START_SECONDS)]);
}

/** Made aside and renamed when complete, so that a kill in between leaves nothing that looks like a database. */
async function createCluster(options: ServerOptions, cluster: string): Promise<void> {
  const half = join(options.folder, 'cluster.new');
  const passwords = join(options.folder, 'initial.password');
  await rm(half, { recursive: true, force: true });
  mkdirSync(half, { mode: 0o700 });
  await writeFile(passwords, options.password, { mode: 0o600 });
  for (const path of [half, passwords]) giveTo(path, options.account);
  try {
    const how = [
      '--auth=scram-sha-256',
      '--username=postgres',
      `--pwfile=${passwords}`,
      '--encoding=UTF8',
      '--locale=C',
    ];
    await run(options, 'initdb', ['-D', half, ...how]);
  } finally {
    await rm(passwords, { force: true });
  }
  await rename(half, cluster);
}

/** Into the file that is read last and wins. */
async function writeSettings(options: ServerOptions, cluster: string, port: number): Promise<void> {
  const settings = { ...SETTINGS, ...options.settings, port: String(port) };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`);
  const path = join(cluster, 'postgresql.auto.conf');
  await writeFile(path, lines.join(''), { mode: 0o600 });
  giveTo(path, options.account);
}

function openFolder(folder: string, account: ServerAccount): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (account.uid !== undefined) chmodSync(folder, 0o711);
}

function giveTo(path: string, { uid, gid }: ServerAccount): void {
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
}

function pidOf(cluster: string): number | undefined {
  const pid = Number.parseInt(textOf(join(cluster, 'postmaster.pid')), 10);
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
}

/** Empty when there is no such file: asking first would leave a moment for it to go. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return '';
    throw cause;
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    return process.kill(pid, 0);
  } catch (cause) {
    return cause instanceof Error && 'code' in cause && cause.code === 'EPERM';
  }
}

async function run(options: ServerOptions, program: string, args: readonly string[]): Promise<void> {
  // A bare environment: ours holds secrets, and a stray PGDATA or LC_ALL would change what the programs do.
  const env = { PATH: process.env.PATH ?? '', LC_ALL: 'C', TZ: 'UTC', ...windowsNeeds() };
  try {
    await promisify(execFile)(join(options.programs, program), args, { ...options.account, env, cwd: '/' });
  } catch (cause) {
    const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim().slice(-500) : '';
    throw new Error(`PostgreSQL's ${program} failed in ${options.folder}. ${said}`, { cause });
  }
}

function windowsNeeds(): Record<string, string> {
  const root = process.env.SystemRoot;
  return root === undefined ? {} : { SystemRoot: root };
}
