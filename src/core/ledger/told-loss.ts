// What the log tells of its own loss: a store that was put back goes on, and says in an entry how far it was known before
// (threat F13). Signed heads of the stretch that was lost then do not fit the log any more, and that is no tampering.
// Such an entry must excuse nothing else, or whoever can write the store would tell one to hide what was changed. So it counts
// only under a signed head that fits; it excuses no head up to the size that it states, none that the store itself keeps, and
// none that was kept, in the same place, after one that proves the entry: that one is of the history which is there now.
import type { Jsonable } from './canonical.ts';
import { readLeaf } from './leaf.ts';
import type { SignedRoot } from './signed-roots.ts';
import type { StoredLeaf } from './stored-leaf.ts';

const TYPE = 'log.rolled_back';

export interface ToldLoss {
  /** Number of the entry that tells it. */
  readonly index: number;
  /** Entries that were left then, and … */
  readonly size: number;
  /** … the largest signed head that had been seen. */
  readonly seen: number;
  /** Given heads that belong to what was lost. */
  readonly heads: number;
}

export interface LossBook {
  /** Each leaf, in order. */
  read(leaf: StoredLeaf): void;
  /** A signed head that the leaves read so far give the root of. */
  fits(head: SignedRoot): void;
  /** Once all leaves are read: is a head that does not fit one of a stretch that was lost? Counts it there. */
  excuses(size: number, head: SignedRoot): boolean;
  told(): readonly ToldLoss[];
}

interface Told {
  readonly index: number;
  readonly size: number;
  readonly seen: number;
  heads: number;
  isProven: boolean;
  /** By the place where heads were kept: the first one there that proves the entry. */
  readonly proofs: Map<number, number>;
}

export function openLossBook(): LossBook {
  const losses: Told[] = [];
  return {
    read(leaf) {
      const loss = leaf.type === TYPE ? lossIn(leaf) : undefined;
      if (loss) losses.push({ ...loss, heads: 0, isProven: false, proofs: new Map() });
    },
    fits(head) {
      for (const loss of losses) prove(loss, head);
    },
    excuses(size, head) {
      const loss = losses.find((one) => isOfLost(one, size, head));
      if (loss) loss.heads += 1;
      return loss !== undefined;
    },
    told: () => losses.map(({ index, size, seen, heads }) => ({ index, size, seen, heads })),
  };
}

function prove(loss: Told, { places }: SignedRoot): void {
  loss.isProven = true;
  for (const [place, at] of places) loss.proofs.set(place, Math.min(at, loss.proofs.get(place) ?? at));
}

function isOfLost(loss: Told, size: number, { isInStore, places }: SignedRoot): boolean {
  if (!loss.isProven || isInStore || size <= loss.size || size > loss.seen) return false;
  return [...places].every(([place, at]) => at < (loss.proofs.get(place) ?? Number.POSITIVE_INFINITY));
}

/** An entry cannot tell of more entries than stand before it. */
function lossIn({ leaf, seq }: StoredLeaf): Pick<Told, 'index' | 'size' | 'seen'> | undefined {
  const entry = readLeaf(leaf);
  if (entry?.type !== TYPE) return undefined;
  const [size, seen] = [numberIn(entry.data, 'size'), numberIn(entry.data, 'seen')];
  if (size === undefined || seen === undefined || size > seq) return undefined;
  return { index: seq, size, seen };
}

function numberIn(data: Jsonable, name: string): number | undefined {
  const value =
    typeof data === 'object' && data !== null ? (data as Readonly<Record<string, unknown>>)[name] : undefined;
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
