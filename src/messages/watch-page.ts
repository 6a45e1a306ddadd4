// What the watchdog says: to pagers and, in one line, to whoever reads its output. Figures and names of alarms only, nothing
// of anybody's requests. Each alarm has its entry in the run-book.
import type { Instant } from '../core/model.ts';
import type { Page } from '../ports/pager.ts';

/** What is the matter and what it means, for each alarm of the watchdog. */
export const WATCH_ALARMS = {
  hallpass_unreachable: [
    'cannot be seen',
    'Neither its figures nor its store could be read. Passes whose time is over may not be ending.',
  ],
  nobody_sweeps: [
    'does not look after its passes',
    'No replica has done its round. Passes whose time is over may not be ending. Start Hallpass, or find out why it stands still.',
  ],
  revoke_overdue: [
    'could not end access in time',
    'Somebody has access that should be gone. Take it away in the target by hand.',
  ],
  audit_silent: [
    'is silent in its audit channel',
    'What happens is not told there, or the log is not signed. Read the log with: hallpass audit verify.',
  ],
} as const satisfies Readonly<Record<string, readonly [what: string, meaning: string]>>;

/** In the run-book under its name with dashes. */
export type WatchCode = keyof typeof WATCH_ALARMS;

export interface WatchAlarm {
  readonly code: WatchCode;
  readonly raisedAt: Instant;
  /** How long it has been so, as far as is known; infinite: always. */
  readonly seconds: number;
  /** Which bound was exceeded. */
  readonly what: string;
}

export function watchPage(alarm: WatchAlarm, at: Instant, organization: string): Page {
  const { code, raisedAt } = alarm;
  const [what, meaning] = WATCH_ALARMS[code];
  const entry = code.replaceAll('_', '-');
  return {
    key: `watchdog:${entry}:${raisedAt}`,
    code: entry,
    title: `Hallpass (${organization}) ${what}`,
    lines: [`${meaning}`, `Seen by the watchdog: ${factOf(alarm)}.`],
    at,
    organization,
    runBook: `docs/run-book.md#${entry}`,
  };
}

/** One line, for a terminal or a log. */
export function watchLine(alarm: WatchAlarm, isOver: boolean): string {
  const [what] = WATCH_ALARMS[alarm.code];
  const entry = alarm.code.replaceAll('_', '-');
  return isOver ? `over: ${entry}` : `ALARM: Hallpass ${what}: ${factOf(alarm)}. Run-book: ${entry}`;
}

function factOf({ what, seconds }: WatchAlarm): string {
  return Number.isFinite(seconds) ? `${what} for ${Math.floor(seconds)} s` : `${what} at all`;
}
