// Waiting until something is so, without polling: looked at again on each change, call, delivery and connection.
import type { State } from './state.ts';

const PATIENCE_MS = 5_000;

/** Resolves to the first value that is neither `undefined`, `null` nor `false`; rejects after `ms` real milliseconds. */
export function waitUntil<Value>(
  state: State,
  what: string,
  look: () => Value | undefined | null | false,
  ms: number = PATIENCE_MS,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const done = (settle: () => void) => {
      clearTimeout(timer);
      state.watchers.delete(check);
      settle();
    };
    const check = () => {
      try {
        const value = look();
        if (value !== undefined && value !== null && value !== false) done(() => resolve(value));
      } catch (error) {
        done(() => reject(error));
      }
    };
    const timer = setTimeout(() => done(() => reject(new Error(`not within ${ms} ms: ${what}`))), ms);
    state.watchers.add(check);
    check();
  });
}
