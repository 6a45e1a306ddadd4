// What must hold when all is over, whatever happened on the way.
import type { AccessRequest, Surface } from '../../src/core/model.ts';
import { requestCard } from '../../src/messages/card.ts';
import { threadNote } from '../../src/messages/thread.ts';
import { askKey, liveKey } from '../../src/operations/claims.ts';
import { viewOf } from '../../src/operations/request-view.ts';
import { verifyLog } from '../../src/operations/verify-log.ts';
import type { StoredEvent } from '../../src/ports/store.ts';
import type { Sent } from '../fakes/fake-chat.ts';
import { VKEY, type World } from '../world.ts';

/** More than any life in a test writes. */
const LEAVES_MAX = 100_000;

/** What of a world the laws look at. */
export type Remains = Pick<World, 'store' | 'chat' | 'fake' | 'checkpoints' | 'errors' | 'tools'>;
/** What was written down and told of it. */
export type Told = Pick<Remains, 'store' | 'chat' | 'checkpoints' | 'tools'> & {
  /** The store was put back: only what was sent after this many messages tells of its events, from this number on. */
  readonly putBack?: { readonly sent: number; readonly size: number };
};

/**
 * Everything that does not hold, in words; empty when all is well. `mayComeLate`: the target carries calls out long after
 * it was asked, so that access may come back after its end and be taken again. `lasting`: so many jobs may still wait.
 */
export async function broken(world: Remains, mayComeLate = false, lasting = 0): Promise<readonly string[]> {
  const events = await eventsOf(world);
  const requests = await requestsOf(world, events);
  const found = [
    ...(await brokenStore(world, events, lasting)),
    ...(await brokenNames(world, requests)),
    ...brokenTarget(world, events, mayComeLate),
    ...brokenAudit(world, events),
    ...world.errors.map((error) => `logged as an error: ${error}`),
  ];
  for (const request of requests) found.push(...(await brokenChat(world, request)));
  return found;
}

export async function eventsOf(world: Told): Promise<readonly StoredEvent[]> {
  const leaves = await world.store.leaves(0, LEAVES_MAX);
  return leaves.map(({ seq, leaf, hash, text }) => {
    const { v: _form, seq: _number, commitment: _commitment, ...event } = JSON.parse(leaf);
    return { number: seq, hash, event: text === undefined ? event : { ...event, text } };
  });
}

export async function requestsOf(world: Told, events: readonly StoredEvent[]): Promise<readonly AccessRequest[]> {
  const ids = new Set(events.flatMap(({ event }) => event.subject.request ?? []));
  const rows = await Promise.all([...ids].map((id) => world.store.request(id)));
  return rows.flatMap((stored) => (stored ? [stored.row] : []));
}

/**
 * The ledger proves itself, its events fold to the rows, and no work is left that nobody will do. `lasting`: so many jobs come
 * again and again and are never over.
 */
export async function brokenStore(
  world: Told,
  events: readonly StoredEvent[],
  lasting = 0,
): Promise<readonly string[]> {
  const verdict = await verifyLog(world.store, { vkeys: [VKEY], checkpoints: world.checkpoints });
  const { jobs, leases } = await world.store.counts();
  const isDecided = events.some(({ event }) => event.type === 'request.approved');
  return [
    ...verdict.ledger.findings.map(({ code, index }) => `ledger: ${code} at ${index}`),
    ...verdict.rows.map(({ code, id }) => `log and rows differ: ${code} ${id}`),
    ...(isDecided && verdict.ledger.proven === 0 ? ['nothing was signed after a decision'] : []),
    ...((jobs ?? 0) <= lasting ? [] : [`${jobs} jobs never finish`]),
    ...(leases === 0 ? [] : [`${leases} leases are left`]),
  ];
}

export async function brokenNames(world: Told, requests: readonly AccessRequest[]): Promise<readonly string[]> {
  const open: string[] = [];
  for (const request of requests) {
    const keys = [askKey(request.requester, request.role)];
    if ('offer' in request) keys.push(liveKey(request.offer.principal.id, request.offer.targetKey));
    if (request.purpose.kind === 'extension') keys.push(askKey(request.requester, request.purpose.grant));
    for (const key of keys) if (await world.store.ownerOf(key)) open.push(`a name was never released: ${key}`);
  }
  return open;
}

/** One approval gives access once; what was told as live was given; nothing of ours is left. */
function brokenTarget(world: Remains, events: readonly StoredEvent[], mayComeLate: boolean): readonly string[] {
  const count = (type: string) => events.filter(({ event }) => event.type === type).length;
  const ordered = count('grant.ordered');
  const approvals = events.filter(
    ({ event }) => event.type === 'request.approved' && event.data.grants.length > 0,
  ).length;
  const { grants } = world.fake.effects;
  const left = world.fake.target.holdings().filter(({ grantId }) => grantId !== undefined);
  return [
    ...(ordered === approvals ? [] : [`${approvals} approvals ordered ${ordered} passes`]),
    ...(grants <= ordered || mayComeLate ? [] : [`${ordered} passes were given ${grants} times`]),
    ...(count('grant.confirmed') <= grants ? [] : ['a pass was told to be live and was not given']),
    ...left.map(({ grantId }) => `left in the target: ${grantId}`),
  ];
}

/** Every event is told in the audit channel, once and in order. */
export function brokenAudit(world: Told, events: readonly StoredEvent[]): readonly string[] {
  const told = sentNow(world)
    .filter(({ ref, message }) => ref.channel === 'C-AUDIT' && message.kind === 'note')
    .flatMap(({ message }) => (message.kind === 'note' ? message.lines : []))
    .flatMap(([first]) => (typeof first === 'object' && 'code' in first ? numberOf(first.code) : []));
  const expected = events.filter(({ event }) => event.type !== 'chat.posted').map(({ number }) => number);
  return same(ofNow(world, told), ofNow(world, expected))
    ? []
    : [`the audit channel was told ${told} and not ${expected}`];
}

function sentNow({ chat, putBack }: Told): readonly Sent[] {
  return chat.sent.slice(putBack?.sent ?? 0);
}

function ofNow({ putBack }: Told, numbers: readonly number[]): readonly number[] {
  return numbers.filter((number) => number >= (putBack?.size ?? 0));
}

export async function brokenChat(world: Told, request: AccessRequest): Promise<readonly string[]> {
  const view = await viewOf(world.tools, request);
  const surfaces = (await world.store.surfacesOf(request.id)).map(({ row }) => row);
  const events = await world.store.eventsOf(request.id);
  const expected = events
    .filter((event) => threadNote(event, view) && !isRepeat(event, events))
    .map((one) => one.number);
  const found = surfaces.flatMap((surface) => {
    const card = world.chat.sent.find(({ ref }) => ref.message === surface.message?.message);
    if (!card) return [`a card was never posted: ${surface.audience}`];
    const isTrue = surface.audience === 'expiry' || shows(card, requestCard(view, surface.audience));
    return [
      ...(isTrue ? [] : [`the card of ${surface.audience} does not show how things stand`]),
      ...brokenThread(world, surface, card, expected),
    ];
  });
  return [...found, ...doubled(world)];
}

/** The same person pressing what does not count again is told of once. */
function isRepeat({ number, event }: StoredEvent, events: readonly StoredEvent[]): boolean {
  if (event.type !== 'decision.refused') return false;
  const { code, account } = event.data;
  return events.some(
    ({ number: before, event: one }) =>
      before < number &&
      one.type === 'decision.refused' &&
      one.data.code === code &&
      one.data.account.user === account.user,
  );
}

/** In a channel each thing is told once; privately it may be told again after a crash, for there nothing can be looked up. */
function brokenThread(world: Told, surface: Surface, card: Sent, expected: readonly number[]): readonly string[] {
  if (surface.thread || (surface.audience !== 'reviewers' && surface.audience !== 'requester')) return [];
  const told = sentNow(world)
    .filter(({ place }) => 'under' in place && place.under?.message === card.ref.message)
    .flatMap(({ message }) => (message.kind === 'note' ? numberOf(message.mark ?? '') : []));
  const once = surface.audience === 'requester' ? told.filter((number, at) => told[at - 1] !== number) : told;
  return same(ofNow(world, once), ofNow(world, expected))
    ? []
    : [`the thread of ${surface.audience} tells ${told} and not ${expected}`];
}

function doubled(world: Told): readonly string[] {
  const keys = sentNow(world).filter(({ place }) => place.kind !== 'person' && place.kind !== 'beside');
  const seen = new Set<string>();
  return keys.flatMap(({ key }) => (seen.has(key) || !seen.add(key) ? [`posted twice: ${key}`] : []));
}

function shows(card: Sent, expected: unknown): boolean {
  return JSON.stringify(card.message) === JSON.stringify(expected);
}

/** The ledger number out of the small print. */
function numberOf(mark: string): number | readonly [] {
  const found = /^#(\d+) /.exec(mark);
  return found ? Number(found[1]) : [];
}

function same(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((number, at) => number === b[at]);
}
