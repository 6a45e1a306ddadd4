// Remembers for a while what was already seen, within a bound. In memory: what must hold across restarts and replicas
// (each delivery counts once) is held by the store through `Origin.delivery`; this only stops the plain replay.
import type { Instant } from '../../ports/clock.ts';

export interface Recent {
  /** True when `key` was not seen within the time; from now on it was. */
  first(key: string, now: Instant): boolean;
  /** The work failed and may come again. */
  forget(key: string): void;
}

/** Beyond `most` keys the oldest go first. Slack sends at most 30,000 events an hour to one app. */
export function recentKeys(keepMs: number, most: number): Recent {
  const seenAt = new Map<string, Instant>();
  function drop(now: Instant): void {
    for (const [key, at] of seenAt) {
      if (now - at < keepMs && seenAt.size <= most) return;
      seenAt.delete(key);
    }
  }
  return {
    first(key, now) {
      const at = seenAt.get(key);
      if (at !== undefined && now - at < keepMs) return false;
      seenAt.delete(key);
      seenAt.set(key, now);
      drop(now);
      return true;
    },
    forget: (key) => void seenAt.delete(key),
  };
}
