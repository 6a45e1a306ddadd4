// The doctor for one server: can the bot log in, grant these roles, and end sessions? Everything missing is named at once,
// with the statement that mends it. Reads only.
import { z } from 'zod';
import { AdapterError } from '../../ports/grant-adapter.ts';
import type { Log } from '../../ports/log.ts';
import type { Query } from './api.ts';
import { quoteName } from './identifier.ts';
import type { PostgresConfig, PostgresTarget } from './schema.ts';

const OLDEST_VERSION = 150_000;

const Self = z.object({
  name: z.string(),
  version: z.number().int(),
  replica: z.boolean(),
  superuser: z.boolean(),
  createsRoles: z.boolean(),
  signals: z.boolean(),
});
type Self = z.output<typeof Self>;
const Right = z.object({ admin: z.boolean() });

const SELF = `
  SELECT r.rolname AS name, current_setting('server_version_num')::int AS version, pg_is_in_recovery() AS replica,
    r.rolsuper AS superuser, r.rolcreaterole AS "createsRoles", pg_has_role(r.oid, 'pg_signal_backend', 'USAGE') AS signals
  FROM pg_roles r WHERE r.rolname = current_user`;

// Directly, not through another role: PostgreSQL 16 would then record that other role as the grantor.
const ADMIN = `
  SELECT EXISTS (SELECT FROM pg_auth_members am JOIN pg_roles m ON m.oid = am.member
    WHERE am.roleid = r.oid AND m.rolname = current_user AND am.admin_option) AS admin
  FROM pg_roles r WHERE r.rolname = $1`;

/** Throws AdapterError 'refused' that lists what is missing; says on `log` what is more than needed. */
export async function checkServer(
  query: Query,
  targets: readonly PostgresTarget[],
  sessions: PostgresConfig['sessions'],
  log: Log,
): Promise<void> {
  const [self] = await query(Self, SELF);
  if (self === undefined) throw new AdapterError('invalid', 'PostgreSQL does not know who the bot is.', 'no');
  const problems = problemsOf(self, sessions);
  for (const { role } of targets) problems.push(...(await problemsWith(query, role, self.name)));
  if (self.superuser || self.createsRoles) {
    log.warn('The PostgreSQL bot has more rights than it needs: make it NOSUPERUSER NOCREATEROLE', { bot: self.name });
  }
  if (problems.length > 0) throw new AdapterError('refused', `PostgreSQL: ${problems.join(' ')}`, 'no');
}

function problemsOf(self: Self, sessions: PostgresConfig['sessions']): string[] {
  const problems: string[] = [];
  if (self.version < OLDEST_VERSION) problems.push('The server is older than PostgreSQL 15, the oldest supported.');
  if (self.replica) problems.push("This is a replica, which takes no changes. Put the primary's address into the url.");
  if (sessions === 'end' && !self.signals && !self.superuser) {
    problems.push(`The bot may not end sessions. Run: GRANT pg_signal_backend TO ${quoteName(self.name)};`);
  }
  return problems;
}

async function problemsWith(query: Query, role: string, bot: string): Promise<readonly string[]> {
  const [right] = await query(Right, ADMIN, [role]);
  if (right === undefined) return [`There is no role "${role}". Create it, or correct the role's grant setting.`];
  if (right.admin) return [];
  return [`The bot may not grant "${role}". Run: GRANT ${quoteName(role)} TO ${quoteName(bot)} WITH ADMIN OPTION;`];
}
