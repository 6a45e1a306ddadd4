// The program as it is installed and built, in a process of its own with a configuration of its own.
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Child, start } from './child.ts';
import type { Deployment } from './world.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** As `npm start` and the README start it. */
const SMALL_YOUNG_HEAP = '--max-semi-space-size=4';
export const MAIN = join(ROOT, 'dist', 'main.js');
const READY_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 4;

export interface Running extends Child {
  /** From the start of the process until `/ready` said yes, in milliseconds. */
  readonly readyAfter: number;
}

/** Resolves when it is ready for people. Throws an Error with the log when it never is. */
export async function startProgram(
  { folder, internalPort, env }: Deployment,
  command = [SMALL_YOUNG_HEAP, MAIN],
  file?: string,
): Promise<Running> {
  mkdirSync(folder, { recursive: true });
  const logFile = join(folder, 'hallpass.log');
  const output = openSync(logFile, 'w');
  const child = start(command, { cwd: ROOT, env, output, ...(file === undefined ? {} : { file }) });
  closeSync(output);
  const late = child.startedAt + READY_WITHIN_MS;
  while (!(await answers(`http://127.0.0.1:${internalPort}/ready`))) {
    if (child.process.exitCode !== null || performance.now() > late)
      throw new Error(`the program was not ready in time:\n${readFileSync(logFile, 'utf8')}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return { ...child, readyAfter: performance.now() - child.startedAt };
}

/** Does it answer 200? A server that is not there yet is a no. */
export function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = get(url, { agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    asked.on('error', () => resolve(false));
  });
}
