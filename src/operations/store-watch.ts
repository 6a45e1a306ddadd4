// Sees every write to the store: what it does to passes, and whether it is taken. A store that refuses or answers nothing for
// a while is in trouble; one hiccup is not. Changes nothing about the store, and repeats nothing.
import type { Grant, Instant } from '../core/model.ts';
import type { Clock } from '../ports/clock.ts';
import type { Commit, Store, Stored } from '../ports/store.ts';

/** Failing for longer than this, with nothing that worked in between. */
const TROUBLE_AFTER_MS = 10_000;
/**
 * Nobody looked for so long: this process was stopped, or the machine slept (threat E05). What it believed before is old, and
 * the time it slept is no trouble of the store: others may have written meanwhile.
 */
const ASLEEP_MS = 15_000;
/** Failures further apart than this have nothing to do with one another. */
const UNRELATED_AFTER_MS = 60_000;

export interface StoreWatch {
  /** What everybody writes through. */
  readonly store: Store;
  /** Since when nothing can be written; `undefined` while it can, as far as anybody tried. To be asked every second. */
  troubleSince(): Instant | undefined;
}

interface State {
  readonly clock: Clock;
  firstFailure: Instant | undefined;
  lastFailure: Instant;
  /** Small writes may still fit on a disk that is full: then only a commit with events proves that it is over. */
  commitFailed: boolean;
  /** Something was asked then, and nothing has been answered since. */
  askedAt: Instant | undefined;
  lookedAt: Instant;
}

export function watchStore(store: Store, clock: Clock, saw: (stored: Stored<Grant>) => void): StoreWatch {
  const state: State = {
    clock,
    firstFailure: undefined,
    lastFailure: 0,
    commitFailed: false,
    askedAt: undefined,
    lookedAt: clock.now(),
  };
  return {
    store: {
      ...store,
      async commit(commit) {
        const result = await watched(state, weightOf(commit), () => store.commit(commit));
        if (result.kind === 'done') for (const stored of grantsOf(commit)) saw(stored);
        return result;
      },
      tidy: () => watched(state, 'small', () => store.tidy()),
      claim: (wish) => watched(state, 'none', () => store.claim(wish)),
      renew: (hold, leaseMs) => watched(state, 'none', () => store.renew(hold, leaseMs)),
      defer: (hold, dueAt, because, options) =>
        watched(state, 'none', () => store.defer(hold, dueAt, because, options)),
    },
    troubleSince: () => troubleSince(state),
  };
}

function troubleSince(state: State): Instant | undefined {
  const { clock } = state;
  const now = clock.now();
  if (now - state.lookedAt > ASLEEP_MS) {
    state.firstFailure = undefined;
    if (state.askedAt !== undefined) state.askedAt = now;
  }
  state.lookedAt = now;
  const { firstFailure, lastFailure, askedAt } = state;
  if (askedAt !== undefined && now - askedAt > TROUBLE_AFTER_MS) return firstFailure ?? askedAt;
  return firstFailure !== undefined && lastFailure - firstFailure > TROUBLE_AFTER_MS ? firstFailure : undefined;
}

/** How much an answer proves: a commit with events, any certain write, or nothing (it may have found nothing to write). */
type Weight = 'full' | 'small' | 'none';

function weightOf({ events = [] }: Commit): Weight {
  return events.length > 0 ? 'full' : 'small';
}

async function watched<T>(state: State, weight: Weight, write: () => Promise<T>): Promise<T> {
  state.askedAt ??= state.clock.now();
  try {
    const answer = await write();
    worked(state, weight);
    return answer;
  } catch (error) {
    if (isTrouble(error)) failed(state, weight);
    throw error;
  } finally {
    state.askedAt = undefined;
  }
}

function worked(state: State, weight: Weight): void {
  if (weight === 'none' || (weight === 'small' && state.commitFailed)) return;
  state.firstFailure = undefined;
  state.commitFailed = false;
}

function failed(state: State, weight: Weight): void {
  const now = state.clock.now();
  if (state.firstFailure === undefined || now - state.lastFailure > UNRELATED_AFTER_MS) state.firstFailure = now;
  state.lastFailure = now;
  state.commitFailed ||= weight === 'full';
}

/** Not a mistake of ours (`refused`, or anything that is no StoreError), which the database answered, and not our own end. */
function isTrouble(error: unknown): boolean {
  if (!(error instanceof Error) || error.name !== 'StoreError') return false;
  const code = 'code' in error ? error.code : undefined;
  return code !== 'refused' && code !== 'closed';
}

function grantsOf({ writes = [] }: Commit): readonly Stored<Grant>[] {
  return writes.flatMap((write) => (write.kind === 'grant' ? [{ row: write.row, version: write.version + 1 }] : []));
}
