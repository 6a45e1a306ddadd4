// Slack's rate limits as sliding windows: so many calls in so many seconds, then 429 with `retry-after`.
// docs.slack.dev/apis/web-api/rate-limits; a refused call does not count.
import type { Clock, Instant } from '../../ports/clock.ts';

export interface Window {
  readonly calls: number;
  readonly seconds: number;
}

/** Tiers by number. Tier 1 is "1+ a minute" with bursts tolerated: ten connections must be possible at start. */
export const TIERS = {
  1: { calls: 10, seconds: 600 },
  2: { calls: 20, seconds: 60 },
  3: { calls: 50, seconds: 60 },
  4: { calls: 100, seconds: 60 },
  special: { calls: 300, seconds: 60 },
} as const satisfies Record<string, Window>;

export type Tier = keyof typeof TIERS;

/** chat.postMessage: 1 a second for each channel with short bursts, several hundred a minute for the workspace. */
export const POST_PER_CHANNEL: Window = { calls: 5, seconds: 5 };

/** conversations.history and .replies of distributed apps outside the Marketplace, since May 2025. */
export const DISTRIBUTED_HISTORY: Window = { calls: 1, seconds: 60 };

/** Seconds to wait, or 0 when the call may go on (it is counted then). */
export type RateLimit = (key: string, window: Window) => number;

export function createRateLimit(clock: Clock): RateLimit {
  const taken = new Map<string, readonly Instant[]>();
  return (key, { calls, seconds }) => {
    const now = clock.now();
    const recent = (taken.get(key) ?? []).filter((at) => now - at < seconds * 1_000);
    const oldest = recent[0];
    const full = recent.length >= calls && oldest !== undefined;
    taken.set(key, full ? recent : [...recent, now]);
    return full ? Math.max(1, Math.ceil((oldest + seconds * 1_000 - now) / 1_000)) : 0;
  };
}
