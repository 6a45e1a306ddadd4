// `hallpass store copy` and `hallpass store reopen`: moving to another database, and back on purpose.
import { plural } from '../messages/phrases.ts';
import type { LedgerHead } from '../ports/store.ts';
import { type Copied, type CopyProgress, copyStore, reopenStore } from '../store/copy-store.ts';
import { openStore, type StoreTools } from '../store/open-store.ts';
import type { Printed } from './check.ts';
import { type Verified, verifiedStore } from './verified-store.ts';

export interface CopyCommand {
  readonly from: string;
  readonly to: string;
  readonly vkeys: readonly string[];
  readonly tools: StoreTools;
  /** A line for whoever waits. */
  readonly tell: (line: string) => void;
}

export async function storeCopy({ from, to, vkeys, tools, tell }: CopyCommand): Promise<Printed> {
  let verified: Verified | undefined;
  const accept = async (): Promise<boolean> => {
    tell('verifying the log of the copy');
    const head = await headOf(from, tools);
    const after = await verifiedStore(to, tools, vkeys);
    verified = { ...after, ok: after.ok && head.rootHex === after.root && head.size === after.size };
    return verified.ok;
  };
  const onProgress = progressLines(tell);
  const copied = await copyStore(from, to, { ...tools, onProgress, accept });
  const isGood = verified?.ok === true;
  return {
    text: `${tableText(copied)}${verified?.text ?? ''}${isGood ? movedText(copied) : notMovedText(copied)}`,
    exitCode: isGood ? 0 : 1,
  };
}

async function headOf(url: string, tools: StoreTools): Promise<LedgerHead> {
  const store = await openStore(url, tools, { readonly: true });
  try {
    return await store.ledgerHead();
  } finally {
    await store.close();
  }
}

export async function storeReopen(store: string): Promise<Printed> {
  if (!(await reopenStore(store))) {
    return { text: 'This store was never left: Hallpass can be started on it.\n', exitCode: 0 };
  }
  return {
    text: `Hallpass can be started on this store again. Never start it on the other one as well: each would end, and give, what the
other knows nothing of. What was asked, approved and given there since is not in this store. At the first start
Hallpass compares it with the signed heads kept elsewhere, finds that it is behind, and looks at the targets first
(docs/backup.md).\n`,
    exitCode: 0,
  };
}

const TOLD_EVERY_ROWS = 10_000;

/** One line a table, and one every so many rows of a long one. */
function progressLines(tell: CopyCommand['tell']): (progress: CopyProgress) => void {
  return ({ table, done, of }) => {
    if (done >= of || done % TOLD_EVERY_ROWS === 0) tell(`${table}: ${done} of ${plural(of, 'row')}`);
  };
}

function tableText({ from, to, tables }: Copied): string {
  const rows = tables.map(
    ({ table, rows, digest }) => `  ${table.padEnd(14)} ${String(rows).padStart(9)} ${digest.slice(0, 32)}`,
  );
  return `${from} was copied to ${to}. All rows were read again there: number and digest of each table are the same.
  ${'table'.padEnd(14)} ${'rows'.padStart(9)} SHA-256 (its first half)
${rows.join('\n')}\n`;
}

function movedText({ from, to }: Copied): string {
  return `
Now set store in hallpass.yaml to the new one and start Hallpass: ${to}
Keep ${from} as the last backup. Nothing in it was changed but for a mark: Hallpass does not start on it
any more, because two on two copies would each end, and give, what the other knows nothing of. To go back to it on
purpose: hallpass store reopen <store>
`;
}

function notMovedText({ from, to }: Copied): string {
  return `
Do not start Hallpass on ${to}: drop that database. ${from} is as it was, and Hallpass can be
started on it.
`;
}
