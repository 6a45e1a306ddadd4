// Runs a command of Hallpass as people do: a process of its own, with nothing of ours in its environment.
import { spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';

const CLI = new URL('../../src/cli.ts', import.meta.url).pathname;

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export async function runCli(cwd: string, ...args: readonly string[]): Promise<Ran> {
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', HOME: cwd, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const said = { out: '', err: '' };
  for (const [name, stream] of Object.entries({ out: child.stdout, err: child.stderr })) {
    stream.on('data', (bytes) => {
      said[name as 'out' | 'err'] += String(bytes);
    });
  }
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, ...said };
}
