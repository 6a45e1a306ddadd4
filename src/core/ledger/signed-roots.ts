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
  /** It stands in the store, which keeps none of a history that is not its own. */
  readonly isInStore: boolean;
  /** Where else it was kept: by the number of the place, how many were kept there before it. */
  readonly places: ReadonlyMap<number, number>;
}
/** By tree size; several roots for one size are a fork. */
export type SignedRoots = ReadonlyMap<number, readonly SignedRoot[]>;

export interface GivenCheckpoints {
  readonly checkpoints: Iterable<string>;
  readonly kept?: readonly Iterable<string>[] | undefined;
}

interface Given {
  readonly note: string;
  /** Absent: the store. */
  readonly place?: number;
  readonly at: number;
}

/** Throws an Error when one of `vkeys` is not a verifier key. */
export function readCheckpoints(
  given: GivenCheckpoints,
  vkeys: readonly string[],
  origin: string,
): { readonly roots: SignedRoots; readonly findings: readonly Finding[] } {
  const roots = new Map<number, readonly SignedRoot[]>();
  const findings: Finding[] = [];
  let checkpoint = -1;
  for (const one of inTurn(given)) {
    checkpoint += 1;
    const verdict = verifyCheckpoint(one.note, vkeys, origin);
    if (verdict.kind !== 'good') {
      findings.push({ code: codeOf(verdict.kind), index: 0, end: 0, checkpoint });
      continue;
    }
    const { size, root } = verdict.checkpoint;
    const known = roots.get(size) ?? [];
    const same = known.find((other) => other.root === root);
    const head = seenAt(one, same ?? { root, checkpoint, isInStore: false, places: new Map() });
    roots.set(size, same ? known.with(known.indexOf(same), head) : [...known, head]);
  }
  return { roots, findings };
}

function* inTurn({ checkpoints, kept = [] }: GivenCheckpoints): Generator<Given> {
  for (const note of checkpoints) yield { note, at: 0 };
  for (const [place, notes] of kept.entries()) {
    let at = 0;
    for (const note of notes) yield { note, place, at: at++ };
  }
}

/** Of copies in one place the first counts. */
function seenAt({ place, at }: Given, head: SignedRoot): SignedRoot {
  if (place === undefined) return { ...head, isInStore: true };
  return head.places.has(place) ? head : { ...head, places: new Map([...head.places, [place, at]]) };
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
