// Short stories that many tests of the operations begin with, and what they ask about the outcome.
import { onTestFinished } from 'vitest';
import { buttonValue } from '../../src/core/digest.ts';
import type { DomainEvent } from '../../src/core/events.ts';
import type { AccessRequest, Grant } from '../../src/core/model.ts';
import type { Refusal } from '../../src/core/refusal.ts';
import { refusalText } from '../../src/messages/refusals.ts';
import { textOf } from '../fakes/fake-chat.ts';
import { catalogOf, openWorld, type World, type WorldOptions } from '../world.ts';

export const HOLDER = 'acct:mia@acme.test';
const ASK = 'prod-db-readonly 1h fix INC-42';

export async function worldWith(options: WorldOptions = {}): Promise<World> {
  const world = await openWorld(options);
  onTestFinished(() => world.close());
  return world;
}

/** Somebody asked, and it waits for approval, with a card. */
export async function asked(world: World, text = ASK, user = 'mia'): Promise<Pending> {
  await world.say(user, text);
  await world.pass(5);
  const request = await requestOf(world, user);
  if (request.status !== 'pending') throw new Error(`the request is ${request.status}`);
  return request;
}
export type Pending = Extract<AccessRequest, { status: 'pending' }>;

/** The latest request of somebody. */
export async function requestOf(world: World, user = 'mia'): Promise<AccessRequest> {
  const person = await world.store.personAt(world.chat.ref(`U-${user}`));
  const [stored] = person ? await world.store.requestsOf(person.row.id, 1) : [];
  if (!stored) throw new Error('nobody asked');
  return stored.row;
}

/** The pass that came of a request. */
export async function passOf(world: World, user = 'mia'): Promise<Grant> {
  const person = await world.store.personAt(world.chat.ref(`U-${user}`));
  const requests = person ? await world.store.requestsOf(person.row.id, 9) : [];
  for (const { row } of requests) {
    const [grant] = await world.store.grantsOfRequest(row.id);
    if (grant) return grant.row;
  }
  throw new Error('no pass was ordered');
}

/** Presses Approve on the reviewer card as it is now, and lets it be judged. */
export async function approve(world: World, user: string): Promise<void> {
  const { message, ref } = world.card();
  await world.press(user, 'approve', message, ref);
  await world.pass(5);
}

/** Presses a button with this very value, wherever it may come from. */
export async function pressValue(world: World, user: string, value: string): Promise<void> {
  await world.inbox.press({ ...world.origin(user), action: 'approve', value });
  await world.pass(5);
}

export function buttonOf({ id, revision, digest }: Pending): string {
  return buttonValue(id, revision, digest);
}

/** Events about a request and its passes, in order. */
export async function eventsOf(world: World, user = 'mia'): Promise<readonly DomainEvent[]> {
  const events = await world.store.eventsOf((await requestOf(world, user)).id);
  return events.map(({ event }) => event);
}

export async function typesOf(world: World, user = 'mia'): Promise<readonly string[]> {
  return (await eventsOf(world, user)).map(({ type }) => type).filter((type) => type !== 'chat.posted');
}

/** Codes of refused decisions about a request. */
export async function refusals(world: World): Promise<readonly string[]> {
  return (await eventsOf(world)).flatMap((event) => (event.type === 'decision.refused' ? event.data.code : []));
}

/** The last note to this person alone, but for what their own card's thread tells. */
export function lastSaidTo(world: World, user: string): string {
  const note = world.chat.sent.findLast(
    ({ place, message }) =>
      'account' in place && !('under' in place) && place.account.user === `U-${user}` && message.kind === 'note',
  );
  return note ? textOf(note.message) : '';
}

/** What a person is told who is refused like this. */
export function sentence(refusal: Refusal): string {
  return refusalText(refusal, catalogOf());
}

export function auditLines(world: World): string {
  return world.chat.sent
    .filter(({ ref }) => ref.channel === 'C-AUDIT')
    .map(({ message }) => JSON.stringify(message))
    .join('\n');
}
