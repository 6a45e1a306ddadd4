// The time that decisions go by (law 12): the machine's, but never earlier than any time that was used before, over restarts
// too (threat E02). While the machine's clock is behind, time goes on at its pace from the latest time used: if it stood
// still instead, a clock that once was wrong by a year would let no pass end for a year.
import type { Clock, Instant } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';

/** While behind, a larger jump is taken for a correction of the clock and not for time that has passed. */
const STEP_CAP_MS = 60_000;

/** `mark` is the latest time that is known to have been used. The function it returns never answers less than before. */
export function storeClock(clock: Clock, mark: Instant, log: Log): () => Instant {
  let raw = clock.now();
  let last = mark;
  let warned = false;
  return () => {
    const now = clock.now();
    const passed = Math.min(Math.max(0, now - raw), STEP_CAP_MS);
    const behindMs = last - now;
    if (behindMs > STEP_CAP_MS && !warned) log.warn('The clock is behind the time that was used before', { behindMs });
    warned = behindMs > STEP_CAP_MS;
    last = Math.max(now, behindMs > 0 ? last + passed : now);
    raw = now;
    return last;
  };
}
