// A promise with a limit, on the injected clock and without a timer that outlives it.
import type { Clock } from '../../ports/clock.ts';

/** What `work` gives, or 'late' after `ms`. Rejects as `work` does; what it does after being late is nobody's concern. */
export async function within<T>(clock: Clock, ms: number, work: Promise<T>): Promise<T | 'late'> {
  const over = new AbortController();
  try {
    return await Promise.race([work, clock.sleep(ms, over.signal).then(() => 'late' as const)]);
  } finally {
    over.abort();
  }
}
