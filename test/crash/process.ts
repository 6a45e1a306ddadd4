// One life of the program in a process of its own: its calls are answered, people act in it, and at the chosen call it is
// killed, or stopped for a while (SIGSTOP, SIGCONT): before the call is carried out, after it and unanswered, or a moment
// after the answer.
import { type ChildProcess, fork } from 'node:child_process';
import type { Truth } from './truth.ts';
import type { FromProgram, ToProgram } from './wire.ts';

type Act = Extract<ToProgram, { kind: 'do' }>['act'];

export interface KillPlan {
  /** At which of its calls; of those to the target alone where it is to be stopped. */
  readonly at: number;
  readonly when: 'before' | 'unanswered' | 'after';
  readonly afterMs: number;
  /** Not killed but stopped for so long: long enough that its leases end and another one takes over. */
  readonly stopMs?: number;
}

export interface RunningProgram {
  readonly name: string;
  isUp(): boolean;
  /** Never settles when the process dies over it. */
  act(act: Act, event?: unknown): Promise<unknown>;
  /** In order. */
  stop(): void;
  readonly ended: Promise<void>;
}

/** `store` is the URL of its store. */
export async function startProcess(truth: Truth, store: string, plan: KillPlan | undefined): Promise<RunningProgram> {
  const child = fork(new URL('./program.ts', import.meta.url), [store, String(truth.since)], {
    execArgv: [],
    serialization: 'advanced',
  });
  const answers = new Map<number, (value: unknown) => void>();
  const name = nameOf(child);
  const stop: Stop = { isStopped: false };
  const serve = serving(child, truth, plan, stop);
  let acts = 0;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const ready = new Promise<void>((resolve) => {
    child.on('message', (message: FromProgram) => {
      if (message.kind === 'ready') resolve();
      if (message.kind === 'beat') truth.beat(name);
      if (message.kind === 'held') truth.held(message);
      if (message.kind === 'error') truth.violations.add(`logged as an error: ${message.message}`);
      if (message.kind === 'done') answers.get(message.id)?.(message.value);
      if (message.kind === 'call') void serve(message);
    });
  });
  await Promise.race([ready, ended]);
  truth.up.add(name);
  void ended.then(() => truth.up.delete(name));
  return {
    name,
    isUp: () => child.connected && !child.killed && !stop.isStopped,
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

interface Stop {
  isStopped: boolean;
}
type Call = Extract<FromProgram, { kind: 'call' }>;

function serving(child: ChildProcess, truth: Truth, plan: KillPlan | undefined, stop: Stop) {
  let served = 0;
  return async (call: Call): Promise<void> => {
    if (child.killed) return;
    if (plan?.stopMs === undefined || call.port === 'target') served += 1;
    if (served !== plan?.at || stop.isStopped) return answer(call);
    served += 1;
    await (plan.stopMs === undefined ? killAt(call, plan) : stopAt(call, plan, plan.stopMs));
  };
  async function answer(call: Call): Promise<void> {
    const answered = await truth.carryOut(call);
    tell(child, { kind: 'answer', id: call.id, ...answered });
  }
  async function killAt(call: Call, { when, afterMs }: KillPlan): Promise<void> {
    if (when === 'before') return void child.kill('SIGKILL');
    const answered = await truth.carryOut(call);
    if (when === 'unanswered') return void child.kill('SIGKILL');
    tell(child, { kind: 'answer', id: call.id, ...answered });
    setTimeout(() => child.kill('SIGKILL'), afterMs);
  }
  /** Its call is on its way while it sleeps: carried out before, or long after (threat E05). */
  async function stopAt(call: Call, { when, afterMs }: KillPlan, stopMs: number): Promise<void> {
    stop.isStopped = true;
    truth.up.delete(nameOf(child));
    process.kill(child.pid ?? 0, 'SIGSTOP');
    const answered = when === 'before' ? undefined : await truth.carryOut(call);
    await new Promise((resolve) => setTimeout(resolve, stopMs));
    process.kill(child.pid ?? 0, 'SIGCONT');
    stop.isStopped = false;
    truth.up.add(nameOf(child));
    tell(child, { kind: 'answer', id: call.id, ...(answered ?? (await truth.carryOut(call))) });
    truth.stops += 1;
    setTimeout(() => child.kill('SIGKILL'), afterMs);
  }
}

function nameOf({ pid }: ChildProcess): string {
  return `process ${pid}`;
}
