// Is the store the one it was? A store that was put back knows nothing of access that was given since, and would leave it there
// for ever (threat F13, law 13). Then nothing new is given until what is in each target was looked at.
//
// The file beside the store answers at once; the audit channel is the witness that was not put back with it. When the chat is
// away at the start, a file that agrees is enough to go on: it is asked later. With neither, new access waits for the chat: nobody
// can ask for any without it, so that the wait costs nothing, and a store that was put back onto a new machine is found before
// anything is given. A first start finds no head anywhere, which is no contradiction.
import type { HoldReason } from '../core/model.ts';
import type { Draft } from './change.ts';
import { placeHold, reasonOn, releaseHold } from './hold.ts';
import { targetJob, witnessJob } from './jobs.ts';
import { orderLook } from './reconcile-state.ts';
import { headKey, headsInChatSoon, headsInFile, type SeenHead, unknownAmong } from './seen-outside.ts';
import type { Tools } from './tools.ts';

export interface RollbackVerdict {
  /** Heads that the store does not know and that nobody told of yet. */
  readonly lost: readonly SeenHead[];
  /** Entries in the log as it was found. */
  readonly size: number;
  /** The chat could not be asked. */
  readonly isAway: boolean;
  readonly hasFile: boolean;
}

/** At each start, before anything is written. Reads only. */
export async function lookForRollback(tools: Tools): Promise<RollbackVerdict> {
  const file = await headsInFile(tools);
  const chat = await headsInChatSoon(tools);
  const isAway = chat === 'away';
  const lost = [...(await lostAmong(tools, file)), ...(await lostAmong(tools, isAway ? [] : chat))];
  const { size } = await tools.store.ledgerHead();
  return { lost, size, isAway, hasFile: file.length > 0 };
}

/** Part of the first change of a program that starts: before anything is given, and before a newer head is shown. */
export async function actOnRollback(tools: Tools, draft: Draft, verdict: RollbackVerdict): Promise<void> {
  const { lost, size, isAway, hasFile } = verdict;
  if (lost.length > 0) return rolledBack(tools, draft, lost, size);
  if (!isAway) await forAll(tools, draft, 'unchecked', releaseHold);
  else if (!hasFile) await forAll(tools, draft, 'unchecked', placeHold);
  if (isAway) draft.job(witnessJob(tools.ids, tools.catalog.auditChannel, size, draft.now));
  await resumeCensus(tools, draft);
}

/** The chat is back and was asked. Part of the change that ends the asking. */
export async function heardLater(
  tools: Tools,
  draft: Draft,
  chat: readonly SeenHead[],
  sizeAtStart: number | undefined,
): Promise<void> {
  const lost = await lostAmong(tools, chat);
  const size = sizeAtStart ?? (await tools.store.ledgerHead()).size;
  await (lost.length > 0 ? rolledBack(tools, draft, lost, size) : forAll(tools, draft, 'unchecked', releaseHold));
}

/** Newest first, up to one that was told of: what is behind it belongs to a history that was lost then. */
async function lostAmong(tools: Tools, heads: readonly SeenHead[]): Promise<readonly SeenHead[]> {
  const lost: SeenHead[] = [];
  for (const head of await unknownAmong(tools, heads)) {
    if (await isTold(tools, head)) return lost;
    lost.push(head);
  }
  return lost;
}

/** A head of a history that is lost is told of once; it stays where it was seen. */
async function isTold({ store }: Tools, head: SeenHead): Promise<boolean> {
  return (await store.ownerOf(toldKey(head))) !== undefined;
}

function toldKey({ size, root }: SeenHead): string {
  return `lost-head:${headKey(size, root)}`;
}

async function rolledBack(tools: Tools, draft: Draft, lost: readonly SeenHead[], size: number): Promise<void> {
  await draft.guardFreeze();
  const [largest] = [...lost].sort((a, b) => b.size - a.size);
  // Another replica may have told it meanwhile: the counter makes one of the two decide again.
  if (!largest || (await isTold(tools, largest))) return;
  await forAll(tools, draft, 'rolled_back', placeHold);
  draft.raiseFreeze();
  const data = { size, seen: largest.size, where: largest.where };
  draft.record({ type: 'log.rolled_back', at: draft.now, actor: draft.actor, subject: {}, data });
  for (const head of lost) draft.claim({ key: toldKey(head), owner: 'told' });
  for (const { name } of tools.targets.all()) await orderLook(tools, draft, name);
  for (const { name, connection } of tools.targets.all())
    if (!connection.owned) draft.job(targetJob(tools.ids, 'census', name, draft.now));
}

/** A target without marks that was held and then not configured for a while: nobody would look through it any more. */
async function resumeCensus(tools: Tools, draft: Draft): Promise<void> {
  for (const { name, connection } of tools.targets.all()) {
    if (connection.owned || (await reasonOn(tools, name)) !== 'rolled_back') continue;
    draft.job(targetJob(tools.ids, 'census', name, draft.now));
  }
}

async function forAll(
  tools: Tools,
  draft: Draft,
  why: HoldReason,
  each: (tools: Tools, draft: Draft, target: string, why: HoldReason) => Promise<unknown>,
): Promise<void> {
  for (const { name } of tools.targets.all()) await each(tools, draft, name, why);
}
