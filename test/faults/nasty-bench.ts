// A target that is as nasty as real ones are, all at once: looks lag behind, every third says nothing, a grant is applied
// three times and each revoke takes one of them and leaves looks without an answer for a while, the first revoke says "no such thing" of what is there, receipts are worthless,
// a session survives the first attempt to end it, and every grant hands out a secret.

import type { Clock } from '../../src/ports/clock.ts';
import {
  AdapterError,
  type GrantAdapter,
  type GrantConnection,
  type GrantOrder,
} from '../../src/ports/grant-adapter.ts';
import { type FakeAdapter, type FakeConfig, type FakeRole, openFakeAdapter } from '../fakes/fake-adapter.ts';
import { fakeBench } from '../fakes/fake-bench.ts';
import type { FaultBench } from './fault-bench.ts';
import { type VirtualTime, virtualTime } from './virtual-time.ts';

/** How far looks lag behind, and what the adapter admits to. */
const LAG_MS = 8_000;
/** A grant is applied so often, and each revoke takes one. */
const COPIES = 3;
const SORTING_MS = 25_000;
const SETTLE_SECONDS = 10;

interface Nasty {
  readonly time: Clock;
  readonly fake: FakeAdapter;
  readonly connection: GrantConnection<FakeRole>;
  readonly copies: Map<string, number>;
  readonly denied: Set<string>;
  readonly survived: Set<string>;
  looks: number;
  /** Until then looks say nothing: the target is sorting itself out. */
  unknownUntil: number;
}

export function nastyBench(): FaultBench<FakeConfig, FakeRole> {
  const base = fakeBench({ settleSeconds: SETTLE_SECONDS, sessions: 'ended' });
  let nasty = openNasty(virtualTime(0));
  const target = () => nasty.fake.target;
  return {
    ...base,
    adapter: { ...base.adapter, connect: () => connectionTo(() => nasty) },
    world: {
      ...base.world,
      has: async ({ id }, { role }) => target().has(id, role),
      give: async ({ id }, { role }) => nasty.fake.giveByHand(id, role),
      take: async ({ id }, { role }) => void target().remove((held) => held.principal.id === id && held.role === role),
    },
    get canaries() {
      return [...base.canaries, ...nasty.fake.secrets];
    },
    async beginAgain(time) {
      nasty = openNasty(time);
    },
    isNasty: true,
    half: { grant: (order) => halfOf(nasty, order) },
  };
}

function openNasty({ truth }: VirtualTime): Nasty {
  const fake = openFakeAdapter({ clock: truth, settleSeconds: SETTLE_SECONDS, sessions: 'ended', secrets: true });
  const adapter: GrantAdapter<FakeConfig, FakeRole> = fake.adapter;
  const tools = { ...fakeBench().tools, clock: truth, deploymentId: 'dep_faults' };
  const connection = adapter.connect(adapter.config.parse({}), tools);
  return {
    time: truth,
    fake,
    connection,
    copies: new Map(),
    denied: new Set(),
    survived: new Set(),
    looks: 0,
    unknownUntil: 0,
  };
}

function connectionTo(nasty: () => Nasty): GrantConnection<FakeRole> {
  const plain = () => nasty().connection;
  return {
    resolve: (person, signal) => plain().resolve(person, signal),
    fingerprint: (wanted, signal) => plain().fingerprint(wanted, signal),
    check: (wanted, signal) => plain().check(wanted, signal),
    owned: (signal) => plain().owned?.(signal) ?? nothing(),
    grant: (order, signal) => grant(nasty(), order, signal),
    revoke: (order, signal) => revoke(nasty(), order, signal),
    async inspect(order, signal) {
      nasty().looks += 1;
      const isSorting = nasty().time.now() < nasty().unknownUntil;
      return isSorting || nasty().looks % 3 === 0 ? 'unknown' : plain().inspect(order, signal);
    },
    async endSessions({ grantId }) {
      const isFirst = !nasty().survived.has(grantId);
      nasty().survived.add(grantId);
      return isFirst ? { ended: 1, left: 1 } : { ended: 1, left: 0 };
    },
  };
}

async function grant(nasty: Nasty, order: GrantOrder<FakeRole>, signal: AbortSignal) {
  lag(nasty, order);
  const granted = await nasty.connection.grant(order, signal);
  nasty.copies.set(order.grantId, COPIES);
  return 'accepted' in granted ? granted : { ...granted, receipt: { number: 'forgotten' } };
}

async function revoke(nasty: Nasty, order: GrantOrder<FakeRole>, signal: AbortSignal): Promise<void> {
  const { grantId } = order;
  const isThere = nasty.fake.target.holdings().some((held) => held.grantId === grantId);
  if (isThere && !nasty.denied.has(grantId)) {
    nasty.denied.add(grantId);
    throw new AdapterError('missing', 'there is no such grant', 'no');
  }
  lag(nasty, order);
  const copies = (nasty.copies.get(grantId) ?? 1) - 1;
  nasty.copies.set(grantId, copies);
  if (copies <= 0) return nasty.connection.revoke(order, signal);
  nasty.unknownUntil = nasty.time.now() + SORTING_MS;
}

/** Looks go on to show what there is now. */
function lag({ fake }: Nasty, { principal, target }: GrantOrder<FakeRole>): void {
  fake.target.freeze(principal.id, target.role, LAG_MS);
}

async function halfOf({ fake }: Nasty, { principal, target, grantId }: GrantOrder<FakeRole>): Promise<void> {
  fake.target.put({
    principal,
    role: target.role,
    grantId,
    deployment: 'dep_faults',
    endsAt: undefined,
    state: 'half',
  });
}

async function* nothing(): AsyncGenerator<never> {}
