// Signed notes: text, an empty line, signature lines (C2SP signed-note, https://c2sp.org/signed-note).
// Must not decide whom to trust: signatures come out as they stand, unverified.

export interface NoteSignature {
  readonly name: string;
  /** Key id, 8 hex digits. */
  readonly id: string;
  readonly signature: Uint8Array;
}
export interface Note {
  /** What is signed; ends in a newline. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** The text is not a note of the exact form. */
export class NoteError extends Error {
  override readonly name = 'NoteError';
}

/** C2SP signed-note: a verifier must accept 16 signatures and should have a limit. */
const MAX_SIGNATURES = 16;
const MAX_NOTE_BYTES = 1_000_000;
const KEY_ID_BYTES = 4;

/** Throws a NoteError that says what is wrong with the form. */
export function parseNote(note: string): Note {
  assertCharacters(note);
  // The text may hold empty lines; the last one in the note ends it.
  const split = note.lastIndexOf('\n\n');
  if (split < 0 || !note.endsWith('\n')) throw new NoteError('A note is text, an empty line and signature lines');
  const lines = note.slice(split + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) throw new NoteError(`A note has at most ${MAX_SIGNATURES} signatures`);
  return { text: note.slice(0, split + 1), signatures: lines.map(parseSignature) };
}

/** Throws a NoteError when the text has no final newline. */
export function formatNote({ text, signatures }: Note): string {
  if (!text.endsWith('\n')) throw new NoteError('The text of a note ends in a newline');
  return `${text}\n${signatures.map(formatSignature).join('')}`;
}

/** Checkpoints that were written down one after another, each followed by an empty line. What is cut off is left as it is. */
export function splitNotes(text: string): readonly string[] {
  const notes = text.split(/\n(?=\S+\n[0-9]+\n[A-Za-z0-9+/=]{44}\n\n)/);
  return notes.map((note) => `${note.trimEnd()}\n`).filter((note) => note.trim() !== '');
}

/** Base64 (RFC 4648 §4) in its one canonical spelling; undefined for any other, or one note could be spelled in two ways. */
export function strictBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return text !== '' && bytes.toString('base64') === text ? bytes : undefined;
}

/** Any of U+0000 to U+001F. */
export function hasControlCharacter(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) < 0x20) return true;
  return false;
}

function assertCharacters(note: string): void {
  if (Buffer.byteLength(note) > MAX_NOTE_BYTES) throw new NoteError(`A note has at most ${MAX_NOTE_BYTES} bytes`);
  if (/\p{Surrogate}/u.test(note)) throw new NoteError('A note is Unicode, without half surrogate pairs');
  if (hasControlCharacter(note.replaceAll('\n', ''))) throw new NoteError('A note has no control characters');
}

function parseSignature(line: string): NoteSignature {
  const [, name = '', base64 = ''] = /^— ([^\p{White_Space}+]+) ([^ ]+)$/u.exec(line) ?? [];
  const bytes = strictBase64(base64);
  if (bytes === undefined || bytes.length <= KEY_ID_BYTES) throw new NoteError('A signature line is: — name base64');
  return { name, id: bytes.toString('hex', 0, KEY_ID_BYTES), signature: bytes.subarray(KEY_ID_BYTES) };
}

function formatSignature({ name, id, signature }: NoteSignature): string {
  return `— ${name} ${Buffer.concat([Buffer.from(id, 'hex'), signature]).toString('base64')}\n`;
}
