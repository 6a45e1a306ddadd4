// The page's JavaScript is held to its types, and to the control API's, by the compiler.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const COMPILE_MS = 60_000;

test('every module of the page has the types it says', { timeout: COMPILE_MS }, async () => {
  const compiler = ['node_modules/typescript/bin/tsc', '-p', 'src/local/page/jsconfig.json'];
  const { stdout } = await promisify(execFile)(process.execPath, compiler, { cwd: ROOT }).catch((error) => error);
  expect(stdout).toBe('');
});
