// Checks proofs of inclusion and consistency by the algorithms of RFC 9162 §2.1.3.2 and §2.1.4.2
// (https://www.rfc-editor.org/rfc/rfc9162#section-2.1.3.2). What comes in may be hostile: a proof that is not exactly
// right is false, never an exception.
import { emptyRoot, type Hash, isHash, nodeHash } from './merkle.ts';

export interface Inclusion {
  readonly index: number;
  readonly size: number;
  readonly leaf: Hash;
  readonly root: Hash;
  readonly proof: readonly Hash[];
}

/** A root, and the number of leaves under it. */
interface TreeHead {
  readonly size: number;
  readonly root: Hash;
}
export interface Consistency {
  readonly older: TreeHead;
  readonly newer: TreeHead;
  readonly proof: readonly Hash[];
}

/** Is this leaf hash the one at `index` in the log with this root? */
export function verifyInclusion({ index, size, leaf, root, proof }: Inclusion): boolean {
  if (!isCount(index) || !isCount(size) || index >= size || ![leaf, root, ...proof].every(isHash)) return false;
  let place: Place = { at: index, last: size - 1 };
  let node = leaf;
  for (const sibling of proof) {
    if (place.last === 0) return false;
    node = isRight(place) ? nodeHash(sibling, node) : nodeHash(node, sibling);
    place = above(place);
  }
  return place.last === 0 && node === root;
}

/** Does the newer log begin with the whole of the older one? */
export function verifyConsistency({ older, newer, proof }: Consistency): boolean {
  if (!isCount(older.size) || !isCount(newer.size) || older.size > newer.size) return false;
  if (![older.root, newer.root, ...proof].every(isHash)) return false;
  if (older.size === newer.size) return proof.length === 0 && older.root === newer.root;
  if (older.size === 0) return proof.length === 0 && older.root === emptyRoot;
  return bothRootsFollow({ older, newer, proof });
}

function bothRootsFollow({ older, newer, proof }: Consistency): boolean {
  let place = lowestShared({ at: older.size - 1, last: newer.size - 1 });
  // A complete older tree is itself a node of the newer one, so the proof leaves its hash out.
  const [start, ...siblings] = place.at === 0 ? [older.root, ...proof] : proof;
  if (start === undefined) return false;
  let [oldNode, newNode] = [start, start];
  for (const sibling of siblings) {
    if (place.last === 0) return false;
    if (isRight(place)) oldNode = nodeHash(sibling, oldNode);
    newNode = isRight(place) ? nodeHash(sibling, newNode) : nodeHash(newNode, sibling);
    place = above(place);
  }
  return place.last === 0 && oldNode === older.root && newNode === newer.root;
}

/** Where a node stands on its level, and where the last node of that level stands. */
interface Place {
  readonly at: number;
  readonly last: number;
}

/** The node's sibling is on its left: it is a right child, or the last of its level and joined further up. */
function isRight({ at, last }: Place): boolean {
  return at % 2 === 1 || at === last;
}

/** Divided, not shifted: JavaScript's bit operators cut numbers to 32 bits. */
function parent({ at, last }: Place): Place {
  return { at: Math.floor(at / 2), last: Math.floor(last / 2) };
}

/** One level up; a last node without a sibling first goes up to the level where it has one. */
function above(place: Place): Place {
  let up = place;
  if (isRight(place)) while (up.at % 2 === 0 && up.at !== 0) up = parent(up);
  return parent(up);
}

/** Up while the node is a right child: to the root of the last complete subtree of the older tree. */
function lowestShared(place: Place): Place {
  let up = place;
  while (up.at % 2 === 1) up = parent(up);
  return up;
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
