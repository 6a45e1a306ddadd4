// A clock that jumps from one sleeper to the next, so that a day passes as fast as its work can be done. Times are rounded
// up to a grid: whoever wakes within one step of it wakes together.
import type { Clock, Instant } from '../../src/ports/clock.ts';

export interface SteppingClock extends Clock {
  /** Moves to the next time at which anybody wakes, at most to `limit`, and wakes them. False: nobody wakes until then. */
  step(limit: Instant): boolean;
  /** How often anybody began to sleep: tells whether anything went on. */
  readonly slept: number;
}

interface Sleeper {
  readonly at: Instant;
  wake: (() => void) | undefined;
}

export function steppingClock(start: Instant, gridMs: number): SteppingClock {
  const heap = earliestFirst();
  let now = start;
  let slept = 0;
  return {
    now: () => now,
    monotonic: () => now,
    get slept() {
      return slept;
    },
    sleep: (ms, signal) => {
      if (ms <= 0 || signal?.aborted) return Promise.resolve();
      slept += 1;
      const { promise, resolve } = Promise.withResolvers<void>();
      const sleeper: Sleeper = { at: Math.ceil((now + ms) / gridMs) * gridMs, wake };
      function wake(): void {
        sleeper.wake = undefined; // whoever was woken early is passed over when the time comes
        signal?.removeEventListener('abort', wake);
        resolve();
      }
      signal?.addEventListener('abort', wake, { once: true });
      heap.add(sleeper);
      return promise;
    },
    step(limit) {
      while (heap.first() && !heap.first()?.wake) heap.take();
      const next = heap.first();
      now = Math.max(now, Math.min(limit, next?.at ?? limit));
      if (!next || next.at > limit) return false;
      for (let due = heap.first(); due && due.at <= now; due = heap.first()) heap.take()?.wake?.();
      return true;
    },
  };
}

/** A binary heap. */
function earliestFirst() {
  const all: Sleeper[] = [];
  const at = (index: number): Instant => all[index]?.at ?? Number.POSITIVE_INFINITY;
  function swap(a: number, b: number): void {
    const [one, other] = [all[a], all[b]];
    if (one && other) [all[a], all[b]] = [other, one];
  }
  return {
    first: () => all[0],
    add(sleeper: Sleeper) {
      all.push(sleeper);
      for (let index = all.length - 1; index > 0; ) {
        const parent = (index - 1) >> 1;
        if (at(parent) <= at(index)) return;
        swap(index, parent);
        index = parent;
      }
    },
    take() {
      swap(0, all.length - 1);
      const taken = all.pop();
      for (let index = 0; ; ) {
        const [left, right] = [2 * index + 1, 2 * index + 2];
        const child = at(right) < at(left) ? right : left;
        if (at(index) <= at(child)) return taken;
        swap(index, child);
        index = child;
      }
    },
  };
}
