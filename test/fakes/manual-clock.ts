// A clock that stands still until a test moves it. Sleepers wake in the order of their times.
import type { Clock, Instant } from '../../src/ports/clock.ts';

export interface ManualClock extends Clock {
  /** Let time pass; whoever slept for less is awake when this resolves. */
  advance(ms: number): Promise<void>;
}

/** 2026-01-01T00:00:00Z unless told otherwise. */
export function manualClock(start: Instant = 1_767_225_600_000): ManualClock {
  let now = start;
  const sleepers = new Set<{ readonly at: Instant; readonly wake: () => void }>();
  return {
    now: () => now,
    monotonic: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (ms <= 0 || signal?.aborted) return resolve();
        const sleeper = { at: now + ms, wake: resolve };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', () => sleepers.delete(sleeper) && resolve(), { once: true });
      }),
    async advance(ms) {
      now += ms;
      for (const sleeper of [...sleepers].sort((a, b) => a.at - b.at)) {
        if (sleeper.at > now) continue;
        sleepers.delete(sleeper);
        sleeper.wake();
      }
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
