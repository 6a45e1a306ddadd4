// Who and what the core's tests speak of: a few people, one offer, and commands with everything filled in. Rows are never
// written by hand: they are what the commands lead to.
import type { Decision, Moment } from '../../src/core/decision.ts';
import { digestOf } from '../../src/core/digest.ts';
import type { DomainEvent } from '../../src/core/events.ts';
import { decideGrant } from '../../src/core/grant.ts';
import type { GrantCommand } from '../../src/core/grant-command.ts';
import { evolveGrant } from '../../src/core/grant-evolve.ts';
import {
  type AccessRequest,
  type AccountRef,
  type Actor,
  type Evidence,
  type Grant,
  type GrantId,
  type Instant,
  NOBODY,
  type Offer,
  type PersonId,
  type Purpose,
  type RequestId,
  type Stage,
} from '../../src/core/model.ts';
import type { Standings } from '../../src/core/quorum.ts';
import type { Refusal } from '../../src/core/refusal.ts';
import { decideRequest } from '../../src/core/request.ts';
import type { Click, Opening, RequestCommand } from '../../src/core/request-command.ts';
import { evolveRequest } from '../../src/core/request-evolve.ts';

export const T0: Instant = 1_795_305_600_000;
const SECOND = 1_000;
const HOUR = 3_600_000;
export const LAPSE_MS = 8 * HOUR;

const id = (prefix: string, name: string) => `${prefix}_${name.padStart(26, '0')}`;
export const [MIA, ANA, BEN, SAM] = ['MIA', 'ANA', 'BEN', 'SAM'].map((name) => id('person', name) as PersonId) as [
  PersonId,
  PersonId,
  PersonId,
  PersonId,
];
export const REQUEST = id('req', 'ONE') as RequestId;
export const MORE = id('req', 'MORE') as RequestId;
export const PASS = id('pass', 'ONE') as GrantId;
export const ACCESS: Purpose = { kind: 'access' };
export const EXTENSION: Purpose = { kind: 'extension', grant: PASS };

export const HALLPASS: Actor = { person: 'hallpass', kind: 'system', via: 'runner' };
export const account = (user: string): AccountRef => ({ platform: 'slack', tenant: 'T1', user });
export const evidence = (delivery = 'd-1'): Evidence => ({ account: account('U-ANA'), delivery, at: T0 });

export const OFFER: Offer = {
  role: 'prod-db-readonly',
  target: 'prod-db',
  targetKey: 'postgres:db.acme.test/readonly',
  entitlement: { role: 'readonly' },
  principal: { id: '16402', name: 'mia' },
  fingerprint: 'f-1',
  durationSeconds: 3_600,
  policyVersion: 'policy-1',
};
export const DIGEST = digestOf(ACCESS, OFFER);
/** Dbas first, then security. */
export const STAGES: readonly Stage[] = [
  { from: ['dbas'], count: 1 },
  { from: ['secops', 'leads'], count: 1 },
];
export const FULL: Standings = {
  [MIA]: ['dbas', 'secops'],
  [ANA]: ['dbas'],
  [BEN]: ['dbas', 'secops'],
  [SAM]: ['secops'],
};

export const opening = (facts: Partial<Opening> = {}): Opening => ({
  offer: OFFER,
  digest: DIGEST,
  stages: STAGES,
  lapsesAt: T0 + LAPSE_MS,
  ...facts,
});
export const submit = (facts: Partial<Extract<RequestCommand, { type: 'submit' }>> = {}): RequestCommand => ({
  type: 'submit',
  id: REQUEST,
  purpose: ACCESS,
  role: 'prod-db-readonly',
  requester: MIA,
  account: account('U-MIA'),
  reason: 'fix INC-42',
  durationSeconds: 3_600,
  dueAt: T0 + 600_000,
  ...facts,
});
type Approve = Extract<RequestCommand, { type: 'approve' }>;
type Deny = Extract<RequestCommand, { type: 'deny' }>;
const click = (by: PersonId): Click => ({ by, revision: 1, digest: DIGEST, evidence: evidence(`d-${by}`) });
export const approve = (by: PersonId, facts: Partial<Approve> = {}): Approve => ({
  type: 'approve',
  ...click(by),
  standings: FULL,
  grants: [PASS],
  ...facts,
});
export const deny = (by: PersonId, facts: Partial<Deny> = {}): Deny => ({
  type: 'deny',
  ...click(by),
  standings: FULL,
  note: 'not today',
  security: false,
  ...facts,
});
export const order = (facts: Partial<Extract<GrantCommand, { type: 'order' }>> = {}): GrantCommand => ({
  type: 'order',
  id: PASS,
  request: REQUEST,
  person: MIA,
  digest: DIGEST,
  offer: OFFER,
  ...facts,
});
export const attest = (by: PersonId, evidence = 'the server was thrown away'): GrantCommand => ({
  type: 'attest',
  by,
  evidence,
});
export const adopt = (facts: Partial<Extract<GrantCommand, { type: 'adopt' }>> = {}): GrantCommand => ({
  type: 'adopt',
  id: PASS,
  request: REQUEST,
  person: NOBODY,
  digest: DIGEST,
  offer: OFFER,
  ...facts,
});
export const adoptRequest = (facts: Partial<Extract<RequestCommand, { type: 'adopt' }>> = {}): RequestCommand => ({
  type: 'adopt',
  id: REQUEST,
  role: 'prod-db-readonly',
  target: 'prod-db',
  account: account('nobody'),
  grants: [PASS],
  ...facts,
});
export const end = (facts: Partial<Extract<GrantCommand, { type: 'end' }>> = {}): GrantCommand => ({
  type: 'end',
  because: 'revoked',
  by: SAM,
  why: '',
  ...facts,
});
export const RECEIPT = { session: 's-1' };
export const SEEN_ABSENT: Extract<GrantCommand, { type: 'seen_absent' }> = {
  type: 'seen_absent',
  sessionsEnded: 1,
  settleSeconds: 30,
};

/** A command and when it is given, in seconds after T0. */
export type Step<Command> = readonly [seconds: number, command: Command];
export interface Played<Row> {
  readonly row: Row | undefined;
  readonly events: readonly DomainEvent[];
}
export interface Outcome<Row> extends Played<Row> {
  readonly decision: Decision;
  readonly refusal: Refusal | undefined;
}

const moment = (seconds: number, actor: Actor = HALLPASS): Moment => ({ now: T0 + seconds * SECOND, actor });

export function requestAfter(steps: readonly Step<RequestCommand>[]): Played<AccessRequest> {
  return play(steps, decideRequest, evolveRequest);
}
export function grantAfter(steps: readonly Step<GrantCommand>[]): Played<Grant> {
  return play(steps, decideGrant, evolveGrant);
}
export function tryRequest(row: AccessRequest | undefined, [seconds, command]: Step<RequestCommand>) {
  return outcome(row, decideRequest(row, command, moment(seconds)), evolveRequest);
}
export function tryGrant(row: Grant | undefined, [seconds, command]: Step<GrantCommand>) {
  return outcome(row, decideGrant(row, command, moment(seconds)), evolveGrant);
}

type Evolve<Row> = (row: Row | undefined, event: DomainEvent) => Row | undefined;

function outcome<Row>(row: Row | undefined, decision: Decision, evolve: Evolve<Row>): Outcome<Row> {
  if (!decision.ok) return { row, events: [], decision, refusal: decision.refusal };
  return { row: decision.events.reduce(evolve, row), events: decision.events, decision, refusal: undefined };
}

/** Every step must be accepted: a scene that does not come about would test something else. */
function play<Row, Command>(
  steps: readonly Step<Command>[],
  decide: (row: Row | undefined, command: Command, at: Moment) => Decision,
  evolve: Evolve<Row>,
): Played<Row> {
  return steps.reduce<Played<Row>>(
    (before, [seconds, command]) => {
      const after = outcome(before.row, decide(before.row, command, moment(seconds)), evolve);
      if (after.refusal) throw new Error(`the scene stops: ${JSON.stringify(command)} gives ${after.refusal.code}`);
      return { row: after.row, events: [...before.events, ...after.events] };
    },
    { row: undefined, events: [] },
  );
}
