// The time that decisions go by (law 12): a clock's, but never earlier than any time that was used before, over restarts
// too (threat E02). While the clock is behind, time goes on at its pace from the latest time used: if it stood still
// instead, a clock that once was wrong by a year would let no pass end for a year.
import type { Clock, Instant } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';

/** While behind, a larger jump is taken for a correction of the clock and not for time that has passed. */
const STEP_CAP_MS = 60_000;

/** `mark` is the latest time that is known to have been used. The function it returns never answers less than before. */
export function storeClock(clock: Clock, mark: Instant, log: Log): () => Instant {
  const steady = steadyTime(clock.now(), 0, log);
  return () => steady(clock.now(), mark);
}

/**
 * For readings that come one after the other, `first` being the one to begin from. Each may come with a later mark, left by
 * another process. Readings that are earlier than the one before by less than `disorderMs` were only slower on their way.
 */
export function steadyTime(first: Instant, disorderMs: number, log: Log): (now: Instant, mark: Instant) => Instant {
  let raw = first;
  let last = 0;
  let warned = false;
  return (now, mark) => {
    const passed = Math.min(Math.max(0, now - raw), STEP_CAP_MS);
    const used = Math.max(last, mark);
    const behindMs = used - now;
    if (behindMs > STEP_CAP_MS && !warned) log.warn('The clock is behind the time that was used before', { behindMs });
    warned = behindMs > STEP_CAP_MS;
    // A mark of another process is up to date: what passed here has been added to it there.
    last = Math.max(now, behindMs > 0 ? Math.max(last + passed, mark) : now);
    if (now >= raw || raw - now > disorderMs) raw = now;
    return last;
  };
}
