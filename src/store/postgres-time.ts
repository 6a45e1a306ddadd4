// The time of a PostgreSQL store: the server's clock, read by each operation as it begins, so that no replica's own clock
// decides anything (threats E01, E02). How far the server got is left as a mark in `counters`, about once a second and not
// with every commit: a row that all replicas write would make them wait for one another.
import type { Clock, Instant } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { steadyTime } from './store-clock.ts';

const MARK_EVERY_MS = 1_000;
/** Answers of several connections come in any order. */
const DISORDER_MS = 1_000;

export const TIME = {
  name: 'time',
  text: `select floor(extract(epoch from clock_timestamp()) * 1000)::bigint as at,
    (select value from counters where name = 'clock') as mark`,
};

export interface ServerTime {
  /** The store's time, after the answer to TIME; `askedAt` is this machine's time when it was asked. */
  heard(answer: readonly unknown[], askedAt: Instant): Instant;
  skewMs(): number;
}

/**
 * `saveMark` is called when the mark is old, never twice at once. `stated` stands in for the server's clock in tests.
 */
export function serverTime(
  clock: Clock,
  log: Log,
  saveMark: (now: Instant) => Promise<unknown>,
  stated?: () => Instant,
): ServerTime {
  let steady: ReturnType<typeof steadyTime> | undefined;
  let skewMs = 0;
  let saving = false;

  function save(now: Instant): void {
    if (saving) return;
    saving = true;
    // One that fails is made up for by the next operation.
    saveMark(now)
      .catch((error: unknown) => log.debug('The mark of the clock was not saved', { error }))
      .finally(() => {
        saving = false;
      });
  }
  return {
    skewMs: () => skewMs,
    heard([at, mark], askedAt) {
      const read = stated?.() ?? Number(at);
      steady ??= steadyTime(read, DISORDER_MS, log);
      const now = steady(read, Number(mark ?? 0));
      // Half of the way there and back is taken off.
      skewMs = Math.round((askedAt + clock.now()) / 2) - now;
      if (now - Number(mark ?? 0) >= MARK_EVERY_MS) save(now);
      return now;
    },
  };
}
