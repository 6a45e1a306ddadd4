// A grant adapter over a target in memory, for tests of everything above the port. It passes the adapter contract, and it can
// be told to go wrong in all the ways in which real targets do:
//
//   const fake = openFakeAdapter({ clock });
//   fake.script.next('grant', { kind: 'reply_lost' });      // the next grant takes effect, its answer does not arrive
//   fake.script.always({ kind: 'unreachable' });            // from now on the target is down …
//   fake.script.always({ kind: 'ok' });                     // … and back again
//   fake.target.has('acct:ana@acme.test', 'admin')          // the truth, whatever anybody was told
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { JsonObject, Principal } from '../../src/core/model.ts';
import { reveal, type Secret, secretOf } from '../../src/lib/secret.ts';
import type { Clock } from '../../src/ports/clock.ts';
import {
  type Accepted,
  AdapterError,
  defineAdapter,
  type GrantAdapter,
  type GrantConnection,
  type Granted,
  type GrantOrder,
  type Owned,
  type Presence,
  type RevokeOrder,
} from '../../src/ports/grant-adapter.ts';
import { type Effects, FAKE_CALLS, type FakeCall, type FakeScript, fakeScript, play } from './fake-script.ts';
import { type FakeTarget, fakeTarget, type Holding } from './fake-target.ts';

export interface FakeOptions {
  readonly clock: Clock;
  /** The target ends grants at their deadline by itself, and can move it. */
  readonly expiresItself?: boolean;
  readonly sessions?: 'ended' | 'outlive' | 'none';
  readonly settleSeconds?: number;
  /** Each grant hands out a secret of its own. */
  readonly secrets?: boolean;
  /** What the target remembers of us: the id of each pass; that it was us; nothing, so that whoever revokes takes it all. */
  readonly marks?: 'ids' | 'giver' | 'none';
  readonly kind?: string;
}

export interface FakeConfig {
  /** 'dead' cannot be reached, 'silent' never answers. */
  readonly server: string;
  /** Anything but 'right' is refused. */
  readonly token: Secret;
}
export interface FakeRole {
  readonly role: string;
}

export interface FakeAdapter {
  readonly adapter: GrantAdapter<FakeConfig, FakeRole>;
  readonly target: FakeTarget;
  readonly script: FakeScript;
  /** How often each method was called, answered or not. */
  readonly calls: Readonly<Record<FakeCall, number>>;
  /** How often something really changed: absent to present, present to absent, one deadline to another. */
  readonly effects: { readonly grants: number; readonly revokes: number; readonly extensions: number };
  /** Every secret handed out so far; none of them may turn up anywhere else. */
  readonly secrets: readonly string[];
  /** As an administrator would, without our mark. */
  giveByHand(principalId: string, role: string): void;
  takeByHand(principalId: string, role: string): void;
  /** What the role gives from now on: its fingerprint changes. */
  setPower(role: string, power: string): void;
  /** The person is not known in the target. Otherwise everybody with an e-mail address is, as `acct:<address>`. */
  forget(email: string): void;
  /** There is no such role in the target. */
  removeRole(role: string): void;
}

const Config: z.ZodType<FakeConfig> = z.strictObject({
  server: z.string().default('fake-1'),
  token: z
    .string()
    .default('right')
    .transform((token) => secretOf(token)),
});
const Role: z.ZodType<FakeRole> = z.strictObject({ role: z.string().regex(/^[^\p{Cc}\p{Cs}]{1,63}$/u) });
const Ticket = z.object({ ticket: z.string() });

interface World {
  readonly options: FakeOptions;
  readonly target: FakeTarget;
  readonly script: ReturnType<typeof fakeScript>;
  readonly calls: Record<FakeCall, number>;
  readonly effects: { grants: number; revokes: number; extensions: number };
  readonly secrets: string[];
  readonly powers: Map<string, string>;
  readonly strangers: Set<string>;
  readonly missingRoles: Set<string>;
  /** Work in the target's own time: how many polls are left. */
  readonly tickets: Map<string, { polls: number; readonly grantId: string }>;
}

interface Connected extends World {
  readonly deployment: string;
}

export function openFakeAdapter(options: FakeOptions): FakeAdapter {
  const world: World = {
    options,
    target: fakeTarget(options.clock),
    script: fakeScript(),
    calls: Object.fromEntries(FAKE_CALLS.map((call) => [call, 0])) as Record<FakeCall, number>,
    effects: { grants: 0, revokes: 0, extensions: 0 },
    secrets: [],
    powers: new Map(),
    strangers: new Set(),
    missingRoles: new Set(),
    tickets: new Map(),
  };
  const { target, script, calls, effects, secrets } = world;
  return {
    adapter: adapterOver(world),
    target,
    script,
    calls,
    effects,
    secrets,
    giveByHand: (principalId, role) => {
      target.put({ principal: principalOf(principalId), role, grantId: undefined, endsAt: undefined, state: 'whole' });
    },
    takeByHand: (principalId, role) => {
      target.remove((holding) => holding.principal.id === principalId && holding.role === role);
    },
    setPower: (role, power) => {
      world.powers.set(role, power);
    },
    forget: (email) => {
      world.strangers.add(email);
    },
    removeRole: (role) => {
      world.missingRoles.add(role);
      target.remove((holding) => holding.role === role);
    },
  };
}

function adapterOver(world: World): GrantAdapter<FakeConfig, FakeRole> {
  const { options } = world;
  return defineAdapter<FakeConfig, FakeRole>({
    kind: options.kind ?? 'fake',
    title: 'Fake target',
    config: Config,
    target: Role,
    expiresItself: options.expiresItself ?? false,
    sessions: options.sessions ?? 'ended',
    settleSeconds: options.settleSeconds ?? 0,
    targetKey: ({ server }, { role }) => `fake:${server}/${encodeURIComponent(role)}`,
    describe: ({ role }) => `role ${role} in the fake target`,
    connect: (config, { deploymentId }) => connectionTo({ ...world, deployment: deploymentId }, config),
  });
}

function connectionTo(world: Connected, config: FakeConfig): GrantConnection<FakeRole> {
  const { target, options } = world;
  const call = <T>(
    name: FakeCall,
    effects: Partial<Effects<T>> & { whole: () => T },
    signal: AbortSignal,
    order?: GrantOrder<FakeRole>,
  ) => carryOut(world, config, name, effects, signal, order);
  const connection: GrantConnection<FakeRole> = {
    resolve: (person, signal) => call('resolve', { whole: () => lookUp(world, person.email) }, signal),
    fingerprint: (wanted, signal) => call('fingerprint', { whole: () => fingerprintOf(world, wanted.role) }, signal),
    grant: (order, signal) =>
      call<Granted | Accepted>(
        'grant',
        {
          whole: () => give(world, order),
          half: () => putHolding(world, order, 'half'),
          accept: (polls) => accept(world, order, polls),
        },
        signal,
        order,
      ),
    poll: (accepted, order, signal) => call('poll', { whole: () => pollOnce(world, accepted, order) }, signal, order),
    revoke: (order, signal) =>
      call('revoke', { whole: () => take(world, order), half: () => halve(world, order) }, signal, order),
    inspect: (order, signal) =>
      call<Presence>('inspect', { whole: () => look(world, order), unsure: () => 'unknown' }, signal, order),
    check: (targets, signal) => call('check', { whole: () => checkRoles(world, targets) }, signal),
  };
  if (options.marks !== 'none') {
    connection.owned = (signal) => listOwned(() => call('owned', { whole: () => marked(world) }, signal));
  }
  if (options.expiresItself) {
    connection.extend = (order, signal) => call('extend', { whole: () => prolong(world, order) }, signal, order);
  }
  if ((options.sessions ?? 'ended') === 'ended') {
    connection.endSessions = (order, signal) => {
      const end = (spare: number) => target.endSessions(order.principal.id, spare);
      return call('endSessions', { whole: () => end(0), half: () => end(1) }, signal, order);
    };
  }
  return connection;
}

function carryOut<T>(
  world: World,
  config: FakeConfig,
  name: FakeCall,
  effects: Partial<Effects<T>> & { whole: () => T },
  signal: AbortSignal,
  order: GrantOrder<FakeRole> | undefined,
): Promise<T> {
  world.calls[name] += 1;
  if (config.server === 'dead')
    return Promise.reject(new AdapterError('unreachable', 'The fake target is down.', 'no'));
  if (reveal(config.token) !== 'right')
    return Promise.reject(new AdapterError('refused', 'The fake target refused the token: correct it.', 'no'));
  const freeze = (ms: number): void => {
    if (order !== undefined) world.target.freeze(order.principal.id, order.target.role, ms);
  };
  const outcome = config.server === 'silent' ? ({ kind: 'hangs' } as const) : world.script.take(name);
  return play(outcome, { later: world.target.later, freeze, ...effects }, signal);
}

function lookUp({ strangers }: World, email: string | undefined): Principal {
  if (email === undefined || strangers.has(email)) {
    throw new AdapterError('missing', 'The fake target does not know this person. Ask for an account.', 'no');
  }
  return principalOf(`acct:${email}`);
}

function principalOf(id: string): Principal {
  return { id, name: id.replace(/^acct:/, '') };
}

function fingerprintOf(world: World, role: string): string {
  refuseMissing(world, role);
  const power = world.powers.get(role) ?? 'what it always gave';
  return `fake:${createHash('sha256')
    .update(JSON.stringify([role, power]))
    .digest('hex')
    .slice(0, 32)}`;
}

function give(world: Connected, order: GrantOrder<FakeRole>): Granted {
  refuseMissing(world, order.target.role);
  refuseUnknown(order.principal);
  putHolding(world, order, 'whole');
  const receipt = { marked: order.grantId };
  if (!world.options.secrets) return { receipt };
  const password = `canary-${createHash('sha256').update(order.grantId).digest('hex').slice(0, 24)}`;
  world.secrets.push(password);
  return { receipt, secret: { password } };
}

function refuseUnknown({ id }: Principal): void {
  if (!/^acct:[^\s@]+@[^\s@]+$/.test(id))
    throw new AdapterError('missing', 'The fake target has no such account.', 'no');
}

function putHolding(world: Connected, order: GrantOrder<FakeRole>, state: Holding['state']): undefined {
  const { principal, grantId, expiresAt } = order;
  const endsAt = world.options.expiresItself ? expiresAt : undefined;
  const { deployment } = world;
  if (world.target.put({ principal, role: order.target.role, grantId, deployment, endsAt, state }))
    world.effects.grants += 1;
}

function accept(world: World, order: GrantOrder<FakeRole>, polls: number): Accepted {
  refuseMissing(world, order.target.role);
  refuseUnknown(order.principal);
  const ticket = `ticket-${order.grantId}`;
  if (!world.tickets.has(ticket)) world.tickets.set(ticket, { polls, grantId: order.grantId });
  return { accepted: { ticket } };
}

function pollOnce(world: Connected, accepted: JsonObject, order: GrantOrder<FakeRole>): Granted | Accepted {
  const { ticket } = Ticket.parse(accepted);
  const work = world.tickets.get(ticket);
  if (work === undefined) throw new AdapterError('missing', 'The fake target knows no such ticket.', 'no');
  work.polls -= 1;
  return work.polls > 0 ? { accepted } : give(world, order);
}

/** Everything this order left, whole or half, and work that is still to come. */
function take(world: Connected, { principal, target, grantId }: RevokeOrder<FakeRole>): void {
  for (const [ticket, work] of world.tickets) if (work.grantId === grantId) world.tickets.delete(ticket);
  const isOurs = (h: Holding): boolean => {
    if (world.options.marks === 'none') return true;
    return world.options.marks === 'giver' ? h.deployment === world.deployment : h.grantId === grantId;
  };
  const ours = (h: Holding): boolean => isOurs(h) && h.principal.id === principal.id && h.role === target.role;
  if (world.target.remove(ours) > 0) world.effects.revokes += 1;
}

function halve(world: World, order: RevokeOrder<FakeRole>): undefined {
  const whole = world.target.holdings().find((h) => h.grantId === order.grantId);
  if (whole !== undefined) world.target.put({ ...whole, state: 'half' });
}

function prolong(world: World, order: RevokeOrder<FakeRole>): { marked: string } {
  const held = world.target
    .holdings()
    .find((h) => h.grantId === order.grantId && h.principal.id === order.principal.id);
  if (held === undefined) throw new AdapterError('missing', 'The fake target holds no such grant.', 'no');
  world.target.put({ ...held, endsAt: order.expiresAt });
  world.effects.extensions += 1;
  return { marked: order.grantId };
}

function look(world: World, { principal, target }: RevokeOrder<FakeRole>): Presence {
  return world.target.seen(principal.id, target.role) ? 'present' : 'absent';
}

function checkRoles(world: World, targets: readonly FakeRole[]): void {
  for (const { role } of targets) refuseMissing(world, role);
}

function refuseMissing({ missingRoles }: World, role: string): void {
  if (missingRoles.has(role))
    throw new AdapterError('missing', `The fake target has no role ${role}. Create it.`, 'no');
}

function marked({ target, deployment, options }: Connected): readonly Owned[] {
  const owned: Owned[] = [];
  for (const held of target.holdings()) {
    if (held.grantId === undefined || held.deployment !== deployment) continue;
    const grantId = options.marks === 'giver' ? '' : held.grantId;
    owned.push({
      ...{ grantId, principal: held.principal, target: { role: held.role } },
      ...(held.endsAt === undefined ? {} : { expiresAt: held.endsAt }),
    });
  }
  return owned;
}

async function* listOwned(list: () => Promise<readonly Owned[]>): AsyncGenerator<Owned> {
  yield* await list();
}
