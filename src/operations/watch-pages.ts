// Hands the alarms of a watchdog to every pager: at once, again every 15 minutes until they are over, and again at the next
// look where a pager did not take it. Never gives up, and one pager that hangs holds up no other.
import type { Instant } from '../core/model.ts';
import { type WatchAlarm, watchPage } from '../messages/watch-page.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Pager } from '../ports/pager.ts';

const REPEAT_SECONDS = 900;
/** Shorter than the time to the next look. */
const PAGE_SECONDS = 10;

export interface WatchPages {
  /** Pages what is due. Returns at once and never throws. */
  turn(alarms: readonly WatchAlarm[]): void;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
}

export interface PagingTools {
  readonly pagers: readonly Pager[];
  readonly clock: Clock;
  readonly log: Log;
  readonly organization: string;
}

export function openWatchPages(tools: PagingTools): WatchPages {
  const takenAt = new Map<string, Instant>();
  const underWay = new Map<string, Promise<void>>();

  function isDue(matter: string): boolean {
    const last = takenAt.get(matter);
    if (underWay.has(matter)) return false;
    return last === undefined || tools.clock.now() - last >= REPEAT_SECONDS * 1000;
  }
  async function hand(pager: Pager, alarm: WatchAlarm, matter: string): Promise<void> {
    const at = tools.clock.now();
    if (await isTaken(tools, pager, alarm, at)) takenAt.set(matter, at);
    underWay.delete(matter);
  }
  return {
    turn(alarms) {
      for (const alarm of alarms) {
        for (const pager of tools.pagers) {
          const matter = `${pager.name} ${alarm.code} ${alarm.raisedAt}`;
          if (isDue(matter)) underWay.set(matter, hand(pager, alarm, matter));
        }
      }
    },
    async settled() {
      await Promise.all(underWay.values());
    },
  };
}

async function isTaken(tools: PagingTools, pager: Pager, alarm: WatchAlarm, at: Instant): Promise<boolean> {
  const [timeout, done] = [new AbortController(), new AbortController()];
  const slept = tools.clock.sleep(PAGE_SECONDS * 1000, done.signal).then(() => {
    if (done.signal.aborted) return false;
    timeout.abort();
    throw new Error(`no answer within ${PAGE_SECONDS} s`);
  });
  try {
    await Promise.race([pager.page(watchPage(alarm, at, tools.organization), timeout.signal), slept]);
    return true;
  } catch (error) {
    tools.log.error('a page was not taken and will be sent again', { pager: pager.name, code: alarm.code, error });
    return false;
  } finally {
    done.abort('over');
    slept.catch(() => undefined);
  }
}
