// What the fake target does with each call: nothing special, or one of the ways in which real targets go wrong. The ten
// outcomes of the fault matrix are all here; a script is a queue per call, and what holds when the queue is empty.
import { AdapterError } from '../../src/ports/grant-adapter.ts';

export const FAKE_CALLS = [
  'resolve',
  'fingerprint',
  'grant',
  'poll',
  'extend',
  'revoke',
  'inspect',
  'endSessions',
  'check',
  'owned',
] as const;
export type FakeCall = (typeof FAKE_CALLS)[number];

export type Outcome =
  | { readonly kind: 'ok' }
  /** Carried out, then the answer is lost: unreachable, maybe. */
  | { readonly kind: 'reply_lost' }
  /** Not carried out, and the caller cannot know: unreachable, maybe. */
  | { readonly kind: 'timed_out' }
  /** A definite no: refused, nothing changed. */
  | { readonly kind: 'refused' }
  /** Too many calls: busy, nothing changed. */
  | { readonly kind: 'busy'; readonly retryAfterSeconds?: number }
  /** The server is down and nothing left the house: unreachable, nothing changed. */
  | { readonly kind: 'unreachable' }
  /**
   * Some steps of several are done: grant and revoke leave a half behind (busy, maybe), endSessions leaves one session and
   * says so.
   */
  | { readonly kind: 'partial' }
  /** Only for grant: works in its own time and is done at the `polls`th poll. */
  | { readonly kind: 'accepted'; readonly polls: number }
  /** Takes effect after `ms`, long after the caller was told of a timeout: unreachable, maybe. */
  | { readonly kind: 'applied_late'; readonly ms: number }
  /** Carried out and answered; looks go on to show what was before for `ms`. */
  | { readonly kind: 'stale'; readonly ms: number }
  /** Never answers; ends when the caller gives up: unreachable, maybe. */
  | { readonly kind: 'hangs' }
  /** Only for inspect: the look itself says that it cannot tell. */
  | { readonly kind: 'unknown' }
  /** Throws what is no AdapterError at all, as a fault in an adapter would. */
  | { readonly kind: 'bug' };

export interface FakeScript {
  /** The next call of this kind, and those after it, in order. */
  next(call: FakeCall, ...outcomes: readonly Outcome[]): void;
  /** Every call of this kind that `next` says nothing of; of all kinds when no kind is named. */
  always(outcome: Outcome, ...calls: readonly FakeCall[]): void;
}
export interface ReadScript extends FakeScript {
  take(call: FakeCall): Outcome;
}

export function fakeScript(): ReadScript {
  const queues = new Map<FakeCall, Outcome[]>();
  const standing = new Map<FakeCall, Outcome>();
  return {
    next: (call, ...outcomes) => {
      queues.set(call, [...(queues.get(call) ?? []), ...outcomes]);
    },
    always: (outcome, ...calls) => {
      for (const call of calls.length === 0 ? FAKE_CALLS : calls) standing.set(call, outcome);
    },
    take: (call) => queues.get(call)?.shift() ?? standing.get(call) ?? { kind: 'ok' },
  };
}

/** What can be done with a call, for an outcome to choose from. */
export interface Effects<T> {
  readonly whole: () => T;
  /** Leaves something undone; what cannot be done by halves does nothing. Answers only where a half is an answer. */
  readonly half?: () => T | undefined;
  readonly accept?: (polls: number) => T;
  readonly unsure?: () => T;
  readonly later: (ms: number, effect: () => void) => void;
  readonly freeze: (ms: number) => void;
}

/** Carries a call out the way the outcome says. */
export async function play<T>(outcome: Outcome, effects: Effects<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) throw new AdapterError('unreachable', 'The fake target was not asked: cancelled.', 'no');
  switch (outcome.kind) {
    case 'ok':
      return effects.whole();
    case 'reply_lost':
      effects.whole();
      throw lost();
    case 'timed_out':
      throw lost();
    case 'refused':
      throw new AdapterError('refused', 'The fake target refused. Give the bot the right.', 'no');
    case 'busy':
      throw new AdapterError('busy', 'The fake target is busy.', 'no', retryOf(outcome));
    case 'unreachable':
      throw new AdapterError('unreachable', 'The fake target is down.', 'no');
    case 'partial': {
      const part = effects.half?.();
      if (part !== undefined) return part;
      throw new AdapterError('busy', 'The fake target stopped half way.', 'maybe');
    }
    case 'accepted':
      return (effects.accept ?? effects.whole)(outcome.polls);
    case 'applied_late':
      effects.later(outcome.ms, effects.whole);
      throw lost();
    case 'stale':
      effects.freeze(outcome.ms);
      return effects.whole();
    case 'hangs':
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      throw lost();
    case 'unknown':
      return (effects.unsure ?? effects.whole)();
    case 'bug':
      throw new TypeError('a fault in the fake adapter, as scripted');
  }
}

function retryOf({ retryAfterSeconds }: { retryAfterSeconds?: number }): { retryAfterSeconds?: number } {
  return retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
}

function lost(): AdapterError {
  return new AdapterError('unreachable', 'The fake target did not answer in time.', 'maybe');
}
