// Durations: what is taken, what is refused and why, and that nothing in between is guessed (threat C16).
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type DurationProblem,
  formatDuration,
  LONGEST_DURATION_SECONDS,
  parseDuration,
} from '../../src/core/duration.ts';
import { cpuMs } from '../cpu-time.ts';

const ACCEPTED: readonly (readonly [string, number])[] = [
  ['90m', 5_400],
  ['2h', 7_200],
  ['1h30m', 5_400],
  ['1d', 86_400],
  ['1d2h', 93_600],
  ['45 min', 2_700],
  ['2 hours', 7_200],
  ['1 h 30 min', 5_400],
  ['1 D 2 Hours 3 MINUTES', 93_780],
  ['  30m  ', 1_800],
  ['1\u00A0h\u00A030\u00A0min', 5_400],
  ['0h30m', 1_800],
  ['1 hr', 3_600],
  ['2 hrs', 7_200],
  ['365d', LONGEST_DURATION_SECONDS],
];

/** Threat C16: what a person, a script or a tampered form may send instead of a duration. */
const HOSTILE: readonly (readonly [string, DurationProblem])[] = [
  ['', 'empty'],
  ['   ', 'empty'],
  ['\u00A0', 'empty'],
  ['-1h', 'negative'],
  ['\u22121h', 'negative'],
  ['\u20131h', 'negative'],
  ['- 1h', 'negative'],
  ['-9999999999', 'negative'],
  ['+1h', 'not_a_duration'],
  ['1e9h', 'unknown_unit'],
  ['1e308h', 'unknown_unit'],
  ['2', 'no_unit'],
  ['7200', 'no_unit'],
  ['1h30', 'no_unit'],
  ['1 h 30', 'no_unit'],
  ['1.5h', 'fraction'],
  ['1,5h', 'fraction'],
  ['1.5', 'fraction'],
  ['.5h', 'not_a_duration'],
  ['\u00BDh', 'not_a_duration'],
  ['NaN', 'not_a_duration'],
  ['NaNh', 'not_a_duration'],
  ['Infinity', 'not_a_duration'],
  ['null', 'not_a_duration'],
  ['1h; 99h', 'not_a_duration'],
  ['1h 99h', 'repeated_unit'],
  ['1h1h', 'repeated_unit'],
  ['30m1h', 'wrong_order'],
  ['1h1d', 'wrong_order'],
  ['0m', 'zero'],
  ['0d0h0m', 'zero'],
  ['00h', 'zero'],
  ['366d', 'too_long'],
  ['365d1m', 'too_long'],
  ['8761h', 'too_long'],
  ['99999999999999999999h', 'too_long'],
  [`${'9'.repeat(400)}m`, 'too_long'],
  ['9007199254740993m', 'too_long'],
  ['90s', 'unknown_unit'],
  ['1w', 'unknown_unit'],
  ['1 year', 'unknown_unit'],
  ['forever', 'not_a_duration'],
  ['0x10h', 'unknown_unit'],
  ['1h\u0000', 'not_a_duration'],
  ['1h<!channel>', 'not_a_duration'],
  ['1h\u202E', 'not_a_duration'],
  ['\u0661h', 'not_a_duration'],
  ['\uFF11h', 'not_a_duration'],
  ['1:30', 'not_a_duration'],
  ['PT1H', 'not_a_duration'],
  ['__proto__', 'not_a_duration'],
  ['1constructor', 'unknown_unit'],
];

describe('parseDuration', () => {
  it.each(ACCEPTED)('reads %j as %d seconds', (text, seconds) => {
    expect(parseDuration(text)).toEqual({ ok: true, seconds });
  });

  it.each(HOSTILE)('refuses %j as %s', (text, problem) => {
    expect(parseDuration(text)).toEqual({ ok: false, problem });
  });

  it('accepts only whole minutes from one minute to a year, whatever the text', () => {
    const pieces = fc.constantFrom('1', '90', '-', '.', 'e9', 'h', 'd', 'm', 'min', ' ', ';', '\u00A0', 'NaN', '0');
    const part = fc.tuple(fc.integer({ min: -1, max: 600 }), fc.constantFrom('h', 'd', 'm', 's', 'e9h'));
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(pieces, { maxLength: 8 }).map((all) => all.join('')),
      fc.array(part, { maxLength: 3 }).map((all) => all.flat().join('')),
    );
    let accepted = 0;
    fc.assert(
      fc.property(text, (typed) => {
        const parsed = parseDuration(typed);
        if (!parsed.ok) return;
        accepted += 1;
        expect(parsed.seconds % 60).toBe(0);
        expect(parsed.seconds).toBeGreaterThanOrEqual(60);
        expect(parsed.seconds).toBeLessThanOrEqual(LONGEST_DURATION_SECONDS);
      }),
      { numRuns: 3_000, seed: 16 },
    );
    expect(accepted).toBeGreaterThan(50);
  });

  it('takes time in step with the length of the text', () => {
    for (const text of ['1'.repeat(200_000), ' '.repeat(200_000), '1 '.repeat(100_000), `${'1h'.repeat(100_000)}x`]) {
      expect(cpuMs(() => expect(parseDuration(text).ok).toBe(false))).toBeLessThan(500);
    }
  });
});

describe('formatDuration', () => {
  it.each([
    [60, '1 min'],
    [2_700, '45 min'],
    [3_600, '1 h'],
    [5_400, '1 h 30 min'],
    [172_800, '2 d'],
    [93_780, '1 d 2 h 3 min'],
    [65, '1 min 5 s'],
    [3, '3 s'],
    [0, '0 min'],
    [-60, '0 min'],
    [Number.NaN, '0 min'],
    [Number.POSITIVE_INFINITY, '0 min'],
  ])('shows %d seconds as %j', (seconds, shown) => {
    expect(formatDuration(seconds)).toBe(shown);
  });

  it('is read back as the same duration', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: LONGEST_DURATION_SECONDS / 60 }), (minutes) => {
        expect(parseDuration(formatDuration(minutes * 60))).toEqual({ ok: true, seconds: minutes * 60 });
      }),
      { numRuns: 2_000 },
    );
  });
});
