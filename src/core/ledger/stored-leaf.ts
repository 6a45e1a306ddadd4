// One stored row of the ledger, looked at by itself: does it still say what was hashed?
// Must not know its neighbours; order and tree are for verify.ts.
import type { Jsonable } from './canonical.ts';
import type { FindingCode } from './finding.ts';
import { type LeafEntry, opens, readLeaf } from './leaf.ts';
import { type Hash, leafHash } from './merkle.ts';

export interface StoredLeaf {
  readonly seq: number;
  readonly at: number;
  readonly type: string;
  /** Canonical JSON, as hashed. */
  readonly leaf: string;
  /** Leaf hash, hex. */
  readonly hash: string;
  readonly salt?: string | undefined;
  /** Personal text; absent when there was none or when it was erased. */
  readonly text?: Jsonable | undefined;
}

export interface LeafCheck {
  /** Of the text as it stands: the stored hash is never believed. */
  readonly hash: Hash;
  /** The leaf commits to a text that is no longer there. */
  readonly erased: boolean;
  readonly codes: readonly FindingCode[];
}

export function checkStoredLeaf(stored: StoredLeaf): LeafCheck {
  const hash = leafHash(Buffer.from(stored.leaf));
  const changed: readonly FindingCode[] = hash === stored.hash ? [] : ['leaf_changed'];
  const entry = readLeaf(stored.leaf);
  if (entry === undefined) return { hash, erased: false, codes: [...changed, 'leaf_unreadable'] };
  const erased = entry.commitment !== undefined && stored.text === undefined;
  return { hash, erased, codes: [...changed, ...columnCodes(stored, entry), ...textCodes(stored, entry)] };
}

function columnCodes(stored: StoredLeaf, entry: LeafEntry): readonly FindingCode[] {
  const same = stored.seq === entry.seq && stored.at === entry.at && stored.type === entry.type;
  return same ? [] : ['columns_differ'];
}

function textCodes({ salt, text }: StoredLeaf, { commitment }: LeafEntry): readonly FindingCode[] {
  if (text === undefined) return [];
  return commitment !== undefined && salt !== undefined && opens(commitment, salt, text) ? [] : ['text_changed'];
}
