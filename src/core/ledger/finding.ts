// What an audit of the ledger can find, as data: codes for whoever words them, and the leaves concerned.

export type FindingCode =
  /** The leaf's text does not hash to the stored hash. */
  | 'leaf_changed'
  /** The leaf's text is not of the frozen form (or of a newer one than this program knows). */
  | 'leaf_unreadable'
  /** Number, time or type in the row say something else than the leaf. */
  | 'columns_differ'
  /** Numbers are skipped: `index` to `end` are gone. */
  | 'leaf_missing'
  /** A number that was there before, or is no number. */
  | 'leaf_out_of_order'
  /** The personal text is not what was committed to, or was never there. */
  | 'text_changed'
  | 'checkpoint_malformed'
  /** Signed by none of the keys. */
  | 'checkpoint_unknown_key'
  | 'checkpoint_bad_signature'
  | 'checkpoint_wrong_origin'
  /** Two signed roots for one size: somebody was shown another log (threat J04). */
  | 'checkpoint_fork'
  /** The leaves do not give the signed root; `index` to `end` hold the change. */
  | 'checkpoint_root_differs'
  /** Leaves that were signed for are gone from the end (threat J02). */
  | 'checkpoint_beyond_log'
  /** The stored head is not that of the leaves. */
  | 'head_differs';

export interface Finding {
  readonly code: FindingCode;
  /** First leaf concerned; the trouble lies within `index` ≤ leaf < `end`. Both are 0 when it says nothing of a leaf. */
  readonly index: number;
  readonly end: number;
  /** Which of the given checkpoints says so, from 0. */
  readonly checkpoint?: number;
}

/** A wholly rewritten log would give a finding for each leaf and checkpoint: beyond this many they are only counted. */
const MAX_FINDINGS = 1_000;

interface Findings {
  readonly list: readonly Finding[];
  /** How many more there were. */
  readonly more: number;
}

export interface FindingLog {
  found(finding: Finding): void;
  all(): Findings;
}

export function findingLog(): FindingLog {
  const list: Finding[] = [];
  let more = 0;
  function found(finding: Finding): void {
    if (list.length < MAX_FINDINGS) list.push(finding);
    else more += 1;
  }
  return { found, all: () => ({ list: [...list], more }) };
}
