// Who is who in the server. A role is known by its oid, which is never given again; a name can be (threat F20).

import type { Principal } from '../../core/model.ts';
import { AdapterError, type RevokeOrder } from '../../ports/grant-adapter.ts';
import type { Query } from './api.ts';
import { Oid, type PostgresTarget, RoleRow } from './schema.ts';

const SELECT_ROLE = `
  SELECT oid::text, rolname AS name, rolcanlogin AS login, rolsuper AS superuser, rolname = current_user AS "isUs"
  FROM pg_roles`;

export async function roleByName(query: Query, name: string): Promise<RoleRow | undefined> {
  const [row] = await query(RoleRow, `${SELECT_ROLE} WHERE rolname = $1`, [name]);
  return row;
}

async function roleByOid(query: Query, oid: string): Promise<RoleRow | undefined> {
  const [row] = await query(RoleRow, `${SELECT_ROLE} WHERE oid = $1::oid`, [oid]);
  return row;
}

/** The role that goes by this name, as a principal: somebody who logs in, is neither superuser nor the bot itself. */
export async function loginRole(query: Query, name: string): Promise<Principal> {
  const role = await roleByName(query, name);
  if (role === undefined)
    throw new AdapterError(
      'missing',
      `There is no login role "${name}" in this PostgreSQL server. Ask its administrators for one.`,
      'no',
    );
  if (role.isUs) throw refused(`"${name}" is the bot's own role. Correct the target's people setting.`);
  if (role.superuser) throw refused(`"${name}" is a superuser and has every right already.`);
  if (!role.login)
    throw refused(`"${name}" cannot log in, so it is nobody's own role. Correct the target's people setting.`);
  return { id: role.oid, name: role.name };
}

/** The person's role by its oid; undefined when it was dropped, and every membership with it. */
export function personOf(query: Query, principal: Principal): Promise<RoleRow | undefined> {
  const oid = Oid.safeParse(principal.id);
  if (!oid.success)
    throw new AdapterError('invalid', 'The principal is not one of PostgreSQL: its id is no oid.', 'no');
  return roleByOid(query, oid.data);
}

/**
 * The role that an order is about. After a grant it is known by its oid, and so found under a new name; without a receipt
 * only by its name.
 */
export function roleOf(query: Query, order: RevokeOrder<PostgresTarget>): Promise<RoleRow | undefined> {
  const granted = Oid.safeParse(order.receipt?.roleOid);
  return granted.success ? roleByOid(query, granted.data) : roleByName(query, order.target.role);
}

function refused(message: string): AdapterError {
  return new AdapterError('refused', message, 'no');
}
