// How long to wait before trying again: longer each time, never longer than the cap, and not all at the same moment.

export interface Backoff {
  readonly baseMs: number;
  readonly capMs: number;
}

const SPREAD = 0.5;

/**
 * Milliseconds to wait after attempt number `attempt` (from 1): `baseMs` doubled each time, ± 50 % by `jitter` (in [0, 1)).
 * The cap holds for the jittered value, since promises are made on it ("tried at least every 5 minutes"); the middle
 * stays below it, so that tries are still spread once the cap is reached.
 */
export function backoffMs(attempt: number, { baseMs, capMs }: Backoff, jitter: number): number {
  const doubled = baseMs * 2 ** Math.max(0, attempt - 1);
  const middle = Math.min(doubled, capMs / (1 + SPREAD));
  return Math.max(1, Math.round(middle * (1 - SPREAD + 2 * SPREAD * jitter)));
}
