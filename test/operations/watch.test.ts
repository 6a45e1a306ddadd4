// What the watchdog makes of what it sees, as a table; and that an alarm goes on until somebody sees that it is over.
import { describe, expect, it } from 'vitest';
import { judgeSight, type Sight, sightOf, type WatchState, watch, worstOf } from '../../src/operations/watch.ts';

const T0 = 1_767_225_600_000;
const HOUR = 3600;
const FINE: Sight = {
  lastSweepSeconds: 4,
  oldestOverdueSeconds: 0,
  oldestUntoldSeconds: 3,
  oldestUnsignedSeconds: 590,
  lastCheckpointSeconds: 595,
  leaves: 100,
};
const { POSITIVE_INFINITY: NEVER, NaN: NONSENSE } = Number;

describe('one look', () => {
  it.each<[string, Partial<Sight>, readonly string[]]>([
    ['all is well', {}, []],
    ['the sweep is at its bound', { lastSweepSeconds: 60 }, []],
    ['and beyond it', { lastSweepSeconds: 60.1 }, ['nobody_sweeps 60.1']],
    ['nobody ever swept', { lastSweepSeconds: NEVER }, ['nobody_sweeps Infinity']],
    ['a figure that is no number proves nothing', { lastSweepSeconds: NONSENSE }, ['nobody_sweeps NaN']],
    ['an end is at its bound', { oldestOverdueSeconds: 120 }, []],
    ['and beyond it', { oldestOverdueSeconds: 121 }, ['revoke_overdue 121']],
    ['entries are not told', { oldestUntoldSeconds: 901 }, ['audit_silent 901']],
    ['or not signed', { oldestUnsignedSeconds: 901 }, ['audit_silent 901']],
    ['both are one alarm', { oldestUntoldSeconds: 999, oldestUnsignedSeconds: 901 }, ['audit_silent 999']],
    ['a quiet day', { lastCheckpointSeconds: 24 * HOUR }, []],
    ['and more than one', { lastCheckpointSeconds: 24 * HOUR + 1 }, ['audit_silent 86401']],
    ['a log without entries has nothing to sign', { leaves: 0, lastCheckpointSeconds: NEVER }, []],
    [
      'everything at once',
      { lastSweepSeconds: 1000, oldestOverdueSeconds: 1000, oldestUntoldSeconds: 1000 },
      ['nobody_sweeps 1000', 'revoke_overdue 1000', 'audit_silent 1000'],
    ],
  ])('%s', (_name, part, expected) => {
    const found = judgeSight(T0, { ...FINE, ...part });
    expect(found.map(({ code, seconds }) => `${code} ${seconds}`)).toEqual(expected);
  });

  it.each([
    ['just now', 0, 0],
    ['for a while', 59, 0],
    ['for a minute', 60, 1],
  ])('nothing can be seen %s', (_name, seconds, alarms) => {
    expect(judgeSight(T0, { blindSince: T0 - seconds * 1000 })).toHaveLength(alarms);
  });
});

/** Looks every 15 s; `undefined` is a look that sees nothing. */
function looks(sights: readonly (Sight | undefined)[]): readonly WatchState[] {
  const states: WatchState[] = [{ alarms: [] }];
  for (const [index, sight] of sights.entries())
    states.push(watch(states.at(-1) as WatchState, T0 + index * 15_000, sight));
  return states.slice(1);
}
const late: Sight = { ...FINE, oldestOverdueSeconds: 200 };
const wordsOf = ({ alarms }: WatchState) =>
  alarms.map(({ code, overAt }) => `${code}${overAt === undefined ? '' : ' over'}`).join();

describe('look after look', () => {
  it('an alarm is raised once, goes on, is over once, and can come back as another one', () => {
    const states = looks([late, late, FINE, FINE, late]);
    expect(states.map(wordsOf)).toEqual([
      'revoke_overdue',
      'revoke_overdue',
      'revoke_overdue over',
      '',
      'revoke_overdue',
    ]);
    expect(states.map(({ alarms: [alarm] }) => alarm?.raisedAt)).toEqual([T0, T0, T0, undefined, T0 + 60_000]);
    expect(states[2]?.alarms[0]?.overAt).toBe(T0 + 30_000);
  });

  it('says how long it has been so, at each look anew', () => {
    const states = looks([late, { ...late, oldestOverdueSeconds: 215 }]);
    expect(states.map(({ alarms: [alarm] }) => alarm?.seconds)).toEqual([200, 215]);
  });

  it('seeing nothing ends no alarm, and is one of its own after a minute', () => {
    const states = looks([late, undefined, undefined, undefined, undefined, undefined, FINE]);
    expect(states.map(wordsOf)).toEqual([
      'revoke_overdue',
      'revoke_overdue',
      'revoke_overdue',
      'revoke_overdue',
      'revoke_overdue',
      'revoke_overdue,hallpass_unreachable',
      'revoke_overdue over,hallpass_unreachable over',
    ]);
  });

  it('a look that fails now and then is no alarm', () => {
    const sights = Array.from({ length: 40 }, (_, index) => (index % 4 === 3 ? FINE : undefined));
    expect(looks(sights).flatMap(({ alarms }) => alarms)).toEqual([]);
  });
});

describe('sights', () => {
  it('of the store: what never happened is older than anything, what does not wait is not old', () => {
    const nothing = { count: 0 };
    const log = { size: 0, unsigned: nothing, untold: nothing };
    expect(sightOf({ now: T0, grants: [], late: { alarms: 0 }, pendingSince: [], jobs: [], log })).toEqual({
      ...{ lastSweepSeconds: NEVER, oldestOverdueSeconds: 0, oldestUntoldSeconds: 0 },
      ...{ oldestUnsignedSeconds: 0, lastCheckpointSeconds: NEVER, leaves: 0 },
    });
    const waiting = { count: 1, since: T0 - 9_000 };
    const full = { size: 7, signedAt: T0 - 1_000, unsigned: waiting, untold: waiting };
    const since = T0 - 3_000;
    const figures = { now: T0, grants: [], late: { since, alarms: 0 }, pendingSince: [], jobs: [], log: full };
    expect(sightOf({ ...figures, sweptAt: T0 - 2_000 })).toEqual({
      ...{ lastSweepSeconds: 2, oldestOverdueSeconds: 3, oldestUntoldSeconds: 9 },
      ...{ oldestUnsignedSeconds: 9, lastCheckpointSeconds: 1, leaves: 7 },
    });
  });

  it('of several replicas: the worst counts, and none is none', () => {
    expect(worstOf([])).toBeUndefined();
    expect(worstOf([FINE])).toEqual(FINE);
    const other = { ...FINE, lastSweepSeconds: 70, oldestUntoldSeconds: 0 };
    expect(worstOf([FINE, other])).toEqual({ ...FINE, lastSweepSeconds: 70 });
  });
});
