// The fingerprint sees every way in which a role gains power (threat C04), and nothing else.
import { describe, expect, it } from 'vitest';
import { connected, never } from '../../contracts/grant-adapter-bench.ts';
import { POSTGRES_VERSIONS, usePostgres } from '../../postgres-server.ts';
import { type Cast, postgresBench } from './bench.ts';

const GAINS: readonly (readonly [what: string, statement: (cast: Cast) => string])[] = [
  ['a right on a table', (c) => `GRANT INSERT ON ${c.table} TO ${c.role}`],
  ['a right on one column', (c) => `GRANT UPDATE (id) ON ${c.table} TO ${c.role}`],
  ['the right to pass a right on', (c) => `GRANT SELECT ON ${c.table} TO ${c.role} WITH GRANT OPTION`],
  ['a right on a schema', (c) => `CREATE SCHEMA s_${c.role}; GRANT CREATE ON SCHEMA s_${c.role} TO ${c.role}`],
  ['a right on a sequence', (c) => `CREATE SEQUENCE q_${c.role}; GRANT USAGE ON SEQUENCE q_${c.role} TO ${c.role}`],
  [
    'a function',
    (c) =>
      `CREATE FUNCTION f_${c.role}() RETURNS int LANGUAGE sql AS 'SELECT 1'; GRANT EXECUTE ON FUNCTION f_${c.role} TO ${c.role}`,
  ],
  ['a type', (c) => `CREATE TYPE t_${c.role} AS (x int); GRANT USAGE ON TYPE t_${c.role} TO ${c.role}`],
  ['a right on the database', (c) => `GRANT CREATE ON DATABASE postgres TO ${c.role}`],
  ['a language', (c) => `GRANT USAGE ON LANGUAGE plpgsql TO ${c.role}`],
  [
    'a foreign data wrapper',
    (c) => `CREATE FOREIGN DATA WRAPPER w_${c.role}; GRANT USAGE ON FOREIGN DATA WRAPPER w_${c.role} TO ${c.role}`,
  ],
  [
    'a large object',
    (c) =>
      `SELECT lo_create(0); DO $$ BEGIN EXECUTE format('GRANT SELECT ON LARGE OBJECT %s TO ${c.role}', (SELECT max(oid) FROM pg_largeobject_metadata)); END $$`,
  ],
  ['a configuration parameter', (c) => `GRANT SET ON PARAMETER log_statement TO ${c.role}`],
  ['rights on future tables', (c) => `ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO ${c.role}`],
  ['ownership of a table', (c) => `CREATE TABLE o_${c.role} (id int); ALTER TABLE o_${c.role} OWNER TO ${c.role}`],
  ['membership in another role', (c) => `GRANT pg_read_all_data TO ${c.role}`],
  ['a right of a role it is a member of', (c) => `GRANT DELETE ON ${c.table} TO parent_${c.role}`],
  ['a membership of a role it is a member of', (c) => `GRANT pg_monitor TO parent_${c.role}`],
  ['BYPASSRLS', (c) => `ALTER ROLE ${c.role} BYPASSRLS`],
  ['CREATEROLE', (c) => `ALTER ROLE ${c.role} CREATEROLE`],
  ['CREATEDB', (c) => `ALTER ROLE ${c.role} CREATEDB`],
  ['REPLICATION', (c) => `ALTER ROLE ${c.role} REPLICATION`],
  ['SUPERUSER', (c) => `ALTER ROLE ${c.role} SUPERUSER`],
  ['rows by a policy of its own', (c) => `CREATE POLICY p_${c.role} ON ${c.table} TO ${c.role} USING (true)`],
  ['rows by a policy for everybody', (c) => `CREATE POLICY e_${c.role} ON ${c.table} USING (true)`],
  ['more rows by an old policy', (c) => `ALTER POLICY old_${c.role} ON ${c.table} USING (id > 0)`],
  [
    'a new role under the old name',
    (c) =>
      `DROP OWNED BY ${c.role}; DROP ROLE ${c.role}; CREATE ROLE ${c.role}; GRANT SELECT ON ${c.table} TO ${c.role}; GRANT parent_${c.role} TO ${c.role}`,
  ],
];

const NO_GAINS: readonly (readonly [what: string, statement: (cast: Cast) => string])[] = [
  ['a right for another role', (c) => `GRANT INSERT ON ${c.table} TO ${c.otherRole}`],
  ['a member more', (c) => `GRANT ${c.role} TO ${c.ben}`],
  [
    'a temporary table of a session that uses it',
    (c) => `SET ROLE ${c.role}; CREATE TEMP TABLE scratch_${c.role} (x int); RESET ROLE`,
  ],
  ['another table', (c) => `CREATE TABLE other_${c.role} (id int)`],
  ['a comment', (c) => `COMMENT ON ROLE ${c.role} IS 'for reading'`],
];

for (const { version, missing } of POSTGRES_VERSIONS) {
  describe.skipIf(missing !== undefined)(`on PostgreSQL ${version}`, () => {
    const server = usePostgres(version);
    async function fingerprints(
      statement: (cast: Cast) => string,
      database?: string,
    ): Promise<readonly [string, string]> {
      const bench = await postgresBench(server());
      const { cast } = bench;
      await bench.server.query(`
        CREATE ROLE parent_${cast.role}; GRANT parent_${cast.role} TO ${cast.role};
        ALTER TABLE ${cast.table} ENABLE ROW LEVEL SECURITY;
        CREATE POLICY old_${cast.role} ON ${cast.table} TO ${cast.role} USING (id > 10)`);
      const seen: string[] = [];
      await connected(bench, async ({ connection, target }) => {
        seen.push(await connection.fingerprint(target, never()));
        await bench.server.query(statement(cast), undefined, database);
        seen.push(await connection.fingerprint(target, never()));
      });
      await bench.close();
      return [seen[0] ?? '', seen[1] ?? ''];
    }

    it.each(GAINS)('%s changes the fingerprint', async (_, statement) => {
      const [before, after] = await fingerprints(statement);
      expect(before).toMatch(/^pg1:[0-9a-f]{32}$/);
      expect(after).not.toBe(before);
    });

    it.each(NO_GAINS)('%s does not', async (_, statement) => {
      const [before, after] = await fingerprints(statement);
      expect(after).toBe(before);
    });

    it('a first right in another database changes it', async () => {
      await server().query('DROP DATABASE IF EXISTS elsewhere');
      await server().query('CREATE DATABASE elsewhere');
      const [before, after] = await fingerprints(
        (c) => `CREATE TABLE far_${c.role} (id int); GRANT SELECT ON far_${c.role} TO ${c.role}`,
        'elsewhere',
      );
      expect(after).not.toBe(before);
    });
  });
}
