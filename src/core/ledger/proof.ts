// Makes proofs that a leaf is in the log and that a later log only added to an earlier one (RFC 6962 §2.1.1 and §2.1.2,
// https://www.rfc-editor.org/rfc/rfc6962#section-2.1.1). Whoever checks them needs proof-check.ts alone.
import { emptyRoot, type Hash, nodeHash } from './merkle.ts';

/** All complete subtrees, by height: `levels[0]` are the leaf hashes. Built once, it answers every proof in O(log² n). */
export interface Tree {
  readonly size: number;
  readonly levels: readonly (readonly Hash[])[];
}

export function treeOf(leaves: readonly Hash[]): Tree {
  const levels: (readonly Hash[])[] = [leaves];
  for (let below = leaves; below.length > 1; ) {
    below = pairsOf(below);
    levels.push(below);
  }
  return { size: leaves.length, levels };
}

function pairsOf(below: readonly Hash[]): readonly Hash[] {
  return Array.from({ length: Math.floor(below.length / 2) }, (_, at) => nodeHash(below[2 * at]!, below[2 * at + 1]!));
}

/** Root of the log when it had this many leaves. Throws a RangeError when it never had. */
export function rootAt(tree: Tree, size: number): Hash {
  assertWithin(size, tree.size);
  return size === 0 ? emptyRoot : rangeRoot(tree, 0, size);
}

/** Hashes that lead from leaf `index` to the root at `size`, lowest first. Throws a RangeError outside the log. */
export function inclusionProof(tree: Tree, index: number, size: number = tree.size): readonly Hash[] {
  assertWithin(size, tree.size);
  assertWithin(index, size - 1);
  return path(tree, index, 0, size);
}

/** Hashes that show both roots, lowest first; none when the older log is empty. Throws a RangeError outside the log. */
export function consistencyProof(tree: Tree, older: number, newer: number = tree.size): readonly Hash[] {
  assertWithin(newer, tree.size);
  assertWithin(older, newer);
  return older === 0 ? [] : subproof(tree, older, 0, newer, true);
}

function path(tree: Tree, index: number, start: number, end: number): readonly Hash[] {
  if (end - start === 1) return [];
  const middle = start + splitOf(end - start);
  return index < middle
    ? [...path(tree, index, start, middle), rangeRoot(tree, middle, end)]
    : [...path(tree, index, middle, end), rangeRoot(tree, start, middle)];
}

/** `known`: the verifier has this subtree's hash already, as the older root. */
function subproof(tree: Tree, older: number, start: number, end: number, known: boolean): readonly Hash[] {
  if (older === end) return known ? [] : [rangeRoot(tree, start, end)];
  const middle = start + splitOf(end - start);
  return older <= middle
    ? [...subproof(tree, older, start, middle, known), rangeRoot(tree, middle, end)]
    : [...subproof(tree, older, middle, end, false), rangeRoot(tree, start, middle)];
}

/** A complete subtree always begins at a multiple of its size, so complete ranges are looked up. */
function rangeRoot(tree: Tree, start: number, end: number): Hash {
  const height = Math.log2(end - start);
  if (Number.isInteger(height)) return tree.levels[height]![start / 2 ** height]!;
  const middle = start + splitOf(end - start);
  return nodeHash(rangeRoot(tree, start, middle), rangeRoot(tree, middle, end));
}

/** The largest power of two below `count` (k in RFC 6962 §2.1). */
function splitOf(count: number): number {
  let split = 1;
  while (split * 2 < count) split *= 2;
  return split;
}

function assertWithin(value: number, most: number): void {
  if (!Number.isSafeInteger(value) || value < 0 || value > most)
    throw new RangeError(`${value} is not within 0…${most}`);
}
