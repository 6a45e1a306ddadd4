// The doctor's look at the second path of alarms: every pager is tried without waking anybody, or, where that is asked for, with a
// test page that people then see or do not see.
import { testPage } from '../messages/page.ts';
import { callPager } from '../operations/run-page.ts';
import type { Finding } from '../ports/chat-platform.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { type Pager, PagerError, type PagerFault } from '../ports/pager.ts';

export interface Paged {
  readonly pagers: readonly Pager[];
  readonly organization: string;
  readonly clock: Clock;
  readonly log: Log;
}

const NO_SECOND_PATH = 'alarms reach people only through the chat that may be down';

export async function pagerFindings(paged: Paged, isToPage: boolean): Promise<readonly Finding[]> {
  if (paged.pagers.length > 0) return Promise.all(paged.pagers.map((pager) => pagerFinding(paged, pager, isToPage)));
  const remedy = 'Add a pager (mail, PagerDuty or webhook) under “alarms”; hallpass.example.yaml shows how.';
  return [{ what: 'alarms', state: 'warning', says: NO_SECOND_PATH, remedy }];
}

async function pagerFinding(paged: Paged, pager: Pager, isToPage: boolean): Promise<Finding> {
  const what = `pager ${pager.name}`;
  const page = testPage(paged.organization, paged.clock.now());
  try {
    await callPager(paged, (signal) => pager.check(signal));
    if (isToPage) await callPager(paged, (signal) => pager.page(page, signal));
    return {
      what,
      state: 'ok',
      says: isToPage ? 'took a test page: see whether it arrived' : 'reached; nobody was paged',
    };
  } catch (error) {
    if (!(error instanceof PagerError)) throw error;
    return { what, state: 'wrong', says: `${error.fault}: ${error.message}`, remedy: remedyOf(error.fault) };
  }
}

function remedyOf(fault: PagerFault): string {
  switch (fault) {
    case 'refused':
      return 'Look at its address, key or password under “alarms”.';
    case 'invalid':
      return 'Look at its settings under “alarms”: the other side does not take what it is sent.';
    case 'busy':
      return 'It is busy; try again in a minute.';
    case 'unreachable':
      return 'Look at address, network and TLS between this machine and the pager.';
  }
}
