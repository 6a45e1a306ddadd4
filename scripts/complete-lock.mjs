// Run after a change of dependencies: `node scripts/complete-lock.mjs`. Completes package-lock.json for other platforms.
// npm leaves out of the lock what the registry did not give at that moment (platform packages are optional, so it says
// nothing), and then `npm ci` refuses that lock everywhere: https://github.com/npm/cli/issues/4828
// An entry made here has no checksum until an npm that can see the package writes one.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const file = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..', 'package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8'));
const added = Object.entries(lock.packages).flatMap(([path, entry]) => missingOf(path, entry));
for (const [path, entry] of added) lock.packages[path] = entry;
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en')));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`${added.length} entries added\n${added.map(([path]) => `  ${path}\n`).join('')}`);

function missingOf(path, entry) {
  const wanted = Object.entries(entry.optionalDependencies ?? {});
  return wanted
    .filter(([name]) => !isLocked(path, name))
    .map(([name, version]) => [`node_modules/${name}`, platformEntry(name, version, entry)]);
}

/** As Node looks for it: in the package itself, then outwards. */
function isLocked(path, name) {
  const parts = path.split('/node_modules/');
  const around = parts.map((_, i) => parts.slice(0, parts.length - i).join('/node_modules/'));
  return [...around, ''].some((at) => `${at ? `${at}/` : ''}node_modules/${name}` in lock.packages);
}

function platformEntry(name, version, parent) {
  const [, os, cpu] =
    /(android|darwin|freebsd|linux|openharmony|win32)-(arm64|arm|ia32|ppc64|riscv64|s390x|x64)/.exec(name) ?? [];
  if (!os || !/^\d+\.\d+\.\d+$/.test(version)) throw new Error(`${name}@${version}: complete it by hand`);
  const libc = os === 'linux' ? { libc: [name.includes('musl') ? 'musl' : 'glibc'] } : {};
  const dev = parent.dev ? { dev: true } : {};
  return {
    version,
    cpu: [cpu],
    ...dev,
    ...libc,
    license: parent.license,
    optional: true,
    os: [os],
    engines: parent.engines,
  };
}
