// The store's time: never back, never standing still for good, and somebody is told when the machine's clock is behind.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { storeClock } from '../../src/store/store-clock.ts';
import { quiet } from '../contracts/store-bench.ts';

function clockAt(first: number, mark = 0) {
  const machine = { at: first };
  const warnings: unknown[] = [];
  const clock = { now: () => machine.at, sleep: async () => {} };
  const log = { ...quiet, warn: (_message: string, facts?: object) => warnings.push(facts) };
  return { machine, warnings, now: storeClock(clock, mark, log) };
}
const HOUR = 3_600_000;

describe('the store’s clock', () => {
  it('is the machine’s while that goes forward', () => {
    const { machine, now, warnings } = clockAt(1000);
    expect(now()).toBe(1000);
    machine.at = 1000 + 50 * HOUR;
    expect(now()).toBe(1000 + 50 * HOUR);
    expect(warnings).toEqual([]);
  });

  it('goes on from the latest time when the machine’s is set back, and warns once', () => {
    const { machine, now, warnings } = clockAt(10 * HOUR);
    now();
    machine.at = 9 * HOUR;
    expect(now()).toBe(10 * HOUR);
    machine.at += 30_000;
    expect(now()).toBe(10 * HOUR + 30_000);
    expect(warnings).toEqual([{ behindMs: HOUR }]);
  });

  it('joins the machine’s again when that catches up', () => {
    const { machine, now } = clockAt(10 * HOUR);
    now();
    machine.at = 9 * HOUR;
    now();
    machine.at = 10 * HOUR;
    expect(now()).toBe(10 * HOUR);
    machine.at += 5;
    expect(now()).toBe(10 * HOUR + 5);
  });

  it('takes a correction that does not catch up for no more than a minute', () => {
    const { machine, now } = clockAt(10 * HOUR);
    now();
    machine.at = 8 * HOUR;
    now();
    machine.at = 9 * HOUR;
    expect(now()).toBe(10 * HOUR + 60_000);
  });

  it('begins at the mark that an earlier run left', () => {
    const { machine, now, warnings } = clockAt(HOUR, 5 * HOUR);
    expect(now()).toBe(5 * HOUR);
    machine.at += 5;
    expect(now()).toBe(5 * HOUR + 5);
    expect(warnings).toHaveLength(1);
  });

  it('never goes back, whatever the machine’s does, and is never behind it', () => {
    const property = fc.property(fc.nat(), fc.array(fc.integer({ min: -1_000_000, max: 1_000_000 })), (mark, jumps) => {
      const { machine, now } = clockAt(500_000, mark);
      let last = mark;
      for (const jump of jumps) {
        machine.at += jump;
        const time = now();
        expect(time).toBeGreaterThanOrEqual(Math.max(last, machine.at));
        last = time;
      }
    });
    fc.assert(property, { seed: 20261122 });
  });
});
