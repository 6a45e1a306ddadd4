// The targets as operations see them, each call to an adapter counted and traced. Changes nothing about a call: not its
// arguments, not its answer, not its error, and not when either comes.
import type { Clock } from '../ports/clock.ts';
import { AdapterError, type GrantConnection } from '../ports/grant-adapter.ts';
import type { CallOutcome, Meter } from '../ports/meter.ts';
import type { LiveTarget, Targets } from '../ports/targets.ts';
import type { Trace } from '../ports/trace.ts';

interface Measures {
  readonly meter: Meter;
  readonly trace: Trace;
  readonly clock: Clock;
}
/** Methods that answer once. `owned` is a stream, and is left as it is. */
const CALLS = ['resolve', 'fingerprint', 'grant', 'poll', 'extend', 'revoke', 'inspect', 'endSessions'] as const;
type Call = (...args: never[]) => Promise<unknown>;

export function measuredTargets(targets: Targets, measures: Measures): Targets {
  const measured = new Map(targets.all().map((target) => [target.name, measuredTarget(target, measures)]));
  return { of: (name) => measured.get(name), all: () => [...measured.values()] };
}

function measuredTarget(target: LiveTarget, measures: Measures): LiveTarget {
  const { connection } = target;
  const calls = CALLS.flatMap((name) => {
    const call: Call | undefined = connection[name]?.bind(connection);
    return call ? [[name, measuredCall(target, name, call, measures)] as const] : [];
  });
  // Methods are looked up on the connection itself, so that one which keeps its state in `this` still finds it.
  const measured: GrantConnection<unknown> = Object.assign(Object.create(connection), Object.fromEntries(calls));
  return { ...target, connection: measured };
}

function measuredCall({ name: target, adapter }: LiveTarget, name: string, call: Call, measures: Measures): Call {
  const { meter, trace, clock } = measures;
  return (...args) => {
    const begunAt = clock.now();
    const answer = call(...args);
    const facts = { adapter: adapter.kind, target, method: name, ...grantOf(args[0]) };
    // Beside the call, not around it: the caller gets the very promise that the adapter made.
    trace
      .span(`target ${name}`, facts, async (note) => {
        const outcome = await outcomeOf(answer, args.at(-1));
        note({ outcome });
        meter.calledTarget(target, name, outcome, (clock.now() - begunAt) / 1000);
      })
      .catch(() => undefined);
    return answer;
  };
}

/** A call that was given up counts as unreachable, even if the adapter never lets go of it. */
async function outcomeOf(answer: Promise<unknown>, signal: unknown): Promise<CallOutcome> {
  try {
    const givenUp = signal instanceof AbortSignal ? [aborted(signal)] : [];
    return await Promise.race([answer.then((): CallOutcome => 'ok'), ...givenUp]);
  } catch (error) {
    return error instanceof AdapterError ? error.fault : 'bug';
  }
}

function aborted(signal: AbortSignal): Promise<CallOutcome> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve('unreachable'), { once: true });
  });
}

/** Orders carry the id of their pass; a person or an entitlement carries nothing that belongs in a trace. */
function grantOf(order: unknown): { readonly grant?: string } {
  const id = typeof order === 'object' && order !== null && 'grantId' in order ? order.grantId : undefined;
  return typeof id === 'string' ? { grant: id } : {};
}
