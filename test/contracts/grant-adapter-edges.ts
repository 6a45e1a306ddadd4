// What the adapter contract demands when things go wrong: honest faults, no secrets in them, no name that is more than a name.
import { expect } from 'vitest';
import type { AdapterFault, GrantConnection, RevokeOrder } from '../../src/ports/grant-adapter.ts';
import type { AdapterBench } from './grant-adapter-bench.ts';
import { connected, everythingIn, faultFrom, grantFully, listOf, never, orderOf } from './grant-adapter-bench.ts';
import type { AdapterCase } from './grant-adapter-cases.ts';
import { HOSTILE_NAMES } from './hostile-names.ts';

type Bench<Config, Target> = AdapterBench<Config, Target>;

export function edgeCases<Config, Target>(): readonly AdapterCase<Config, Target>[] {
  return [
    { name: 'calls a dead server unreachable, in every method', run: deadServer },
    { name: 'names the remedy for wrong credentials', run: wrongCredentials },
    { name: 'passes the check when all is well, and names what is missing when not', run: checks },
    { name: 'does not start when it is cancelled already', run: cancelledBefore },
    { name: 'lets go when it is cancelled on the way', run: cancelledOnTheWay },
    { name: 'grants nothing to an identity that is not there', run: unknownIdentity },
    { name: 'takes a hostile role name for a name, or not at all', run: hostileRoles },
    { name: 'takes a hostile identity for an identity, or not at all', run: hostileIdentities },
    { name: 'shows no secret: not in errors, receipts, settings or the log', run: keepsSecrets },
    { name: 'hands out a secret apart from the receipt', run: secretsApart },
  ];
}

/** Every method, to be called the same way. */
function everyCall<T>(
  connection: GrantConnection<T>,
  order: RevokeOrder<T>,
  person: Parameters<GrantConnection<T>['resolve']>[0],
): readonly (readonly [string, (signal: AbortSignal) => Promise<unknown>])[] {
  const { poll, extend, endSessions, owned } = connection;
  return [
    ['resolve', (signal) => connection.resolve(person, signal)],
    ['fingerprint', (signal) => connection.fingerprint(order.target, signal)],
    ['grant', (signal) => connection.grant(order, signal)],
    ['revoke', (signal) => connection.revoke(order, signal)],
    ['inspect', (signal) => connection.inspect(order, signal)],
    ['check', (signal) => connection.check([order.target], signal)],
    ...(poll ? [['poll', (signal: AbortSignal) => poll.call(connection, {}, order, signal)] as const] : []),
    ...(extend ? [['extend', (signal: AbortSignal) => extend.call(connection, order, signal)] as const] : []),
    ...(endSessions
      ? [['endSessions', (signal: AbortSignal) => endSessions.call(connection, order, signal)] as const]
      : []),
    ...(owned ? [['owned', (signal: AbortSignal) => listOf(owned.call(connection, signal))] as const] : []),
  ];
}

async function deadServer<C, T>(bench: Bench<C, T>): Promise<void> {
  const order = await someOrder(bench);
  const check = async (connection: GrantConnection<T>): Promise<void> => {
    for (const [name, call] of everyCall(connection, order, bench.person)) {
      const fault = await faultFrom(call(never()));
      expect(fault.fault, name).toBe('unreachable');
      if (name === 'grant') expect(fault.changed, 'nothing left the house: no revoke is owed').toBe('no');
    }
  };
  await connected(bench, ({ connection }) => check(connection), bench.broken.deadServer);
}

async function wrongCredentials<C, T>(bench: Bench<C, T>): Promise<void> {
  const order = await someOrder(bench);
  const before = await bench.world.picture();
  const check = async (connection: GrantConnection<T>): Promise<void> => {
    for (const [name, call] of everyCall(connection, order, bench.person)) {
      const fault = await faultFrom(call(never()));
      expect([name, fault.fault, fault.changed]).toEqual([name, 'refused', 'no']);
      expect(fault.message).toMatch(bench.broken.credentialsRemedy);
    }
  };
  await connected(bench, ({ connection }) => check(connection), bench.broken.wrongCredentials);
  expect(await bench.world.picture()).toBe(before);
}

async function checks<C, T>(bench: Bench<C, T>): Promise<void> {
  await connected(bench, async ({ connection, target, otherTarget, missingTarget }) => {
    const before = await bench.world.picture();
    await connection.check([], never());
    await connection.check([target, otherTarget], never());
    const fault = await faultFrom(connection.check([target, missingTarget], never()));
    expect(['refused', 'missing', 'invalid'] satisfies AdapterFault[]).toContain(fault.fault);
    expect(await bench.world.picture(), 'a check changes nothing').toBe(before);
  });
  const { tooFewRights } = bench.broken;
  if (tooFewRights === undefined) return;
  const check = async ({ connection, target }: { connection: GrantConnection<T>; target: T }): Promise<void> => {
    const fault = await faultFrom(connection.check([target], never()));
    expect(fault.fault).toBe('refused');
    expect(fault.message).toMatch(tooFewRights.remedy);
  };
  await connected(bench, check, tooFewRights.rawConfig);
}

async function cancelledBefore<C, T>(bench: Bench<C, T>): Promise<void> {
  await connected(bench, async ({ connection, target }) => {
    const principal = await connection.resolve(bench.person, never());
    const before = await bench.world.picture();
    for (const [name, call] of everyCall(connection, orderOf(bench, principal, target), bench.person)) {
      const fault = await faultFrom(call(AbortSignal.abort()));
      expect([name, fault.fault]).toEqual([name, 'unreachable']);
    }
    expect(await bench.world.picture()).toBe(before);
  });
}

async function cancelledOnTheWay<C, T>(bench: Bench<C, T>): Promise<void> {
  const { silentServer } = bench.broken;
  if (silentServer === undefined) return;
  const order = await someOrder(bench);
  const check = async (connection: GrantConnection<T>): Promise<void> => {
    for (const [name, call] of everyCall(connection, order, bench.person)) {
      const caller = new AbortController();
      const running = faultFrom(call(caller.signal));
      await silentServer.contacted();
      caller.abort();
      const fault = await running;
      expect([name, fault.fault]).toEqual([name, 'unreachable']);
    }
  };
  await connected(bench, ({ connection }) => check(connection), silentServer.rawConfig);
}

async function unknownIdentity<C, T>(bench: Bench<C, T>): Promise<void> {
  await connected(bench, async ({ connection, target }) => {
    const before = await bench.world.picture();
    const order = orderOf(bench, { id: '3999999999', name: 'nobody-by-that-name' }, target);
    const fault = await faultFrom(connection.grant(order, never()));
    expect(fault.changed).toBe('no');
    await connection.revoke(order, never()).catch(refusal);
    expect(await connection.inspect(order, never()).catch(refusal)).not.toBe('present');
    expect(await bench.world.picture()).toBe(before);
  });
}

async function hostileRoles<C, T>(bench: Bench<C, T>): Promise<void> {
  await connected(bench, async ({ connection }) => {
    const principal = await connection.resolve(bench.person, never());
    const before = await bench.world.picture();
    for (const [at, name] of HOSTILE_NAMES.entries()) {
      const parsed = bench.adapter.target.safeParse(bench.hostileTarget(name));
      if (!parsed.success) continue;
      await tryOut(bench, connection, orderOf(bench, principal, parsed.data, `grt_role_${at}`));
      expect(await bench.world.picture(), `after ${JSON.stringify(name.slice(0, 80))}`).toBe(before);
    }
  });
}

async function hostileIdentities<C, T>(bench: Bench<C, T>): Promise<void> {
  await connected(bench, async ({ connection, target }) => {
    const principal = await connection.resolve(bench.person, never());
    const before = await bench.world.picture();
    for (const [at, name] of HOSTILE_NAMES.entries()) {
      await tryOut(bench, connection, orderOf(bench, { id: name, name }, target, `grt_id_${at}`));
      const renamed = { id: principal.id, name };
      await tryOut(bench, connection, orderOf(bench, renamed, target, `grt_name_${at}`));
      expect(await bench.world.picture(), `after ${JSON.stringify(name.slice(0, 80))}`).toBe(before);
    }
  });
}

/** Grant, and take back what came of it; every end but an AdapterError is a failure. */
async function tryOut<C, T>(
  bench: Bench<C, T>,
  connection: GrantConnection<T>,
  order: ReturnType<typeof orderOf<C, T>>,
) {
  await connection.fingerprint(order.target, never()).catch(refusal);
  const done = await grantFully(connection, order).catch(refusal);
  if ('granted' in done) expect(await bench.world.has(order.principal, order.target)).toBe(true);
  await connection.inspect(order, never()).catch(refusal);
  await connection.revoke('order' in done ? done.order : order, never()).catch(refusal);
}

async function keepsSecrets<C, T>(bench: Bench<C, T>): Promise<void> {
  const { adapter, broken, canaries } = bench;
  expect(canaries.length, 'a bench without secrets proves nothing').toBeGreaterThan(0);
  const order = await someOrder(bench);
  const said: string[] = [];
  const listen = async (connection: GrantConnection<T>): Promise<void> => {
    for (const [, call] of everyCall(connection, order, bench.person)) {
      said.push(await call(never()).then(withoutSecret, everythingIn));
      said.push(await call(AbortSignal.abort()).then(withoutSecret, everythingIn));
    }
    said.push(everythingIn(connection));
  };
  const configs = [bench.rawConfig, broken.deadServer, broken.wrongCredentials, broken.tooFewRights?.rawConfig];
  for (const rawConfig of configs.filter((config) => config !== undefined)) {
    const config = adapter.config.parse(rawConfig);
    said.push(everythingIn(config), JSON.stringify(config), adapter.targetKey(config, order.target));
    await connected(bench, ({ connection }) => listen(connection), rawConfig);
  }
  said.push(everythingIn(adapter.config.safeParse({ ...bench.rawConfig, surely_unknown: 1 }).error), bench.logged());
  for (const canary of canaries) {
    expect(said.filter((text) => text.includes(canary) || text.includes(encodeURIComponent(canary)))).toEqual([]);
  }
}

async function secretsApart<C, T>(bench: Bench<C, T>): Promise<void> {
  await connected(bench, async ({ connection, target }) => {
    const principal = await connection.resolve(bench.person, never());
    const { granted } = await grantFully(connection, orderOf(bench, principal, target));
    for (const secret of Object.values(granted.secret ?? {})) {
      expect(secret).not.toBe('');
      expect(JSON.stringify(granted.receipt), 'the receipt is stored, the secret never').not.toContain(secret);
      expect(bench.logged()).not.toContain(secret);
    }
  });
}

/** An order about a real person and role, made with the working settings. */
async function someOrder<C, T>(bench: Bench<C, T>): Promise<RevokeOrder<T>> {
  let order: RevokeOrder<T> | undefined;
  await connected(bench, async ({ connection, target }) => {
    order = orderOf(bench, await connection.resolve(bench.person, never()), target);
  });
  if (order === undefined) throw new Error('the bench did not connect');
  return order;
}

async function refusal(cause: unknown): Promise<{ readonly refused: string }> {
  return { refused: (await faultFrom(Promise.reject(cause))).fault };
}

/** A secret handed to the holder is no leak; everything else in an answer counts. */
function withoutSecret(answer: unknown): string {
  const { secret: _, ...rest } =
    typeof answer === 'object' && answer !== null ? { secret: 0, ...answer } : { secret: 0, answer };
  return everythingIn(rest);
}
