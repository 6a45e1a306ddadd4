// `hallpass audit verify`: proves that the log is whole and that the state follows from it. Reads the store beside a running
// Hallpass; needs no network.
import { readFileSync } from 'node:fs';
import type { FindingCode } from '../core/ledger/finding.ts';
import { splitNotes } from '../core/ledger/note.ts';
import type { ToldLoss } from '../core/ledger/told-loss.ts';
import { plural } from '../messages/phrases.ts';
import { type LogVerdict, verifyLog } from '../operations/verify-log.ts';
import type { Store } from '../ports/store.ts';
import type { Printed } from './check.ts';

const SHOWN_MAX = 20;

export interface VerifyOptions {
  readonly vkeys: readonly string[];
  /** Signed heads kept outside the store: files of one note after another, oldest first, with empty lines between. */
  readonly checkpointFiles: readonly string[];
  readonly onProgress?: (leaves: number) => void;
}

/** Throws what reading a file throws. */
export async function auditVerify(store: Store, options: VerifyOptions): Promise<Printed> {
  const { checkpointFiles, ...proof } = options;
  const [checkpoints = [], ...alsoKept] = checkpointFiles.map((file) => splitNotes(readFileSync(file, 'utf8')));
  const verdict = await verifyLog(store, { ...proof, checkpoints, alsoKept });
  const outside = alsoKept.reduce((sum, notes) => sum + notes.length, checkpoints.length);
  return { text: verdictText(verdict, outside), exitCode: verdict.ok ? 0 : 1 };
}

function verdictText(verdict: LogVerdict, outside: number): string {
  const { ledger, rows, checked } = verdict;
  const unsigned = ledger.size - ledger.proven;
  const lines = [
    `${ledger.size} entries, root ${ledger.root}`,
    `${ledger.proven} of them are under a signed head (${plural(outside, 'head')} read from outside the store)${unsigned > 0 ? `; the last ${unsigned} are not signed yet` : ''}`,
    `${checked.requests} requests and ${checked.grants} grants were built again from the log and compared`,
    ...(ledger.erased > 0 ? [`${ledger.erased} personal texts were erased; their commitments are whole`] : []),
    ...(verdict.unknown.entries > 0 ? [unknownText(verdict.unknown)] : []),
    ...ledger.lost.slice(0, SHOWN_MAX).map(lossText),
    more(ledger.lost.length - SHOWN_MAX),
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
      ? wholeText(ledger.lost)
      : 'The log is NOT as it was written. Keep this machine as it is, and tell the security team (run-book: log-changed).',
  ];
  return `${lines.filter((line) => line !== '').join('\n')}\n`;
}

/** Loud, and for ever: what is excused by it must be seen by whoever knows whether a backup was put back then. */
function lossText({ index, size, seen, heads }: ToldLoss): string {
  const signed =
    heads === 0 ? 'no signed head given belongs' : `${plural(heads, 'signed head')} belong${heads === 1 ? 's' : ''}`;
  return `LOST     entries from ${size} on, as they were up to ${seen}: ${signed} to entries that were lost in the rollback told in entry ${index} (run-book: store-rolled-back)`;
}

function wholeText(lost: readonly ToldLoss[]): string {
  if (lost.length === 0) return 'The log is whole, and the state follows from it.';
  return 'The log is whole but for what it says was lost when the store was put back, and the state follows from it. Was that you? If nobody put a backup back then, tell the security team (run-book: log-changed).';
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
