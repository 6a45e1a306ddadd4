// Which Node runs the program: the machine's own when it is new enough, else one from the npm registry, pinned with its
// checksum by scripts/runtime/package-lock.json. Nothing outside this folder is changed.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensurePackages } from './packages.mjs';
import { SetupStopped, say } from './say.mjs';

// better-sqlite3 13 is built for Node-API 10 (Node 22.14, 23.6). An older Node loads it and then dies of SIGSEGV:
// https://github.com/WiseLibs/better-sqlite3/issues/1514
const NODE_API = 10;

/** The path of a Node that can run the program. */
export async function pickNode(root, own = process.versions) {
  if (Number(own.napi ?? 0) >= NODE_API) return process.execPath;
  const folder = join(root, '.runtime');
  mkdirSync(folder, { recursive: true });
  for (const name of ['package.json', 'package-lock.json']) {
    copyFileSync(join(root, 'scripts', 'runtime', name), join(folder, name));
  }
  await ensurePackages(folder, `Node ${own.node} is too old for this program, newer Node`, async () =>
    tryOut(folder, own),
  );
  const node = findNode(folder);
  if (!node) throw noNodeFor(own);
  return node;
}

function findNode(folder) {
  const packages = join(folder, 'node_modules');
  const file = process.platform === 'win32' ? 'node.exe' : 'node';
  const paths = readdirSync(packages).map((name) => join(packages, name, 'bin', file));
  return paths.find((path) => existsSync(path));
}

// A system without glibc (Alpine) installs it and cannot start it.
function tryOut(folder, own) {
  const node = findNode(folder);
  const answer = node && spawnSync(node, ['-p', 'process.versions.napi'], { encoding: 'utf8' });
  if (!answer || !(Number(answer.stdout) >= NODE_API)) throw noNodeFor(own);
  say(`it works: ${node}`);
}

function noNodeFor(own) {
  return new SetupStopped(
    `Node ${own.node} is too old, and no newer one for ${process.platform} ${process.arch} could be fetched that starts here. Install Node 22.14 or newer, then run the same command again.`,
  );
}
