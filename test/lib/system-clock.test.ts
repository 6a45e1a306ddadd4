// Sleeps end early, on time or never late by overflow; ids sort and do not repeat.
import { getEventListeners } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { idsFrom, systemClock, systemIds } from '../../src/lib/system-clock.ts';

describe('sleep', () => {
  it.each([2 ** 31, 30 * 24 * 3600 * 1000, Number.POSITIVE_INFINITY])(
    'of %d ms is 60 s and no overflow',
    async (ms) => {
      vi.useFakeTimers();
      try {
        let awake = false;
        const sleeping = systemClock.sleep(ms).then(() => {
          awake = true;
        });
        await vi.advanceTimersByTimeAsync(59_999);
        expect(awake).toBe(false);
        await vi.advanceTimersByTimeAsync(1);
        await sleeping;
      } finally {
        vi.useRealTimers();
      }
    },
  );

  it('ends at once when aborted, before or during, and leaves no listener', async () => {
    const stop = new AbortController();
    const sleeping = systemClock.sleep(60_000, stop.signal);
    expect(getEventListeners(stop.signal, 'abort')).toHaveLength(1);
    stop.abort();
    await sleeping;
    await systemClock.sleep(60_000, stop.signal);
    expect(getEventListeners(stop.signal, 'abort')).toHaveLength(0);
  });

  it('of nothing or less ends, and leaves no listener either', async () => {
    const stop = new AbortController();
    await systemClock.sleep(0, stop.signal);
    await systemClock.sleep(-5, stop.signal);
    expect(getEventListeners(stop.signal, 'abort')).toHaveLength(0);
  });
});

describe('now', () => {
  it('is whole milliseconds of this century', () => {
    expect(Number.isInteger(systemClock.now())).toBe(true);
    expect(systemClock.now()).toBeGreaterThan(Date.UTC(2026, 0));
  });
});

describe('ids', () => {
  it('look like prefix_ and 26 characters', () => {
    expect(systemIds.next('req')).toMatch(/^req_[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
  });

  it('carry the time first, in Crockford base 32', () => {
    const ids = idsFrom(
      () => 1_469_918_176_385, // the example of the ULID specification: https://github.com/ulid/spec
      (count) => Buffer.alloc(count, 0),
    );
    expect(ids.next('x')).toBe('x_01ARYZ6S410000000000000000');
  });

  it('sort as they were made and never repeat, in one millisecond, with bad randomness, and when the clock goes back', () => {
    const times = [5, 5, 5, 4, 0, 6, 6];
    const ids = idsFrom(
      () => times.shift() ?? 7,
      (count) => Buffer.alloc(count, 0xff),
    );
    const made = Array.from({ length: 50 }, () => ids.next('a'));
    expect(new Set(made).size).toBe(50);
    expect([...made].sort()).toEqual(made);
  });
});

describe('secret and jitter', () => {
  it('gives as many bytes as asked, never the same, and refuses too few', () => {
    expect(Buffer.from(systemIds.secret(32), 'base64url')).toHaveLength(32);
    expect(systemIds.secret(16)).not.toBe(systemIds.secret(16));
    for (const few of [0, 7, -1, 1.5, Number.NaN]) expect(() => systemIds.secret(few)).toThrow(RangeError);
  });

  it('jitters in [0, 1)', () => {
    const at = (byte: number) =>
      idsFrom(
        () => 0,
        (count) => Buffer.alloc(count, byte),
      ).jitter();
    expect(at(0)).toBe(0);
    expect(at(0xff)).toBeLessThan(1);
    expect(at(0x80)).toBeCloseTo(0.5, 2);
  });
});
