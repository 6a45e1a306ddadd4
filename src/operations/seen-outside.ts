// Signed heads of the log that were seen outside the store: in the file beside it and in the audit channel. One that the store
// does not know tells that the store is an older one than it was (threat F13). Not only the last one counts: a program that was
// started since may have shown newer ones. Reads only; decides nothing.

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
/** So many are looked at in each place. */
const HEADS_MAX = 20;
const IN_KEY = /^checkpoint:(0|[1-9][0-9]{0,15}):([0-9a-f]{16})$/;
/** Nobody waits longer for the chat before the program begins its work, and ends what is overdue. */
const PATIENCE_MS = 2_000;

/** Under this a signed head is posted, and found again. */
export function headKey(size: number, rootHex: string): string {
  return `${KEY}${size}:${rootHex.slice(0, ROOT_DIGITS)}`;
}

/** The last ones in the file that our own key signed, newest first. */
export async function headsInFile(tools: Tools): Promise<readonly SeenHead[]> {
  const notes = await tools.seenCheckpoints().catch((error: unknown) => {
    tools.log.error('the file with signed heads cannot be read, and counts as missing', { error });
    return [];
  });
  const heads = notes.flatMap((note) => tools.signer.read(note) ?? []);
  return heads
    .slice(-HEADS_MAX)
    .reverse()
    .map(({ size, rootHex }) => ({ size, root: rootHex, where: 'the checkpoint file' }));
}

/** Likewise; none where nobody could know. Throws ChatError. */
export async function headsInChat(tools: Tools): Promise<readonly SeenHead[]> {
  const channel = tools.catalog.auditChannel;
  const keys = (await tools.chats[channel.platform]?.lastKeys?.(channel, KEY, HEADS_MAX)) ?? [];
  return keys.flatMap((key) => {
    const [, size, root] = IN_KEY.exec(key) ?? [];
    return size === undefined || root === undefined ? [] : { size: Number(size), root, where: 'the audit channel' };
  });
}

/** As `headsInChat`, but a chat that is not there keeps nobody from starting. */
export async function headsInChatSoon(tools: Tools): Promise<readonly SeenHead[] | 'away'> {
  const done = new AbortController();
  const waited = tools.clock.sleep(PATIENCE_MS, done.signal).then(() => 'away' as const);
  try {
    return await Promise.race([headsInChat(tools), waited]);
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
export function cannotLook(tools: Tools, error: ChatError): readonly SeenHead[] {
  tools.log.warn('the audit channel could not be read: only the file tells whether the store is the latest', {
    code: error.code,
  });
  return [];
}

/**
 * Those that the store does not know; whatever was shown outside was signed and stored before. Ask only after the heads were
 * seen: the log goes on.
 */
export async function unknownAmong({ store }: Tools, heads: readonly SeenHead[]): Promise<readonly SeenHead[]> {
  if (heads.length === 0) return [];
  const { size: end } = await store.ledgerHead();
  const stored = await store.checkpoints(Math.min(...heads.map(({ size }) => size)));
  const roots = new Map(stored.map(({ size, note }) => [size, rootOf(note)]));
  return heads.filter(({ size, root }) => size > end || roots.get(size)?.startsWith(root) !== true);
}

function rootOf(note: string): string {
  try {
    return parseCheckpoint(note).checkpoint.root;
  } catch (error) {
    if (error instanceof NoteError) return '';
    throw error;
  }
}
