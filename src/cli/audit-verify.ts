// `hallpass audit verify`: proves that the log is whole and that the state follows from it. Reads the store beside a running
// Hallpass; needs no network.
import { existsSync, readFileSync } from 'node:fs';
import type { FindingCode } from '../core/ledger/finding.ts';
import { splitNotes } from '../core/ledger/note.ts';
import { plural } from '../messages/phrases.ts';
import { type LogVerdict, verifyLog } from '../operations/verify-log.ts';
import type { Store } from '../ports/store.ts';
import type { Printed } from './check.ts';

const SHOWN_MAX = 20;

export interface VerifyOptions {
  readonly vkeys: readonly string[];
  /** Signed heads kept outside the store, one note after another with empty lines between. */
  readonly checkpointFile: string;
  readonly onProgress?: (leaves: number) => void;
}

export async function auditVerify(store: Store, options: VerifyOptions): Promise<Printed> {
  const checkpoints = notesIn(options.checkpointFile);
  const { vkeys, onProgress } = options;
  const verdict = await verifyLog(store, { vkeys, checkpoints, ...(onProgress ? { onProgress } : {}) });
  return { text: verdictText(verdict, checkpoints.length), exitCode: verdict.ok ? 0 : 1 };
}

function notesIn(file: string): readonly string[] {
  return existsSync(file) ? splitNotes(readFileSync(file, 'utf8')) : [];
}

function verdictText(verdict: LogVerdict, outside: number): string {
  const { ledger, rows, checked } = verdict;
  const unsigned = ledger.size - ledger.proven;
  const lines = [
    `${ledger.size} entries, root ${ledger.root}`,
    `${ledger.proven} of them are under a signed head (${plural(outside, 'head')} read from the file outside the store)${unsigned > 0 ? `; the last ${unsigned} are not signed yet` : ''}`,
    `${checked.requests} requests and ${checked.grants} grants were built again from the log and compared`,
    ...(ledger.erased > 0 ? [`${ledger.erased} personal texts were erased; their commitments are whole`] : []),
    ...(verdict.unknown.entries > 0 ? [unknownText(verdict.unknown)] : []),
    ...ledger.findings
      .slice(0, SHOWN_MAX)
      .map((finding) => `CHANGED  ${places(finding.index, finding.end)}: ${FINDINGS[finding.code]}`),
    ...rows.slice(0, SHOWN_MAX).map((finding) => `CHANGED  ${finding.id}: ${ROWS[finding.code]}`),
    more(
      ledger.findings.length +
        ledger.more +
        rows.length -
        Math.min(ledger.findings.length, SHOWN_MAX) -
        Math.min(rows.length, SHOWN_MAX),
    ),
    verdict.ok
      ? 'The log is whole, and the state follows from it.'
      : 'The log is NOT as it was written. Keep this machine as it is, and tell the security team (run-book: log-changed).',
  ];
  return `${lines.filter((line) => line !== '').join('\n')}\n`;
}

function unknownText({ entries, rows }: LogVerdict['unknown']): string {
  const are = entries === 1 ? 'is' : 'are';
  return `${plural(entries, 'entry', 'entries')} ${are} of a kind that this version does not know: proven, but ${plural(rows, 'row')} that they are about could not be compared. Verify with the newest version that ran on this store.`;
}

function places(index: number, end: number): string {
  if (end <= index) return 'log';
  return end === index + 1 ? `entry ${index}` : `entries ${index} to ${end - 1}`;
}

function more(count: number): string {
  return count > 0 ? `… and ${count} more` : '';
}

const ROWS = {
  row_changed: 'the stored row is not what the log says',
  row_missing: 'the row is gone',
  log_unreadable: 'this entry cannot follow from the ones before it',
} as const;

const FINDINGS: { readonly [code in FindingCode]: string } = {
  leaf_changed: 'the entry was changed',
  leaf_unreadable: 'the entry is not of a known form',
  columns_differ: 'number, time or type beside the entry were changed',
  leaf_missing: 'entries are missing',
  leaf_out_of_order: 'the entry is out of order',
  text_changed: 'the personal text was changed',
  checkpoint_malformed: 'a signed head is malformed',
  checkpoint_unknown_key: 'a head is signed by an unknown key',
  checkpoint_bad_signature: 'the signature of a head is wrong',
  checkpoint_wrong_origin: 'a signed head is of another log',
  checkpoint_fork: 'two different heads were signed for the same size',
  checkpoint_root_differs: 'the entries do not give the root that was signed',
  checkpoint_beyond_log: 'entries that were signed for are missing from the end',
  head_differs: 'the stored head is not that of the entries',
};
