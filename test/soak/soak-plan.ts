// What happens in a soak, all of it drawn from a seed: who asks for what and when, which calls go wrong and how, which
// targets are away for a while.
import type { Catalog, Role } from '../../src/core/catalog.ts';
import type { Instant } from '../../src/core/model.ts';
import type { FakeCall, Outcome } from '../fakes/fake-script.ts';

export interface Outage {
  readonly target: string;
  readonly from: Instant;
  readonly until: Instant;
  readonly outcome: Outcome;
}
export interface SoakPlan {
  readonly start: Instant;
  /** All asks come within this time. */
  readonly hours: number;
  readonly grants: number;
  readonly seed: number;
  /** Of all calls to targets, the share that goes wrong. */
  readonly faultShare: number;
  readonly outages: readonly Outage[];
}
export interface Ask {
  readonly at: Instant;
  readonly user: string;
  readonly role: string;
  readonly minutes: number;
  readonly reason: string;
  /** Asked for and approved by people in chat; else by policy alone. */
  readonly inChat: boolean;
}

const TARGETS = 10;
const ROLES = 40;
const PEOPLE = 1_000;
const APPROVERS = 12;
const MINUTES = [5, 10, 15, 20, 30, 45, 60];
/** Passes end in this time after the last ask: the longest, more time on it, and what is left of an outage. */
export const AFTERMATH_MS = 2 * 3600_000;
const HOUR_MS = 3600_000;
/** Of all asks, the share that comes in the first minute of an hour, as people do; their passes end together. */
const RUSH_SHARE = 0.2;
const RUSH_MS = 60_000;
/** Each of these costs three times as much to play as one that is approved by policy, most of it for what is told in threads. */
const CHAT_SHARE = 0.1;

export function soakPlan(grants: number, hours: number, seed: number): SoakPlan {
  const start = 1_767_225_600_000;
  const outage = (target: number, share: number, minutes: number, outcome: Outcome): Outage => {
    const from = start + share * hours * HOUR_MS;
    return { target: targetName(target), from, until: from + minutes * 60_000, outcome };
  };
  return {
    ...{ start, hours, grants, seed, faultShare: 0.05 },
    outages: [
      outage(2, 0.25, 40, { kind: 'unreachable' }),
      outage(5, 0.5, 20, { kind: 'refused' }),
      outage(7, 0.75, 15, { kind: 'hangs' }),
    ],
  };
}

/** Park and Miller's generator: the same numbers in every run. */
export function randomNumbers(seed: number): () => number {
  let state = (seed % 2_147_483_646) + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

export function* asksOf({ start, hours, grants, seed }: SoakPlan): Generator<Ask> {
  const random = randomNumbers(seed);
  const times = Float64Array.from({ length: grants }, () => {
    const hour = Math.floor(random() * hours) * HOUR_MS;
    return start + hour + random() * (random() < RUSH_SHARE ? RUSH_MS : HOUR_MS);
  }).sort();
  for (const [number, at] of times.entries()) {
    yield {
      at,
      user: `p${number % PEOPLE}`,
      // Each person asks for each role in turn, so that nobody has a pass for it still.
      role: roleName((Math.floor(number / PEOPLE) + number) % ROLES),
      minutes: MINUTES[Math.floor(random() * MINUTES.length)] ?? 0,
      reason: `look into incident ${number}`,
      inChat: random() < CHAT_SHARE,
    };
  }
}

/** How a call goes wrong, when it does. Read-backs are stale for less than the settle time of the target, as it promises. */
const FAULTS: readonly Outcome[] = [
  { kind: 'reply_lost' },
  { kind: 'timed_out' },
  { kind: 'hangs' },
  { kind: 'busy', retryAfterSeconds: 5 },
  { kind: 'busy' },
  { kind: 'unreachable' },
  { kind: 'partial' },
  { kind: 'stale', ms: 4_000 },
];
export const SETTLE_SECONDS = 5;

export function faultOf(random: () => number, share: number, call: FakeCall): Outcome | undefined {
  if (random() >= share) return undefined;
  if (call === 'inspect' && random() < 0.2) return { kind: 'unknown' };
  return FAULTS[Math.floor(random() * FAULTS.length)];
}

export const TARGET_NAMES = Array.from({ length: TARGETS }, (_, at) => targetName(at));
export const APPROVER_NAMES = Array.from({ length: APPROVERS }, (_, at) => `a${at}`);

function targetName(at: number): string {
  return `target-${at}`;
}
function roleName(at: number): string {
  return `role-${at}`;
}

export function soakCatalog(): Catalog {
  const groups = {
    engineers: Array.from({ length: PEOPLE }, (_, at) => `p${at}@acme.test`),
    approvers: APPROVER_NAMES.map((name) => `${name}@acme.test`),
    secops: ['sam@acme.test'],
  };
  return {
    organization: 'acme',
    command: '/jit',
    auditChannel: { platform: 'slack', channel: 'C-AUDIT' },
    security: 'secops',
    groups: named(Object.entries(groups), (name, members) => ({ name, members, platformGroups: [] })),
    targets: named(
      TARGET_NAMES.map((name) => [name, 'fake'] as const),
      (name, adapter) => ({ name, adapter }),
    ),
    roles: named(
      Array.from({ length: ROLES }, (_, at) => [roleName(at), at] as const),
      roleOf,
    ),
    policyVersion: 'policy-1',
  };
}

function roleOf(name: string, at: number): Role {
  return {
    name,
    title: `Role ${at}`,
    target: targetName(at % TARGETS),
    entitlement: { role: name },
    risk: 'medium',
    who: ['engineers'],
    duration: { minSeconds: 60, defaultSeconds: 1800, maxSeconds: 2 * 3600 },
    reviewers: { platform: 'slack', channel: `C-${at}` },
    stages: [{ from: ['approvers'], count: 1 }],
    pendingSeconds: 3600,
    requires: ['reason'],
  };
}

function named<Given, Value>(
  entries: readonly (readonly [string, Given])[],
  make: (name: string, given: Given) => Value,
): { readonly [name: string]: Value } {
  return Object.assign(
    Object.create(null),
    Object.fromEntries(entries.map(([name, given]) => [name, make(name, given)])),
  );
}
