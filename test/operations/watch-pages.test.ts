// Pages of the watchdog: at once, every 15 minutes, until it is over; to every pager, again where one did not take it.
import { describe, expect, it } from 'vitest';
import { WATCH_ALARMS, type WatchAlarm, type WatchCode, watchLine, watchPage } from '../../src/messages/watch-page.ts';
import { openWatchPages } from '../../src/operations/watch-pages.ts';
import { type Page, type Pager, PagerError } from '../../src/ports/pager.ts';
import { manualClock } from '../fakes/manual-clock.ts';
import { quietLog } from '../world-ports.ts';

const clockStart = 1_767_225_600_000;
const ALARM: WatchAlarm = { code: 'nobody_sweeps', raisedAt: clockStart, seconds: 75.4, what: 'no replica has swept' };

function opened(answers: Record<string, (page: Page, signal: AbortSignal) => Promise<void>>) {
  const clock = manualClock(clockStart);
  const sent: { readonly name: string; readonly at: number; readonly page: Page }[] = [];
  const failures: string[] = [];
  const pagers = Object.entries(answers).map(([name, answer]): Pager => {
    const page: Pager['page'] = async (one, signal) => {
      sent.push({ name, at: (clock.now() - clockStart) / 1000, page: one });
      await answer(one, signal);
    };
    return { name, page, check: async () => undefined };
  });
  const log = { ...quietLog, error: (message: string) => void failures.push(message) };
  const pages = openWatchPages({ pagers, clock, log, organization: 'acme' });
  /** Looks every 15 s, as the watchdog does. */
  async function pass(seconds: number, alarms: readonly WatchAlarm[]): Promise<void> {
    for (let passed = 0; passed < seconds; passed += 15) {
      pages.turn(alarms);
      await clock.advance(15_000);
    }
  }
  const timesOf = (name: string) => sent.filter((one) => one.name === name).map(({ at }) => at);
  return { clock, pages, pass, sent, failures, timesOf };
}
const takes = async () => undefined;

describe('pages', () => {
  it('go out at once and every 15 minutes, to every pager, and end with the alarm', async () => {
    const { pass, timesOf } = opened({ mail: takes, duty: takes });
    await pass(1860, [ALARM]);
    await pass(3600, []);
    expect(timesOf('mail')).toEqual([0, 900, 1800]);
    expect(timesOf('duty')).toEqual([0, 900, 1800]);
  });

  it('that nobody took go out again at the next look, for ever; the other pager is not woken more often', async () => {
    let isDown = true;
    const flaky = () => (isDown ? Promise.reject(new PagerError('unreachable', 'no route')) : Promise.resolve());
    const { pass, timesOf, failures } = opened({ mail: flaky, duty: takes });
    await pass(60, [ALARM]);
    expect(timesOf('mail')).toEqual([0, 15, 30, 45]);
    isDown = false;
    await pass(60, [ALARM]);
    expect(timesOf('mail')).toEqual([0, 15, 30, 45, 60]);
    expect(timesOf('duty')).toEqual([0]);
    expect(failures).toHaveLength(4);
  });

  it('a pager that hangs is given up after 10 s and told so, and holds up nobody', async () => {
    const signals: AbortSignal[] = [];
    const hangs = (_page: Page, signal: AbortSignal) => {
      signals.push(signal);
      return new Promise<void>(() => undefined);
    };
    const { clock, pages, pass, timesOf } = opened({ mail: hangs, duty: takes });
    pages.turn([ALARM]);
    await clock.advance(5_000);
    pages.turn([ALARM]);
    expect(timesOf('mail')).toEqual([0]);
    await clock.advance(5_000);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    await pass(15, [ALARM]);
    expect(timesOf('mail')).toEqual([0, 10]);
    expect(timesOf('duty')).toEqual([0]);
    await pages.settled();
  });

  it('an alarm that comes back is another matter, and two at once are two', async () => {
    const { pass, sent } = opened({ mail: takes });
    const later = { ...ALARM, raisedAt: clockStart + 60_000 };
    const other: WatchAlarm = { ...ALARM, code: 'revoke_overdue' };
    await pass(15, [ALARM, other]);
    await pass(15, [later]);
    const keys = sent.map(({ page }) => page.key);
    expect(new Set(keys).size).toBe(3);
    expect(keys.every((key) => key.length <= 200)).toBe(true);
  });
});

describe('what is said', () => {
  it('names what is the matter, since when, and where it is written what to do', () => {
    expect(watchPage(ALARM, clockStart + 5, 'acme')).toEqual({
      key: `watchdog:nobody-sweeps:${clockStart}`,
      code: 'nobody-sweeps',
      title: 'Hallpass (acme) does not look after its passes',
      lines: [WATCH_ALARMS.nobody_sweeps[1], 'Seen by the watchdog: no replica has swept for 75 s.'],
      at: clockStart + 5,
      organization: 'acme',
      runBook: 'docs/run-book.md#nobody-sweeps',
    });
    expect(watchLine(ALARM, false)).toBe(
      'ALARM: Hallpass does not look after its passes: no replica has swept for 75 s. Run-book: nobody-sweeps',
    );
    expect(watchLine(ALARM, true)).toBe('over: nobody-sweeps');
    expect(watchLine({ ...ALARM, seconds: Number.POSITIVE_INFINITY }, false)).toContain('no replica has swept at all.');
  });

  it.each(Object.keys(WATCH_ALARMS) as WatchCode[])('%s: one line for each, without anybody’s name', (code) => {
    const page = watchPage({ ...ALARM, code }, clockStart, 'acme');
    for (const line of [page.title, ...page.lines]) expect(line).not.toContain('\n');
    expect(page.title).toMatch(/^Hallpass \(acme\) [a-z]/);
    expect(page.lines).toHaveLength(2);
  });
});
