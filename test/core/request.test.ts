// The life of a request, row by row of the table in the design, and every way in which it says no.
import { describe, expect, it } from 'vitest';
import type { Effect } from '../../src/core/decision.ts';
import type { EventType } from '../../src/core/events.ts';
import { type AccessRequest, NOBODY, type PersonId, type RequestStatus } from '../../src/core/model.ts';
import type { Refusal } from '../../src/core/refusal.ts';
import type { RequestCommand } from '../../src/core/request-command.ts';
import {
  ANA,
  adoptRequest,
  approve,
  BEN,
  DIGEST,
  deny,
  EXTENSION,
  FULL,
  LAPSE_MS,
  MIA,
  OFFER,
  opening,
  PASS,
  REQUEST,
  requestAfter,
  SAM,
  type Step,
  submit,
  T0,
  tryRequest,
} from './scene.ts';

type Steps = readonly Step<RequestCommand>[];
const OPEN: RequestCommand = { type: 'open', ...opening() };
const REVISE: RequestCommand = { type: 'revise', why: 'edited', ...opening() };
const LAPSED_AT = LAPSE_MS / 1000;

/** How each status comes about. */
const TO: { readonly [S in RequestStatus]: Steps } = {
  evaluating: [[0, submit()]],
  refused: [
    [0, submit()],
    [1, { type: 'refuse', refusal: { code: 'nobody_can_approve', groups: ['dbas'] } }],
  ],
  pending: [
    [0, submit()],
    [1, OPEN],
  ],
  approved: [
    [0, submit()],
    [1, OPEN],
    [2, approve(ANA)],
    [3, approve(SAM)],
  ],
  denied: [
    [0, submit()],
    [1, OPEN],
    [2, deny(ANA)],
  ],
  withdrawn: [
    [0, submit()],
    [1, OPEN],
    [2, { type: 'withdraw', by: MIA }],
  ],
  withdrawn_early: [
    [0, submit()],
    [1, { type: 'withdraw', by: MIA }],
  ],
  adopted: [[0, adoptRequest()]],
  lapsed: [
    [0, submit()],
    [1, OPEN],
    [LAPSED_AT, { type: 'lapse' }],
  ],
};
const HALF: Steps = [...TO.pending, [2, approve(ANA)]];

interface Row {
  readonly name: string;
  readonly given: Steps;
  readonly when: Step<RequestCommand>;
  readonly becomes: RequestStatus;
  readonly events: readonly EventType[];
  readonly effects?: readonly Effect[];
  readonly shows?: Partial<AccessRequest>;
}

const approval = (by: PersonId, stage: number, seconds: number) => ({
  by,
  stage,
  at: T0 + seconds * 1000,
  evidence: approve(by).evidence,
});

const ROWS: readonly Row[] = [
  {
    name: 'adopt: nobody asked, and nobody is asked',
    given: [],
    when: [9, adoptRequest()],
    becomes: 'adopted',
    events: ['request.adopted'],
    shows: {
      ...{ id: REQUEST, purpose: { kind: 'orphan', target: 'prod-db' }, requester: NOBODY, reason: '' },
      ...{ durationSeconds: 0, submittedAt: T0 + 9_000, closedAt: T0 + 9_000, grants: [PASS] },
    },
  },
  {
    name: 'submit: facts are to be fetched',
    given: [],
    when: [0, submit()],
    becomes: 'evaluating',
    events: ['request.submitted'],
    effects: [{ kind: 'evaluate', at: T0 }],
    shows: { id: REQUEST, requester: MIA, reason: 'fix INC-42', submittedAt: T0, dueAt: T0 + 600_000 },
  },
  {
    name: 'judged: asked of people',
    given: TO.evaluating,
    when: [1, OPEN],
    becomes: 'pending',
    events: ['request.opened'],
    shows: { revision: 1, digest: DIGEST, offer: OFFER, approvals: [], lapsesAt: T0 + LAPSE_MS },
  },
  {
    name: 'judged: policy itself approves',
    given: TO.evaluating,
    when: [1, { type: 'open_approved', grants: [PASS], ...opening() }],
    becomes: 'approved',
    events: ['request.opened', 'request.approved'],
    shows: { grants: [PASS], approvals: [], closedAt: T0 + 1000 },
  },
  {
    name: 'judged: refused',
    given: TO.evaluating,
    when: [1, { type: 'refuse', refusal: { code: 'not_eligible', role: 'prod-db-readonly', groups: ['dbas'] } }],
    becomes: 'refused',
    events: ['request.refused'],
    shows: { code: 'not_eligible', closedAt: T0 + 1000 },
  },
  {
    name: 'approve, more needed: the next stage',
    given: TO.pending,
    when: [2, approve(ANA)],
    becomes: 'pending',
    events: ['approval.given'],
    shows: { approvals: [approval(ANA, 0, 2)], lapsesAt: T0 + LAPSE_MS },
  },
  {
    name: 'approve, the last needed: approved, with its grants',
    given: HALF,
    when: [3, approve(SAM)],
    becomes: 'approved',
    events: ['approval.given', 'request.approved'],
    shows: { grants: [PASS], approvals: [approval(ANA, 0, 2), approval(SAM, 1, 3)], closedAt: T0 + 3000 },
  },
  {
    name: 'approve, an earlier approver has left the group: that approval is void, the stage is open again (B06)',
    given: HALF,
    when: [3, approve(BEN, { standings: { ...FULL, [ANA]: ['engineers'] } })],
    becomes: 'pending',
    events: ['approval.voided', 'approval.given'],
    shows: { approvals: [approval(BEN, 0, 3)] },
  },
  {
    name: 'approve, an earlier approver is no member any more: the same (B05)',
    given: HALF,
    when: [3, approve(BEN, { standings: { [BEN]: ['dbas'] } })],
    becomes: 'pending',
    events: ['approval.voided', 'approval.given'],
    shows: { approvals: [approval(BEN, 0, 3)] },
  },
  {
    name: 'approve, one’s own earlier approval is void: it may be given again for the stage one is fit for now',
    given: [
      [0, submit()],
      [
        1,
        {
          type: 'open',
          ...opening({
            stages: [
              { from: ['dbas'], count: 1 },
              { from: ['secops'], count: 2 },
            ],
          }),
        },
      ],
      [2, approve(ANA, { standings: FULL })],
      [3, approve(BEN, { standings: FULL })],
    ],
    when: [4, approve(BEN, { standings: { [BEN]: ['dbas'] } })],
    becomes: 'pending',
    events: ['approval.voided', 'approval.voided', 'approval.given'],
    shows: { approvals: [approval(BEN, 0, 4)] },
  },
  {
    name: 'deny: over, with the note',
    given: HALF,
    when: [3, deny(BEN)],
    becomes: 'denied',
    events: ['request.denied'],
    shows: { by: BEN, note: 'not today', approvals: [approval(ANA, 0, 2)] },
  },
  {
    name: 'deny by the approver of a later stage: one no is enough',
    given: TO.pending,
    when: [3, deny(SAM)],
    becomes: 'denied',
    events: ['request.denied'],
  },
  {
    name: 'deny by security, who approves nothing here',
    given: TO.pending,
    when: [3, deny(BEN, { standings: { [BEN]: [] }, security: true })],
    becomes: 'denied',
    events: ['request.denied'],
  },
  {
    name: 'deny after having approved: people may think again',
    given: HALF,
    when: [3, deny(ANA)],
    becomes: 'denied',
    events: ['request.denied'],
  },
  {
    name: 'withdraw',
    given: HALF,
    when: [3, { type: 'withdraw', by: MIA }],
    becomes: 'withdrawn',
    events: ['request.withdrawn'],
    shows: { closedAt: T0 + 3000 },
  },
  {
    name: 'withdraw before it was judged',
    given: TO.evaluating,
    when: [1, { type: 'withdraw', by: MIA }],
    becomes: 'withdrawn_early',
    events: ['request.withdrawn'],
  },
  {
    name: 'lapse, on the very instant',
    given: HALF,
    when: [LAPSED_AT, { type: 'lapse' }],
    becomes: 'lapsed',
    events: ['request.lapsed'],
  },
  {
    name: 'edit: a new revision, approvals void (C01)',
    given: HALF,
    when: [3, { ...REVISE, digest: 'd'.repeat(32) }],
    becomes: 'pending',
    events: ['request.revised'],
    shows: { revision: 2, approvals: [], digest: 'd'.repeat(32) },
  },
  {
    name: 'comment: nothing changes, the words are kept',
    given: HALF,
    when: [3, { type: 'comment', by: ANA, comment: 'which table?' }],
    becomes: 'pending',
    events: ['request.commented'],
    shows: { approvals: [approval(ANA, 0, 2)] },
  },
  {
    name: 'comment after the end: talk goes on',
    given: TO.denied,
    when: [9, { type: 'comment', by: MIA, comment: 'why?' }],
    becomes: 'denied',
    events: ['request.commented'],
  },
];

describe('the table', () => {
  it.each(ROWS)('$name', ({ given, when, becomes, events, effects = [], shows = {} }) => {
    const before = requestAfter(given).row;
    const { row, decision, refusal } = tryRequest(before, when);
    expect(refusal).toBeUndefined();
    expect(row).toMatchObject({ status: becomes, ...shows });
    expect(decision.ok && decision.events.map(({ type }) => type)).toEqual(events);
    expect(decision.ok && decision.effects).toEqual(effects);
  });

  it('names the pass in every event of a request for more time, so that its thread finds them', () => {
    const { events } = requestAfter([
      [0, submit({ purpose: EXTENSION })],
      [1, OPEN],
      [2, approve(ANA)],
    ]);
    expect(events.map(({ subject }) => subject.grant)).toEqual([undefined, PASS, PASS]);
    expect(requestAfter(HALF).events.every(({ subject }) => subject.grant === undefined)).toBe(true);
  });

  it('keeps the message it was asked about to the end', () => {
    const about = { platform: 'slack', tenant: 'T1', channel: 'C1', message: '1.2' };
    const steps: Steps = [
      [0, submit({ about })],
      [1, OPEN],
      [2, REVISE],
      [3, deny(ANA, { revision: 2 })],
    ];
    expect(requestAfter(steps).row).toMatchObject({ status: 'denied', about });
  });
});

interface No {
  readonly name: string;
  readonly given: Steps;
  readonly when: Step<RequestCommand>;
  readonly refusal: Refusal;
}

const NOES: readonly No[] = [
  {
    name: 'one’s own request, whoever one is in groups (B07)',
    given: TO.pending,
    when: [2, approve(MIA)],
    refusal: { code: 'own_request' },
  },
  {
    name: 'denying one’s own request: withdraw is for that',
    given: TO.pending,
    when: [2, deny(MIA)],
    refusal: { code: 'own_request' },
  },
  {
    name: 'a second approval by one person (C13)',
    given: HALF,
    when: [3, approve(ANA)],
    refusal: { code: 'already_approved' },
  },
  {
    name: 'a second approval for another stage (C13)',
    given: [...TO.pending, [2, approve(BEN)]],
    when: [3, approve(BEN)],
    refusal: { code: 'already_approved' },
  },
  {
    name: 'somebody of a later stage: the open one is named',
    given: TO.pending,
    when: [2, approve(SAM)],
    refusal: { code: 'not_an_approver', groups: ['dbas'] },
  },
  {
    name: 'somebody of an earlier stage: the open one is named',
    given: HALF,
    when: [3, approve(BEN, { standings: { ...FULL, [BEN]: ['dbas'] } })],
    refusal: { code: 'not_an_approver', groups: ['secops', 'leads'] },
  },
  {
    name: 'the last approver when an earlier one has left: their stage is open again (B06)',
    given: HALF,
    when: [3, approve(SAM, { standings: { ...FULL, [ANA]: [] } })],
    refusal: { code: 'not_an_approver', groups: ['dbas'] },
  },
  {
    name: 'somebody about whom no fresh facts came (B05)',
    given: TO.pending,
    when: [2, approve(ANA, { standings: {} })],
    refusal: { code: 'not_an_approver', groups: ['dbas'] },
  },
  {
    name: 'a request without stages: nobody may, not everybody (B16)',
    given: [
      [0, submit()],
      [1, { type: 'open', ...opening({ stages: [] }) }],
    ],
    when: [2, approve(ANA)],
    refusal: { code: 'not_an_approver', groups: [] },
  },
  {
    name: 'stages that want nobody: nobody may (B16)',
    given: [
      [0, submit()],
      [1, { type: 'open', ...opening({ stages: [{ from: [], count: 0 }] }) }],
    ],
    when: [2, approve(ANA)],
    refusal: { code: 'not_an_approver', groups: [] },
  },
  {
    name: 'denying without being asked',
    given: TO.pending,
    when: [2, deny(BEN, { standings: { [BEN]: ['engineers'] } })],
    refusal: { code: 'not_an_approver', groups: ['dbas', 'secops', 'leads'] },
  },
  {
    name: 'denying without a word',
    given: TO.pending,
    when: [2, deny(ANA, { note: '  ' })],
    refusal: { code: 'note_missing' },
  },
  {
    name: 'a comment without a word',
    given: TO.pending,
    when: [2, { type: 'comment', by: ANA, comment: '\n' }],
    refusal: { code: 'note_missing' },
  },
  {
    name: 'a button of an older revision (C01)',
    given: [...TO.pending, [2, REVISE]],
    when: [3, approve(ANA)],
    refusal: { code: 'outdated' },
  },
  {
    name: 'a button of a revision that is not there yet',
    given: TO.pending,
    when: [2, approve(ANA, { revision: 2 })],
    refusal: { code: 'outdated' },
  },
  {
    name: 'another digest (C01)',
    given: TO.pending,
    when: [2, approve(ANA, { digest: DIGEST.replace(/^./, (first) => (first === '0' ? '1' : '0')) })],
    refusal: { code: 'outdated' },
  },
  {
    name: 'denying what was not seen',
    given: TO.pending,
    when: [2, deny(ANA, { digest: '' })],
    refusal: { code: 'outdated' },
  },
  {
    name: 'approving at the very instant of the lapse, before any sweep (C12)',
    given: TO.pending,
    when: [LAPSED_AT, approve(ANA)],
    refusal: { code: 'lapsed' },
  },
  {
    name: 'denying a second after the lapse (C12)',
    given: TO.pending,
    when: [LAPSED_AT + 1, deny(ANA)],
    refusal: { code: 'lapsed' },
  },
  {
    name: 'an edit after the lapse: nothing brings it back (C12)',
    given: TO.pending,
    when: [LAPSED_AT, REVISE],
    refusal: { code: 'lapsed' },
  },
  {
    name: 'lapsing a moment too early',
    given: TO.pending,
    when: [LAPSED_AT - 0.001, { type: 'lapse' }],
    refusal: { code: 'not_due' },
  },
  {
    name: 'withdrawing somebody else’s',
    given: TO.pending,
    when: [2, { type: 'withdraw', by: ANA }],
    refusal: { code: 'not_yours' },
  },
  {
    name: 'anything about a request that does not exist',
    given: [],
    when: [2, approve(ANA)],
    refusal: { code: 'unknown_request' },
  },
];

/** In which statuses a command can lead anywhere; in all others it is refused with `wrong_status`. */
const TAKEN_IN: { readonly [C in RequestCommand['type']]: readonly RequestStatus[] } = {
  submit: [],
  adopt: [],
  refuse: ['evaluating'],
  open: ['evaluating'],
  open_approved: ['evaluating'],
  approve: ['pending'],
  deny: ['pending'],
  withdraw: ['evaluating', 'pending'],
  comment: Object.keys(TO) as RequestStatus[],
  lapse: ['pending'],
  revise: ['pending'],
};
const ANY: { readonly [C in RequestCommand['type']]: RequestCommand } = {
  submit: submit(),
  adopt: adoptRequest(),
  refuse: { type: 'refuse', refusal: { code: 'suspended' } },
  open: OPEN,
  open_approved: { type: 'open_approved', grants: [PASS], ...opening() },
  approve: approve(BEN),
  deny: deny(BEN),
  withdraw: { type: 'withdraw', by: MIA },
  comment: { type: 'comment', by: ANA, comment: 'hm' },
  lapse: { type: 'lapse' },
  revise: REVISE,
};
const MATRIX = (Object.keys(TO) as RequestStatus[]).flatMap((status) =>
  Object.values(ANY).map((command) => ({ status, type: command.type, command })),
);

describe('every no', () => {
  it.each(NOES)('$name', ({ given, when, refusal }) => {
    const before = requestAfter(given).row;
    expect(tryRequest(before, when)).toMatchObject({ row: before, refusal });
  });

  it.each(MATRIX)('$type on a request that is $status', ({ status, type, command }) => {
    const before = requestAfter(TO[status]).row;
    const at = type === 'lapse' ? LAPSED_AT : 5;
    const { row, refusal } = tryRequest(before, [at, command]);
    if (TAKEN_IN[type].includes(status)) return expect(refusal).toBeUndefined();
    const isNobodys = status === 'adopted' && type === 'withdraw';
    expect(refusal).toEqual(isNobodys ? { code: 'not_yours' } : { code: 'wrong_status', status });
    expect(row).toBe(before);
  });
});
