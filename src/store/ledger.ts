// The ledger as the store keeps it: leaves appended in the commit that made them true, numbered without gaps from 0.
// Must not sign or verify anything; that is the core's.
import type { DomainEvent } from '../core/events.ts';
import { sealLeaf } from '../core/ledger/leaf.ts';
import { appendLeaf, emptyFrontier, type Frontier, rootOf } from '../core/ledger/merkle.ts';
import type { LedgerHead, NewEvent, Store, StoredEvent, StoredLeaf } from '../ports/store.ts';
import { ask, askOne, keep, type Operation, type Outcome, undo } from './ask.ts';
import type { Statements } from './statements.ts';

export function* append(s: Statements, events: readonly NewEvent[]): Operation<readonly number[]> {
  if (events.length === 0) return [];
  let frontier = yield* lockedFrontier(s);
  const first = frontier.size;
  for (const { event, salt } of events) {
    const seq = frontier.size;
    const { leaf, hash } = sealLeaf(seq, event, salt);
    const { at, type, subject, text } = event;
    yield* ask(s.addLeaf, { seq, at, type, leaf, hash, requestId: subject.request ?? null, grantId: grantOf(event) });
    if (text !== undefined) yield* ask(s.addText, { seq, salt, text: JSON.stringify(text) });
    frontier = appendLeaf(frontier, hash);
  }
  yield* ask(s.moveHead, { size: frontier.size, hashes: JSON.stringify(frontier.hashes) });
  return events.map((_event, index) => first + index);
}

/** The pass that an event is told about: asking for more time concerns the pass, though the request has its own id. */
function grantOf(event: DomainEvent): string | null {
  if (event.subject.grant !== undefined) return event.subject.grant;
  if (event.type !== 'request.submitted') return null;
  const { purpose } = event.data;
  return purpose.kind === 'extension' ? purpose.grant : null;
}

function* lockedFrontier(s: Statements): Operation<Frontier> {
  return readFrontier(yield* askOne(s.lockHead));
}

function readFrontier(row: { readonly size: number; readonly hashes: string } | undefined): Frontier {
  return row ? { size: row.size, hashes: JSON.parse(row.hashes) } : emptyFrontier;
}

export function* ledgerHead(s: Statements): Operation<LedgerHead> {
  const frontier = readFrontier(yield* askOne(s.head));
  const last = yield* askOne(s.lastCheckpoint);
  const checkpoint = last && { size: last.size, note: last.note, at: last.at };
  return { size: frontier.size, rootHex: rootOf(frontier), ...(checkpoint && { checkpoint }) };
}

type Checkpoint = Parameters<Store['saveCheckpoint']>[0];

export function* saveCheckpoint(s: Statements, { size, rootHex, note, at }: Checkpoint): Operation<Outcome<boolean>> {
  const frontier = yield* frontierAt(s, size);
  if (frontier === undefined || rootOf(frontier) !== rootHex) return undo(false);
  yield* ask(s.addCheckpoint, { size, root: rootHex, hashes: JSON.stringify(frontier.hashes), note, at });
  return keep(true);
}

/** The head's, or that of the last checkpoint before and the leaves since: never the whole log. */
function* frontierAt(s: Statements, size: number): Operation<Frontier | undefined> {
  const head = readFrontier(yield* askOne(s.head));
  if (size === head.size) return head;
  if (!Number.isSafeInteger(size) || size < 0 || size > head.size) return undefined;
  let frontier = readFrontier(yield* askOne(s.baseOf, { size }));
  const since = yield* ask(s.hashes, { from: frontier.size, below: size });
  for (const { hash } of since) frontier = appendLeaf(frontier, hash);
  return frontier;
}

interface LeafRow {
  readonly seq: number;
  readonly at: number;
  readonly type: string;
  readonly leaf: string;
  readonly hash: string;
  readonly salt: string | null;
  readonly text: string | null;
}

/** The salt goes when the text is erased, and is not kept where there was none: it would only help guessing. */
export function readLeafRow({ seq, at, type, leaf, hash, salt, text }: LeafRow): StoredLeaf {
  return { seq, at, type, leaf, hash, salt: salt ?? '', ...(text !== null && { text: JSON.parse(text) }) };
}

/** The event as it was given, without what the leaf adds (its form, number and commitment). */
export function readEvent({ seq, leaf, hash, text }: LeafRow): StoredEvent {
  const { v: _form, seq: _number, commitment: _commitment, ...event } = JSON.parse(leaf);
  return { number: seq, hash, event: text === null ? event : { ...event, text: JSON.parse(text) } };
}
