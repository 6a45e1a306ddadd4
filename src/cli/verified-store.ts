// Opens a store for a look and proves its log: what every copy, backup and restore ends with.
import { plural } from '../messages/phrases.ts';
import { verifyLog } from '../operations/verify-log.ts';
import { openStore, type StoreTools } from '../store/open-store.ts';

export interface Verified {
  readonly ok: boolean;
  readonly size: number;
  readonly root: string;
  readonly text: string;
}

/**
 * By the signed heads in the store itself: a backup is an older state, so that those kept outside since would not fit it. They
 * are for `audit verify` and for the start. Throws StoreError.
 */
export async function verifiedStore(url: string, tools: StoreTools, vkeys: readonly string[]): Promise<Verified> {
  const store = await openStore(url, tools, { readonly: true });
  try {
    const { ok, ledger, rows, checked } = await verifyLog(store, { vkeys, checkpoints: [] });
    const { size, root, proven } = ledger;
    const found = ledger.findings.length + ledger.more + rows.length;
    const lines = [
      `${plural(size, 'entry', 'entries')} in the log, ${proven} of them under a signed head, root ${root}`,
      ok
        ? `The log is whole, and the state of ${plural(checked.requests, 'request')} and ${plural(checked.grants, 'pass', 'passes')} follows from it.`
        : `The log is NOT as it was written: ${plural(found, 'finding')}. Run hallpass audit verify for each (run-book: log-changed).`,
    ];
    return { ok, size, root, text: `${lines.join('\n')}\n` };
  } finally {
    await store.close();
  }
}
