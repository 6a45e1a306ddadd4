// Live sessions: REVOKE alone does not reach a session that did SET ROLE (threat F17). Ended within five seconds (Q8).
import { describe, expect, it } from 'vitest';
import { connected, grantFully, never, orderOf } from '../../contracts/grant-adapter-bench.ts';
import { POSTGRES_VERSIONS, usePostgres } from '../../postgres-server.ts';
import { postgresBench } from './bench.ts';

const SESSIONS_END_WITHIN_MS = 5_000;

for (const { version, missing } of POSTGRES_VERSIONS) {
  describe.skipIf(missing !== undefined)(`on PostgreSQL ${version}`, () => {
    const server = usePostgres(version);

    it('a session with SET ROLE outlives the revoke, and is ended in the middle of a statement', async () => {
      const bench = await postgresBench(server());
      await connected(bench, async ({ connection, target }) => {
        const ana = await connection.resolve(bench.person, never());
        const { order } = await grantFully(connection, orderOf(bench, ana, target));
        const client = await bench.connectAs(ana.name);
        await client.query(`SET ROLE ${bench.cast.role}`);
        await connection.revoke(order, never());
        await client.query(`SELECT * FROM ${bench.cast.table}`);
        const statement = client.query('SELECT pg_sleep(60)').catch((cause: unknown) => cause);
        const since = performance.now();
        expect(await connection.endSessions?.(order, never())).toEqual({ ended: 1, left: 0 });
        expect(await statement).toMatchObject({ code: '57P01' });
        expect(performance.now() - since).toBeLessThan(SESSIONS_END_WITHIN_MS);
        const again = await bench.connectAs(ana.name);
        await expect(again.query(`SET ROLE ${bench.cast.role}`)).rejects.toMatchObject({ code: '42501' });
      });
      await bench.close();
    });

    it('ends the sessions of a person who was dropped meanwhile', async () => {
      const bench = await postgresBench(server());
      await connected(bench, async ({ connection, target }) => {
        const ana = await connection.resolve(bench.person, never());
        const { order } = await grantFully(connection, orderOf(bench, ana, target));
        const session = await bench.world.openSession?.(ana, target);
        await bench.server.query(`DROP ROLE ${bench.cast.ana}`);
        expect(await session?.alive(), 'still reads with the role it set').toBe(true);
        expect(await connection.endSessions?.(order, never())).toEqual({ ended: 1, left: 0 });
        expect(await session?.alive()).toBe(false);
      });
      await bench.close();
    });

    it('leaves sessions alone when told so, and says so', async () => {
      const bench = await postgresBench(server());
      const rawConfig = { ...bench.rawConfig, sessions: 'leave' };
      const { adapter } = bench;
      expect(adapter.sessionsFor?.(adapter.config.parse(rawConfig))).toBe('outlive');
      expect(adapter.sessionsFor?.(adapter.config.parse(bench.rawConfig))).toBe('ended');
      const none = async ({ connection }: { connection: object }) =>
        expect(connection).not.toHaveProperty('endSessions');
      await connected(bench, none, rawConfig);
      await bench.close();
    });

    it('says what is missing when it may not end sessions', async () => {
      const bench = await postgresBench(server());
      await bench.server.query(`REVOKE pg_signal_backend FROM ${bench.cast.bot}`);
      await connected(bench, async ({ connection, target }) => {
        const ana = await connection.resolve(bench.person, never());
        await bench.connectAs(ana.name);
        const refused = { fault: 'refused', message: expect.stringContaining('pg_signal_backend') };
        await expect(connection.endSessions?.(orderOf(bench, ana, target), never())).rejects.toMatchObject(refused);
        await expect(connection.check([target], never())).rejects.toMatchObject(refused);
      });
      await connected(bench, ({ connection, target }) => connection.check([target], never()), {
        ...bench.rawConfig,
        sessions: 'leave',
      });
      await bench.close();
    });
  });
}
