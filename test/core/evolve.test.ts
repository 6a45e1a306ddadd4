// From which status each fact can follow. Any other is a bug that must throw before it is stored; facts about other rows, or
// that change nothing, leave the row as it is.
import { describe, expect, it } from 'vitest';
import type { DomainEvent, GrantEvent, RequestEvent } from '../../src/core/events.ts';
import type { GrantCommand } from '../../src/core/grant-command.ts';
import { evolveGrant } from '../../src/core/grant-evolve.ts';
import type { GrantId, GrantStatus, RequestId, RequestStatus } from '../../src/core/model.ts';
import type { RequestCommand } from '../../src/core/request-command.ts';
import { evolveRequest } from '../../src/core/request-evolve.ts';
import { SAMPLES } from './ledger/samples.ts';
import {
  ANA,
  adoptRequest,
  approve,
  attest,
  BEN,
  deny,
  end,
  grantAfter,
  MIA,
  MORE,
  opening,
  order,
  PASS,
  RECEIPT,
  REQUEST,
  requestAfter,
  SAM,
  SEEN_ABSENT,
  type Step,
  submit,
  T0,
} from './scene.ts';

const CALLED: readonly Step<GrantCommand>[] = [
  [0, order()],
  [1, { type: 'cleared' }],
  [2, { type: 'attempt' }],
];
const LIVE: readonly Step<GrantCommand>[] = [...CALLED, [3, { type: 'confirmed', receipt: RECEIPT }]];
const ENDING: readonly Step<GrantCommand>[] = [...LIVE, [4, end()]];
const PASSES: { readonly [S in GrantStatus]: readonly Step<GrantCommand>[] } = {
  scheduled: [[0, order({ startsAt: T0 + 60_000 })]],
  granting: CALLED,
  active: LIVE,
  extending: [...LIVE, [4, { type: 'extend', until: T0 + 7_200_000, extension: MORE }]],
  revoking: ENDING,
  revoked: [...ENDING, [5, SEEN_ABSENT], [35, SEEN_ABSENT]],
  force_closed: [...ENDING, [200, { type: 'overdue', fault: 'busy' }], [201, attest(SAM)], [202, attest(BEN)]],
  failed: [
    [0, order()],
    [1, { type: 'already_there' }],
  ],
};
const OPENED: readonly Step<RequestCommand>[] = [
  [0, submit()],
  [1, { type: 'open', ...opening() }],
];
const REQUESTS: { readonly [S in RequestStatus]: readonly Step<RequestCommand>[] } = {
  evaluating: [[0, submit()]],
  refused: [
    [0, submit()],
    [1, { type: 'refuse', refusal: { code: 'suspended' } }],
  ],
  pending: OPENED,
  approved: [...OPENED, [2, approve(ANA)], [3, approve(SAM)]],
  denied: [...OPENED, [2, deny(ANA)]],
  withdrawn: [...OPENED, [2, { type: 'withdraw', by: MIA }]],
  withdrawn_early: [
    [0, submit()],
    [1, { type: 'withdraw', by: MIA }],
  ],
  lapsed: [...OPENED, [28_800, { type: 'lapse' }]],
  adopted: [[0, adoptRequest()]],
};

const AFTER: { readonly [T in GrantEvent['type']]: readonly GrantStatus[] } = {
  'grant.ordered': [],
  'grant.started': ['scheduled'],
  'grant.cleared': ['granting'],
  'grant.attempted': ['granting'],
  'grant.attempt_failed': ['granting'],
  'grant.accepted': ['granting'],
  'grant.confirmed': ['granting'],
  'grant.failed': ['scheduled', 'granting'],
  'grant.warned': ['active'],
  'grant.extending': ['active'],
  'grant.extended': ['extending'],
  'grant.extension_failed': ['extending'],
  'revoke.ordered': ['granting', 'active', 'extending'],
  'revoke.attempt_failed': ['revoking'],
  'revoke.overdue': ['revoking'],
  'revoke.seen_absent': ['revoking'],
  'revoke.seen_present': ['revoking'],
  'grant.late_confirmed': ['revoking'],
  'grant.revoked': ['revoking'],
  'grant.force_closed': ['revoking'],
  'grant.attested': ['revoking'],
  'grant.close_asked': ['revoking'],
  'grant.reappeared': ['revoked', 'failed', 'force_closed'],
  'grant.adopted': [],
  'grant.drifted': ['active', 'extending'],
  'revoke.spooled': ['revoking'],
};
/** Facts that change nothing follow from anything. */
const ANY = Object.keys(REQUESTS) as RequestStatus[];
const ASKED: { readonly [T in RequestEvent['type']]: readonly RequestStatus[] } = {
  'request.submitted': [],
  'request.refused': ['evaluating'],
  'request.opened': ['evaluating'],
  'request.revised': ['pending'],
  'approval.given': ['pending'],
  'approval.voided': ['pending'],
  'request.approved': ['pending'],
  'request.denied': ['pending'],
  'request.withdrawn': ['evaluating', 'pending'],
  'request.lapsed': ['pending'],
  'request.adopted': [],
  'request.commented': ANY,
  'decision.refused': ANY,
};

const subject = { request: REQUEST, grant: PASS };
const about = (type: DomainEvent['type'], of: DomainEvent['subject'] = subject) =>
  ({ ...SAMPLES[type], subject: of }) as DomainEvent;

const PASS_CASES = Object.entries(AFTER).flatMap(([type, from]) =>
  (Object.keys(PASSES) as GrantStatus[]).map((status) => ({
    type: type as GrantEvent['type'],
    status,
    follows: from.includes(status),
  })),
);
const ASK_CASES = Object.entries(ASKED).flatMap(([type, from]) =>
  ANY.map((status) => ({ type: type as RequestEvent['type'], status, follows: from.includes(status) })),
);

describe('a fact', () => {
  it.each(PASS_CASES)('$type after $status: $follows', ({ type, status, follows }) => {
    const { row } = grantAfter(PASSES[status]);
    expect(row?.status).toBe(status);
    const evolve = () => evolveGrant(row, about(type));
    if (follows) expect(evolve()?.id).toBe(PASS);
    else expect(evolve).toThrow(PASS);
  });

  it.each(ASK_CASES)('$type after $status: $follows', ({ type, status, follows }) => {
    const { row } = requestAfter(REQUESTS[status]);
    expect(row?.status).toBe(status);
    const evolve = () => evolveRequest(row, about(type));
    if (follows) expect(evolve()?.id).toBe(REQUEST);
    else expect(evolve).toThrow(REQUEST);
  });

  it.each(Object.keys(SAMPLES) as DomainEvent['type'][])(
    '%s about another row changes nothing, and makes no row but by a beginning',
    (type) => {
      const pass = grantAfter(LIVE).row;
      const request = requestAfter(OPENED).row;
      const other = about(type, { request: 'req_other' as RequestId, grant: 'pass_other' as GrantId });
      expect(evolveGrant(pass, other)).toBe(pass);
      expect(evolveRequest(request, other)).toBe(request);
      const makes = (...types: readonly string[]) => types.includes(type);
      const pass_ = makes('grant.ordered', 'grant.adopted') ? 'pass_other' : undefined;
      const asked = makes('request.submitted', 'request.adopted') ? 'req_other' : undefined;
      expect(evolveGrant(undefined, other)?.id).toBe(pass_);
      expect(evolveRequest(undefined, other)?.id).toBe(asked);
    },
  );

  it.each(Object.keys(SAMPLES) as DomainEvent['type'][])(
    '%s of the one kind leaves a row of the other as it is',
    (type) => {
      const pass = grantAfter(LIVE).row;
      const request = requestAfter(OPENED).row;
      if (!(type in AFTER)) expect(evolveGrant(pass, about(type))).toBe(pass);
      if (!(type in ASKED)) expect(evolveRequest(request, about(type))).toBe(request);
    },
  );
});
