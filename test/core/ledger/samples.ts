// One event of each type, with every optional field filled in. A new type without a sample does not compile; a sample, once
// here, never changes (law 14): leaves like it exist.
import type { DomainEvent, EventType } from '../../../src/core/events.ts';
import {
  type AccountRef,
  type Actor,
  type GrantId,
  type MessageRef,
  NOBODY,
  type Offer,
  type PersonId,
  type RequestId,
} from '../../../src/core/model.ts';

export const AT = 1_795_305_600_000;
export const SALT = 'c2FsdHNhbHRzYWx0c2FsdA';
/** A leaf number like any other. */
export const SEQ = 41;

export const REQUEST = 'req_01JD8Q5W8Z0000000000000001' as RequestId;
export const MORE = 'req_01JD8Q5W8Z0000000000000002' as RequestId;
export const PASS = 'pass_01JD8Q5W8Z0000000000000003' as GrantId;
export const MIA = 'person_01JD8Q5W8Z000000000000000A' as PersonId;
export const ANA = 'person_01JD8Q5W8Z000000000000000B' as PersonId;
export const SAM = 'person_01JD8Q5W8Z000000000000000C' as PersonId;

export const account = (user: string): AccountRef => ({ platform: 'slack', tenant: 'T1', user });
const by = (person: PersonId, user: string): Actor => ({ person, kind: 'human', via: 'slack', account: account(user) });
const system = (via: string): Actor => ({ person: 'hallpass', kind: 'system', via });
const mia = by(MIA, 'UMIA');
const ana = by(ANA, 'UANA');
const sam = by(SAM, 'USAM');
const message: MessageRef = { platform: 'slack', tenant: 'T1', channel: 'CREV', message: '1795305600.000100' };
const evidence = { account: account('UANA'), delivery: 'trigger-1', at: AT, message };
const request = { request: REQUEST };
const pass = { request: REQUEST, grant: PASS };
const stages = [{ from: ['dbas'], count: 1 }];
const digest = '128d5e93a3326e6fe5917626822c5b68';
const receipt = { role: 'readonly', grantor: 'hallpass' };
const expiresAt = AT + 3_600_000;

export const OFFER: Offer = {
  role: 'prod-db-readonly',
  target: 'prod-db',
  targetKey: 'postgres:db.acme.test:5432/readonly',
  entitlement: { role: 'readonly' },
  principal: { id: '16402', name: 'mia' },
  fingerprint: 'f-1',
  durationSeconds: 3_600,
  policyVersion: '0f1e2d3c4b5a6978',
};
const opening = { offer: OFFER, digest, stages, lapsesAt: AT + 28_800_000 };

export const SAMPLES: { readonly [T in EventType]: Extract<DomainEvent, { type: T }> } = {
  'request.submitted': {
    type: 'request.submitted',
    ...{ at: AT, actor: mia, subject: request },
    data: {
      ...{ purpose: { kind: 'access' }, role: 'prod-db-readonly', requester: MIA, account: account('UMIA') },
      ...{ durationSeconds: 3_600, dueAt: AT + 600_000, about: message },
    },
    text: { reason: 'fix INC-42 – “später” 🔥' },
  },
  'request.refused': {
    type: 'request.refused',
    ...{ at: AT, actor: system('policy'), subject: request },
    data: { code: 'not_eligible', facts: { role: 'prod-db-readonly', groups: ['engineers'] } },
  },
  'request.opened': {
    type: 'request.opened',
    ...{ at: AT, actor: system('policy'), subject: request },
    data: { ...opening, revision: 1 },
  },
  'request.revised': {
    type: 'request.revised',
    ...{ at: AT, actor: system('policy'), subject: request },
    data: { ...opening, why: 'policy_changed', revision: 2 },
  },
  'approval.given': {
    type: 'approval.given',
    ...{ at: AT, actor: ana, subject: request },
    data: { by: ANA, stage: 0, evidence, stillNeeded: 1 },
  },
  'approval.voided': {
    type: 'approval.voided',
    ...{ at: AT, actor: sam, subject: request },
    data: { by: ANA, why: 'left_group' },
  },
  'request.approved': {
    type: 'request.approved',
    ...{ at: AT, actor: ana, subject: request },
    data: { how: 'people', grants: [PASS] },
  },
  'request.denied': {
    type: 'request.denied',
    ...{ at: AT, actor: ana, subject: request },
    data: { by: ANA, evidence },
    text: { note: 'use the replica' },
  },
  'request.withdrawn': {
    type: 'request.withdrawn',
    ...{ at: AT, actor: mia, subject: request },
    data: { by: MIA },
  },
  'request.lapsed': { type: 'request.lapsed', ...{ at: AT, actor: system('sweep'), subject: request }, data: {} },
  'request.adopted': {
    type: 'request.adopted',
    ...{ at: AT, actor: system('reconcile'), subject: request },
    data: {
      ...{ role: 'prod-db-readonly', target: 'prod-db', grants: [PASS] },
      account: { platform: 'hallpass', tenant: 'acme-1', user: 'nobody' },
    },
  },
  'request.commented': {
    type: 'request.commented',
    ...{ at: AT, actor: ana, subject: request },
    data: { by: ANA },
    text: { comment: 'which table?' },
  },
  'decision.refused': {
    type: 'decision.refused',
    ...{ at: AT, actor: mia, subject: request },
    data: { action: 'approve', code: 'own_request', account: account('UMIA'), evidence },
  },
  'grant.ordered': {
    type: 'grant.ordered',
    ...{ at: AT, actor: ana, subject: pass },
    data: {
      ...{ request: REQUEST, person: MIA, digest, offer: OFFER },
      ...{ expiresAt: expiresAt + 60_000, giveUpAt: AT + 360_000, startsAt: AT + 60_000 },
    },
  },
  'grant.started': {
    type: 'grant.started',
    ...{ at: AT, actor: system('runner'), subject: pass },
    data: { expiresAt, giveUpAt: AT + 300_000 },
  },
  'grant.cleared': { type: 'grant.cleared', ...{ at: AT, actor: system('runner'), subject: pass }, data: {} },
  'grant.attempted': {
    type: 'grant.attempted',
    ...{ at: AT, actor: system('runner'), subject: pass },
    data: { attempt: 1 },
  },
  'grant.attempt_failed': {
    type: 'grant.attempt_failed',
    ...{ at: AT, actor: system('runner'), subject: pass },
    data: { attempt: 1, fault: 'busy', changed: 'maybe' },
  },
  'grant.accepted': {
    type: 'grant.accepted',
    ...{ at: AT, actor: system('runner'), subject: pass },
    data: { handle: { operation: 'op-1', tries: 2 } },
  },
  'grant.confirmed': {
    type: 'grant.confirmed',
    ...{ at: AT, actor: system('runner'), subject: pass },
    data: { receipt },
  },
  'grant.failed': {
    type: 'grant.failed',
    ...{ at: AT, actor: system('runner'), subject: pass },
    data: { code: 'target_refused', fault: 'refused' },
  },
  'grant.warned': { type: 'grant.warned', ...{ at: AT, actor: system('runner'), subject: pass }, data: {} },
  'grant.extending': {
    type: 'grant.extending',
    ...{ at: AT, actor: ana, subject: pass },
    data: { until: expiresAt + 1_800_000, extension: MORE },
  },
  'grant.extended': {
    type: 'grant.extended',
    ...{ at: AT, actor: system('runner'), subject: pass },
    data: { expiresAt: expiresAt + 1_800_000, receipt },
  },
  'grant.extension_failed': {
    type: 'grant.extension_failed',
    ...{ at: AT, actor: system('runner'), subject: pass },
    data: { fault: 'too_late', extension: MORE },
  },
  'revoke.ordered': {
    type: 'revoke.ordered',
    ...{ at: AT, actor: sam, subject: pass },
    data: { because: 'revoked', by: SAM, since: AT },
    text: { why: 'the laptop was stolen' },
  },
  'revoke.attempt_failed': {
    type: 'revoke.attempt_failed',
    ...{ at: AT, actor: system('runner'), subject: pass },
    data: { attempt: 3, fault: 'unreachable' },
  },
  'revoke.overdue': {
    type: 'revoke.overdue',
    ...{ at: AT, actor: system('sweep'), subject: pass },
    data: { lateSeconds: 125, fault: 'unreachable' },
  },
  'revoke.seen_absent': {
    type: 'revoke.seen_absent',
    ...{ at: AT, actor: system('runner'), subject: pass },
    data: { sessionsEnded: 1 },
  },
  'revoke.seen_present': {
    type: 'revoke.seen_present',
    ...{ at: AT, actor: system('runner'), subject: pass },
    data: {},
  },
  'grant.attested': {
    type: 'grant.attested',
    ...{ at: AT, actor: sam, subject: pass },
    data: { by: SAM, stillNeeded: 1 },
    text: { evidence: 'the server was thrown away, see OPS-7' },
  },
  'grant.close_asked': {
    type: 'grant.close_asked',
    ...{ at: AT, actor: system('cli'), subject: pass },
    data: {},
    text: { evidence: 'the rack was emptied, see OPS-7' },
  },
  'grant.adopted': {
    type: 'grant.adopted',
    ...{ at: AT, actor: system('reconcile'), subject: pass },
    data: { request: REQUEST, person: NOBODY, digest, offer: OFFER },
  },
  'grant.drifted': {
    type: 'grant.drifted',
    ...{ at: AT, actor: system('reconcile'), subject: pass },
    data: { fingerprint: 'f-2', asApproved: false },
  },
  'revoke.spooled': {
    type: 'revoke.spooled',
    ...{ at: AT, actor: system('spool'), subject: pass },
    data: { doneAt: AT - 60_000, attempts: 2, seen: 'absent' },
  },
  'grant.late_confirmed': {
    type: 'grant.late_confirmed',
    ...{ at: AT, actor: system('runner'), subject: pass },
    data: { receipt },
  },
  'grant.revoked': {
    type: 'grant.revoked',
    ...{ at: AT, actor: system('runner'), subject: pass },
    data: { lagSeconds: 4, sessionsEnded: 1 },
  },
  'grant.force_closed': {
    type: 'grant.force_closed',
    ...{ at: AT, actor: sam, subject: pass },
    data: { by: [SAM, ANA] },
    text: { evidence: 'the server was thrown away, see OPS-7' },
  },
  'grant.reappeared': { type: 'grant.reappeared', ...{ at: AT, actor: system('runner'), subject: pass }, data: {} },
  'log.started': {
    type: 'log.started',
    ...{ at: AT, actor: system('store'), subject: {} },
    data: { deployment: 'acme-1' },
  },
  'log.continued': {
    type: 'log.continued',
    ...{ at: AT, actor: system('sweep'), subject: {} },
    data: {},
  },
  'config.loaded': {
    type: 'config.loaded',
    ...{ at: AT, actor: system('sweep'), subject: {} },
    data: { policyVersion: '0f1e2d3c4b5a6978' },
  },
  'person.pinned': {
    type: 'person.pinned',
    ...{ at: AT, actor: system('runner'), subject: { person: MIA } },
    data: { account: account('UMIA') },
  },
  'person.confirmed': {
    type: 'person.confirmed',
    ...{ at: AT, actor: system('cli'), subject: { person: MIA } },
    data: { after: 'email_changed' },
  },
  'person.suspended': {
    type: 'person.suspended',
    ...{ at: AT, actor: system('runner'), subject: { person: MIA } },
    data: { why: 'email_changed' },
  },
  'chat.posted': {
    type: 'chat.posted',
    ...{ at: AT, actor: system('runner'), subject: request },
    data: { key: 'card_1:40', message, hash: '0'.repeat(64), event: 40 },
  },
  'log.rolled_back': {
    type: 'log.rolled_back',
    ...{ at: AT, actor: system('store'), subject: {} },
    data: { size: 40, seen: 52, where: 'checkpoints.txt' },
  },
  'access.held': {
    type: 'access.held',
    ...{ at: AT, actor: system('store'), subject: {} },
    data: { target: 'prod-db', why: 'rolled_back' },
  },
  'access.released': {
    type: 'access.released',
    ...{ at: AT, actor: system('reconcile'), subject: {} },
    data: { target: 'prod-db', why: 'rolled_back' },
  },
  'found.decided': {
    type: 'found.decided',
    ...{ at: AT, actor: sam, subject: {} },
    data: {
      ...{ target: 'prod-db', role: 'prod-db-readonly', principal: { id: '16402', name: 'mia' } },
      ...{ choice: 'revoke', by: SAM },
    },
  },
  'ingress.refused': {
    type: 'ingress.refused',
    ...{ at: AT, actor: system('sweep'), subject: {} },
    data: { code: 'bad_signature', count: 3 },
  },
  'alarm.raised': {
    type: 'alarm.raised',
    ...{ at: AT, actor: system('sweep'), subject: {} },
    data: { code: 'channel_changed', facts: { id: 'CREV' } },
  },
};
