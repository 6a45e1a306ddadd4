// Runs every benchmark, one process each, and prints their lines: `name value unit`, with a ratio to a floor measured in the
// same run. Never a test: a slow machine is no failure. `npm run bench -- commit` runs one, `-- due --full` one as large as it
// can be.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const options = process.argv.slice(2).filter((word) => word.startsWith('--'));
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const all = readdirSync(here).filter((file) => file.endsWith('.bench.ts'));
const chosen = wanted.length === 0 ? all : all.filter((file) => wanted.some((name) => file.startsWith(name)));
for (const file of chosen) {
  const { status } = spawnSync(process.execPath, [`${here}${file}`, ...options], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) process.exitCode = 1;
}
