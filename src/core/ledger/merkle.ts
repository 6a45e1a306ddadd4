// The tree over the ledger's leaves (RFC 6962 §2.1, https://www.rfc-editor.org/rfc/rfc6962#section-2.1), kept as a
// frontier: a few hashes from which the next leaf and the root follow, so that appending never reads the log.
// Must not know what a leaf means. Every hash in the ledger is 64 lowercase hex digits.
import { hash } from 'node:crypto';

/** SHA-256 as 64 lowercase hex digits. */
export type Hash = string;

/** Roots of the complete subtrees that the log of this size falls into, the largest (and oldest) first. Plain JSON. */
export interface Frontier {
  readonly size: number;
  readonly hashes: readonly Hash[];
}

const LEAF_PREFIX = Buffer.from([0x00]);
/** The prefix byte and two hashes; told apart from a leaf by the first byte (second-preimage attack, RFC 6962 §2.1). */
const NODE_BYTES = 65;

export const emptyFrontier: Frontier = { size: 0, hashes: [] };

/** Root of the tree without leaves: SHA-256 of nothing. */
export const emptyRoot: Hash = hash('sha256', '', 'hex');

/** Looks at the type too: proofs and leaves come from outside as JSON, where a list of one hash would pass for its text. */
export function isHash(value: unknown): value is Hash {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
}

export function leafHash(bytes: Uint8Array): Hash {
  return hash('sha256', Buffer.concat([LEAF_PREFIX, bytes]), 'hex');
}

/** Throws an Error when either side is not a hash. */
export function nodeHash(left: Hash, right: Hash): Hash {
  const bytes = Buffer.from(`01${left}${right}`, 'hex');
  if (left.length !== 64 || bytes.length !== NODE_BYTES) throw new Error('Not two SHA-256 hashes in hex');
  return hash('sha256', bytes, 'hex');
}

/** The frontier with one more leaf. Throws an Error when the frontier is not one (a damaged head row). */
export function appendLeaf(frontier: Frontier, leaf: Hash): Frontier {
  assertFrontier(frontier);
  const hashes = [...frontier.hashes];
  let node = leaf;
  // Each 1 bit at the end of the size is a complete subtree that the new leaf completes into one twice as large.
  for (let rest = frontier.size; rest % 2 === 1; rest = Math.floor(rest / 2)) node = nodeHash(hashes.pop() ?? '', node);
  hashes.push(node);
  return { size: frontier.size + 1, hashes };
}

/** Root of the log that the frontier stands for. Throws an Error when the frontier is not one. */
export function rootOf(frontier: Frontier): Hash {
  assertFrontier(frontier);
  if (frontier.size === 0) return emptyRoot;
  return frontier.hashes.reduceRight((right, left) => nodeHash(left, right));
}

export function rootOfLeaves(leaves: Iterable<Hash>): Hash {
  let frontier = emptyFrontier;
  for (const leaf of leaves) frontier = appendLeaf(frontier, leaf);
  return rootOf(frontier);
}

/** A frontier holds one hash for each 1 bit of its size. */
function assertFrontier({ size, hashes }: Frontier): void {
  if (!Number.isSafeInteger(size) || size < 0) throw new Error('A ledger frontier has a size of 0 or more');
  let ones = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) ones += rest % 2;
  if (ones !== hashes.length)
    throw new Error(`A ledger frontier of size ${size} has ${ones} hashes, not ${hashes.length}`);
}
