// Time of one case: one true time that targets live by, and the clocks of machines that may be wrong about it. Nothing
// happens by itself: time passes when it is moved, and what was to happen by then happens.
import type { Clock, Instant } from '../../src/ports/clock.ts';

export interface VirtualTime {
  /** What time it really is. */
  readonly truth: Clock;
  /** What the machines believe, the one of the store included. */
  readonly machine: Clock;
  /** Machines are this much ahead of the truth; negative: behind. */
  skew(ms: number): void;
  /** Carried out when time gets there. */
  later(ms: number, effect: () => Promise<void>): void;
  /** How long until something happens that was put off; undefined when nothing is. */
  untilLater(): number | undefined;
  /** Moves time; whoever slept for less is awake when this resolves, and what was put off has been carried out. */
  advance(ms: number): Promise<void>;
}

interface Sleeper {
  readonly at: Instant;
  readonly wake: () => void;
}

export function virtualTime(start: Instant): VirtualTime {
  let now = start;
  let ahead = 0;
  let waiting: { readonly at: Instant; readonly effect: () => Promise<void> }[] = [];
  const sleepers = new Set<Sleeper>();
  const sleep: Clock['sleep'] = (ms, signal) =>
    new Promise((resolve) => {
      if (ms <= 0 || signal?.aborted) return resolve();
      const sleeper = { at: now + ms, wake: resolve };
      sleepers.add(sleeper);
      signal?.addEventListener('abort', () => sleepers.delete(sleeper) && resolve(), { once: true });
    });

  async function carryOut(): Promise<void> {
    const due = waiting.filter(({ at }) => at <= now);
    waiting = waiting.filter(({ at }) => at > now);
    for (const { effect } of due) await effect();
  }
  function wake(): void {
    for (const sleeper of [...sleepers].sort((a, b) => a.at - b.at)) {
      if (sleeper.at > now) return;
      sleepers.delete(sleeper);
      sleeper.wake();
    }
  }
  return {
    truth: { now: () => now, monotonic: () => now, sleep },
    machine: { now: () => now + ahead, monotonic: () => now, sleep },
    skew: (ms) => {
      ahead = ms;
    },
    later: (ms, effect) => {
      waiting.push({ at: now + ms, effect });
    },
    untilLater: () => (waiting.length === 0 ? undefined : Math.min(...waiting.map(({ at }) => at)) - now),
    async advance(ms) {
      now += ms;
      await carryOut();
      wake();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
