// When things break on the way: what is known of the outcome is said exactly, and a later call works again.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { describe, expect, it } from 'vitest';
import type { PostgresConfig, PostgresTarget } from '../../../src/grants/postgres/schema.ts';
import type { AdapterError } from '../../../src/ports/grant-adapter.ts';
import { connected, faultFrom, grantFully, never, orderOf, type Ready } from '../../contracts/grant-adapter-bench.ts';
import { type CuttingProxy, cuttingProxy } from '../../fakes/cutting-proxy.ts';
import { startPostgres, usePostgres } from '../../postgres-server.ts';
import { type PostgresBench, postgresBench } from './bench.ts';

type Scene = Ready<PostgresConfig, PostgresTarget> & { readonly bench: PostgresBench; readonly proxy: CuttingProxy };

describe('a line that breaks', () => {
  const server = usePostgres();
  async function scene(work: (scene: Scene) => Promise<void>): Promise<void> {
    const bench = await postgresBench(server());
    const proxy = await cuttingProxy(server().port);
    const rawConfig = {
      ...bench.rawConfig,
      url: String(bench.rawConfig.url).replace(`:${server().port}/`, `:${proxy.port}/`),
    };
    try {
      await connected(bench, (ready) => work({ ...ready, bench, proxy }), rawConfig);
    } finally {
      await proxy.close();
      await bench.close();
    }
  }

  const moments: readonly (readonly [string, 'before' | 'after', AdapterError['changed'], boolean])[] = [
    ['BEGIN', 'before', 'no', false],
    ['GRANT "', 'before', 'no', false],
    ['GRANT "', 'after', 'no', false],
    ['COMMIT', 'before', 'maybe', false],
    ['COMMIT', 'after', 'maybe', true],
  ];
  it.each(moments)('%s %s it arrives: changed %s', (text, when, changed, granted) =>
    scene(async ({ bench, connection, target, proxy }) => {
      const ana = await connection.resolve(bench.person, never());
      const order = orderOf(bench, ana, target);
      proxy.cutAt(text, when);
      const fault = await connection.grant(order, never()).then(
        () => undefined,
        (cause: AdapterError) => cause,
      );
      if (text === 'BEGIN') expect(fault, 'an idle line that breaks is replaced: nothing was lost').toBeUndefined();
      else {
        expect([fault?.fault, fault?.changed]).toEqual(['unreachable', changed]);
        expect(await bench.world.has(ana, target)).toBe(granted);
      }
      await connection.revoke(order, never());
      expect(await bench.world.has(ana, target)).toBe(false);
    }),
  );

  it('reads are never a maybe', () =>
    scene(async ({ bench, connection, target, proxy }) => {
      const ana = await connection.resolve(bench.person, never());
      proxy.cutAt('COMMIT', 'after');
      expect(await faultFrom(connection.inspect(orderOf(bench, ana, target), never()))).toMatchObject({
        fault: 'unreachable',
        changed: 'no',
      });
    }));

  it('an idle connection that the server closed costs nothing', () =>
    scene(async ({ bench, connection, proxy }) => {
      await connection.resolve(bench.person, never());
      expect(proxy.connections).toBe(1);
      await bench.server.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${bench.cast.bot}'`,
      );
      await connection.resolve(bench.person, never());
      expect(proxy.connections).toBe(2);
    }));

  it('keeps to four connections, and serves more callers than that', () =>
    scene(async ({ bench, connection, proxy }) => {
      const calls = Array.from({ length: 20 }, () => connection.resolve(bench.person, never()));
      expect(new Set((await Promise.all(calls)).map(({ id }) => id)).size).toBe(1);
      expect(proxy.connections).toBe(4);
    }));

  it('whoever gives up waiting for a connection leaves the queue', () =>
    scene(async ({ bench, connection, target }) => {
      const blocked = await blockMemberships(bench);
      const caller = new AbortController();
      const ana = await connection.resolve(bench.person, never());
      const orders = Array.from({ length: 6 }, (_, at) =>
        connection.grant(orderOf(bench, ana, target, `grt_${at}`), caller.signal),
      );
      const faults = Promise.all(orders.map(faultFrom));
      await blocked.until(4);
      caller.abort();
      expect((await faults).map(({ fault, changed }) => `${fault} ${changed}`)).toEqual(
        Array(6).fill('unreachable no'),
      );
      await blocked.release();
      expect(await bench.world.has(ana, target), 'what was given up does not come after all').toBe(false);
      await connection.resolve(bench.person, never());
    }));

  it('a lock that somebody holds makes it busy, with nothing changed', () =>
    scene(async ({ bench, connection, target }) => {
      const ana = await connection.resolve(bench.person, never());
      const blocked = await blockMemberships(bench);
      const fault = await faultFrom(connection.grant(orderOf(bench, ana, target), never()));
      expect([fault.fault, fault.changed, fault.message]).toEqual(['busy', 'no', expect.stringContaining('55P03')]);
      await blocked.release();
      await grantFully(connection, orderOf(bench, ana, target));
    }));

  it('no connection free is busy, and says when to come back', () =>
    scene(async ({ bench, connection }) => {
      await bench.server.query(`ALTER ROLE ${bench.cast.bot} CONNECTION LIMIT 0`);
      expect(await faultFrom(connection.check([], never()))).toMatchObject({
        fault: 'busy',
        changed: 'no',
        retryAfterSeconds: 5,
      });
    }));

  it('a database that is not there is missing', () =>
    scene(async ({ bench }) => {
      const rawConfig = { ...bench.rawConfig, url: `${bench.rawConfig.url}_missing` };
      await connected(
        bench,
        async ({ connection }) => {
          expect(await faultFrom(connection.check([], never()))).toMatchObject({ fault: 'missing', changed: 'no' });
        },
        rawConfig,
      );
    }));

  it('a bot without ADMIN OPTION is refused, with nothing changed', () =>
    scene(async ({ bench, connection, target }) => {
      const ana = await connection.resolve(bench.person, never());
      const weak = bench.broken.tooFewRights?.rawConfig;
      await connected(
        bench,
        async (ready) => {
          const fault = await faultFrom(ready.connection.grant(orderOf(bench, ana, target), never()));
          expect([fault.fault, fault.changed, fault.message]).toEqual([
            'refused',
            'no',
            expect.stringContaining('ADMIN OPTION'),
          ]);
        },
        weak,
      );
    }));

  it('a bot with too much power is told of', () =>
    scene(async ({ bench, connection, target }) => {
      await connection.check([target], never());
      expect(bench.logged()).toBe('');
      await bench.server.query(`ALTER ROLE ${bench.cast.bot} CREATEROLE`);
      await connection.check([target], never());
      expect(bench.logged()).toContain('NOCREATEROLE');
    }));

  it('everything that is missing is named at once, with the statement that mends it', () =>
    scene(async ({ bench, missingTarget, target, otherTarget }) => {
      await connected(
        bench,
        async ({ connection }) => {
          const { message } = await faultFrom(connection.check([target, otherTarget, missingTarget], never()));
          const { cast } = bench;
          expect(message).toContain(`GRANT "${cast.role}" TO "${cast.weakBot}" WITH ADMIN OPTION;`);
          expect(message).toContain(`GRANT "${cast.otherRole}" TO "${cast.weakBot}" WITH ADMIN OPTION;`);
          expect(message).toContain(`GRANT pg_signal_backend TO "${cast.weakBot}";`);
          expect(message).toContain(`There is no role "${cast.role}_missing"`);
          await bench.server.query(
            `GRANT "${cast.role}", "${cast.otherRole}" TO "${cast.weakBot}" WITH ADMIN OPTION; GRANT pg_signal_backend TO "${cast.weakBot}"`,
          );
          await connection.check([target, otherTarget], never());
        },
        bench.broken.tooFewRights?.rawConfig,
      );
    }));
});

describe('a replica', () => {
  it('is named by the check, and takes no grant', async () => {
    const primary = await startPostgres();
    const bench = await postgresBench(primary);
    await connected(bench, async ({ connection }) => {
      const ana = await connection.resolve(bench.person, never());
      const [row] = await primary.query('SHOW data_directory');
      await writeFile(join(String(row?.data_directory), 'standby.signal'), '', { mode: 0o644 });
      await primary.restart();
      await connected(bench, async ({ connection: after, target }) => {
        const check = await faultFrom(after.check([target], never()));
        expect([check.fault, check.message]).toEqual(['refused', expect.stringContaining('replica')]);
        const grant = await faultFrom(after.grant(orderOf(bench, ana, target), never()));
        expect([grant.fault, grant.changed, grant.message]).toEqual([
          'refused',
          'no',
          expect.stringContaining("primary's address"),
        ]);
      });
    });
    await bench.close();
    await primary.stop();
  });
});

interface Blocked {
  /** Resolves when that many grants wait for the lock. */
  until(waiting: number): Promise<void>;
  release(): Promise<void>;
}

/** An administrator who changes memberships and takes a break in the middle. */
async function blockMemberships(bench: PostgresBench): Promise<Blocked> {
  const client = new Client({ connectionString: bench.server.superuserUrl() });
  await client.connect();
  await client.query('BEGIN; LOCK TABLE pg_auth_members IN EXCLUSIVE MODE');
  return {
    async until(waiting) {
      for (;;) {
        const rows = await bench.server.query(
          `SELECT 1 FROM pg_stat_activity WHERE usename = '${bench.cast.bot}' AND wait_event_type = 'Lock'`,
        );
        if (rows.length >= waiting) return;
      }
    },
    async release() {
      await client.query('ROLLBACK');
      await client.end();
    },
  };
}
