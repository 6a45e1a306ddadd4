// What is particular to memberships in PostgreSQL: who granted, names that change hands, roles that come and go.
import { describe, expect, it } from 'vitest';
import type { Principal } from '../../../src/core/model.ts';
import type { PostgresConfig, PostgresTarget } from '../../../src/grants/postgres/schema.ts';
import { connected, faultFrom, grantFully, never, orderOf, type Ready } from '../../contracts/grant-adapter-bench.ts';
import { POSTGRES_VERSIONS, usePostgres } from '../../postgres-server.ts';
import { type PostgresBench, postgresBench } from './bench.ts';

interface Scene extends Ready<PostgresConfig, PostgresTarget> {
  readonly bench: PostgresBench;
  readonly ana: Principal;
  readonly sql: (statement: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;
}

for (const { version, missing } of POSTGRES_VERSIONS) {
  describe.skipIf(missing !== undefined)(`on PostgreSQL ${version}`, () => {
    const server = usePostgres(version);
    async function scene(work: (scene: Scene) => Promise<void>): Promise<void> {
      const bench = await postgresBench(server());
      try {
        await connected(bench, async (ready) => {
          const ana = await ready.connection.resolve(bench.person, never());
          await work({ ...ready, bench, ana, sql: (statement) => bench.server.query(statement) });
        });
      } finally {
        await bench.close();
      }
    }
    const edges = ({ sql, bench }: Scene) =>
      sql(`SELECT pg_get_userbyid(grantor)::text AS grantor, admin_option AS admin${version >= 16 ? ', inherit_option AS inherit, set_option AS set' : ''}
           FROM pg_auth_members WHERE member = '${bench.cast.ana}'::regrole AND roleid = '${bench.cast.role}'::regrole ORDER BY 1`);

    it('grants as the bot, usable at once, and never with ADMIN OPTION', () =>
      scene(async (s) => {
        // On 16 and newer a person's role that does not inherit would otherwise make a pass without effect.
        await s.sql(`ALTER ROLE ${s.bench.cast.ana} NOINHERIT`);
        const { granted } = await grantFully(s.connection, orderOf(s.bench, s.ana, s.target));
        const options = version >= 16 ? { inherit: true, set: true } : {};
        expect(await edges(s)).toEqual([{ grantor: s.bench.cast.bot, admin: false, ...options }]);
        expect(granted.receipt).toEqual({ roleOid: expect.stringMatching(/^\d+$/), personOid: s.ana.id });
        const client = await s.bench.connectAs(s.bench.cast.ana);
        if (version < 16) await client.query(`SET ROLE ${s.bench.cast.role}`);
        await client.query(`SELECT * FROM ${s.bench.cast.table}`);
        await expect(client.query(`GRANT ${s.bench.cast.role} TO ${s.bench.cast.ben}`)).rejects.toMatchObject({
          code: '42501',
        });
      }));

    it("leaves an administrator's own grant alone, and says that the access is still there", () =>
      scene(async (s) => {
        await s.bench.world.give(s.ana, s.target);
        const order = orderOf(s.bench, s.ana, s.target);
        const granted = await s.connection.grant(order, never()).catch((cause: unknown) => cause);
        // Before 16 there is one membership, whoever grants it: it stays the administrator's and the grant is refused.
        if (version < 16) expect(granted).toMatchObject({ fault: 'refused', changed: 'no' });
        await s.connection.revoke(order, never());
        expect(await edges(s)).toMatchObject([{ grantor: 'postgres' }]);
        expect(await s.connection.inspect(order, never())).toBe('present');
      }));

    it('sees the access by whatever path, and takes back only its own', () =>
      scene(async (s) => {
        const { cast } = s.bench;
        const order = orderOf(s.bench, s.ana, s.target);
        await s.sql(
          `CREATE ROLE team_${cast.ana}; GRANT ${cast.role} TO team_${cast.ana}; GRANT team_${cast.ana} TO ${cast.ana}`,
        );
        expect(await s.connection.inspect(order, never()), 'had it through a team all along').toBe('present');
        await s.sql(`REVOKE team_${cast.ana} FROM ${cast.ana}`);
        expect(await s.connection.inspect(order, never())).toBe('absent');
        const held = (await grantFully(s.connection, order)).order;
        await s.sql(`GRANT team_${cast.ana} TO ${cast.ana}`);
        await s.connection.revoke(held, never());
        expect(await edges(s)).toEqual([]);
        expect(await s.connection.inspect(held, never()), 'the person still has the access').toBe('present');
      }));

    it('refuses a namesake: same name, new oid', () =>
      scene(async (s) => {
        const { cast } = s.bench;
        const { order } = await grantFully(s.connection, orderOf(s.bench, s.ana, s.target));
        await s.sql(`DROP ROLE ${cast.ana}; CREATE ROLE ${cast.ana} LOGIN; GRANT ${cast.role} TO ${cast.ana}`);
        const before = await s.bench.world.picture();
        expect(await faultFrom(s.connection.grant(order, never()))).toMatchObject({ fault: 'refused', changed: 'no' });
        expect(await faultFrom(s.connection.revoke(order, never()))).toMatchObject({ fault: 'refused', changed: 'no' });
        expect(await s.connection.inspect(order, never()), 'the one who was granted to is gone').toBe('absent');
        expect(await s.bench.world.picture()).toBe(before);
      }));

    it('counts a person who was dropped as absent', () =>
      scene(async (s) => {
        const { order } = await grantFully(s.connection, orderOf(s.bench, s.ana, s.target));
        await s.sql(`DROP ROLE ${s.bench.cast.ana}`);
        await s.connection.revoke(order, never());
        expect(await s.connection.inspect(order, never())).toBe('absent');
      }));

    it('follows a person who was renamed when revoking, and does not grant to the new name', () =>
      scene(async (s) => {
        const { cast } = s.bench;
        const { order } = await grantFully(s.connection, orderOf(s.bench, s.ana, s.target));
        await s.sql(`ALTER ROLE ${cast.ana} RENAME TO ${cast.ana}_married; GRANT ${cast.otherRole} TO ${cast.ben}`);
        const again = await faultFrom(s.connection.grant({ ...order, grantId: 'grt_2' }, never()));
        expect([again.fault, again.changed]).toEqual(['refused', 'no']);
        await s.connection.revoke(order, never());
        expect(await s.bench.world.has(s.ana, s.target)).toBe(false);
        expect(await s.connection.inspect(order, never())).toBe('absent');
      }));

    it('follows a role that was renamed by its receipt, and without one does not call it absent', () =>
      scene(async (s) => {
        const { cast } = s.bench;
        const { order } = await grantFully(s.connection, orderOf(s.bench, s.ana, s.target));
        await s.sql(`ALTER ROLE ${cast.role} RENAME TO ${cast.role}_renamed`);
        const { receipt: _, ...lost } = order;
        await s.connection.revoke(lost, never());
        expect(await s.connection.inspect(lost, never())).toBe('unknown');
        expect(await s.connection.inspect(order, never())).toBe('present');
        await s.connection.revoke(order, never());
        expect(await s.connection.inspect(order, never())).toBe('absent');
        expect(await s.connection.inspect(lost, never()), 'nothing of ours is left with this person').toBe('absent');
      }));

    it('counts a role that was dropped as absent, also when another took its name', () =>
      scene(async (s) => {
        const { cast } = s.bench;
        const { order } = await grantFully(s.connection, orderOf(s.bench, s.ana, s.target));
        await s.sql(`DROP OWNED BY ${cast.role}; DROP ROLE ${cast.role}`);
        expect(await s.connection.inspect(order, never())).toBe('absent');
        await s.sql(`CREATE ROLE ${cast.role}; GRANT ${cast.role} TO ${cast.ana}`);
        await s.connection.revoke(order, never());
        expect(await edges(s), 'that one is not ours').toHaveLength(1);
        expect(await s.connection.inspect(order, never())).toBe('absent');
      }));

    it('resolves only people: no superuser, no role without login, not the bot', () =>
      scene(async (s) => {
        const { cast } = s.bench;
        const resolve = (name: string) =>
          faultFrom(s.connection.resolve({ ...s.bench.person, email: `${name}@acme.test` }, never()));
        expect(await resolve('postgres')).toMatchObject({
          fault: 'refused',
          message: expect.stringContaining('superuser'),
        });
        expect(await resolve(cast.role)).toMatchObject({
          fault: 'refused',
          message: expect.stringContaining('log in'),
        });
        expect(await resolve(cast.bot)).toMatchObject({
          fault: 'refused',
          message: expect.stringContaining("bot's own"),
        });
      }));

    it('grants roles with names that look like statements, to people with such names', () =>
      scene(async (s) => {
        const { cast, server: at } = s.bench;
        for (const nasty of [
          `x"; DROP ROLE ${cast.ben}; --`,
          `"q"${cast.ana}`,
          `\uFF02${cast.ana}`,
          `${cast.ana} TO PUBLIC`,
          `🦊'\\${cast.ana}`,
        ]) {
          const ident = `"${nasty.replaceAll('"', '""')}"`;
          await at.query(`CREATE ROLE ${ident} LOGIN`);
          const role = `${ident.slice(0, -1)} role"`;
          const how = version >= 16 ? 'ADMIN TRUE, INHERIT FALSE, SET FALSE' : 'ADMIN OPTION';
          await at.query(`CREATE ROLE ${role}; GRANT ${role} TO ${cast.bot} WITH ${how}`);
          const [row] = await at.query('SELECT oid::text AS oid FROM pg_roles WHERE rolname = $1', [nasty]);
          const person = { id: String(row?.oid), name: nasty };
          const before = await s.bench.world.picture();
          const { order } = await grantFully(s.connection, orderOf(s.bench, person, { role: `${nasty} role` }));
          expect(await s.bench.world.has(person, { role: `${nasty} role` })).toBe(true);
          await s.connection.revoke(order, never());
          expect(await s.bench.world.picture()).toBe(before);
        }
      }));

    it('does not take VALID UNTIL for an end: a password past its date leaves the membership and its sessions', () =>
      scene(async (s) => {
        const { order } = await grantFully(s.connection, orderOf(s.bench, s.ana, s.target));
        const session = await s.bench.world.openSession?.(s.ana, s.target);
        await s.sql(`ALTER ROLE ${s.bench.cast.ana} VALID UNTIL '2000-01-01'`);
        expect(await session?.alive()).toBe(true);
        expect(await s.connection.inspect(order, never())).toBe('present');
        expect(s.bench.adapter.expiresItself).toBe(false);
      }));

    it('names who granted what it may not take', () =>
      scene(async (s) => {
        if (version >= 16) return;
        await s.bench.world.give(s.ana, s.target);
        expect((await faultFrom(s.connection.grant(orderOf(s.bench, s.ana, s.target), never()))).message).toContain(
          '"postgres"',
        );
      }));
  });
}
