// Waits grow, spread, and keep under the cap whatever the jitter.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs } from '../../src/lib/backoff.ts';

const backoff = { baseMs: 10_000, capMs: 300_000 };

describe('backoffMs', () => {
  it('doubles from the base, and stops below the cap', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7].map((attempt) => backoffMs(attempt, backoff, 0.5));
    expect(waits).toEqual([10_000, 20_000, 40_000, 80_000, 160_000, 200_000, 200_000]);
  });

  it('is spread by half to either side, at the cap too', () => {
    expect([backoffMs(1, backoff, 0), backoffMs(1, backoff, 0.999_999)]).toEqual([5_000, 15_000]);
    expect([backoffMs(99, backoff, 0), backoffMs(99, backoff, 0.999_999)]).toEqual([100_000, 300_000]);
  });

  it('never passes the cap and is never nothing, for any attempt', () => {
    const jitter = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(
        fc.integer({ min: -5, max: 5_000 }),
        fc.integer({ min: 1, max: 60_000 }),
        jitter,
        (attempt, baseMs, j) => {
          const wait = backoffMs(attempt, { baseMs, capMs: 300_000 }, j);
          expect(Number.isInteger(wait) && wait >= 1 && wait <= 300_000).toBe(true);
        },
      ),
      { seed: 20261122 },
    );
  });
});
