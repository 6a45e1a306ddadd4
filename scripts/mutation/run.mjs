// `npm run mutate`: changes the code in thousands of small ways, one at a time, and counts how many of them no test notices.
//   npm run mutate                          core, operations and store, one after the other: hours
//   npm run mutate -- core                  one folder
//   npm run mutate -- core/grant.ts store   files and folders below src
//   npm run mutate -- core --concurrency 4  whatever follows is Stryker's (https://stryker-mutator.io/docs)
// Reports, and what is known from earlier runs, lie in coverage/mutation. Fails below 85 %. Not for continuous integration.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensurePackages } from '../setup/packages.mjs';

const FOLDERS = ['core', 'operations', 'store'];
/** Types, the doors to a server, and what only PostgreSQL runs: the tests that are quick enough do not see them. */
const LEFT_OUT = ['!src/store/postgres*.ts', '!src/store/copy*.ts', '!src/**/{model,events}.ts'];
const BREAK_PERCENT = 85;

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '..', '..');
const reports = join(root, 'coverage', 'mutation');
const words = process.argv.slice(2);
const firstOption = words.findIndex((word) => word.startsWith('-'));
const wanted = firstOption < 0 ? words : words.slice(0, firstOption);
const options = firstOption < 0 ? [] : words.slice(firstOption);

// Not among the project's packages: most people never need them.
await ensurePackages(here, 'packages for mutation tests');
mkdirSync(reports, { recursive: true });
const summaries = FOLDERS.flatMap((folder) => {
  const parts = wanted.filter((word) => word === folder || word.startsWith(`${folder}/`));
  return wanted.length > 0 && parts.length === 0 ? [] : [mutate(folder, parts.length > 0 ? parts : [folder])];
});
for (const { text } of summaries) console.log(text);
if (summaries.length === 0) throw new Error(`Nothing to do: name ${FOLDERS.join(', ')} or files in them`);
if (summaries.some(({ isGood }) => !isGood)) process.exitCode = 1;

function mutate(folder, parts) {
  const report = join(reports, `${folder}.json`);
  const settings = join(reports, `${folder}.settings.json`);
  writeFileSync(settings, JSON.stringify(settingsFor(folder, parts, report), null, 2));
  const stryker = join(here, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js');
  const env = { ...process.env, HALLPASS_MUTATED: folder };
  const { status } = spawnSync(process.execPath, [stryker, 'run', settings, ...options], {
    cwd: root,
    env,
    stdio: 'inherit',
  });
  return summary(folder, status === 0 ? readReport(report) : undefined);
}

function settingsFor(folder, parts, report) {
  return {
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    vitest: { configFile: 'scripts/mutation/vitest.config.mjs' },
    coverageAnalysis: 'perTest',
    mutate: [...parts.map((part) => (part.endsWith('.ts') ? `src/${part}` : `src/${part}/**/*.ts`)), ...LEFT_OUT],
    // It would want the compiler's JavaScript interface, which TypeScript 7 does not have; types are checked elsewhere.
    tsconfigFile: 'none',
    incremental: true,
    incrementalFile: join(reports, `${folder}.incremental.json`),
    reporters: ['progress-append-only', 'json', 'html'],
    jsonReporter: { fileName: report },
    htmlReporter: { fileName: join(reports, `${folder}.html`) },
    tempDirName: join(tmpdir(), 'hallpass-mutation'),
    ignorePatterns: ['/dist', '/docs', '/.local', '/data', '/coverage', '/scripts/mutation/node_modules'],
    timeoutMS: 20_000,
  };
}

function readReport(file) {
  const { files } = JSON.parse(readFileSync(file, 'utf8'));
  const count = { killed: 0, unnoticed: 0, untested: 0 };
  for (const { mutants } of Object.values(files)) {
    for (const { status } of mutants) {
      if (status === 'Killed' || status === 'Timeout') count.killed += 1;
      else if (status === 'Survived') count.unnoticed += 1;
      else if (status === 'NoCoverage') count.untested += 1;
    }
  }
  return count;
}

function summary(folder, count) {
  if (!count) return { text: `mutation_${folder} failed`, isGood: false };
  const { killed, unnoticed, untested } = count;
  const percent = (100 * killed) / (killed + unnoticed + untested);
  const text = `mutation_${folder} ${percent.toFixed(1)} % (${killed} noticed, ${unnoticed} not, ${untested} in code that no test runs; at least ${BREAK_PERCENT})`;
  return { text, isGood: percent >= BREAK_PERCENT };
}
