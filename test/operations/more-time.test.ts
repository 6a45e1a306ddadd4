// More time on a live pass: a new approval by the rules of today, never past the maximum, and the old end holds until the
// new one is sure (threat C17).
import { describe, expect, it } from 'vitest';
import { textOf } from '../fakes/fake-chat.ts';
import type { World } from '../world.ts';
import {
  buttonOf,
  HOLDER,
  lastSaidTo,
  type Pending,
  passOf,
  pressValue,
  requestOf,
  sentence,
  typesOf,
  worldWith,
} from './stories.ts';

const has = (world: World) => world.fake.target.has(HOLDER, 'readonly');
const HOUR_MS = 3_600_000;

async function askedForMore(world: World, text = 'extend 30m still at it'): Promise<Pending> {
  await world.say('mia', text);
  await world.pass(5);
  const request = await requestOf(world);
  if (request.status !== 'pending') throw new Error(`the request is ${request.status}`);
  return request;
}

function extensionCard(world: World) {
  const card = world.chat.sent.findLast(({ message, place }) => message.kind === 'card' && place.kind === 'thread');
  if (!card) throw new Error('no card for more time');
  return card;
}

function expiryCards(world: World) {
  return world.chat.sent.filter(({ message }) => message.kind === 'card' && message.title.includes('Read production'));
}

describe('an extension', () => {
  it('moves the end by what was approved, and the cards say so', async () => {
    const world = await worldWith();
    const card = await world.livePass();
    const { expiresAt } = await passOf(world);
    const more = await askedForMore(world);
    expect(textOf(extensionCard(world).message)).toMatch(/^More time: Read production data \| Waiting for approval\./);
    await pressValue(world, 'ana', buttonOf(more));
    await world.pass(5);
    expect((await passOf(world)).expiresAt).toBe(expiresAt + HOUR_MS / 2);
    expect(textOf(card.message)).toContain('Active until <01:30>.');
    expect(textOf(extensionCard(world).message)).not.toContain('being extended');
    await world.pass(3600, 20);
    expect(has(world)).toBe(true);
    await world.pass(1800, 20);
    expect(has(world)).toBe(false);
  });

  it('goes on while the old end holds, and comes too late when that is over', async () => {
    const world = await worldWith({ expiresItself: true });
    await world.livePass();
    const { expiresAt } = await passOf(world);
    await world.pass(3400, 20);
    const more = await askedForMore(world);
    world.fake.script.always({ kind: 'unreachable' }, 'extend');
    await pressValue(world, 'ana', buttonOf(more));
    await world.pass(60, 5);
    expect(await passOf(world)).toMatchObject({ status: 'extending', expiresAt });
    await world.pass(200, 5);
    world.fake.script.always({ kind: 'ok' }, 'extend');
    await world.pass(30, 5);
    expect(has(world)).toBe(false);
    expect(await passOf(world)).toMatchObject({ status: 'revoked', expiresAt });
    expect(textOf(extensionCard(world).message)).not.toContain('being extended');
  });

  it('C17: approved in the last second it counts or it does not; there is always an end', async () => {
    for (const beforeMs of [2000, 1000, 500, 0, -500]) {
      const world = await worldWith();
      await world.livePass();
      const { expiresAt } = await passOf(world);
      await world.pass(3300, 50);
      const more = await askedForMore(world);
      await world.clock.advance(expiresAt - beforeMs - world.clock.now());
      await world.inbox.press({ ...world.origin('ana'), action: 'approve', value: buttonOf(more) });
      await world.settle();
      await world.pass(20);
      const pass = await passOf(world);
      const isLonger = pass.status === 'active';
      expect(pass.expiresAt).toBe(expiresAt + (isLonger ? HOUR_MS / 2 : 0));
      expect(has(world)).toBe(isLonger);
      expect(isLonger).toBe(beforeMs > 0);
    }
  });

  it('that the target refuses leaves the old end, and the thread says so', async () => {
    const world = await worldWith({ expiresItself: true });
    await world.livePass();
    const { expiresAt } = await passOf(world);
    const more = await askedForMore(world);
    world.fake.script.next('extend', { kind: 'refused' });
    await pressValue(world, 'ana', buttonOf(more));
    await world.pass(10);
    expect(await passOf(world)).toMatchObject({ status: 'active', expiresAt });
    expect(world.chat.threadOf(world.card().ref).at(-1)).toContain('The access was not extended in prod-db');
    await world.pass(3600, 20);
    expect(has(world)).toBe(false);
  });

  it('is not asked of anybody past the maximum, and the person hears why', async () => {
    const world = await worldWith();
    await world.livePass('prod-db-readonly 4h fix INC-42');
    const latest = (await passOf(world)).orderedAt + 4 * HOUR_MS;
    expect(await world.say('mia', 'extend 30m more')).toBe(sentence({ code: 'extension_too_long', latest }));
    expect(await typesOf(world)).not.toContain('grant.extending');
  });

  it('of a pass that was given back meanwhile is withdrawn with it, and nobody can approve it', async () => {
    const world = await worldWith();
    await world.livePass();
    const more = await askedForMore(world);
    await world.say('mia', 'return');
    await world.pass(10);
    expect((await requestOf(world)).status).toBe('withdrawn');
    expect(extensionCard(world).message.buttons?.map(({ action }) => action)).toEqual(['details']);
    await pressValue(world, 'ana', buttonOf(more));
    expect(lastSaidTo(world, 'ana')).toBe(sentence({ code: 'wrong_status', status: 'withdrawn' }));
    expect((await passOf(world)).status).toBe('revoked');
  });

  it('of a pass that security ended is denied with it', async () => {
    const world = await worldWith();
    await world.livePass();
    const more = await askedForMore(world);
    await world.say('sam', 'revoke prod-db-readonly');
    await world.pass(10);
    await pressValue(world, 'ana', buttonOf(more));
    expect(lastSaidTo(world, 'ana')).toBe(sentence({ code: 'wrong_status', status: 'denied' }));
    expect(await requestOf(world)).toMatchObject({ status: 'denied', note: 'The pass was ended.' });
  });

  it('of a pass that is over lapses with the old end', async () => {
    const world = await worldWith();
    await world.livePass();
    const { expiresAt } = await passOf(world);
    const more = await askedForMore(world);
    expect(more.lapsesAt).toBe(expiresAt);
    await world.pass(3600, 20);
    expect((await requestOf(world)).status).toBe('lapsed');
    await world.pass(20);
    expect((await world.store.counts())['jobs']).toBe(0);
  });

  it('while it is being given does not stand in the way of an end', async () => {
    const world = await worldWith({ expiresItself: true });
    await world.livePass();
    const more = await askedForMore(world);
    world.fake.script.always({ kind: 'unreachable' }, 'extend');
    await pressValue(world, 'ana', buttonOf(more));
    expect((await passOf(world)).status).toBe('extending');
    await world.say('sam', 'revoke prod-db-readonly');
    await world.pass(60);
    expect((await passOf(world)).status).toBe('revoked');
    expect(has(world)).toBe(false);
  });
});

describe('the warning before the end', () => {
  it('comes once, five minutes before, with Extend and Return; and again before the new end', async () => {
    const world = await worldWith();
    await world.livePass();
    const before = expiryCards(world).length;
    await world.pass(3200, 10);
    expect(expiryCards(world).length).toBe(before);
    await world.pass(200, 10);
    const card = world.chat.sent.findLast(
      ({ message }) => message.kind === 'card' && message.title.startsWith('Ends soon'),
    );
    expect(card?.place).toMatchObject({ kind: 'person', account: { user: 'U-mia' } });
    expect(card?.message.buttons?.map(({ action }) => action)).toEqual(['extend', 'return']);

    await pressValue(world, 'ana', buttonOf(await askedForMore(world)));
    await world.pass(10);
    expect(card && textOf(card.message)).not.toContain('Ends soon');
    await world.pass(1700, 10);
    expect((await typesOf(world)).filter((type) => type === 'grant.warned')).toHaveLength(0);
    const events = await world.store.eventsOf((await passOf(world)).request);
    expect(events.filter(({ event }) => event.type === 'grant.warned')).toHaveLength(2);
    await world.pass(300, 10);
    expect(card?.message.buttons).toEqual([]);
  });

  it('is not lost when an extension that is under way at that moment fails', async () => {
    const world = await worldWith({ expiresItself: true });
    await world.livePass();
    await world.pass(3250, 10);
    const more = await askedForMore(world);
    world.fake.script.always({ kind: 'unreachable' }, 'extend');
    await pressValue(world, 'ana', buttonOf(more));
    await world.pass(80, 5);
    expect((await passOf(world)).status).toBe('extending');
    world.fake.script.always({ kind: 'refused' }, 'extend');
    await world.pass(60, 5);
    expect(await passOf(world)).toMatchObject({ status: 'active', warned: true });
  });
});
