// The audit of a whole ledger: every leaf, the tree over them, and every signed checkpoint against that tree (so that all
// checkpoints are consistent with each other). Takes one leaf at a time and keeps a frontier, never the log.
// Must believe nothing that is stored: hashes, columns and heads are worked out again and compared.
import { type Finding, type FindingLog, findingLog } from './finding.ts';
import { appendLeaf, emptyFrontier, type Frontier, type Hash, rootOf } from './merkle.ts';
import { parseVerifierKey } from './note-key.ts';
import { readCheckpoints, type SignedRoot } from './signed-roots.ts';
import { checkStoredLeaf, type StoredLeaf } from './stored-leaf.ts';

export type { StoredLeaf };

export interface LedgerEvidence {
  /** Checkpoints from wherever they were sent: store, chat, sinks, files. In any order; copies do no harm. */
  readonly checkpoints: Iterable<string>;
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
  /** In the order in which they were found: checkpoints by themselves, then leaf by leaf. */
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
  /** Not yet compared with the tree, by size. */
  readonly pending: Map<number, readonly SignedRoot[]>;
  frontier: Frontier;
  /** The number that the next leaf must have. */
  next: number;
  proven: number;
  erased: number;
}

/** As verifyLedger, for a log that does not come in one piece. */
export function openVerifier({ checkpoints, vkeys, origin, head }: LedgerEvidence): LedgerVerifier {
  const { roots, findings } = readCheckpoints(checkpoints, vkeys, origin ?? nameOf(vkeys));
  const log = findingLog();
  for (const finding of findings) log.found(finding);
  const progress: Progress = { log, pending: new Map(roots), frontier: emptyFrontier, next: 0, proven: 0, erased: 0 };
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
  compareRoots(progress);
}

/** Compares the tree as it stands with what was signed at this size. After a gap it never fits again: rightly. */
function compareRoots(progress: Progress): void {
  const size = progress.next;
  const signed = progress.pending.get(size);
  if (signed === undefined) return;
  progress.pending.delete(size);
  const root = rootOf(progress.frontier);
  for (const { checkpoint } of signed.filter((other) => other.root !== root)) {
    progress.log.found({ code: 'checkpoint_root_differs', index: progress.proven, end: size, checkpoint });
  }
  if (signed.some((other) => other.root === root)) progress.proven = size;
}

function finish(progress: Progress, head: LedgerEvidence['head']): Verdict {
  const { log, frontier, next, proven, erased } = progress;
  for (const [size, signed] of progress.pending) {
    // A smaller size that was never reached lies in a gap.
    const [code, index] =
      size > next ? (['checkpoint_beyond_log', next] as const) : (['checkpoint_root_differs', proven] as const);
    for (const { checkpoint } of signed) log.found({ code, index, end: size, checkpoint });
  }
  const root = rootOf(frontier);
  if (head !== undefined && (head.size !== next || head.rootHex !== root)) {
    log.found({ code: 'head_differs', index: proven, end: Math.max(head.size, next) });
  }
  const { list, more } = log.all();
  return { ok: list.length === 0, size: next, root, proven, erased, findings: list, more };
}

function nameOf(vkeys: readonly string[]): string {
  const names = new Set(vkeys.map((vkey) => parseVerifierKey(vkey).name));
  const [name, ...others] = names;
  if (name === undefined) throw new Error('An audit needs the public key of the log');
  if (others.length > 0) throw new Error(`The keys are of several logs: ${[...names].join(', ')}`);
  return name;
}
