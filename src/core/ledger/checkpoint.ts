// Checkpoints: "the log called this, with this many leaves, has this root", signed
// (C2SP tlog-checkpoint, https://c2sp.org/tlog-checkpoint, on signed notes). Origins have no dot (`hallpass/acme`), or chat
// products would turn them into links. Must not look at the log: whether a checkpoint fits it is for verify.ts.
import { type Hash, isHash } from './merkle.ts';
import { formatNote, NoteError, type NoteSignature, parseNote, strictBase64 } from './note.ts';
import { isSignatureOf, parseVerifierKey, type Signer } from './note-key.ts';

const ROOT_BYTES = 32;

export interface Checkpoint {
  /** Name of the log, and of the keys that sign for it. */
  readonly origin: string;
  readonly size: number;
  readonly root: Hash;
}

export type CheckpointVerdict =
  | { readonly kind: 'good'; readonly checkpoint: Checkpoint }
  /** Not a checkpoint of the exact form. */
  | { readonly kind: 'malformed'; readonly why: string }
  /** Nobody whom we know signed it. */
  | { readonly kind: 'unknown_key'; readonly checkpoint: Checkpoint }
  /** A key that we know is named, but did not sign this. */
  | { readonly kind: 'bad_signature'; readonly checkpoint: Checkpoint }
  /** Truly signed, for another log. */
  | { readonly kind: 'wrong_origin'; readonly checkpoint: Checkpoint };

/**
 * The note that says so, signed by each signer (two while a key is being replaced).
 * Throws an Error when a signer bears another name than the log, or when the facts are not a checkpoint's.
 */
export function signCheckpoint(checkpoint: Checkpoint, ...signers: readonly [Signer, ...Signer[]]): string {
  const stranger = signers.find(({ name }) => name !== checkpoint.origin);
  if (stranger !== undefined) throw new Error(`${stranger.name} cannot sign for the log ${checkpoint.origin}`);
  const text = checkpointText(checkpoint);
  const bytes = Buffer.from(text);
  return formatNote({
    text,
    signatures: signers.map((by) => ({ name: by.name, id: by.id, signature: by.sign(bytes) })),
  });
}

/** The signed part: origin, size, root, a line each. Throws an Error when it would not be read back as the same. */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  if (!Number.isSafeInteger(size) || size < 0 || !isHash(root))
    throw new Error('A checkpoint has a size and a SHA-256 root');
  if (origin === '' || origin.includes('\n')) throw new Error('The origin of a checkpoint is one line');
  return `${origin}\n${size}\n${Buffer.from(root, 'hex').toString('base64')}\n`;
}

/** A checkpoint as it was read: who signed it is not yet known. */
export interface SignedCheckpoint {
  readonly checkpoint: Checkpoint;
  /** What is signed, byte for byte. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** Reads the form alone; trust nothing of it before verifyCheckpoint. Throws a NoteError. */
export function parseCheckpoint(note: string): SignedCheckpoint {
  const { text, signatures } = parseNote(note);
  return { checkpoint: parseText(text), text, signatures };
}

/**
 * Checks form, signature and origin. At least one of the keys must have signed, and none that is named may fail
 * (C2SP signed-note §Signatures). Unless `origin` is given, it must be the name of a key that signed.
 * Throws an Error only when one of `vkeys` is not a verifier key.
 */
export function verifyCheckpoint(note: string, vkeys: string | readonly string[], origin?: string): CheckpointVerdict {
  const keys = [vkeys].flat().map(parseVerifierKey);
  const parsed = tryParse(note);
  if (parsed instanceof NoteError) return { kind: 'malformed', why: parsed.message };
  const { checkpoint, text, signatures } = parsed;
  const known = signatures.flatMap((signed) =>
    keys.filter(({ name, id }) => name === signed.name && id === signed.id).map((key) => ({ key, signed })),
  );
  if (known.length === 0) return { kind: 'unknown_key', checkpoint };
  const bytes = Buffer.from(text);
  const allGood = known.every(({ key, signed }) => isSignatureOf(key, bytes, signed.signature));
  if (!allGood) return { kind: 'bad_signature', checkpoint };
  const origins = origin === undefined ? known.map(({ key }) => key.name) : [origin];
  return { kind: origins.includes(checkpoint.origin) ? 'good' : 'wrong_origin', checkpoint };
}

function tryParse(note: string): SignedCheckpoint | NoteError {
  try {
    return parseCheckpoint(note);
  } catch (error) {
    if (error instanceof NoteError) return error;
    throw error;
  }
}

/** Extension lines are refused: our log writes none, and what nobody audits is a place to hide things. */
function parseText(text: string): Checkpoint {
  const lines = text.split('\n');
  const [origin = '', digits = '', base64 = '', end] = lines;
  if (lines.length !== 4 || end !== '' || origin === '') throw new NoteError('A checkpoint is origin, size and root');
  const size = /^(0|[1-9][0-9]*)$/.test(digits) ? Number(digits) : Number.NaN;
  if (!Number.isSafeInteger(size)) throw new NoteError('The size of a checkpoint is decimal, without leading zeros');
  const root = strictBase64(base64);
  if (root?.length !== ROOT_BYTES) throw new NoteError('The root of a checkpoint is base64 of 32 bytes');
  return { origin, size, root: root.toString('hex') };
}
