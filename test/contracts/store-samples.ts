// Rows, events and jobs for the contract of a store: complete, plain, and different where a case says so.
import type { DomainEvent } from '../../src/core/events.ts';
import type {
  AccessRequest,
  AccountRef,
  Actor,
  Grant,
  GrantId,
  MessageRef,
  Offer,
  Person,
  PersonId,
  RequestId,
  Surface,
} from '../../src/core/model.ts';
import type { Job, NewEvent, NewJob, Write } from '../../src/ports/store.ts';

export const T0 = 1_767_225_600_000;
export const requestId = (n: number) => `req_${n}` as RequestId;
export const grantId = (n: number) => `pass_${n}` as GrantId;
export const personId = (n: number) => `per_${n}` as PersonId;
export const account = (user: string): AccountRef => ({ platform: 'slack', tenant: 'T1', user });
export const message = (ts: string): MessageRef => ({ platform: 'slack', tenant: 'T1', channel: 'C1', message: ts });
const SYSTEM: Actor = { person: 'hallpass', kind: 'system', via: 'test' };

const offer: Offer = {
  role: 'prod-db-readonly',
  target: 'prod-db',
  targetKey: 'postgres:prod-db/readonly',
  entitlement: { role: 'readonly', schemas: ['public', 'ünïcödé 🔑'], limit: 0.5, deep: { none: null, yes: true } },
  principal: { id: '16402', name: 'ana"; drop table grants; --' },
  fingerprint: 'f1',
  durationSeconds: 3600,
  policyVersion: 'p1',
};

type Evaluating = Extract<AccessRequest, { status: 'evaluating' }>;

interface RequestFacts {
  readonly requester: PersonId;
  readonly submittedAt: number;
  readonly grant: GrantId;
}

export function evaluating(n: number, facts: Partial<RequestFacts> = {}): Evaluating {
  const { requester = personId(1), submittedAt = T0, grant } = facts;
  return {
    ...{
      id: requestId(n),
      role: offer.role,
      requester,
      account: account('U1'),
      reason: "fix INC-42; it's \u0000 odd\n",
    },
    purpose: grant ? { kind: 'extension', grant } : { kind: 'access' },
    ...{ durationSeconds: 3600, submittedAt, status: 'evaluating', dueAt: submittedAt + 30_000 },
  };
}

export function pending(n: number, lapsesAt: number): AccessRequest {
  const { status: _status, ...common } = evaluating(n);
  const opened = { revision: 1, digest: 'd1', offer, stages: [{ from: ['dbas'], count: 1 }], approvals: [] };
  return { ...common, ...opened, status: 'pending', lapsesAt };
}

export function refused(n: number): AccessRequest {
  const { status: _status, ...common } = evaluating(n);
  return { ...common, status: 'refused', code: 'not_eligible', closedAt: T0 };
}

function grantCommon(n: number, request: number, person: number) {
  return {
    ...{ id: grantId(n), request: requestId(request), person: personId(person), digest: 'd1', offer },
    ...{ orderedAt: T0 + n, expiresAt: T0 + 3_600_000 },
  };
}

export function active(n: number, facts: Partial<Grant> = {}, request = 1, person = 1): Grant {
  const given = { receipt: { session: 'x' }, activeAt: T0, warned: false };
  return { ...grantCommon(n, request, person), status: 'active', ...given, ...facts } as Grant;
}

export function revoking(n: number, since: number): Grant {
  const ending = { because: 'returned', by: personId(1), since, attempts: 0 } as const;
  return { ...grantCommon(n, 1, 1), status: 'revoking', ending };
}

export function failed(n: number, request = 1): Grant {
  return { ...grantCommon(n, request, 1), status: 'failed', code: 'timed_out', closedAt: T0 };
}

export function person(n: number, accounts: readonly AccountRef[] = [], email: string | undefined = undefined): Person {
  return { id: personId(n), name: `Person ${n}`, email, accounts };
}

export function surface(n: number, facts: Partial<Surface> = {}): Surface {
  const place = { channel: { platform: 'slack', channel: 'C1' } };
  return { id: `card_${n}`, request: requestId(1), audience: 'reviewers', place, told: -1, ...facts };
}

export function event(facts: Partial<DomainEvent> = {}, salt = 's'.repeat(22)): NewEvent {
  const plain = { type: 'request.lapsed', at: T0, actor: SYSTEM, subject: { request: requestId(1) }, data: {} };
  return { event: { ...plain, ...facts } as DomainEvent, salt };
}

export function commented(comment: string, salt: string): NewEvent {
  const facts = { type: 'request.commented', data: { by: personId(2) }, text: { comment } } as const;
  return event(facts, salt);
}

let jobs = 0;
export function job(facts: Partial<NewJob> = {}): NewJob {
  jobs += 1;
  const id = `job_${String(jobs).padStart(6, '0')}`;
  return { id, kind: 'card', subject: `thread:${id}`, queue: 'q', lane: 3, dueAt: T0, payload: { n: jobs }, ...facts };
}

export function holdOf({ id, subject, epoch, round }: Job) {
  return { id, subject, epoch, round };
}

export function newRow(row: AccessRequest): Write {
  return { kind: 'request', row, version: 0 };
}
export function newGrant(row: Grant): Write {
  return { kind: 'grant', row, version: 0 };
}
export function newPerson(row: Person): Write {
  return { kind: 'person', row, version: 0 };
}
export function newSurface(row: Surface): Write {
  return { kind: 'surface', row, version: 0 };
}
