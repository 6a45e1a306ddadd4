// What the demo database says of itself: its roles, who is in them, and who is connected. Asked of its catalogs each time.
import type { Pool } from 'pg';
import { z } from 'zod';
import { SHOP_ROLES } from './shop.ts';

const Role = z.object({ name: z.string(), about: z.string() });
const Membership = z.object({ role: z.string(), login: z.string(), grantor: z.string() });
const Session = z.object({
  pid: z.number().int(),
  login: z.string(),
  /** Milliseconds since 1970 (UTC). */
  since: z.coerce.number().int(),
  state: z.string(),
  client: z.string(),
});

export interface TargetSnapshot {
  readonly roles: readonly Readonly<z.output<typeof Role>>[];
  /** Of people; the bot's right to give the roles is none. */
  readonly memberships: readonly Readonly<z.output<typeof Membership>>[];
  /** Of people, with the name the client gave itself: 'this page', 'psql' … */
  readonly sessions: readonly Readonly<z.output<typeof Session>>[];
}

const ROLES = `
  SELECT rolname AS name, coalesce(shobj_description(oid, 'pg_authid'), '') AS about
  FROM pg_roles WHERE rolname = ANY($1) ORDER BY rolname`;
const MEMBERSHIPS = `
  SELECT r.rolname AS role, m.rolname AS login, pg_get_userbyid(am.grantor)::text AS grantor
  FROM pg_auth_members am JOIN pg_roles r ON r.oid = am.roleid JOIN pg_roles m ON m.oid = am.member
  WHERE r.rolname = ANY($1) AND m.rolname = ANY($2) ORDER BY 1, 2, 3`;
const SESSIONS = `
  SELECT pid, usename AS login, floor(extract(epoch FROM backend_start) * 1000)::bigint AS since,
    coalesce(state, '') AS state, coalesce(application_name, '') AS client
  FROM pg_stat_activity WHERE usename = ANY($1) AND backend_type = 'client backend' ORDER BY backend_start, pid`;

export async function readState(pool: Pool, logins: readonly string[]): Promise<TargetSnapshot> {
  const [roles, memberships, sessions] = await Promise.all([
    pool.query(ROLES, [SHOP_ROLES]),
    pool.query(MEMBERSHIPS, [SHOP_ROLES, logins]),
    pool.query(SESSIONS, [logins]),
  ]);
  return {
    roles: Role.array().parse(roles.rows),
    memberships: Membership.array().parse(memberships.rows),
    sessions: Session.array().parse(sessions.rows),
  };
}
