// The watchdog put together from its parts: looks at the figures of Hallpass every 15 seconds, alarms, and never gives up.
// It runs elsewhere, only reads, and needs none of the secrets of the deployment that it watches.
import { readPage } from './metrics/read-page.ts';
import {
  LOOK_SECONDS,
  type OpenAlarm,
  type Sight,
  sightOf,
  type WatchState,
  watch,
  worstOf,
} from './operations/watch.ts';
import { openWatchPages, type PagingTools } from './operations/watch-pages.ts';
import type { Log } from './ports/log.ts';
import type { Store } from './ports/store.ts';

/** Shorter than the time to the next look. */
const READ_SECONDS = 10;

/** Tells what is there now. Throws, or answers `undefined`, when nothing can be seen. */
export type Look = (signal: AbortSignal) => Promise<Sight | undefined>;

export interface WatchdogParts extends PagingTools {
  readonly look: Look;
  /** An alarm was raised, or is over. */
  readonly say: (alarm: OpenAlarm) => void;
}

export interface Watchdog {
  /** Resolves when it was stopped and nothing is under way. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

export function startWatchdog(parts: WatchdogParts): Watchdog {
  const pages = openWatchPages(parts);
  const stopping = new AbortController();

  async function run(): Promise<void> {
    let state: WatchState = { alarms: [] };
    while (!stopping.signal.aborted) {
      const before = state;
      state = watch(before, parts.clock.now(), await lookOnce(parts, stopping.signal));
      for (const alarm of newsOf(before, state)) parts.say(alarm);
      pages.turn(state.alarms.filter(({ overAt }) => overAt === undefined));
      await parts.clock.sleep(LOOK_SECONDS * 1000, stopping.signal);
    }
    await pages.settled();
  }
  const ended = run();
  return {
    ended,
    stop() {
      stopping.abort('stopped');
      return ended;
    },
  };
}

/** One look, bounded in time. Never throws: what cannot be seen is `undefined`. */
export async function lookOnce({ look, clock, log }: Pick<WatchdogParts, 'look' | 'clock' | 'log'>, stop: AbortSignal) {
  const [timeout, done] = [new AbortController(), new AbortController()];
  const slept = clock.sleep(READ_SECONDS * 1000, AbortSignal.any([stop, done.signal])).then(() => {
    timeout.abort();
    if (!done.signal.aborted && !stop.aborted) throw new Error(`no answer within ${READ_SECONDS} s`);
    return undefined;
  });
  try {
    return await Promise.race([look(timeout.signal), slept]);
  } catch (error) {
    log.warn('nothing could be seen', { error });
    return undefined;
  } finally {
    done.abort('over');
    slept.catch(() => undefined);
  }
}

/** Alarms that are new, and those that were just found to be over. */
function newsOf(before: WatchState, { alarms }: WatchState): readonly OpenAlarm[] {
  const isKnown = ({ code, raisedAt }: OpenAlarm) =>
    before.alarms.some((alarm) => alarm.code === code && alarm.raisedAt === raisedAt);
  return alarms.filter((alarm) => alarm.overAt !== undefined || !isKnown(alarm));
}

/** Pages of figures, one of each replica: one that answers is enough. */
export function lookAtPages(urls: readonly string[], get: typeof fetch, log: Log): Look {
  return async (signal) => {
    const pages = await Promise.allSettled(urls.map((url) => readOne(url, get, signal)));
    for (const page of pages)
      if (page.status === 'rejected') log.warn('a replica did not tell', { error: page.reason });
    return worstOf(pages.flatMap((page) => (page.status === 'fulfilled' ? [page.value] : [])));
  };
}

async function readOne(url: string, get: typeof fetch, signal: AbortSignal): Promise<Sight> {
  const answer = await get(url, { signal, redirect: 'error' });
  const figures = answer.ok ? readPage(await answer.text()) : undefined;
  if (!figures)
    throw new Error(`${new URL(url).host} answered ${answer.status}, and no figures of a store it can read`);
  return figures;
}

/** The store itself, to be opened for reading; opened again after each failure, since what it stood on may be gone. */
export function lookAtStore(open: () => Promise<Store>): Look {
  let opened: Store | undefined;
  return async (signal) => {
    const store = opened ?? (await open());
    opened = undefined;
    let isSound = false;
    try {
      const sight = sightOf(await store.figures());
      isSound = !signal.aborted;
      if (isSound) opened = store;
      return sight;
    } finally {
      if (!isSound) await store.close();
    }
  };
}
