// One replica of the program, which can be stopped at any of its calls: dead, and nothing of it happens any more; or frozen
// in the middle of the call, until it wakes as a zombie and goes on as if no time had passed.
import { openInbox } from '../../src/operations/inbox.ts';
import { startJobs } from '../../src/operations/run-jobs.ts';
import { sweep } from '../../src/operations/sweep.ts';
import type { Tools } from '../../src/operations/tools.ts';
import type { ChatInbox } from '../../src/ports/chat-platform.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { ClaimWish } from '../../src/ports/store.ts';
import type { Hook, PortCall } from '../world-ports.ts';

type Stop = 'dead' | 'frozen';

/** Decides at each call whether the replica stops there, and hears how each call ended. */
export interface Warden {
  before(call: PortCall): Promise<Stop | undefined>;
  after(call: PortCall, answer: unknown): Promise<Stop | undefined>;
}

export interface Replica {
  readonly owner: string;
  readonly tools: Tools;
  readonly inbox: ChatInbox;
  isUp(): boolean;
  /** Work of this replica; resolves when it is done, or when the replica stops over it. */
  run(work: () => Promise<unknown>): Promise<void>;
  /** The sweep and whatever is due, one job after the other. */
  turn(): Promise<void>;
  /** Goes on in the middle of its call; resolves when all that was under way has ended. */
  wake(): Promise<void>;
}

interface Gate {
  state: 'up' | Stop;
  stopped: PromiseWithResolvers<void>;
  woken: PromiseWithResolvers<void>;
  /** The call in whose middle it froze is over: only then do its timers go off. */
  resumed: PromiseWithResolvers<void>;
}

/** Messages wait until there is nothing else to do: several things that happened are then shown by one look at the card. */
const PACES = {
  target: (queue: string) => ({ everyMs: 0, burst: 1, atOnce: /^(post|home|checkpoint)/.test(queue) ? 0 : 8 }),
  all: () => ({ everyMs: 0, burst: 1, atOnce: 8 }),
};

/** `make` puts together the tools over the hook and the clock that stop with the replica. */
export function startReplica(
  owner: string,
  clock: Clock,
  warden: Warden,
  make: (hook: Hook, clock: Clock) => Tools,
): Replica {
  const gate: Gate = {
    state: 'up',
    stopped: Promise.withResolvers(),
    woken: Promise.withResolvers(),
    resumed: Promise.withResolvers(),
  };
  const underWay = new Set<Promise<unknown>>();
  const tools = make(hookOf(gate, warden), stoppable(clock, gate));
  const replica: Replica = {
    owner,
    tools,
    inbox: openInbox(tools),
    isUp: () => gate.state === 'up',
    async run(work) {
      const ended = work().finally(() => underWay.delete(ended));
      underWay.add(ended);
      await Promise.race([ended, gate.stopped.promise]);
    },
    turn: () => replica.run(() => sweepAndSettle(tools)),
    async wake() {
      gate.state = 'up';
      gate.stopped = Promise.withResolvers();
      gate.woken.resolve();
      await Promise.all(underWay);
    },
  };
  return replica;
}

async function sweepAndSettle(tools: Tools): Promise<void> {
  await sweep(tools);
  await settle(tools, PACES.target);
  await settle(tools, PACES.all);
}

async function settle(tools: Tools, pace: ClaimWish['pace']): Promise<void> {
  for (;;) {
    const started = await startJobs(tools, 1, { pace });
    if (started.length === 0) return;
    for (const { ended } of started) await ended;
  }
}

function hookOf(gate: Gate, warden: Warden): Hook {
  async function stop(kind: Stop | undefined): Promise<void> {
    if (!kind) return;
    gate.state = kind;
    gate.stopped.resolve();
    await (kind === 'dead' ? forEver() : gate.woken.promise);
  }
  return async (call, proceed) => {
    await pass(gate);
    await stop(await warden.before(call));
    try {
      const answer = await proceed();
      await stop(await warden.after(call, answer));
      return answer;
    } catch (error) {
      await stop(await warden.after(call, undefined));
      throw error;
    } finally {
      if (gate.state === 'up') gate.resumed.resolve();
    }
  };
}

/** Nobody who is dead gets further than here. */
async function pass(gate: Gate): Promise<void> {
  if (gate.state === 'frozen') await gate.woken.promise;
  if (gate.state === 'dead') await forEver();
}

function stoppable(clock: Clock, gate: Gate): Clock {
  return {
    ...clock,
    async sleep(ms, signal) {
      await clock.sleep(ms, signal);
      if (gate.state === 'dead') await forEver();
      if (gate.state === 'frozen') await gate.resumed.promise;
    },
  };
}

function forEver(): Promise<never> {
  return new Promise(() => undefined);
}
