// The checkpoints that an audit goes by: those truly signed for this log, by size, and what is wrong with the others.
// Must not look at leaves.
import { verifyCheckpoint } from './checkpoint.ts';
import type { Finding, FindingCode } from './finding.ts';
import type { Hash } from './merkle.ts';

/** A root that the log's key vouches for. */
export interface SignedRoot {
  readonly root: Hash;
  /** Which of the given checkpoints says so first, from 0. */
  readonly checkpoint: number;
}
/** By tree size; several roots for one size are a fork. */
export type SignedRoots = ReadonlyMap<number, readonly SignedRoot[]>;

/** Throws an Error when one of `vkeys` is not a verifier key. */
export function readCheckpoints(
  notes: Iterable<string>,
  vkeys: readonly string[],
  origin: string,
): { readonly roots: SignedRoots; readonly findings: readonly Finding[] } {
  const roots = new Map<number, readonly SignedRoot[]>();
  const findings: Finding[] = [];
  let checkpoint = -1;
  for (const note of notes) {
    checkpoint += 1;
    const verdict = verifyCheckpoint(note, vkeys, origin);
    if (verdict.kind !== 'good') {
      findings.push({ code: codeOf(verdict.kind), index: 0, end: 0, checkpoint });
      continue;
    }
    const { size, root } = verdict.checkpoint;
    const known = roots.get(size) ?? [];
    if (known.some((other) => other.root === root)) continue;
    if (known.length > 0) findings.push({ code: 'checkpoint_fork', index: 0, end: size, checkpoint });
    roots.set(size, [...known, { root, checkpoint }]);
  }
  return { roots, findings };
}

function codeOf(kind: 'malformed' | 'unknown_key' | 'bad_signature' | 'wrong_origin'): FindingCode {
  switch (kind) {
    case 'malformed':
      return 'checkpoint_malformed';
    case 'unknown_key':
      return 'checkpoint_unknown_key';
    case 'bad_signature':
      return 'checkpoint_bad_signature';
    case 'wrong_origin':
      return 'checkpoint_wrong_origin';
  }
}
