// The card in each status, for each audience, in exact words: facts first and the person's own words after them (C05),
// buttons only while they make sense, and never more said than is known.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readButtonValue } from '../../src/core/digest.ts';
import type { GrantCommand } from '../../src/core/grant-command.ts';
import type { AccessRequest, Grant, GrantFailure, GrantStatus, RequestStatus } from '../../src/core/model.ts';
import type { RequestCommand } from '../../src/core/request-command.ts';
import { cardNote, requestCard } from '../../src/messages/card.ts';
import { expiryCard } from '../../src/messages/expiry.ts';
import type { RequestView } from '../../src/messages/view.ts';
import type { Card, Tone } from '../../src/ports/document.ts';
import {
  ANA,
  adopt,
  adoptRequest,
  approve,
  attest,
  BEN,
  DIGEST,
  deny,
  EXTENSION,
  end,
  MIA,
  MORE,
  OFFER,
  opening,
  order,
  PASS,
  RECEIPT,
  REQUEST,
  SAM,
  SEEN_ABSENT,
  type Step,
  submit,
  T0,
} from '../core/scene.ts';
import { cardText, noteText, pass, request, TARGET, text, view } from './scene.ts';

const OPEN = { type: 'open', ...opening() } as const;
const asked = (...more: Step<RequestCommand>[]) => request([0, submit()], [1, OPEN], ...more);
const REQUESTS: { readonly [S in RequestStatus]: AccessRequest } = {
  evaluating: request([0, submit()]),
  refused: request([0, submit()], [1, { type: 'refuse', refusal: { code: 'suspended' } }]),
  pending: asked(),
  approved: asked([2, approve(ANA)], [3, approve(SAM)]),
  denied: asked([2, deny(BEN)]),
  withdrawn: asked([2, { type: 'withdraw', by: MIA }]),
  withdrawn_early: request([0, submit()], [1, { type: 'withdraw', by: MIA }]),
  lapsed: asked([28_800, { type: 'lapse' }]),
  adopted: request([0, adoptRequest()]),
};

const CALLED: readonly Step<GrantCommand>[] = [
  [0, order()],
  [1, { type: 'cleared' }],
  [2, { type: 'attempt' }],
];
const LIVE: readonly Step<GrantCommand>[] = [...CALLED, [3, { type: 'confirmed', receipt: RECEIPT }]];
const ENDING: readonly Step<GrantCommand>[] = [...LIVE, [600, end()]];
const GRANTS: { readonly [S in GrantStatus]: Grant } = {
  scheduled: pass([0, order({ startsAt: T0 + 60_000 })]),
  granting: pass(...CALLED),
  active: pass(...LIVE),
  extending: pass(...LIVE, [3_000, { type: 'extend', until: T0 + 5_400_000, extension: MORE }]),
  revoking: pass(...ENDING),
  revoked: pass(...ENDING, [610, SEEN_ABSENT], [640, SEEN_ABSENT]),
  force_closed: pass(...ENDING, [720, { type: 'overdue', fault: 'busy' }], [900, attest(SAM)], [901, attest(BEN)]),
  failed: pass([0, order()], [1, { type: 'already_there' }]),
};
const OVERDUE = pass(...ENDING, [720, { type: 'overdue', fault: 'busy' }]);
const failedWith = (code: GrantFailure): Grant => ({ ...GRANTS.failed, code }) as Grant;
const MORE_ASKED = { id: MORE, purpose: EXTENSION, reason: 'not done yet', durationSeconds: 1_800 };
const more = (...steps: Step<RequestCommand>[]) => request([0, submit(MORE_ASKED)], [1, OPEN], ...steps);

const FACTS = [
  'Role: `prod-db-readonly`',
  'Target: prod-db · member of the PostgreSQL role readonly',
  'Who: @Mia as mia',
  'How long: 1 h',
  'Risk: medium',
];
const REASON = '> Reason: fix INC-42';
const SESSIONS = 'Ending this pass also ends all open sessions.';
const BY_US = 'Hallpass ends this at the deadline; the target does not do so by itself.';

describe('the whole card', () => {
  it('of a pending request, for reviewers', () => {
    expect(cardText(requestCard(view(REQUESTS.pending), 'reviewers')).split('\n')).toEqual([
      '# Read production data',
      '*Waiting for approval.* Needs 1 of dbas, then 1 of secops or leads, until <08:00>.',
      ...FACTS,
      `Request: \`${REQUEST}\``,
      REASON,
      'Next: when approved, access is given at once and taken back by itself.',
      SESSIONS,
      BY_US,
      '[Approve] [Deny…] [Ask a question…] [Details]',
    ]);
  });

  it('of a pass that lives, for its holder', () => {
    expect(cardText(requestCard(view(REQUESTS.approved, [GRANTS.active]), 'requester')).split('\n')).toEqual([
      '# Read production data',
      '*Active* until <01:00>.',
      ...FACTS,
      'Approved by: @Ana, @Sam',
      `Request: \`${REQUEST}\``,
      REASON,
      SESSIONS,
      BY_US,
      '[Extend…] [Return now] [Details]',
    ]);
  });

  it('of a request for more time', () => {
    expect(cardText(requestCard(view(more(), [GRANTS.active]), 'reviewers')).split('\n')).toEqual([
      '# More time: Read production data',
      '*Waiting for approval.* Needs 1 of dbas, then 1 of secops or leads, until <08:00>.',
      ...FACTS.slice(0, 3),
      'More time: 30 min',
      'Risk: medium',
      `Request: \`${MORE}\``,
      '> Reason: not done yet',
      '[Approve] [Deny…] [Ask a question…] [Details]',
    ]);
  });

  it('as a private note, with the same words and buttons', () => {
    const card = requestCard(view(REQUESTS.pending), 'approver');
    const note = cardNote(view(REQUESTS.pending));
    expect(noteText(note).split('\n')).toEqual([
      '*Read production data*',
      text(card.status),
      ...FACTS,
      `Request: \`${REQUEST}\``,
      ...card.notes.map(text),
      '> fix INC-42',
    ]);
    expect(note.buttons).toEqual(card.buttons);
    expect(note.tone).toBe(card.tone);
  });

  it('without a reason has no quote', () => {
    const silent = view(request([0, submit({ reason: '' })], [1, OPEN]));
    expect(requestCard(silent, 'reviewers').quote).toBeUndefined();
    expect(cardNote(silent).quote).toBeUndefined();
  });

  it('of a role and target that are not configured any more still says what is known, and guesses nothing', () => {
    const facts = { catalog: { ...view(REQUESTS.pending).catalog, roles: {} }, target: undefined };
    expect(cardText(requestCard(view(REQUESTS.approved, [GRANTS.active], facts), 'requester')).split('\n')).toEqual([
      '# prod-db-readonly',
      '*Active* until <01:00>.',
      ...['Role: `prod-db-readonly`', 'Target: prod-db', 'Who: @Mia as mia', 'How long: 1 h', 'Risk: unknown'],
      'Approved by: @Ana, @Sam',
      `Request: \`${REQUEST}\``,
      REASON,
      '[Extend…] [Return now] [Details]',
    ]);
  });
});

interface Row {
  readonly name: string;
  readonly of: RequestView;
  readonly tone: Tone;
  readonly status: string;
}
const NONE = '*Not given.*';

const STATUS: readonly Row[] = [
  { name: 'evaluating', of: view(REQUESTS.evaluating), tone: 'waiting', status: 'Being checked.' },
  { name: 'refused', of: view(REQUESTS.refused), tone: 'bad', status: '*Refused* before anybody was asked.' },
  {
    name: 'pending, half approved',
    of: view(asked([2, approve(ANA)])),
    tone: 'waiting',
    status: '*Waiting for approval.* 1 approval so far. Needs 1 of dbas, then 1 of secops or leads, until <08:00>.',
  },
  {
    name: 'pending for days: with the date',
    of: view(request([0, submit()], [1, { ...OPEN, lapsesAt: T0 + 200_000_000 }])),
    tone: 'waiting',
    status: '*Waiting for approval.* Needs 1 of dbas, then 1 of secops or leads, until <2026-11-24 07:33>.',
  },
  { name: 'approved, no pass yet', of: view(REQUESTS.approved), tone: 'waiting', status: '*Approved.*' },
  { name: 'denied', of: view(REQUESTS.denied), tone: 'bad', status: '*Denied* by @Ben.' },
  { name: 'withdrawn', of: view(REQUESTS.withdrawn), tone: 'ended', status: '*Withdrawn* by the requester.' },
  {
    name: 'withdrawn early',
    of: view(REQUESTS.withdrawn_early),
    tone: 'ended',
    status: '*Withdrawn* by the requester.',
  },
  {
    name: 'lapsed',
    of: view(REQUESTS.lapsed),
    tone: 'ended',
    status: '*Lapsed:* nobody decided in time. No access was given.',
  },
  {
    name: 'more time lapsed',
    of: view(more([28_800, { type: 'lapse' }]), [GRANTS.active]),
    tone: 'ended',
    status: '*Lapsed:* nobody decided in time. The pass keeps its end.',
  },
  {
    name: 'more time approved and under way',
    of: view(more([2, approve(ANA)], [3, approve(SAM)]), [GRANTS.extending]),
    tone: 'good',
    status: '*Approved;* being extended until <01:30>.',
  },
  {
    name: 'more time approved, and what became of it is on the other card',
    of: view(more([2, approve(ANA)], [3, approve(SAM)]), [GRANTS.active]),
    tone: 'good',
    status: '*Approved.* The card of the pass shows its end.',
  },
  {
    name: 'more time denied',
    of: view(more([2, deny(ANA)]), [GRANTS.active]),
    tone: 'bad',
    status: '*Denied* by @Ana.',
  },
  {
    name: 'found, before its pass',
    of: view(REQUESTS.adopted),
    tone: 'ended',
    status: '*Found* in the target with the mark of Hallpass; what was asked for is not known any more.',
  },
  {
    name: 'found, being taken back',
    of: view(REQUESTS.adopted, [pass([0, adopt()])]),
    tone: 'waiting',
    status:
      '*Ending:* Hallpass gave it once and does not know it any more. Access is being taken back, and the target is looked at twice.',
  },
  {
    name: 'scheduled',
    of: view(REQUESTS.approved, [GRANTS.scheduled]),
    tone: 'waiting',
    status: '*Approved;* begins <2026-11-22 00:01>.',
  },
  {
    name: 'granting',
    of: view(REQUESTS.approved, [GRANTS.granting]),
    tone: 'waiting',
    status: '*Approved;* access is being given in prod-db.',
  },
  { name: 'active', of: view(REQUESTS.approved, [GRANTS.active]), tone: 'good', status: '*Active* until <01:00>.' },
  {
    name: 'active until another day: with the date',
    of: view(REQUESTS.approved, [{ ...GRANTS.active, expiresAt: T0 + 90_000_000 }]),
    tone: 'good',
    status: '*Active* until <2026-11-23 01:00>.',
  },
  {
    name: 'extending',
    of: view(REQUESTS.approved, [GRANTS.extending]),
    tone: 'good',
    status: '*Active* until <01:00>; being extended until <01:30>.',
  },
  {
    name: 'revoking',
    of: view(REQUESTS.approved, [GRANTS.revoking]),
    tone: 'waiting',
    status: '*Ending:* security ended it. Access is being taken back, and the target is looked at twice.',
  },
  {
    name: 'overdue',
    of: view(REQUESTS.approved, [OVERDUE]),
    tone: 'alarm',
    status:
      '*OVERDUE:* this should have ended, and it is not proven gone from prod-db yet. Hallpass keeps trying. The security team should look now.',
  },
  {
    name: 'revoked by people',
    of: view(REQUESTS.approved, [GRANTS.revoked]),
    tone: 'ended',
    status: '*Ended* by @Sam: security ended it. Seen gone in prod-db, 40 seconds late.',
  },
  {
    name: 'revoked at the deadline',
    of: view(REQUESTS.approved, [
      pass(
        ...LIVE,
        [3_601, end({ because: 'deadline', by: 'hallpass' })],
        [3_602, { ...SEEN_ABSENT, settleSeconds: 2 }],
        [3_604.2, { ...SEEN_ABSENT, settleSeconds: 2 }],
      ),
    ]),
    tone: 'ended',
    status: '*Ended*: its time is over. Seen gone in prod-db, 5 seconds after it was due.',
  },
  {
    name: 'force closed',
    of: view(REQUESTS.approved, [GRANTS.force_closed]),
    tone: 'ended',
    status: '*Closed by hand* by two people with evidence; Hallpass could not prove the end itself.',
  },
  {
    name: 'failed: there already',
    of: view(REQUESTS.approved, [GRANTS.failed]),
    tone: 'bad',
    status: `${NONE} The person has this access in the target already, and not from Hallpass, so Hallpass will not take it away either. If it should not stand for ever, remove it in the target, then ask again.`,
  },
  {
    name: 'failed: refused',
    of: view(REQUESTS.approved, [failedWith('target_refused')]),
    tone: 'bad',
    status: `${NONE} The target refused. Ask an operator to run “hallpass check”, then ask again.`,
  },
  {
    name: 'failed: no answer',
    of: view(REQUESTS.approved, [failedWith('timed_out')]),
    tone: 'bad',
    status: `${NONE} The target did not confirm in time. Ask again later, or ask an operator to run “hallpass check”.`,
  },
];

describe('the status', () => {
  it.each(STATUS)('$name', ({ of, tone, status }) => {
    for (const audience of ['reviewers', 'requester', 'approver'] as const) {
      const card = requestCard(of, audience);
      expect(text(card.status)).toBe(status);
      expect(card.tone).toBe(tone);
    }
  });

  it('is there for every status of request and pass', () => {
    const shown = STATUS.map(({ of }) => of);
    expect(new Set(shown.map((of) => of.request.status))).toEqual(new Set(Object.keys(REQUESTS)));
    expect(new Set(shown.flatMap((of) => of.grants.map(({ status }) => status)))).toEqual(new Set(Object.keys(GRANTS)));
  });
});

const labels = (card: Card) => card.buttons.map(({ label }) => label);
const ONLY_DETAILS = ['Details'];

describe('buttons', () => {
  const review: { readonly [S in RequestStatus]: readonly string[] } = {
    ...{ evaluating: ONLY_DETAILS, refused: ONLY_DETAILS, approved: ONLY_DETAILS, denied: ONLY_DETAILS },
    ...{ withdrawn: ONLY_DETAILS, withdrawn_early: ONLY_DETAILS, lapsed: ONLY_DETAILS, adopted: ONLY_DETAILS },
    pending: ['Approve', 'Deny…', 'Ask a question…', 'Details'],
  };
  it.each(Object.entries(review))('for reviewers of a request that is %s: %j', (status, expected) => {
    const of = view(REQUESTS[status as RequestStatus]);
    expect(labels(requestCard(of, 'reviewers'))).toEqual(expected);
    expect(labels(requestCard(of, 'approver'))).toEqual(expected);
  });

  const own: { readonly [S in RequestStatus]: readonly string[] } = {
    ...review,
    pending: ['Withdraw', 'Add a comment…', 'Details'],
  };
  it.each(Object.entries(own))('for the requester of one that is %s: %j', (status, expected) => {
    expect(labels(requestCard(view(REQUESTS[status as RequestStatus]), 'requester'))).toEqual(expected);
  });

  const held: { readonly [S in GrantStatus]: readonly string[] } = {
    ...{ scheduled: ONLY_DETAILS, granting: ONLY_DETAILS },
    active: ['Extend…', 'Return now', 'Details'],
    extending: ['Return now', 'Details'],
    ...{ revoking: ONLY_DETAILS, revoked: ONLY_DETAILS, force_closed: ONLY_DETAILS, failed: ONLY_DETAILS },
  };
  it.each(Object.entries(held))(
    'for the holder of a pass that is %s: %j; for reviewers only details',
    (status, expected) => {
      const of = view(REQUESTS.approved, [GRANTS[status as GrantStatus]]);
      expect(labels(requestCard(of, 'requester'))).toEqual(expected);
      expect(labels(requestCard(of, 'reviewers'))).toEqual(ONLY_DETAILS);
    },
  );

  it('that decide carry what was seen; the others carry ids alone', () => {
    const pending = asked([2, { type: 'revise', why: 'edited', ...opening({ digest: 'd'.repeat(32) }) }]);
    const read = (card: Card) => card.buttons.map(({ action, value }) => [action, readButtonValue(value)]);
    const seen = { id: REQUEST, revision: 2, digest: 'd'.repeat(32) };
    expect(read(requestCard(view(pending), 'reviewers'))).toEqual([
      ...[
        ['approve', seen],
        ['deny', seen],
        ['comment', seen],
        ['details', seen],
      ],
    ]);
    const idAlone = { id: REQUEST, revision: 0, digest: '-' };
    const passAlone = { id: PASS, revision: 0, digest: '-' };
    expect(read(requestCard(view(REQUESTS.approved, [GRANTS.active]), 'requester'))).toEqual([
      ...[
        ['extend', passAlone],
        ['return', passAlone],
        ['details', idAlone],
      ],
    ]);
    expect(read(requestCard(view(pending), 'requester')).map(([, value]) => value)).toEqual([
      idAlone,
      idAlone,
      idAlone,
    ]);
  });

  it('that end something ask first', () => {
    const back = requestCard(view(REQUESTS.approved, [GRANTS.active]), 'requester').buttons.find(
      ({ action }) => action === 'return',
    );
    expect(back?.confirm).toEqual({
      title: 'Give it back now?',
      text: 'The access ends at once. You can ask again at any time.',
      yes: 'Give it back',
      no: 'Keep it',
    });
  });
});

describe('what is said beforehand (law 9)', () => {
  const notes = (target: typeof TARGET | undefined, grant: Grant = GRANTS.active) =>
    requestCard(view(REQUESTS.approved, [grant], { target }), 'reviewers').notes.map(text);
  const { sessionsNote: _none, ...silent } = TARGET;

  it.each([
    ['sessions end, and others with them', TARGET, [SESSIONS, BY_US]],
    ['sessions end', silent, [BY_US]],
    [
      'sessions live on',
      { ...silent, sessions: 'outlive' },
      ['Sessions that are open at the end live on until they are closed.', BY_US],
    ],
    [
      'sessions live on by this target’s setting: what is said of ending them is left out',
      { ...TARGET, sessions: 'outlive' },
      ['Sessions that are open at the end live on until they are closed.', BY_US],
    ],
    ['there are no sessions', { ...TARGET, sessions: 'none' }, [BY_US]],
    [
      'the target keeps the deadline itself',
      { ...silent, expiresItself: true },
      ['The target itself ends this at the deadline, even if Hallpass is down.'],
    ],
    ['the target is not known any more', undefined, []],
  ] as const)('%s', (_, target, said) => {
    expect(notes(target)).toEqual(said);
  });

  it.each(['scheduled', 'granting', 'active', 'extending'] as const)('while the pass is %s', (status) => {
    expect(notes(TARGET, GRANTS[status])).toEqual([SESSIONS, BY_US]);
  });
  it.each(['revoking', 'revoked', 'force_closed', 'failed'] as const)('but not when it is %s', (status) => {
    expect(notes(TARGET, GRANTS[status])).toEqual([]);
  });

  it('and why it was denied, afterwards', () => {
    expect(requestCard(view(REQUESTS.denied), 'requester').notes.map(text)).toEqual(['Why denied: not today']);
  });
});

describe('a person’s own words (C05)', () => {
  const CANARY = 'zq';
  it('stand in the quote alone, whatever they say and however long they are', () => {
    const reason = fc.string({ unit: 'grapheme', maxLength: 4_096 }).map((words) => `${CANARY}${words}`);
    fc.assert(
      fc.property(reason, fc.constantFrom(...STATUS), (words, { of }) => {
        const said = requestCard({ ...of, request: { ...of.request, reason: words } }, 'reviewers');
        const plain = requestCard({ ...of, request: { ...of.request, reason: 'x' } }, 'reviewers');
        expect({ ...said, quote: undefined }).toEqual({ ...plain, quote: undefined });
        expect(said.quote).toEqual({ label: 'Reason', text: words });
        expect(JSON.stringify({ ...said, quote: undefined })).not.toContain(CANARY);
      }),
      { seed: 5, numRuns: 300 },
    );
  });

  it('come after the facts in the document, as in the note', () => {
    const lines = cardText(requestCard(view(REQUESTS.pending), 'reviewers')).split('\n');
    const at = lines.findIndex((line) => line.startsWith('>'));
    expect(lines.slice(0, at).filter((line) => /^(Role|Target|Who|How long|Risk|Request): /.test(line))).toHaveLength(
      6,
    );
    expect(Object.keys(requestCard(view(REQUESTS.pending), 'reviewers'))).toEqual([
      'kind',
      'title',
      'tone',
      'status',
      'facts',
      'quote',
      'notes',
      'buttons',
    ]);
  });
});

describe('the card before the end', () => {
  const of = (grant: Grant, request_ = REQUESTS.approved) => expiryCard(view(request_, [grant]));

  it('says when it ends and offers both ways', () => {
    expect(cardText(of({ ...GRANTS.active, warned: true } as Grant)).split('\n')).toEqual([
      '# Ends soon: Read production data',
      'Your pass ends at <01:00>. Extend it if you need more time, or give it back when you are done.',
      ...FACTS.slice(0, 2),
      '[Extend…] [Return now]',
    ]);
  });
  it('does not say “soon” of a pass that was given more time since', () => {
    expect(of(GRANTS.active).title).toBe('Read production data');
  });
  it('does not offer again what is under way', () => {
    expect(cardText(of({ ...GRANTS.extending, warned: true } as Grant)).split('\n')).toEqual([
      '# Ends soon: Read production data',
      'Your pass ends at <01:00>. More time is approved; it is being extended until <01:30>.',
      ...FACTS.slice(0, 2),
      '[Return now]',
    ]);
  });
  it.each(['revoking', 'revoked', 'force_closed', 'failed'] as const)(
    'has no buttons when the pass is %s, and says so',
    (status) => {
      const card = of(GRANTS[status]);
      expect(card.buttons).toEqual([]);
      expect(card.status).toEqual(requestCard(view(REQUESTS.approved, [GRANTS[status]]), 'requester').status);
      expect(card.title).toBe('Read production data');
    },
  );
  it('without a pass says how the request stands', () => {
    const card = expiryCard(view(REQUESTS.lapsed, []));
    expect(card.buttons).toEqual([]);
    expect(text(card.status)).toContain('Lapsed');
  });
});

it('a digest on the card is the one of the offer', () => {
  const value = requestCard(view(REQUESTS.pending), 'reviewers').buttons[0]?.value;
  expect(readButtonValue(value ?? '')?.digest).toBe(DIGEST);
  expect('offer' in REQUESTS.pending && REQUESTS.pending.offer).toEqual(OFFER);
});
