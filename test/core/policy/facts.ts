// A role and an ask that every rule is content with; each test changes what it is about.
import type { Role } from '../../../src/core/catalog.ts';
import type { AskFacts } from '../../../src/core/policy/rule.ts';
import { T0 } from '../scene.ts';

export const ROLE: Role = {
  name: 'prod-db-readonly',
  title: 'Read production data',
  target: 'prod-db',
  entitlement: { role: 'readonly' },
  risk: 'medium',
  who: ['engineers', 'oncall'],
  duration: { minSeconds: 300, defaultSeconds: 3_600, maxSeconds: 14_400 },
  stages: [
    { from: ['dbas'], count: 2 },
    { from: ['secops', 'dbas'], count: 1 },
  ],
  pendingSeconds: 28_800,
  requires: ['reason'],
};

export function ask(facts: Partial<Omit<AskFacts, 'role'>> = {}, role: Partial<Role> = {}): AskFacts {
  return {
    asOf: T0,
    role: { ...ROLE, ...role },
    standing: 'member',
    suspended: false,
    groups: ['engineers'],
    reason: 'fix INC-42',
    durationSeconds: 3_600,
    candidates: [2, 5],
    ...facts,
  };
}
