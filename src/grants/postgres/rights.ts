// What a role gives today, as one short text: when it changes between card and grant, what was approved is not what would
// be given (threat C04). Reads catalogs that every login may read. README.md, "What the fingerprint sees", has the limits.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { AdapterError } from '../../ports/grant-adapter.ts';
import type { Query } from './api.ts';
import { CATALOGS, type Catalog } from './catalogs.ts';
import { roleByName } from './roles.ts';

const Line = z.object({ line: z.string() });
const FINGERPRINT_BYTES = 16;

/** The role itself and every role it is a member of, directly or through others. */
const ROLES = `
  WITH RECURSIVE held(oid) AS (
    SELECT $1::oid UNION SELECT am.roleid FROM pg_auth_members am JOIN held ON am.member = held.oid
  ), named AS (SELECT r.* FROM pg_roles r JOIN held USING (oid))`;

/** Attributes are not inherited, but SET ROLE puts them on. */
const ATTRIBUTES = `
  SELECT concat_ws(' ', 'role', quote_ident(rolname), oid, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin,
    rolreplication, rolbypassrls) FROM named`;

const MEMBERSHIPS = `
  SELECT concat_ws(' ', 'member', quote_ident(m.rolname), quote_ident(r.rolname), to_jsonb(am) - 'oid' - 'grantor')
  FROM pg_auth_members am JOIN named m ON m.oid = am.member JOIN pg_roles r ON r.oid = am.roleid`;

/** Row-level security that names one of the roles, or everybody. */
const POLICIES = `
  SELECT concat_ws(' ', 'policy', p.polrelid::regclass, quote_ident(p.polname), p.polcmd, p.polpermissive,
    md5(coalesce(pg_get_expr(p.polqual, p.polrelid), '') || '/' || coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '')))
  FROM pg_policy p WHERE p.polroles && (SELECT array_agg(oid) || 0::oid FROM named)`;

/** Other databases cannot be read from here, but this shared catalog tells whether the roles have anything there. */
const ELSEWHERE = `
  SELECT DISTINCT concat_ws(' ', 'elsewhere', quote_ident(d.datname), s.deptype, quote_ident(named.rolname))
  FROM pg_shdepend s JOIN named ON named.oid = s.refobjid JOIN pg_database d ON d.oid = s.dbid
  WHERE s.refclassid = 'pg_authid'::regclass AND d.datname <> current_database()`;

const LINES = [ATTRIBUTES, MEMBERSHIPS, ...CATALOGS.flatMap(rightsIn), POLICIES, ELSEWHERE];
const QUERY = `${ROLES} SELECT line FROM (${LINES.join(' UNION ALL ')}) AS everything(line)`;

/** Of what the role gives: in this database in detail. Throws AdapterError 'missing' when there is no such role. */
export async function fingerprintOf(query: Query, roleName: string): Promise<string> {
  const role = await roleByName(query, roleName);
  if (role === undefined)
    throw new AdapterError('missing', `There is no role "${roleName}" in this PostgreSQL server.`, 'no');
  const rows = await query(Line, QUERY, [role.oid]);
  // Sorted here and not there: the order of text depends on the database's collation.
  const lines = rows.map(({ line }) => line).sort();
  const hash = createHash('sha256').update(JSON.stringify(lines)).digest();
  return `pg1:${hash.subarray(0, FINGERPRINT_BYTES).toString('hex')}`;
}

function rightsIn({ kind, from, name, acl, owner }: Catalog): readonly string[] {
  const granted = `
    SELECT concat_ws(' ', 'may', '${kind}', ${name}, x.privilege_type, x.is_grantable, quote_ident(g.rolname))
    FROM ${from} CROSS JOIN LATERAL aclexplode(${acl}) x JOIN named g ON g.oid = x.grantee`;
  if (owner === undefined) return [granted];
  const owned = `
    SELECT concat_ws(' ', 'owns', '${kind}', ${name}, quote_ident(g.rolname)) FROM ${from} JOIN named g ON g.oid = ${owner}`;
  return [granted, owned];
}
