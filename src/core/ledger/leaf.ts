// The frozen form of a leaf: what is hashed for an event, for ever (law 14). Personal text stands outside, behind a salted
// commitment, so that it can be erased and the tree still adds up (threat I07). A new form would be a new `v`, read beside
// this one; nothing here may change for events that exist.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { canonicalize, type Jsonable } from './canonical.ts';
import { type Hash, isHash, leafHash } from './merkle.ts';

const LEAF_VERSION = 1;

/** The human behind it and the way it came in (threat J08). */
interface LeafActor {
  readonly person: string;
  readonly kind: string;
  readonly via: string;
  readonly account?: object;
  readonly sponsor?: string;
}

export interface LeafEntry {
  /** Leaf index, gap-free from 0. */
  readonly seq: number;
  /** Integer ms since 1970 UTC. */
  readonly at: number;
  readonly type: string;
  readonly actor: LeafActor;
  /** Ids of what the event is about: `request`, `grant`, `person` … */
  readonly subject: object;
  readonly data: Jsonable;
  /** `commit(salt, text)` when the event has personal text. */
  readonly commitment?: string;
}

/** An event as the rest of the core makes it (`DomainEvent` is one). */
export interface LeafEvent extends Omit<LeafEntry, 'seq' | 'commitment'> {
  readonly text?: Jsonable | undefined;
}

/** Canonical text of a leaf, as it is stored. Throws an Error when the entry is not one or holds what is not JSON. */
export function leafText({ seq, at, type, actor, subject, data, commitment }: LeafEntry): string {
  if (!Number.isSafeInteger(seq) || seq < 0) throw new Error(`A leaf number is an integer from 0, not ${seq}`);
  if (!Number.isSafeInteger(at)) throw new Error(`The time of a leaf is integer milliseconds, not ${at}`);
  if (commitment !== undefined && !isHash(commitment)) throw new Error('A commitment is 64 hex digits');
  const shown = commitment === undefined ? {} : { commitment };
  return canonicalize({ v: LEAF_VERSION, seq, at, type, actor, subject, data, ...shown });
}

/** What is hashed: the text as UTF-8. */
export function leafBytes(entry: LeafEntry): Uint8Array {
  return Buffer.from(leafText(entry));
}

/** The leaf of an event at this number: the text to store and its hash. Throws an Error as leafText and commit do. */
export function sealLeaf(seq: number, event: LeafEvent, salt: string): { readonly leaf: string; readonly hash: Hash } {
  const sealed = event.text === undefined ? {} : { commitment: commit(salt, event.text) };
  const leaf = leafText({ ...event, seq, ...sealed });
  return { leaf, hash: leafHash(Buffer.from(leaf)) };
}

/** Reads a stored leaf. Undefined unless it is, to the byte, what leafText would write. */
export function readLeaf(text: string): LeafEntry | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isEntry(value) && leafText(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * HMAC-SHA256, keyed with the salt's characters, of the canonical text of the body; 64 hex digits.
 * Without the salt nobody can try out what an erased body may have said.
 * Throws an Error when the salt is not 22 to 64 characters of base64url (128 bits and more; above 64 bytes HMAC would
 * shorten the key, and two salts could open one commitment).
 */
export function commit(salt: string, body: Jsonable): string {
  if (!isSalt(salt)) throw new Error('A salt is 22 to 64 characters of base64url');
  return createHmac('sha256', salt).update(canonicalize(body)).digest('hex');
}

/** Was this body committed to? Constant time over the hash; false as well when salt or body could not have been. */
export function opens(commitment: string, salt: string, body: Jsonable): boolean {
  if (!isHash(commitment) || !isSalt(salt)) return false;
  try {
    return timingSafeEqual(Buffer.from(commitment, 'hex'), Buffer.from(commit(salt, body), 'hex'));
  } catch {
    return false;
  }
}

function isSalt(salt: string): boolean {
  return /^[A-Za-z0-9_-]{22,64}$/.test(salt);
}

function isEntry(value: unknown): value is LeafEntry {
  if (!isObject(value) || !isObject(value.actor) || !isObject(value.subject)) return false;
  const { person, kind, via } = value.actor;
  return [value.type, person, kind, via].every((text) => typeof text === 'string') && 'data' in value;
}
function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
