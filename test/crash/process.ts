// One life of the program in a process of its own: its calls are answered, people act in it, and at the chosen call it is
// killed: before the call is carried out, after it and unanswered, or a moment after the answer.
import { type ChildProcess, fork } from 'node:child_process';
import type { Truth } from './truth.ts';
import type { FromProgram, ToProgram } from './wire.ts';

type Act = Extract<ToProgram, { kind: 'do' }>['act'];

export interface KillPlan {
  /** At which of its calls. */
  readonly at: number;
  readonly when: 'before' | 'unanswered' | 'after';
  readonly afterMs: number;
}

export interface RunningProgram {
  isUp(): boolean;
  /** Never settles when the process dies over it. */
  act(act: Act, event?: unknown): Promise<unknown>;
  /** In order. */
  stop(): void;
  readonly ended: Promise<void>;
}

export async function startProcess(truth: Truth, file: string, plan: KillPlan | undefined): Promise<RunningProgram> {
  const child = fork(new URL('./program.ts', import.meta.url), [file, String(truth.since)], {
    execArgv: [],
    serialization: 'advanced',
  });
  const answers = new Map<number, (value: unknown) => void>();
  const serve = serving(child, truth, plan);
  let acts = 0;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const ready = new Promise<void>((resolve) => {
    child.on('message', (message: FromProgram) => {
      if (message.kind === 'ready') resolve();
      if (message.kind === 'beat') truth.beat();
      if (message.kind === 'error') truth.violations.add(`logged as an error: ${message.message}`);
      if (message.kind === 'done') answers.get(message.id)?.(message.value);
      if (message.kind === 'call') void serve(message);
    });
  });
  await Promise.race([ready, ended]);
  return {
    isUp: () => child.connected && !child.killed,
    act(act, event) {
      acts += 1;
      const id = acts;
      return new Promise((resolve) => {
        answers.set(id, resolve);
        tell(child, { kind: 'do', id, act, event });
      });
    },
    stop: () => tell(child, { kind: 'stop' }),
    ended,
  };
}

function tell(child: ChildProcess, message: ToProgram): void {
  // Its end may be on the way already; whoever waits for it hears of that by `exit`.
  if (child.connected) child.send(message, () => undefined);
}

function serving(child: ChildProcess, truth: Truth, plan: KillPlan | undefined) {
  let served = 0;
  return async (call: Extract<FromProgram, { kind: 'call' }>): Promise<void> => {
    if (child.killed) return;
    served += 1;
    const when = served === plan?.at ? plan.when : undefined;
    if (when === 'before') return void child.kill('SIGKILL');
    const answer = await truth.carryOut(call);
    if (when === 'unanswered') return void child.kill('SIGKILL');
    tell(child, { kind: 'answer', id: call.id, ...answer });
    if (when === 'after') setTimeout(() => child.kill('SIGKILL'), plan?.afterMs);
  };
}
