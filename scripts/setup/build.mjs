// Compiles src to dist, only when it is not what dist was made of. Always whole and aside, then swapped in: no file of a
// removed source stays behind, and a build that failed or was killed leaves the old one as it was.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runChild } from './child.mjs';
import { SetupStopped, say } from './say.mjs';

/** Makes `dist` match `src`. */
export async function ensureBuild(root, node) {
  const dist = join(root, 'dist');
  const made = join(dist, '.built');
  const wanted = sourceHash(root);
  if (existsSync(made) && readFileSync(made, 'utf8') === wanted) return;
  say('building');
  const next = join(root, 'dist-next');
  rmSync(next, { recursive: true, force: true });
  await compile(root, node, next);
  copyAssets(join(root, 'src'), next);
  writeFileSync(join(next, '.built'), wanted);
  rmSync(dist, { recursive: true, force: true });
  renameSync(next, dist);
  say('built');
}

// The contents and not the times: a checkout or a copy gives old files new times and new files old ones.
function sourceHash(root) {
  const hash = createHash('sha256');
  const files = ['package-lock.json', 'tsconfig.json', ...filesUnder(root, 'src')];
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0');
  return hash.digest('hex');
}

function filesUnder(root, folder) {
  const entries = readdirSync(join(root, folder), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesUnder(root, path) : [path];
  });
}

async function compile(root, node, next) {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  // the build info goes along: with an old one kept elsewhere, tsc would take an empty folder for up to date
  const args = [
    tsc,
    '-p',
    join(root, 'tsconfig.json'),
    '--outDir',
    next,
    '--tsBuildInfoFile',
    join(next, '.tsbuildinfo'),
  ];
  const ended = await runChild(node, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (ended.code !== 0) throw new SetupStopped('the program could not be built: see the errors above', ended.stoppedBy);
}

// What the compiler does not carry over: the pages of local mode. Notes for readers of the source stay there.
function copyAssets(src, next) {
  const wanted = (path) => statSync(path).isDirectory() || !/\.(ts|md)$/.test(path);
  cpSync(src, next, { recursive: true, filter: wanted });
}
