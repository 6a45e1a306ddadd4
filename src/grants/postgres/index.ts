// PostgreSQL: a role is granted to the person's own login role and taken back; then the person's sessions are ended.
// README.md says which rights the bot needs and what happens in each case.
import { nameInTarget } from '../../lib/people-map.ts';
import { serverKey } from '../../lib/postgres-address.ts';
import { type AdapterTools, defineAdapter, type GrantConnection } from '../../ports/grant-adapter.ts';
import { type Api, openApi } from './api.ts';
import { checkServer } from './check.ts';
import { grantMembership, inspectMembership, ownedMemberships, revokeMembership } from './membership.ts';
import { fingerprintOf } from './rights.ts';
import { loginRole } from './roles.ts';
import { PostgresConfig, PostgresTarget } from './schema.ts';
import { endSessionsOf } from './sessions.ts';

export const postgres = defineAdapter<PostgresConfig, PostgresTarget>({
  kind: 'postgres',
  title: 'PostgreSQL role',
  config: PostgresConfig,
  target: PostgresTarget,
  // Memberships have no end of their own. VALID UNTIL of a role is not one: it stops new logins by password and nothing
  // else, not certificates, not LDAP, not sessions that are open (threat G03).
  expiresItself: false,
  sessions: 'ended',
  sessionsFor: ({ sessions }) => (sessions === 'end' ? 'ended' : 'outlive'),
  sessionsNote: 'Ending this pass also ends all open sessions of its holder in this database server.',
  // Each call has a connection of its own.
  atOnceFor: ({ at_once }) => at_once,
  // Catalogs are read on the primary, in the transaction's own snapshot: there is nothing stale to wait for.
  settleSeconds: 0,
  // Roles belong to the whole server: two databases in it are one target.
  targetKey: ({ url }, { role }) => `postgres:${serverKey(url)}/${encodeURIComponent(role)}`,
  describe: ({ role }) => `member of the PostgreSQL role ${role}`,
  connect,
});

function connect(config: PostgresConfig, tools: AdapterTools): GrantConnection<PostgresTarget> {
  const api = openApi(config.url, tools.clock, config.at_once);
  const connection: GrantConnection<PostgresTarget> = {
    async resolve(person, signal) {
      const name = nameInTarget(config.people, person);
      return api.read(signal, (query) => loginRole(query, name));
    },
    fingerprint: (target, signal) => api.read(signal, (query) => fingerprintOf(query, target.role)),
    grant: async (order, signal) => ({ receipt: await api.write(signal, (query) => grantMembership(query, order)) }),
    revoke: (order, signal) => api.write(signal, (query) => revokeMembership(query, order)),
    inspect: (order, signal) => api.read(signal, (query) => inspectMembership(query, order)),
    check: (targets, signal) => api.read(signal, (query) => checkServer(query, targets, config.sessions, tools.log)),
    owned: (signal) => ownedIn(api, signal),
    close: () => api.close(),
  };
  if (config.sessions === 'leave') return connection;
  return { ...connection, endSessions: (order, signal) => endSessionsOf(api, tools.clock, order.principal, signal) };
}

async function* ownedIn(
  api: Api,
  signal: AbortSignal,
): ReturnType<NonNullable<GrantConnection<PostgresTarget>['owned']>> {
  yield* await api.read(signal, ownedMemberships);
}
