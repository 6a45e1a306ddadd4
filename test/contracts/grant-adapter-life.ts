// The life of a grant as the adapter contract demands it: who, what, give, look, take, and nobody else is touched.
import { expect } from 'vitest';
import type { AdapterBench } from './grant-adapter-bench.ts';
import {
  connected,
  faultFrom,
  grantFully,
  HOUR_MS,
  listOf,
  never,
  orderOf,
  throughJson,
} from './grant-adapter-bench.ts';
import type { AdapterCase } from './grant-adapter-cases.ts';

type Bench<Config, Target> = AdapterBench<Config, Target>;

export function lifeCases<Config, Target>(): readonly AdapterCase<Config, Target>[] {
  return [
    { name: 'says of itself what the core needs to know', run: describesItself },
    { name: 'resolves a known person to an identity that stays the same', run: resolves },
    { name: 'refuses a person it does not know as missing', run: refusesStrangers },
    { name: 'keeps the fingerprint while the entitlement stays, and changes it when it gives more', run: fingerprints },
    { name: 'gives one grant, however often the order comes', run: grantsOnce },
    { name: 'gives one grant when the order comes twice at once', run: grantsOnceAtOnce },
    { name: 'takes back what it gave and leaves nothing behind, however often it is asked', run: revokes },
    { name: 'takes back without a receipt', run: revokesWithoutReceipt },
    { name: 'revokes an order that never came through, and changes nothing', run: revokesNothing },
    { name: 'sees access that was there before', run: seesWhatWasThere },
    { name: 'sees access that somebody takes away or gives back by hand', run: seesDrift },
    { name: 'touches no other person and no other role', run: sparesBystanders },
    { name: 'ends all live sessions of the person and no others', run: endsSessions },
    { name: 'ends by itself at the deadline, and moves the deadline', run: expires },
    { name: 'lists as owned what it gave and nothing else', run: listsOwned },
    { name: 'gives one key to one access', run: keys },
  ];
}

async function describesItself<C, T>({ adapter, rawConfig, rawTarget }: Bench<C, T>): Promise<void> {
  expect(adapter.kind).toMatch(/^[a-z][a-z0-9-]{1,40}$/);
  expect(adapter.title.trim()).not.toBe('');
  expect(adapter.settleSeconds).toBeGreaterThanOrEqual(0);
  expect(adapter.config.safeParse({ ...rawConfig, surely_unknown: 1 }).success, 'unknown settings are errors').toBe(
    false,
  );
  expect(adapter.target.safeParse({ ...rawTarget, surely_unknown: 1 }).success, 'unknown keys are errors').toBe(false);
  const line = adapter.describe(adapter.target.parse(rawTarget));
  expect(line.trim()).not.toBe('');
  expect(line, 'one line for the card').not.toMatch(/[\r\n]/);
}

async function resolves<C, T>(bench: Bench<C, T>): Promise<void> {
  await connected(bench, async ({ connection }) => {
    const first = await connection.resolve(bench.person, never());
    expect(first.id).not.toBe('');
    expect(first.name).not.toBe('');
    expect(await connection.resolve(bench.person, never())).toEqual(first);
    const other = await connection.resolve(bench.otherPerson, never());
    expect(other.id, 'two people are two identities').not.toBe(first.id);
  });
}

async function refusesStrangers<C, T>(bench: Bench<C, T>): Promise<void> {
  await connected(bench, async ({ connection }) => {
    for (const person of [bench.stranger, { ...bench.person, email: undefined }]) {
      const fault = await faultFrom(connection.resolve(person, never()));
      expect([fault.fault, fault.changed]).toEqual(['missing', 'no']);
    }
  });
}

async function fingerprints<C, T>(bench: Bench<C, T>): Promise<void> {
  await connected(bench, async ({ connection, target, missingTarget }) => {
    const before = await connection.fingerprint(target, never());
    expect(before).toMatch(/^\S{1,200}$/);
    expect(await connection.fingerprint(target, never())).toBe(before);
    const principal = await connection.resolve(bench.person, never());
    await grantFully(connection, orderOf(bench, principal, target));
    expect(await connection.fingerprint(target, never()), 'a grant is no change of what the role gives').toBe(before);
    await bench.world.strengthen(target);
    expect(await connection.fingerprint(target, never())).not.toBe(before);
    expect((await faultFrom(connection.fingerprint(missingTarget, never()))).fault).toBe('missing');
  });
}

async function grantsOnce<C, T>(bench: Bench<C, T>): Promise<void> {
  await connected(bench, async ({ connection, target }) => {
    const principal = await connection.resolve(bench.person, never());
    const order = orderOf(bench, principal, target);
    expect(await connection.inspect(order, never()), 'before the grant').toBe('absent');
    const { granted } = await grantFully(connection, order);
    expect(await bench.world.has(principal, target)).toBe(true);
    expect(granted.receipt, 'plain JSON').toEqual(throughJson(granted.receipt));
    await bench.settle();
    expect(await connection.inspect(order, never())).toBe('present');
    const once = await bench.world.picture();
    const again = await grantFully(connection, order);
    expect(await bench.world.picture(), 'the second call changes nothing').toBe(once);
    await connection.revoke(again.order, never());
    expect(await bench.world.has(principal, target), 'one revoke ends both').toBe(false);
  });
}

async function grantsOnceAtOnce<C, T>(bench: Bench<C, T>): Promise<void> {
  await connected(bench, async ({ connection, target }) => {
    const principal = await connection.resolve(bench.person, never());
    const order = orderOf(bench, principal, target);
    const answers = await Promise.allSettled([grantFully(connection, order), grantFully(connection, order)]);
    for (const answer of answers) {
      if (answer.status === 'rejected') expect(answer.reason, 'at worst told to wait').toMatchObject({ fault: 'busy' });
    }
    await grantFully(connection, order);
    await connection.revoke(order, never());
    expect(await bench.world.has(principal, target)).toBe(false);
  });
}

async function revokes<C, T>(bench: Bench<C, T>): Promise<void> {
  await connected(bench, async ({ connection, target }) => {
    const principal = await connection.resolve(bench.person, never());
    const before = await bench.world.picture();
    const { order } = await grantFully(connection, orderOf(bench, principal, target));
    for (const _ of ['first', 'second']) {
      await connection.revoke(order, never());
      await bench.settle();
      expect(await bench.world.has(principal, target)).toBe(false);
      expect(await connection.inspect(order, never())).toBe('absent');
      expect(await bench.world.picture(), 'as if nothing had been').toBe(before);
    }
  });
}

async function revokesWithoutReceipt<C, T>(bench: Bench<C, T>): Promise<void> {
  await connected(bench, async ({ connection, target }) => {
    const principal = await connection.resolve(bench.person, never());
    const order = orderOf(bench, principal, target);
    await grantFully(connection, order);
    await connection.revoke(order, never());
    await bench.settle();
    expect(await bench.world.has(principal, target)).toBe(false);
    expect(await connection.inspect(order, never())).toBe('absent');
  });
}

async function revokesNothing<C, T>(bench: Bench<C, T>): Promise<void> {
  await connected(bench, async ({ connection, target }) => {
    const principal = await connection.resolve(bench.person, never());
    const before = await bench.world.picture();
    await connection.revoke(orderOf(bench, principal, target), never());
    expect(await bench.world.picture()).toBe(before);
  });
}

async function seesWhatWasThere<C, T>(bench: Bench<C, T>): Promise<void> {
  await connected(bench, async ({ connection, target }) => {
    const principal = await connection.resolve(bench.person, never());
    await bench.world.give(principal, target);
    await bench.settle();
    expect(await connection.inspect(orderOf(bench, principal, target), never())).toBe('present');
  });
}

async function seesDrift<C, T>(bench: Bench<C, T>): Promise<void> {
  await connected(bench, async ({ connection, target }) => {
    const principal = await connection.resolve(bench.person, never());
    const { order } = await grantFully(connection, orderOf(bench, principal, target));
    await bench.world.take(principal, target);
    await bench.settle();
    expect(await connection.inspect(order, never())).toBe('absent');
    await connection.revoke(order, never());
    await bench.world.give(principal, target);
    await bench.settle();
    expect(await connection.inspect(order, never()), 'access that reappears is seen, with our receipt in hand').toBe(
      'present',
    );
  });
}

async function sparesBystanders<C, T>(bench: Bench<C, T>): Promise<void> {
  await connected(bench, async ({ connection, target, otherTarget }) => {
    const principal = await connection.resolve(bench.person, never());
    const other = await connection.resolve(bench.otherPerson, never());
    await bench.world.give(principal, otherTarget);
    await bench.world.give(other, otherTarget);
    await grantFully(connection, orderOf(bench, other, target, 'grt_contract_2'));
    const before = await bench.world.picture();
    const { order } = await grantFully(connection, orderOf(bench, principal, target));
    await connection.revoke(order, never());
    expect(await bench.world.picture()).toBe(before);
    expect(await bench.world.has(other, target), 'the grant of somebody else lives on').toBe(true);
  });
}

async function endsSessions<C, T>(bench: Bench<C, T>): Promise<void> {
  await connected(bench, async ({ connection, target, config }) => {
    const { adapter, world } = bench;
    if ((adapter.sessionsFor?.(config) ?? adapter.sessions) !== 'ended') return;
    if (connection.endSessions === undefined) throw new Error("`sessions: 'ended'` needs `endSessions`.");
    if (world.openSession === undefined) throw new Error("A bench for `sessions: 'ended'` needs `openSession`.");
    const principal = await connection.resolve(bench.person, never());
    const other = await connection.resolve(bench.otherPerson, never());
    const { order } = await grantFully(connection, orderOf(bench, principal, target));
    await grantFully(connection, orderOf(bench, other, target, 'grt_contract_2'));
    const theirs = [await world.openSession(principal, target), await world.openSession(principal, target)];
    const bystander = await world.openSession(other, target);
    await connection.revoke(order, never());
    expect(await connection.endSessions(order, never())).toEqual({ ended: 2, left: 0 });
    expect([await theirs[0]?.alive(), await theirs[1]?.alive(), await bystander.alive()]).toEqual([false, false, true]);
    expect(await connection.endSessions(order, never()), 'nothing left to end').toEqual({ ended: 0, left: 0 });
  });
}

async function expires<C, T>(bench: Bench<C, T>): Promise<void> {
  if (!bench.adapter.expiresItself) return;
  const advance = bench.advance;
  if (advance === undefined) throw new Error('A bench for `expiresItself` needs `advance`.');
  await connected(bench, async ({ connection, target }) => {
    if (connection.extend === undefined) throw new Error('`expiresItself` needs `extend`.');
    const principal = await connection.resolve(bench.person, never());
    const { order } = await grantFully(connection, orderOf(bench, principal, target));
    await connection.extend({ ...order, expiresAt: order.expiresAt + HOUR_MS }, never());
    await advance(HOUR_MS + 60_000);
    expect(await bench.world.has(principal, target), 'after the first deadline').toBe(true);
    await advance(HOUR_MS);
    expect(await bench.world.has(principal, target), 'a minute after the second').toBe(false);
  });
}

async function listsOwned<C, T>(bench: Bench<C, T>): Promise<void> {
  await connected(bench, async ({ connection, target, otherTarget, config }) => {
    const { owned } = connection;
    if (owned === undefined) return;
    const list = () => listOf(owned.call(connection, never()));
    const principal = await connection.resolve(bench.person, never());
    const other = await connection.resolve(bench.otherPerson, never());
    await bench.world.give(other, otherTarget);
    expect(await list(), 'an administrator gave it').toEqual([]);
    const { order } = await grantFully(connection, orderOf(bench, principal, target));
    const found = await list();
    expect(found.map((one) => one.principal)).toEqual([principal]);
    expect(['', order.grantId], 'ours by id, or empty where there is no room for one').toContain(found[0]?.grantId);
    // As somebody would who knows nothing but this list: the store was lost.
    const [one] = throughJson(found);
    if (one === undefined) throw new Error('It lists nothing.');
    const again = { ...one, target: bench.adapter.target.parse(one.target), expiresAt: order.expiresAt };
    expect(bench.adapter.targetKey(config, again.target)).toBe(bench.adapter.targetKey(config, target));
    await connection.revoke(again, never());
    expect(await bench.world.has(principal, target), 'taken back by what the list says').toBe(false);
    expect(await list()).toEqual([]);
  });
}

async function keys<C, T>({ adapter, rawConfig, rawTarget, rawOtherTarget, canaries }: Bench<C, T>): Promise<void> {
  const key = (target: typeof rawTarget) =>
    adapter.targetKey(adapter.config.parse(rawConfig), adapter.target.parse(target));
  expect(key(rawTarget)).toBe(key(rawTarget));
  expect(key(rawTarget)).not.toBe(key(rawOtherTarget));
  for (const canary of canaries) expect(key(rawTarget)).not.toContain(canary);
}
