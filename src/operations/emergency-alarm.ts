// People hear of a store that cannot be written without the store: straight to the second path and to the audit channel, again
// and again until it is over. What cannot be said is tried again; nothing that ends access waits for it.
import type { Instant } from '../core/model.ts';
import { type EndedMeanwhile, storeTroubleNote, storeTroublePage } from '../messages/store-trouble.ts';
import type { Pager } from '../ports/pager.ts';
import type { Tools } from './tools.ts';

/** A restart of the database is over by then. */
const FIRST_AFTER_MS = 30_000;
const REPEAT_MS = 900_000;
/** Where nobody took it. */
const PAGE_AGAIN_MS = 60_000;
const PAGE_SECONDS = 20;

export type AlarmTools = Pick<Tools, 'clock' | 'ids' | 'log' | 'catalog' | 'chats'> & {
  readonly pagers: readonly Pager[];
};

export interface EmergencyAlarm {
  /** The trouble lasts. Says so when it is time; returns at once and never throws. */
  raise(since: Instant, done: EndedMeanwhile): void;
  over(): void;
}

export function openEmergencyAlarm(tools: AlarmTools): EmergencyAlarm {
  const { clock, log } = tools;
  const notBefore: { chat: Instant; page: Instant } = { chat: 0, page: 0 };

  function isTime(path: 'chat' | 'page'): boolean {
    const now = clock.now();
    if (now < notBefore[path]) return false;
    notBefore[path] = now + REPEAT_MS;
    return true;
  }
  async function pageAll(since: Instant, done: EndedMeanwhile): Promise<void> {
    const page = storeTroublePage(since, done, clock.now(), tools.catalog.organization);
    const taken = await Promise.all(tools.pagers.map((pager) => isTaken(tools, pager, page)));
    if (taken.includes(false)) notBefore.page = Math.min(notBefore.page, clock.now() + PAGE_AGAIN_MS);
  }
  return {
    raise(since, done) {
      if (clock.now() - since < FIRST_AFTER_MS) return;
      if (isTime('page')) void pageAll(since, done);
      if (!isTime('chat')) return;
      log.error('the store cannot be written', { since: new Date(since).toISOString(), ...done });
      void post(tools, since, done);
    },
    over() {
      notBefore.chat = 0;
      notBefore.page = 0;
    },
  };
}

type Page = Parameters<Pager['page']>[0];

async function isTaken({ clock, log }: AlarmTools, pager: Pager, page: Page): Promise<boolean> {
  const [timeout, done] = [new AbortController(), new AbortController()];
  const slept = clock.sleep(PAGE_SECONDS * 1000, done.signal).then(() => timeout.abort());
  try {
    await Promise.race([pager.page(page, timeout.signal), slept]);
    return !timeout.signal.aborted;
  } catch (error) {
    log.error('a page could not be sent and will be repeated', { pager: pager.name, error });
    return false;
  } finally {
    done.abort('over');
  }
}

async function post(tools: AlarmTools, since: Instant, done: EndedMeanwhile): Promise<void> {
  const channel = tools.catalog.auditChannel;
  try {
    const key = tools.ids.next('alarm');
    await tools.chats[channel.platform]?.post({ kind: 'channel', channel }, storeTroubleNote(since, done), key);
  } catch (error) {
    tools.log.error('the audit channel could not be told that the store cannot be written', { error });
  }
}
