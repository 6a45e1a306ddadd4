// A process beside this one: started, heard until it says that it is there, stopped. Whatever goes wrong in it is shown.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface Child {
  readonly process: ChildProcess;
  readonly pid: number;
  /** `performance.now()` of the moment before it was started. */
  readonly startedAt: number;
  /** Asks it to end and waits until it has. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export interface Started {
  readonly file?: string;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Where its output goes; `pipe` to read it here. */
  readonly output: 'pipe' | number;
}

/** Whoever is still there when a benchmark fails or is stopped would disturb the next one. */
const living = new Set<ChildProcess>();
process.once('exit', () => living.forEach((child) => void child.kill('SIGKILL')));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

export function start(command: readonly string[], { file = process.execPath, cwd, env, output }: Started): Child {
  const startedAt = performance.now();
  const child = spawn(file, command, { cwd, env: env ?? process.env, stdio: ['pipe', output, 'inherit'] });
  living.add(child);
  const ended = once(child, 'exit').then(() => living.delete(child));
  return {
    process: child,
    pid: child.pid ?? 0,
    startedAt,
    async stop(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      await ended;
    },
  };
}

/** A program of this folder that says in one line of JSON what there is to know about it; `input` is handed to it. */
export async function startHelper<Said>(
  name: string,
  input: unknown,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Child & { readonly said: Said }> {
  const child = start([fileURLToPath(new URL(name, import.meta.url))], { output: 'pipe', env });
  child.process.stdin?.end(JSON.stringify(input));
  return { ...child, said: JSON.parse(await line(child, /^\{/)) };
}

/** The first line of output that fits. Rejects when the process ends without it. */
export async function line({ process: child }: Child, wanted: RegExp): Promise<string> {
  if (!child.stdout) throw new Error('the output of this process goes elsewhere');
  for await (const text of createInterface(child.stdout)) {
    if (!wanted.test(text)) continue;
    child.stdout.resume();
    return text;
  }
  throw new Error(`the process ended (${child.exitCode ?? child.signalCode}) without saying ${wanted}`);
}

/** The other end of `startHelper`. */
export async function input<Given>(): Promise<Given> {
  const parts: Buffer[] = [];
  for await (const part of process.stdin) parts.push(part);
  return JSON.parse(Buffer.concat(parts).toString());
}

export function say(said: unknown): void {
  process.stdout.write(`${JSON.stringify(said)}\n`);
}
