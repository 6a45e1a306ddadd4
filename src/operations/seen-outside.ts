// Signed heads of the log that were seen outside the store: in the file beside it and in the audit channel. The latest one that
// the store does not know tells that the store is an older one than it was (threat F13). Reads only; decides nothing.

import { parseCheckpoint } from '../core/ledger/checkpoint.ts';
import { NoteError } from '../core/ledger/note.ts';
import { ChatError } from '../ports/chat-platform.ts';
import type { Tools } from './tools.ts';

export interface SeenHead {
  readonly size: number;
  /** Of the root, in hex: whole, or as much as fits into the key of a message. */
  readonly root: string;
  /** In words, for people. */
  readonly where: string;
}

const KEY = 'checkpoint:';
const ROOT_DIGITS = 16;
const IN_KEY = /^checkpoint:(0|[1-9][0-9]{0,15}):([0-9a-f]{16})$/;
/** Nobody waits longer for the chat before the program begins its work. */
const PATIENCE_MS = 5_000;

/** Under this a signed head is posted, and found again. */
export function headKey(size: number, rootHex: string): string {
  return `${KEY}${size}:${rootHex.slice(0, ROOT_DIGITS)}`;
}

/** The last one in the file that our own key signed: later ones are appended, also after a rollback that was told. */
export async function headInFile(tools: Tools): Promise<SeenHead | undefined> {
  const notes = await tools.seenCheckpoints().catch((error: unknown) => {
    tools.log.error('the file with signed heads cannot be read, and counts as missing', { error });
    return [];
  });
  const heads = notes.flatMap((note) => tools.signer.read(note) ?? []);
  const last = heads.at(-1);
  return last && { size: last.size, root: last.rootHex, where: 'the checkpoint file' };
}

/** `undefined`: there is none, or nobody who could know. Throws ChatError. */
export async function headInChat(tools: Tools): Promise<SeenHead | undefined> {
  const channel = tools.catalog.auditChannel;
  const chat = tools.chats[channel.platform];
  const key = await chat?.latest?.(channel, KEY);
  const [, size, root] = IN_KEY.exec(key ?? '') ?? [];
  return size === undefined || root === undefined
    ? undefined
    : { size: Number(size), root, where: 'the audit channel' };
}

/** As `headInChat`, but a chat that is not there keeps nobody from starting. */
export async function headInChatSoon(tools: Tools): Promise<SeenHead | undefined | 'away'> {
  const done = new AbortController();
  const waited = tools.clock.sleep(PATIENCE_MS, done.signal).then(() => 'away' as const);
  try {
    return await Promise.race([headInChat(tools), waited]);
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    return isPassing(error) ? 'away' : cannotLook(tools, error);
  } finally {
    done.abort('over');
  }
}

export function isPassing({ fault }: ChatError): boolean {
  return fault === 'unreachable' || fault === 'busy';
}

/** A channel that we may not read is no witness: `hallpass check` says what is missing. */
export function cannotLook(tools: Tools, error: ChatError): undefined {
  tools.log.warn('the audit channel could not be read: only the file tells whether the store is the latest', {
    code: error.code,
  });
  return undefined;
}

/** Whatever was shown outside was signed and stored before. Ask only after the head was seen: the log goes on. */
export async function knowsHead({ store }: Tools, { size, root }: SeenHead): Promise<boolean> {
  if ((await store.ledgerHead()).size < size) return false;
  const stored = await store.checkpoints(size);
  return stored.some((one) => one.size === size && rootOf(one.note).startsWith(root));
}

function rootOf(note: string): string {
  try {
    return parseCheckpoint(note).checkpoint.root;
  } catch (error) {
    if (error instanceof NoteError) return '';
    throw error;
  }
}
