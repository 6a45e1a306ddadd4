// The audit of a whole ledger: every leaf, the tree over them, and every signed checkpoint against that tree (so that all
// checkpoints are consistent with each other). Takes one leaf at a time and keeps a frontier, never the log.
// Must believe nothing that is stored: hashes, columns and heads are worked out again and compared.
import { type Finding, type FindingLog, findingLog } from './finding.ts';
import { type HeadCheck, openHeadCheck } from './head-check.ts';
import { appendLeaf, emptyFrontier, type Frontier, type Hash, rootOf } from './merkle.ts';
import { parseVerifierKey } from './note-key.ts';
import { readCheckpoints } from './signed-roots.ts';
import { checkStoredLeaf, type StoredLeaf } from './stored-leaf.ts';
import { type LossBook, openLossBook, type ToldLoss } from './told-loss.ts';

export type { StoredLeaf };

export interface LedgerEvidence {
  /** Checkpoints that must fit: the store's own, or whatever is known to be of this log. In any order; copies do no harm. */
  readonly checkpoints: Iterable<string>;
  /**
   * Those that were kept outside (files, chat, sinks): of each place by itself, oldest first. They must fit as well, but for
   * those of a stretch that the log says was lost (see told-loss.ts).
   */
  readonly kept?: readonly Iterable<string>[] | undefined;
  /** Public keys of the log, those it had before included. */
  readonly vkeys: readonly string[];
  /** Name of the log; by default the one name that all keys bear. */
  readonly origin?: string | undefined;
  /** What the store says the log has come to. */
  readonly head?: { readonly size: number; readonly rootHex: Hash } | undefined;
}

export interface Verdict {
  /** Nothing was found. Leaves from `proven` on are then in order, but nobody has signed for them yet. */
  readonly ok: boolean;
  readonly size: number;
  readonly root: Hash;
  /** The leaves below this number are those that a checkpoint was signed for. */
  readonly proven: number;
  /** How many leaves commit to a text that was erased. */
  readonly erased: number;
  /** What the log itself tells was lost when its store was put back. Does not make it wrong; people must hear of it. */
  readonly lost: readonly ToldLoss[];
  /** In the order in which they were found: checkpoints by themselves, leaf by leaf, then checkpoints against the leaves. */
  readonly findings: readonly Finding[];
  /** How many further findings are not listed. */
  readonly more: number;
}

/** Takes the leaves of a log page by page, in order of their numbers. */
export interface LedgerVerifier {
  add(leaf: StoredLeaf): void;
  finish(): Verdict;
}

/** Throws an Error when there is no key, one is not a verifier key, or they name several logs and `origin` none. */
export function verifyLedger(ledger: LedgerEvidence & { readonly entries: Iterable<StoredLeaf> }): Verdict {
  const verifier = openVerifier(ledger);
  for (const leaf of ledger.entries) verifier.add(leaf);
  return verifier.finish();
}

interface Progress {
  readonly log: FindingLog;
  readonly losses: LossBook;
  readonly heads: HeadCheck;
  frontier: Frontier;
  /** The number that the next leaf must have. */
  next: number;
  erased: number;
}

/** As verifyLedger, for a log that does not come in one piece. */
export function openVerifier({ checkpoints, kept, vkeys, origin, head }: LedgerEvidence): LedgerVerifier {
  const { roots, findings } = readCheckpoints({ checkpoints, kept }, vkeys, origin ?? nameOf(vkeys));
  const [log, losses] = [findingLog(), openLossBook()];
  for (const finding of findings) log.found(finding);
  const heads = openHeadCheck(roots, losses);
  const progress: Progress = { log, losses, heads, frontier: emptyFrontier, next: 0, erased: 0 };
  compareRoots(progress);
  return { add: (leaf) => addLeaf(progress, leaf), finish: () => finish(progress, head) };
}

function addLeaf(progress: Progress, stored: StoredLeaf): void {
  const { log } = progress;
  const { seq } = stored;
  if (!Number.isSafeInteger(seq) || seq < progress.next) {
    const index = Number.isSafeInteger(seq) && seq >= 0 ? seq : progress.next;
    log.found({ code: 'leaf_out_of_order', index, end: index + 1 });
    return;
  }
  if (seq > progress.next) log.found({ code: 'leaf_missing', index: progress.next, end: seq });
  const { hash, erased, codes } = checkStoredLeaf(stored);
  for (const code of codes) log.found({ code, index: seq, end: seq + 1 });
  progress.frontier = appendLeaf(progress.frontier, hash);
  progress.next = seq + 1;
  if (erased) progress.erased += 1;
  progress.losses.read(stored);
  compareRoots(progress);
}

/** Compares the tree as it stands with what was signed at this size. After a gap it never fits again: rightly. */
function compareRoots({ heads, frontier, next }: Progress): void {
  heads.reached(next, () => rootOf(frontier));
}

function finish({ log, losses, heads, frontier, next, erased }: Progress, head: LedgerEvidence['head']): Verdict {
  for (const finding of heads.finish(next)) log.found(finding);
  const [root, proven] = [rootOf(frontier), heads.proven()];
  if (head !== undefined && (head.size !== next || head.rootHex !== root)) {
    log.found({ code: 'head_differs', index: proven, end: Math.max(head.size, next) });
  }
  const { list, more } = log.all();
  const lost = losses.told();
  return { ok: list.length === 0, size: next, root, proven, erased, lost, findings: list, more };
}

function nameOf(vkeys: readonly string[]): string {
  const names = new Set(vkeys.map((vkey) => parseVerifierKey(vkey).name));
  const [name, ...others] = names;
  if (name === undefined) throw new Error('An audit needs the public key of the log');
  if (others.length > 0) throw new Error(`The keys are of several logs: ${[...names].join(', ')}`);
  return name;
}
