// The fake adapter keeps the contract that it stands in for, and does what its script says.
import { describe, expect, it } from 'vitest';
import type { AdapterFault, GrantConnection, GrantOrder } from '../../src/ports/grant-adapter.ts';
import { grantAdapterContract } from '../contracts/grant-adapter.ts';
import { connected, faultFrom, never, orderOf } from '../contracts/grant-adapter-bench.ts';
import type { FakeRole } from './fake-adapter.ts';
import { fakeBench } from './fake-bench.ts';
import type { Outcome } from './fake-script.ts';

const MINUTE_MS = 60_000;
const ANA = { id: 'acct:ana@acme.test', name: 'ana@acme.test' };

grantAdapterContract('fake', async () => fakeBench());
grantAdapterContract('fake that works in its own time', async () => {
  const bench = fakeBench();
  bench.fake.script.always({ kind: 'accepted', polls: 3 }, 'grant');
  return bench;
});
grantAdapterContract('fake that expires by itself and hands out secrets', async () =>
  fakeBench({ expiresItself: true, secrets: true }),
);
grantAdapterContract('fake that remembers only that it was us', async () => fakeBench({ marks: 'giver' }));
grantAdapterContract('fake without marks', async () => fakeBench({ marks: 'none' }));
grantAdapterContract('fake whose read-back is stale', async () => {
  const bench = fakeBench({ settleSeconds: 30, sessions: 'outlive' });
  bench.fake.script.always({ kind: 'stale', ms: 30_000 }, 'grant', 'revoke');
  return bench;
});

describe('the script of the fake adapter', () => {
  async function tried(
    outcome: Outcome,
    work: (on: {
      bench: ReturnType<typeof fakeBench>;
      connection: GrantConnection<FakeRole>;
      order: GrantOrder<FakeRole>;
    }) => Promise<void>,
  ): Promise<void> {
    const bench = fakeBench();
    bench.fake.script.next('grant', outcome);
    await connected(bench, ({ connection, target }) => work({ bench, connection, order: orderOf(bench, ANA, target) }));
  }
  const failures: readonly (readonly [Outcome, AdapterFault, 'no' | 'maybe', boolean])[] = [
    [{ kind: 'reply_lost' }, 'unreachable', 'maybe', true],
    [{ kind: 'timed_out' }, 'unreachable', 'maybe', false],
    [{ kind: 'refused' }, 'refused', 'no', false],
    [{ kind: 'busy', retryAfterSeconds: 7 }, 'busy', 'no', false],
    [{ kind: 'unreachable' }, 'unreachable', 'no', false],
    [{ kind: 'partial' }, 'busy', 'maybe', false],
    [{ kind: 'applied_late', ms: MINUTE_MS }, 'unreachable', 'maybe', false],
  ];
  it.each(failures)('%o', async (outcome, fault, changed, there) => {
    await tried(outcome, async ({ bench, connection, order }) => {
      expect(await faultFrom(connection.grant(order, never()))).toMatchObject({ fault, changed });
      expect(bench.fake.target.has(ANA.id, 'readonly')).toBe(there);
      expect(bench.fake.calls.grant).toBe(1);
      expect(bench.fake.effects.grants).toBe(there ? 1 : 0);
    });
  });

  it('passes on how long to wait', async () => {
    await tried({ kind: 'busy', retryAfterSeconds: 7 }, async ({ connection, order }) => {
      expect((await faultFrom(connection.grant(order, never()))).retryAfterSeconds).toBe(7);
    });
  });

  it('applies late on the clock, even after a revoke', async () => {
    await tried({ kind: 'applied_late', ms: MINUTE_MS }, async ({ bench, connection, order }) => {
      await faultFrom(connection.grant(order, never()));
      await connection.revoke(order, never());
      await bench.advance?.(MINUTE_MS - 1);
      expect(bench.fake.target.has(ANA.id, 'readonly')).toBe(false);
      await bench.advance?.(1);
      expect(bench.fake.target.has(ANA.id, 'readonly')).toBe(true);
    });
  });

  it('leaves a half behind that is seen, gives nothing, is listed and goes with the revoke', async () => {
    await tried({ kind: 'partial' }, async ({ bench, connection, order }) => {
      await faultFrom(connection.grant(order, never()));
      expect(await connection.inspect(order, never())).toBe('present');
      expect(bench.fake.target.has(ANA.id, 'readonly')).toBe(false);
      expect(bench.fake.target.holdings()).toHaveLength(1);
      await connection.revoke(order, never());
      expect(bench.fake.target.holdings()).toEqual([]);
    });
  });

  it('shows what was before while a read-back is stale', async () => {
    await tried({ kind: 'stale', ms: MINUTE_MS }, async ({ bench, connection, order }) => {
      await connection.grant(order, never());
      expect(bench.fake.target.has(ANA.id, 'readonly')).toBe(true);
      expect(await connection.inspect(order, never())).toBe('absent');
      await bench.advance?.(MINUTE_MS);
      expect(await connection.inspect(order, never())).toBe('present');
    });
  });

  it('is done at the poll it was told, and not before', async () => {
    await tried({ kind: 'accepted', polls: 2 }, async ({ bench, connection, order }) => {
      const answer = await connection.grant(order, never());
      if (!('accepted' in answer)) throw new Error('accepted was scripted');
      expect(await connection.poll?.(answer.accepted, order, never())).toEqual(answer);
      expect(bench.fake.target.has(ANA.id, 'readonly')).toBe(false);
      expect(await connection.poll?.(answer.accepted, order, never())).toHaveProperty('receipt');
      expect(bench.fake.target.has(ANA.id, 'readonly')).toBe(true);
    });
  });

  it('hangs until the caller gives up', async () => {
    await tried({ kind: 'hangs' }, async ({ connection, order }) => {
      const caller = new AbortController();
      const running = faultFrom(connection.grant(order, caller.signal));
      caller.abort();
      expect(await running).toMatchObject({ fault: 'unreachable', changed: 'maybe' });
    });
  });

  it('cannot tell when told so, throws a bug when told so', async () => {
    const bench = fakeBench();
    bench.fake.script.next('inspect', { kind: 'unknown' }, { kind: 'bug' });
    await connected(bench, async ({ connection, target }) => {
      const order = orderOf(bench, ANA, target);
      expect(await connection.inspect(order, never())).toBe('unknown');
      await expect(connection.inspect(order, never())).rejects.toThrow(TypeError);
    });
  });

  it('plays what is next first, then what always holds', async () => {
    const bench = fakeBench();
    bench.fake.script.always({ kind: 'unreachable' });
    bench.fake.script.next('check', { kind: 'ok' });
    await connected(bench, async ({ connection }) => {
      await connection.check([], never());
      await faultFrom(connection.check([], never()));
      bench.fake.script.always({ kind: 'ok' });
      await connection.check([], never());
      expect(bench.fake.calls.check).toBe(3);
    });
  });

  it('leaves a session and says so, when told to do half', async () => {
    const bench = fakeBench();
    bench.fake.script.next('endSessions', { kind: 'partial' });
    const sessions = [
      bench.fake.target.openSession(ANA.id, 'readonly'),
      bench.fake.target.openSession(ANA.id, 'readonly'),
    ];
    await connected(bench, async ({ connection, target }) => {
      const order = orderOf(bench, ANA, target);
      expect(await connection.endSessions?.(order, never())).toEqual({ ended: 1, left: 1 });
      expect(sessions.map((session) => session.alive())).toEqual([false, true]);
      expect(await connection.endSessions?.(order, never())).toEqual({ ended: 1, left: 0 });
    });
  });

  it('keeps the marks of two deployments apart', async () => {
    const bench = fakeBench();
    const other = bench.adapter.connect(bench.adapter.config.parse({}), { ...bench.tools, deploymentId: 'dep_other' });
    await connected(bench, async ({ connection, target }) => {
      await connection.grant(orderOf(bench, ANA, target), never());
      const ids = async (from: GrantConnection<FakeRole>) => {
        const found: string[] = [];
        for await (const { grantId } of from.owned?.(never()) ?? []) found.push(grantId);
        return found;
      };
      expect(await ids(connection)).toEqual(['grt_contract_1']);
      expect(await ids(other)).toEqual([]);
    });
  });
});
