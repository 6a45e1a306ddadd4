// The adapter contract bites: for each of its cases there is an adapter that is wrong in just that way, and fails it.
// A case that no wrong adapter fails would be worth nothing.
import { describe, expect, it } from 'vitest';
import { AdapterError, type GrantConnection } from '../../src/ports/grant-adapter.ts';
import type { FakeConfig, FakeRole } from '../fakes/fake-adapter.ts';
import { type FakeBench, fakeBench } from '../fakes/fake-bench.ts';
import { grantAdapterCases } from './grant-adapter-cases.ts';

type Connection = GrantConnection<FakeRole>;
type Change = (connection: Connection, bench: FakeBench) => Partial<Connection>;

/** A bench whose adapter's connections are changed by `change`. */
function wrong(change: Change, bench = fakeBench()): FakeBench {
  const connect: FakeBench['adapter']['connect'] = (config, tools) => {
    const right = bench.adapter.connect(config, tools);
    return { ...right, ...change(right, bench) };
  };
  return { ...bench, adapter: { ...bench.adapter, connect } };
}

function wrongAdapter(change: Partial<FakeBench['adapter']>): FakeBench {
  const bench = fakeBench();
  return { ...bench, adapter: { ...bench.adapter, ...change } };
}

async function refuse(): Promise<never> {
  throw new AdapterError('invalid', 'wrong on purpose', 'no');
}

/** For every case: what is wrong with the adapter, and the bench that has it. */
const WRONG: Readonly<Record<string, () => FakeBench>> = {
  'says of itself what the core needs to know': () => wrongAdapter({ describe: () => 'two\nlines' }),
  'resolves a known person to an identity that stays the same': () =>
    wrong(() => ({ resolve: async () => ({ id: 'acct:everybody@acme.test', name: 'everybody' }) })),
  'refuses a person it does not know as missing': () =>
    wrong((right) => ({
      resolve: (person, signal) => right.resolve({ ...person, email: `known-${person.email}` }, signal),
    })),
  'keeps the fingerprint while the entitlement stays, and changes it when it gives more': () =>
    wrong((right) => ({
      fingerprint: async (target, signal) => (await right.fingerprint(target, signal)).slice(0, 5),
    })),
  'gives one grant, however often the order comes': () => {
    let count = 0;
    return wrong((right) => ({
      grant: (order, signal) => {
        count += 1;
        return right.grant({ ...order, grantId: `${order.grantId}-${count}` }, signal);
      },
    }));
  },
  'gives one grant when the order comes twice at once': () => {
    let running = false;
    return wrong((right) => ({
      grant: async (order, signal) => {
        if (running) throw new AdapterError('refused', 'twice', 'no');
        running = true;
        await Promise.resolve();
        running = false;
        return right.grant(order, signal);
      },
    }));
  },
  'takes back what it gave and leaves nothing behind, however often it is asked': () =>
    wrong((right, bench) => ({
      revoke: async (order, signal) => {
        await right.revoke(order, signal);
        bench.fake.giveByHand(order.principal.id, 'leftover');
      },
    })),
  'takes back without a receipt': () =>
    wrong((right) => ({
      revoke: (order, signal) => (order.receipt === undefined ? refuse() : right.revoke(order, signal)),
    })),
  'revokes an order that never came through, and changes nothing': () =>
    wrong((right, { fake }) => ({
      revoke: (order, signal) => (fake.calls.grant === 0 ? refuse() : right.revoke(order, signal)),
    })),
  'sees access that was there before': () =>
    wrong((_, { fake }) => ({ inspect: async () => (fake.effects.grants > 0 ? 'present' : 'absent') })),
  'sees access that somebody takes away or gives back by hand': () =>
    wrong(() => ({ inspect: async ({ receipt }) => (receipt === undefined ? 'absent' : 'present') })),
  'touches no other person and no other role': () =>
    wrong((_, { fake }) => ({
      revoke: async ({ target }) => {
        fake.target.remove(({ role }) => role === target.role);
      },
    })),
  'ends all live sessions of the person and no others': () =>
    wrong(() => ({ endSessions: async () => ({ ended: 2, left: 0 }) })),
  'ends by itself at the deadline, and moves the deadline': () =>
    wrong(() => ({ extend: async () => ({ marked: 'not moved' }) }), fakeBench({ expiresItself: true })),
  'lists as owned what it gave and nothing else': () =>
    wrong((_, { fake }) => ({
      async *owned() {
        for (const { principal } of fake.target.holdings()) yield { grantId: '', principal, target: {} };
      },
    })),
  'gives one key to one access': () => wrongAdapter({ targetKey: () => 'fake' }),
  'calls a dead server unreachable, in every method': () =>
    wrong((right) => ({
      check: async (targets, signal) => right.check(targets, signal).catch(() => refuse()),
    })),
  'names the remedy for wrong credentials': () =>
    wrong((right) => ({
      check: async (targets, signal) =>
        right.check(targets, signal).catch(() => {
          throw new AdapterError('refused', 'no', 'no');
        }),
    })),
  'passes the check when all is well, and names what is missing when not': () =>
    wrong(() => ({ check: async () => undefined })),
  'does not start when it is cancelled already': () =>
    wrong((right) => ({ grant: (order) => right.grant(order, new AbortController().signal) })),
  'lets go when it is cancelled on the way': () =>
    wrong((right) => ({
      inspect: (order, signal) =>
        right.inspect(order, signal).catch(() => {
          throw new Error('aborted');
        }),
    })),
  'grants nothing to an identity that is not there': () =>
    wrong((right) => ({
      grant: (order, signal) => right.grant({ ...order, principal: { id: 'acct:ben@acme.test', name: 'ben' } }, signal),
    })),
  'takes a hostile role name for a name, or not at all': () =>
    wrong((right, { fake }) => ({
      grant: async (order, signal) => {
        if (order.target.role.includes('DROP')) fake.giveByHand('acct:mallory@acme.test', 'admin');
        return right.grant(order, signal);
      },
    })),
  'takes a hostile identity for an identity, or not at all': () =>
    wrong((right, { fake }) => ({
      revoke: async (order, signal) => {
        if (order.principal.name.includes('"')) fake.giveByHand('acct:mallory@acme.test', 'admin');
        return right.revoke(order, signal);
      },
    })),
  'shows no secret: not in errors, receipts, settings or the log': () =>
    wrong((right, { tools, canaries }) => ({
      check: async (targets, signal) => {
        tools.log.info('connecting', { token: canaries[0] });
        return right.check(targets, signal);
      },
    })),
  'hands out a secret apart from the receipt': () =>
    wrong(
      (right) => ({
        grant: async (order, signal) => {
          const answer = await right.grant(order, signal);
          return 'receipt' in answer ? { ...answer, receipt: { ...answer.secret } } : answer;
        },
      }),
      fakeBench({ secrets: true }),
    ),
};

describe('each case of the adapter contract fails for an adapter that is wrong in that way', () => {
  const cases = grantAdapterCases<FakeConfig, FakeRole>();

  it('has a wrong adapter for every case', () => {
    expect(Object.keys(WRONG).sort()).toEqual(cases.map(({ name }) => name).sort());
  });

  it.each(cases)('$name', async ({ name, run }) => {
    const bench = WRONG[name]?.();
    if (bench === undefined) throw new Error('no wrong adapter for this case');
    await expect(run(bench)).rejects.toThrow();
  });
});
