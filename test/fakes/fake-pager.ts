// A pager in memory for tests of everything above the port: it keeps what it took and goes wrong as it is told.
import { type Page, type Pager, PagerError, type PagerFault } from '../../src/ports/pager.ts';

export interface FakePager extends Pager {
  readonly pages: Page[];
  /** Calls, taken or not. */
  readonly tries: () => number;
  /** From now on; `undefined`: it works. 'silent' never answers. */
  trouble: PagerFault | 'silent' | undefined;
}

export function fakePager(name = 'pager-1'): FakePager {
  const pages: Page[] = [];
  let tries = 0;
  const pager: FakePager = {
    name,
    pages,
    tries: () => tries,
    trouble: undefined,
    async page(page, signal) {
      tries += 1;
      await go(pager, signal);
      pages.push(page);
    },
    async check(signal) {
      tries += 1;
      await go(pager, signal);
    },
  };
  return pager;
}

async function go({ trouble }: FakePager, signal: AbortSignal): Promise<void> {
  if (trouble === 'silent')
    return new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(new PagerError('unreachable', 'given up')), { once: true });
    });
  if (trouble) throw new PagerError(trouble, `it is ${trouble}`, trouble === 'busy' ? { retryAfterSeconds: 30 } : {});
}
