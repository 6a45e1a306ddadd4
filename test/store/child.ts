// Starts a program in a process of its own, on the Node that runs the tests.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

export interface Child {
  readonly pid: number;
  /** What it prints, line by line. */
  readonly lines: AsyncIterator<string>;
  /** Ends it at once, wherever it is, and waits until it is gone. */
  kill(): Promise<void>;
}

export function startChild(program: URL, ...args: readonly string[]): Child {
  const path = fileURLToPath(program);
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(process.execPath, [path, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  async function kill(): Promise<void> {
    child.kill('SIGKILL');
    await exited;
  }
  return { pid: child.pid ?? 0, lines, kill };
}
