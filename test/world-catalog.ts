// Who there is in the world of the tests, and what they can ask for.
import type { Catalog, Role } from '../src/core/catalog.ts';
import type { FakePerson } from './fakes/fake-chat.ts';

export const ROLE: Role = {
  name: 'prod-db-readonly',
  title: 'Read production data',
  target: 'prod-db',
  entitlement: { role: 'readonly' },
  risk: 'medium',
  who: ['engineers'],
  duration: { minSeconds: 60, defaultSeconds: 3600, maxSeconds: 4 * 3600 },
  reviewers: { platform: 'slack', channel: 'C-REV' },
  stages: [{ from: ['dbas'], count: 1 }],
  pendingSeconds: 8 * 3600,
  requires: ['reason'],
};

/** In the second target, which some worlds have. */
export const OTHER_ROLE: Role = {
  ...ROLE,
  name: 'billing-support',
  title: 'Support in billing',
  target: 'billing',
  entitlement: { role: 'support' },
};

/** mia asks; ana and ben approve; mia could too, if it were not her own; sam is security; gus a guest; eve a stranger. */
const GROUPS = {
  engineers: ['mia@acme.test', 'ana@acme.test', 'kim@acme.test'],
  dbas: ['ana@acme.test', 'ben@acme.test', 'mia@acme.test'],
  secops: ['sam@acme.test'],
};

export function catalogOf(roles: readonly Role[] = [ROLE], policyVersion = 'policy-1'): Catalog {
  const groups = Object.entries(GROUPS).map(
    ([name, members]) => [name, { name, members, platformGroups: [] }] as const,
  );
  const targets = ['prod-db', 'billing'].map((name) => [name, { name, adapter: 'fake' }] as const);
  return {
    organization: 'acme',
    command: '/jit',
    auditChannel: { platform: 'slack', channel: 'C-AUDIT' },
    security: 'secops',
    groups: bare(groups),
    targets: bare(targets),
    roles: bare(roles.map((role) => [role.name, role])),
    policyVersion,
  };
}

/** As the configuration makes them: no name is there that nobody wrote. */
function bare<Value>(entries: readonly (readonly [string, Value])[]): { readonly [name: string]: Value } {
  return Object.assign(Object.create(null), Object.fromEntries(entries));
}

export const PEOPLE: readonly FakePerson[] = ['mia', 'ana', 'ben', 'kim', 'sam', 'gus', 'eve'].map((name) => ({
  user: `U-${name}`,
  name: name[0]?.toUpperCase() + name.slice(1),
  email: `${name}@acme.test`,
  standing: name === 'gus' ? 'guest' : name === 'eve' ? 'stranger' : 'member',
}));
