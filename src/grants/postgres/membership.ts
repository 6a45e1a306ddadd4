// The membership itself: given, looked at, taken back. The mark that says "ours" is PostgreSQL's own record of who granted
// (pg_auth_members.grantor); only what the bot granted is ever taken back, and ADMIN OPTION is never given.
import { z } from 'zod';
import type { Principal, Receipt } from '../../core/model.ts';
import {
  AdapterError,
  type GrantOrder,
  type Owned,
  type Presence,
  type RevokeOrder,
} from '../../ports/grant-adapter.ts';
import type { Query } from './api.ts';
import { quoteName } from './identifier.ts';
import { personOf, roleByName, roleOf } from './roles.ts';
import { Oid, type PostgresTarget, type RoleRow } from './schema.ts';

const PG_16 = 160_000;
const Version = z.object({ number: z.number().int() });
const Edge = z.object({ ours: z.boolean(), grantor: z.string() });
const Answer = z.object({ yes: z.boolean() });
const OwnedRow = z.object({ person: Oid, personName: z.string(), role: z.string() });

/** Grants, then looks whether it was this very person that got it: the name may have changed hands since it was looked up. */
export async function grantMembership(query: Query, order: GrantOrder<PostgresTarget>): Promise<Receipt> {
  const person = await personOf(query, order.principal);
  const role = await roleByName(query, order.target.role);
  if (person?.name !== order.principal.name) throw changedHands(order.principal);
  if (role === undefined) throw missingRole(order.target.role);
  await query(z.unknown(), await grantStatement(query, role.name, person.name));
  const edges = await edgesOf(query, person.oid, role.oid);
  // PostgreSQL before 16 keeps one membership whoever grants it: somebody else's was there first, and stays theirs.
  if (!edges.some(({ ours }) => ours)) throw notOurs(order, edges);
  return { roleOid: role.oid, personOid: person.oid };
}

/** Revokes what the bot granted and nothing else. A role or person that is gone took its memberships along. */
export async function revokeMembership(query: Query, order: RevokeOrder<PostgresTarget>): Promise<void> {
  const person = await personOf(query, order.principal);
  if (person === undefined) return refuseNamesake(query, order.principal);
  const role = await roleOf(query, order);
  if (role === undefined) return;
  const edges = await edgesOf(query, person.oid, role.oid);
  if (!edges.some(({ ours }) => ours)) return;
  await query(z.unknown(), await revokeStatement(query, role.name, person.name));
  // The name may have changed hands between the look and the statement; the transaction then undoes it.
  if ((await edgesOf(query, person.oid, role.oid)).some(({ ours }) => ours)) throw changedHands(order.principal);
}

/**
 * 'present' if the person has the role by any path: granted by anybody, directly or through another role. Before a grant
 * that is what `already_has_access` means; after a revoke it means that the person still has the access, which is what
 * people need to hear even when it is not ours to take.
 */
export async function inspectMembership(query: Query, order: RevokeOrder<PostgresTarget>): Promise<Presence> {
  const person = await personOf(query, order.principal);
  if (person === undefined) return 'absent';
  const role = await roleOf(query, order);
  if (role === undefined) return roleGone(query, order, person);
  const [member] = await query(Answer, "SELECT pg_has_role($1::oid, $2::oid, 'MEMBER') AS yes", [person.oid, role.oid]);
  return member?.yes === true ? 'present' : 'absent';
}

/** Everything the bot granted. Memberships have no room for a grant id, so it is empty: see README.md, "The mark". */
export async function ownedMemberships(query: Query): Promise<readonly Owned[]> {
  const rows = await query(
    OwnedRow,
    `SELECT m.oid::text AS person, m.rolname AS "personName", r.rolname AS role
     FROM pg_auth_members am JOIN pg_roles m ON m.oid = am.member JOIN pg_roles r ON r.oid = am.roleid
     WHERE am.grantor = (SELECT oid FROM pg_roles WHERE rolname = current_user) ORDER BY 2, 3`,
  );
  return rows.map(({ person, personName, role }) => ({
    grantId: '',
    principal: { id: person, name: personName },
    target: { role },
  }));
}

async function grantStatement(query: Query, role: string, person: string): Promise<string> {
  const grant = `GRANT ${quoteName(role)} TO ${quoteName(person)}`;
  // Without the options, PostgreSQL 16 takes INHERIT from the person's role and may leave the pass without effect; without
  // GRANTED BY it may name another role as grantor, whose grants we could not tell from ours.
  return (await isAtLeast16(query))
    ? `${grant} WITH ADMIN FALSE, INHERIT TRUE, SET TRUE GRANTED BY CURRENT_USER`
    : grant;
}

async function revokeStatement(query: Query, role: string, person: string): Promise<string> {
  const revoke = `REVOKE ${quoteName(role)} FROM ${quoteName(person)}`;
  return (await isAtLeast16(query)) ? `${revoke} GRANTED BY CURRENT_USER` : revoke;
}

async function isAtLeast16(query: Query): Promise<boolean> {
  const [version] = await query(Version, "SELECT current_setting('server_version_num')::int AS number");
  return (version?.number ?? 0) >= PG_16;
}

function edgesOf(query: Query, person: string, role: string): Promise<readonly z.output<typeof Edge>[]> {
  return query(
    Edge,
    `SELECT coalesce(g.rolname = current_user, false) AS ours, coalesce(g.rolname, '') AS grantor
     FROM pg_auth_members am LEFT JOIN pg_roles g ON g.oid = am.grantor
     WHERE am.member = $1::oid AND am.roleid = $2::oid`,
    [person, role],
  );
}

/**
 * No role by that name: it was dropped, or renamed while the receipt was lost. Which of the two is not known as long as the
 * bot has given this person anything.
 */
async function roleGone(query: Query, order: RevokeOrder<PostgresTarget>, person: RoleRow): Promise<Presence> {
  if (order.receipt?.roleOid !== undefined) return 'absent';
  const owned = await ownedMemberships(query);
  return owned.some(({ principal }) => principal.id === person.oid) ? 'unknown' : 'absent';
}

async function refuseNamesake(query: Query, principal: Principal): Promise<void> {
  if ((await roleByName(query, principal.name)) !== undefined) throw changedHands(principal);
}

function changedHands(principal: Principal): AdapterError {
  return new AdapterError(
    'refused',
    `The role "${principal.name}" is not the one it was: it was dropped, renamed or made anew since. Nothing was touched; an administrator has to look at its memberships.`,
    'no',
  );
}

function missingRole(role: string): AdapterError {
  return new AdapterError('missing', `There is no role "${role}" in this PostgreSQL server.`, 'no');
}

function notOurs(
  { principal, target }: GrantOrder<PostgresTarget>,
  edges: readonly { grantor: string }[],
): AdapterError {
  const grantor = edges[0]?.grantor ?? 'somebody else';
  return new AdapterError(
    'refused',
    `"${principal.name}" has "${target.role}" already, granted by "${grantor}".`,
    'no',
  );
}
