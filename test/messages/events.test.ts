// What each type of event says, and to whom: the thread of the request, the audit channel, the alarm. In exact words; a new
// type does not compile without them.
import { describe, expect, it } from 'vitest';
import type { DomainEvent, EventType } from '../../src/core/events.ts';
import type { EndReason, GrantFailure } from '../../src/core/model.ts';
import { alarmNote } from '../../src/messages/alarm.ts';
import { auditLine, auditNote, checkpointNote } from '../../src/messages/audit-line.ts';
import { markOf, threadNote } from '../../src/messages/thread.ts';
import type { Names } from '../../src/messages/view.ts';
import type { StoredEvent } from '../../src/ports/store.ts';
import { ANA, AT, account, MIA, MORE, OFFER, PASS, REQUEST, SAM, SAMPLES } from '../core/ledger/samples.ts';
import { opening, order, RECEIPT, SAM as SCENE_SAM, submit } from '../core/scene.ts';
import { CATALOG, noteText, pass, request, text, view } from './scene.ts';

const NAMES: Names = {
  [MIA]: { name: 'Mia', account: account('UMIA') },
  [ANA]: { name: 'Ana', account: account('UANA') },
  [SAM]: { name: 'Sam', account: undefined },
};
const stored = (event: DomainEvent): StoredEvent => ({ number: 41, event, hash: 'a1b2c3d4e5f60718293a4b5c6d7e8f90' });
const MARK = '#41 a1b2c3d4e5f60718';

/** The request and its pass as they stand now; the thread is told from them. */
const asked = request([0, submit()], [1, { type: 'open', ...opening() }]);
const live = {
  ...pass(
    [0, order()],
    [1, { type: 'cleared' }],
    [2, { type: 'attempt' }],
    [3, { type: 'confirmed', receipt: RECEIPT }],
  ),
  id: PASS,
};
const VIEW = view(asked, [live], { names: NAMES });

function inThread(event: DomainEvent): string | undefined {
  const note = threadNote(stored(event), VIEW);
  return note && noteText(note);
}
function inAudit(event: DomainEvent): string | undefined {
  const line = auditLine(stored(event), CATALOG, NAMES);
  return line && text(line);
}
function asAlarm(event: DomainEvent): string | undefined {
  const note = alarmNote(event, CATALOG);
  return note && noteText(note);
}

interface Words {
  readonly thread?: string;
  /** After number, hash and time. */
  readonly audit?: string;
  readonly alarm?: string;
}

const WORDS: { readonly [T in EventType]: Words } = {
  'request.submitted': {
    thread: '@Mia asked for this for 1 h.',
    audit: `*request.submitted* @Mia \`${REQUEST}\` role=prod-db-readonly seconds=3600`,
  },
  'request.refused': {
    thread: 'Hallpass refused the request; the requester was told why.',
    audit: `*request.refused* Hallpass (policy) \`${REQUEST}\` code=not_eligible`,
  },
  'request.opened': { audit: `*request.opened* Hallpass (policy) \`${REQUEST}\`` },
  'request.revised': {
    thread: 'The policy for this role changed. Approvals so far do not count any more; please look at the card again.',
    audit: `*request.revised* Hallpass (policy) \`${REQUEST}\``,
  },
  'approval.given': {
    thread: '@Ana approved; 1 approval still needed.',
    audit: `*approval.given* @Ana \`${REQUEST}\` still_needed=1`,
  },
  'approval.voided': {
    thread: 'The approval of @Ana does not count any more: no longer in the approving group.',
    audit: `*approval.voided* @Sam \`${REQUEST}\``,
  },
  'request.approved': { audit: `*request.approved* @Ana \`${REQUEST}\`` },
  'request.denied': {
    thread: '@Ana denied the request.\n> use the replica',
    audit: `*request.denied* @Ana \`${REQUEST}\``,
  },
  'request.withdrawn': { thread: '@Mia withdrew the request.', audit: `*request.withdrawn* @Mia \`${REQUEST}\`` },
  'request.lapsed': {
    thread: 'Nobody decided in time: the request has lapsed. No access was given.',
    audit: `*request.lapsed* Hallpass (sweep) \`${REQUEST}\``,
  },
  'request.adopted': {
    audit: `*request.adopted* Hallpass (reconcile) \`${REQUEST}\` role=prod-db-readonly target=prod-db`,
  },
  'request.commented': {
    thread: '@Ana writes:\n> which table?',
    audit: `*request.commented* @Ana \`${REQUEST}\``,
  },
  'decision.refused': {
    thread: '@Mia pressed Approve on their own request. It does not count.',
    audit: `*decision.refused* @Mia \`${REQUEST}\` action=approve code=own_request`,
  },
  'grant.ordered': {
    thread: 'Access in prod-db is planned for <2026-11-22 00:01>.',
    audit: `*grant.ordered* @Ana \`${PASS}\``,
  },
  'grant.started': {
    thread: 'The time has come: giving access in prod-db…',
    audit: `*grant.started* Hallpass (runner) \`${PASS}\``,
  },
  'grant.cleared': { audit: `*grant.cleared* Hallpass (runner) \`${PASS}\`` },
  'grant.attempted': { audit: `*grant.attempted* Hallpass (runner) \`${PASS}\`` },
  'grant.attempt_failed': {
    audit: `*grant.attempt_failed* Hallpass (runner) \`${PASS}\` fault=busy changed=maybe`,
  },
  'grant.accepted': { audit: `*grant.accepted* Hallpass (runner) \`${PASS}\`` },
  'grant.confirmed': {
    thread: '*Access is live* in prod-db: given, and seen there. It ends at <01:00>.',
    audit: `*grant.confirmed* Hallpass (runner) \`${PASS}\``,
  },
  'grant.failed': {
    thread: '*No access was given.* The target refused. Ask an operator to run “hallpass check”, then ask again.',
    audit: `*grant.failed* Hallpass (runner) \`${PASS}\` code=target_refused`,
  },
  'grant.warned': {
    thread: 'The holder was told that the pass ends soon.',
    audit: `*grant.warned* Hallpass (runner) \`${PASS}\``,
  },
  'grant.extending': { audit: `*grant.extending* @Ana \`${PASS}\`` },
  'grant.extended': {
    thread: '*Extended:* it now ends at <01:30>.',
    audit: `*grant.extended* Hallpass (runner) \`${PASS}\``,
  },
  'grant.extension_failed': {
    thread: 'The access was not extended in prod-db; the old end holds.',
    audit: `*grant.extension_failed* Hallpass (runner) \`${PASS}\``,
  },
  'revoke.ordered': {
    thread: 'Ending: security ended it (@Sam). Taking the access back…\n> the laptop was stolen',
    audit: `*revoke.ordered* @Sam \`${PASS}\` because=revoked`,
  },
  'revoke.attempt_failed': {
    audit: `*revoke.attempt_failed* Hallpass (runner) \`${PASS}\` attempt=3 fault=unreachable`,
  },
  'revoke.overdue': {
    thread:
      '*Overdue:* the access should have ended 2 min 5 s ago, and it is not proven gone from prod-db yet. Hallpass keeps trying.',
    audit: `*revoke.overdue* Hallpass (sweep) \`${PASS}\` late_seconds=125 fault=unreachable`,
    alarm: `*ALARM: access is overdue.* Pass \`${PASS}\` should have ended 2 min 5 s ago and is not proven gone (unreachable).\nHallpass keeps trying. Look at the target now. Run-book: revoke-overdue.`,
  },
  'revoke.seen_absent': { audit: `*revoke.seen_absent* Hallpass (runner) \`${PASS}\`` },
  'revoke.seen_present': { audit: `*revoke.seen_present* Hallpass (runner) \`${PASS}\`` },
  'grant.late_confirmed': {
    thread: 'prod-db gave the access late; it is being taken back.',
    audit: `*grant.late_confirmed* Hallpass (runner) \`${PASS}\``,
  },
  'grant.revoked': {
    thread:
      '*Access has ended.* Looked twice in prod-db: it is gone, 4 seconds after it was due. 1 open session ended.',
    audit: `*grant.revoked* Hallpass (runner) \`${PASS}\` lag_seconds=4 sessions_ended=1`,
  },
  'grant.attested': {
    thread: `@Sam states that the access is gone. A second person of security has to state it too: type \`/jit force-close ${PASS}\` and what you looked at.\n> the server was thrown away, see OPS-7`,
    audit: `*grant.attested* @Sam \`${PASS}\``,
    alarm: `*ALARM: somebody states that an overdue access is gone.* Pass \`${PASS}\`. It closes when a second person of security has looked and states it too: type \`/jit force-close ${PASS}\` and what you looked at. Run-book: force-closed.`,
  },
  'grant.close_asked': {
    thread: `An operator at the command line states that the access is gone. Two different people of security have to look and state it: each types \`/jit force-close ${PASS}\` and what they looked at.\n> the rack was emptied, see OPS-7`,
    audit: `*grant.close_asked* Hallpass (cli) \`${PASS}\``,
    alarm: `*ALARM: an operator asks to close an overdue pass by hand.* Pass \`${PASS}\`. It closes when two different people of security have looked and state that the access is gone: each types \`/jit force-close ${PASS}\` and what they looked at. Run-book: force-closed.`,
  },
  'grant.adopted': {
    thread: '*Found* in prod-db: access that Hallpass gave and does not know any more. Taking it back…',
    audit: `*grant.adopted* Hallpass (reconcile) \`${PASS}\` role=prod-db-readonly target=prod-db principal=mia`,
    alarm: `*ALARM: access was found that Hallpass gave and does not know any more.* Pass \`${PASS}\`, mia in prod-db. It is being taken back. Run-book: orphan-found.`,
  },
  'grant.drifted': {
    thread: 'What this role gives in prod-db is not what was approved any more.',
    audit: `*grant.drifted* Hallpass (reconcile) \`${PASS}\``,
    alarm: `*ALARM: a role gives something else than was approved.* Pass \`${PASS}\` is live with it. Look at the target; end the pass if it is too much. Run-book: entitlement-drifted.`,
  },
  'revoke.spooled': {
    thread: 'While Hallpass could not write its log, it took the access back at <2026-11-21 23:59>; it was gone then.',
    audit: `*revoke.spooled* Hallpass (spool) \`${PASS}\` seen=absent attempts=2`,
  },
  'grant.force_closed': {
    thread:
      'Closed by hand by two people; Hallpass could not prove the end itself.\n> the server was thrown away, see OPS-7',
    audit: `*grant.force_closed* @Sam \`${PASS}\``,
    alarm: `*ALARM: a pass was closed by hand.* Pass \`${PASS}\`, by two people with evidence. Hallpass does not look at it any more. Run-book: force-closed.`,
  },
  'grant.reappeared': {
    thread: '*The access is back* in prod-db although this pass was over. Taking it back again.',
    audit: `*grant.reappeared* Hallpass (runner) \`${PASS}\``,
    alarm: `*ALARM: access came back after its pass was over.* Pass \`${PASS}\`. It is being taken back again. Find out who gave it. Run-book: grant-reappeared.`,
  },
  'log.started': { audit: '*log.started* Hallpass (store)' },
  'log.continued': { audit: '*log.continued* Hallpass (sweep)' },
  'config.loaded': { audit: '*config.loaded* Hallpass (sweep) policy=0f1e2d3c4b5a6978' },
  'person.pinned': { audit: `*person.pinned* Hallpass (runner) \`${MIA}\`` },
  'person.confirmed': { audit: `*person.confirmed* Hallpass (cli) \`${MIA}\`` },
  'person.suspended': {
    audit: `*person.suspended* Hallpass (runner) \`${MIA}\``,
    alarm: `*ALARM: a person was suspended.* The e-mail address of the account is not the one it was known by. \`${MIA}\` can neither ask nor decide until you have looked. Run-book: person-suspended.`,
  },
  'chat.posted': {},
  'log.rolled_back': {
    audit: '*log.rolled_back* Hallpass (store) size=40 seen=52 where=checkpoints.txt',
    alarm:
      '*ALARM: the store was put back to an earlier state.* The log has 40 entries, and a signed head of 52 was seen in checkpoints.txt. New access is held until the targets were looked at. Run-book: store-rolled-back.',
  },
  'access.held': { audit: '*access.held* Hallpass (store) target=prod-db why=rolled_back' },
  'access.released': { audit: '*access.released* Hallpass (reconcile) target=prod-db why=rolled_back' },
  'found.decided': {
    audit: '*found.decided* @Sam target=prod-db role=prod-db-readonly principal=mia choice=revoke',
  },
  'ingress.refused': { audit: '*ingress.refused* Hallpass (sweep) code=bad_signature count=3' },
  'alarm.raised': {
    audit: '*alarm.raised* Hallpass (sweep) code=channel_changed',
    alarm:
      '*ALARM: channel changed.* A channel that Hallpass posts in was shared, archived or renamed. If another organisation can see it, choose another channel; until then presses there are refused. Run-book: channel-changed.',
  },
};
const ROWS = Object.values(SAMPLES).map((event) => ({
  type: event.type,
  event: event as DomainEvent,
  words: WORDS[event.type],
}));

describe('each type of event', () => {
  it.each(ROWS)('$type in the thread', ({ event, words }) => {
    expect(inThread(event)).toBe(words.thread);
  });
  it.each(ROWS)('$type in the audit channel', ({ event, words }) => {
    const start = `\`${MARK}\` <2026-11-22 00:00> `;
    expect(inAudit(event)).toBe(words.audit === undefined ? undefined : start + words.audit);
  });
  it.each(ROWS)('$type as an alarm', ({ event, words }) => {
    expect(asAlarm(event)).toBe(words.alarm);
  });
  it('tells nobody’s own words in the audit channel or in an alarm', () => {
    for (const { event } of ROWS) {
      const words = Object.values((event as { text?: Record<string, string> }).text ?? {});
      for (const said of words) expect(`${inAudit(event)}${asAlarm(event)}`).not.toContain(said);
    }
  });
  it('carries its number and hash wherever the thread tells it', () => {
    expect(threadNote(stored(SAMPLES['grant.revoked']), VIEW)?.mark).toBe(MARK);
    expect(markOf(stored(SAMPLES['grant.revoked']))).toBe(MARK);
  });
});

/* ------------------------------------------------------------ other cases */

const of = <T extends EventType>(
  type: T,
  change: Partial<Omit<Extract<DomainEvent, { type: T }>, 'type'>>,
): DomainEvent => ({ ...SAMPLES[type], ...change }) as DomainEvent;
/** About more time: the subject names the pass too. */
const more = <T extends EventType>(type: T, change: Partial<Omit<Extract<DomainEvent, { type: T }>, 'type'>> = {}) =>
  of(type, { subject: { request: MORE, grant: PASS }, ...change } as never);

const failed = (code: GrantFailure) => of('grant.failed', { data: { code } });
const ended = (because: EndReason) =>
  of('revoke.ordered', { data: { because, by: 'hallpass', since: AT }, text: { why: '' } });
const revised = (why: 'edited' | 'policy_changed' | 'entitlement_changed' | 'approver_lost') =>
  of('request.revised', { data: { ...SAMPLES['request.revised'].data, why } });
const pressed = (action: string, code: string) =>
  of('decision.refused', { data: { ...SAMPLES['decision.refused'].data, action, code } });
const VOID = ' Approvals so far do not count any more; please look at the card again.';
const NONE = '*No access was given.*';

const THREAD: readonly (readonly [string, DomainEvent, string | undefined])[] = [
  [
    'a request for more time, with its reason',
    more('request.submitted', {
      data: {
        ...SAMPLES['request.submitted'].data,
        purpose: { kind: 'extension', grant: PASS },
        durationSeconds: 1_800,
      },
      text: { reason: 'not done yet' },
    }),
    '@Mia asked for more time: 30 min.\n> not done yet',
  ],
  [
    'a request for more time, without a reason',
    more('request.submitted', {
      data: { ...SAMPLES['request.submitted'].data, purpose: { kind: 'extension', grant: PASS } },
      text: { reason: '' },
    }),
    '@Mia asked for more time: 1 h.',
  ],
  [
    'more time refused',
    more('request.refused'),
    'Hallpass refused the request for more time; the requester was told why.',
  ],
  [
    'more time approved',
    more('approval.given', { data: { ...SAMPLES['approval.given'].data, stillNeeded: 0 } }),
    '@Ana approved more time.',
  ],
  [
    'more time approved by the first',
    more('approval.given', { data: { ...SAMPLES['approval.given'].data, stillNeeded: 2 } }),
    '@Ana approved more time; 2 approvals still needed.',
  ],
  ['more time denied', more('request.denied'), '@Ana denied the request for more time.\n> use the replica'],
  ['more time withdrawn', more('request.withdrawn'), '@Mia withdrew the request for more time.'],
  [
    'more time lapsed: the pass is not touched',
    more('request.lapsed'),
    'Nobody decided in time: the request for more time has lapsed. The pass keeps its end.',
  ],
  [
    'the last approval',
    of('approval.given', { data: { ...SAMPLES['approval.given'].data, stillNeeded: 0 } }),
    '@Ana approved.',
  ],
  [
    'an approver who is gone',
    of('approval.voided', { data: { by: ANA, why: 'not_a_member' } }),
    'The approval of @Ana does not count any more: no longer a full member of the organisation.',
  ],
  ['edited', revised('edited'), `The request was edited.${VOID}`],
  [
    'the role gives something else',
    revised('entitlement_changed'),
    `What this role gives in the target changed.${VOID}`,
  ],
  ['an approver left', revised('approver_lost'), `An approver left the approving group.${VOID}`],
  ['given at once', of('grant.ordered', { data: withoutStart() }), 'Giving access in prod-db…'],
  [
    'already there',
    failed('already_has_access'),
    `${NONE} The person has this access in the target already, and not from Hallpass, so Hallpass will not take it away either. If it should not stand for ever, remove it in the target, then ask again.`,
  ],
  [
    'no answer in time',
    failed('timed_out'),
    `${NONE} The target did not confirm in time. Ask again later, or ask an operator to run “hallpass check”.`,
  ],
  [
    'ended first',
    failed('withdrawn'),
    `${NONE} It was ended before anything was given. Ask again if it is still needed.`,
  ],
  [
    'drift of the entitlement',
    failed('entitlement_changed'),
    `${NONE} What this role gives in the target changed after the approval. Ask again, so that approvers see what it gives now.`,
  ],
  [
    'drift of the policy',
    failed('policy_changed'),
    `${NONE} The policy changed after the approval. Ask again under the new policy.`,
  ],
  ['over: deadline', ended('deadline'), 'Ending: its time is over. Taking the access back…'],
  ['over: returned', ended('returned'), 'Ending: it was given back. Taking the access back…'],
  ['over: frozen', ended('frozen'), 'Ending: access is frozen. Taking the access back…'],
  ['over: signal', ended('signal'), 'Ending: a security signal came in. Taking the access back…'],
  ['over: drift', ended('drift'), 'Ending: the target no longer matches the log. Taking the access back…'],
  [
    'over: uncertain',
    ended('uncertain'),
    'Ending: it is not certain whether the target gave it. Taking the access back…',
  ],
  ['over: reappeared', ended('reappeared'), 'Ending: it came back after it was revoked. Taking the access back…'],
  ['over: too late', ended('late_grant'), 'Ending: the target gave it too late. Taking the access back…'],
  [
    'gone at once, nobody was in',
    of('grant.revoked', { data: { lagSeconds: 1, sessionsEnded: 0 } }),
    '*Access has ended.* Looked twice in prod-db: it is gone, 1 second after it was due.',
  ],
  [
    'gone late',
    of('grant.revoked', { data: { lagSeconds: 6, sessionsEnded: 2 } }),
    '*Access has ended.* Looked twice in prod-db: it is gone, 6 seconds late. 2 open sessions ended.',
  ],
  [
    'gone very late, to the second',
    of('grant.revoked', { data: { lagSeconds: 3_661, sessionsEnded: 0 } }),
    '*Access has ended.* Looked twice in prod-db: it is gone, 1 h 1 min 1 s late.',
  ],
  [
    'extended past tomorrow: with its date',
    of('grant.extended', { data: { expiresAt: AT + 90_000_000, receipt: {} } }),
    '*Extended:* it now ends at <2026-11-23 01:00>.',
  ],
  [
    'approve by somebody outside the groups',
    pressed('approve', 'not_an_approver'),
    '@Mia pressed Approve but may not decide this. It does not count.',
  ],
  [
    'approve by a suspended person',
    pressed('approve', 'suspended'),
    '@Mia pressed Approve but may not decide this. It does not count.',
  ],
  [
    'approve by a stranger',
    of('decision.refused', {
      actor: { person: 'hallpass', kind: 'system', via: 'stranger' },
      data: { ...SAMPLES['decision.refused'].data, code: 'not_a_member' },
    }),
    'Somebody who is not a member pressed Approve but may not decide this. It does not count.',
  ],
  [
    'the second word',
    of('grant.attested', { data: { by: ANA, stillNeeded: 0 } }),
    '@Ana states that the access is gone.\n> the server was thrown away, see OPS-7',
  ],
  [
    'closed by hand, each with words of their own before',
    withoutWords(SAMPLES['grant.force_closed']),
    'Closed by hand by two people; Hallpass could not prove the end itself.',
  ],
  [
    'stated, and proven wrong',
    of('revoke.seen_present', { data: { voided: [SAM] } }),
    'prod-db still shows the access. What was stated about it does not count any more.',
  ],
  [
    'as approved again',
    of('grant.drifted', { data: { fingerprint: 'f-1', asApproved: true } }),
    'What this role gives in prod-db is what was approved again.',
  ],
  ...(['present', 'unknown'] as const).map(
    (seen) =>
      [
        `taken back while nothing could be written: ${seen}`,
        of('revoke.spooled', { data: { doneAt: AT, attempts: 1, seen } }),
        'While Hallpass could not write its log, it took the access back at <2026-11-22 00:00>; it could not see that it was gone then.',
      ] as const,
  ),
  [
    'over: found',
    ended('orphan'),
    'Ending: Hallpass gave it once and does not know it any more. Taking the access back…',
  ],
  ['a slip that concerns nobody else', pressed('approve', 'outdated'), undefined],
  ['a deny that does not count', pressed('deny', 'not_an_approver'), undefined],
];

function withoutWords({ text: _said, ...event }: Extract<DomainEvent, { type: 'grant.force_closed' }>): DomainEvent {
  return event;
}

function withoutStart() {
  const { startsAt: _later, ...data } = SAMPLES['grant.ordered'].data;
  return data;
}

describe('the thread', () => {
  it.each(THREAD)('%s', (_, event, words) => {
    expect(inThread(event)).toBe(words);
  });

  it('calls an unknown person by id, and a request without an offer’s target “the target”', () => {
    const bare = view(request([0, submit()]), [], { names: {} });
    const told = (event: DomainEvent) => noteText(threadNote(stored(event), bare) as never);
    expect(told(SAMPLES['request.withdrawn'])).toBe(`\`${MIA}\` withdrew the request.`);
    expect(told(SAMPLES['grant.started'])).toBe('The time has come: giving access in the target…');
  });

  it('names no end for a pass that is ending by the time this is told', () => {
    const ending = pass(
      [0, order()],
      [1, { type: 'cleared' }],
      [2, { type: 'attempt' }],
      [400, { type: 'confirmed', receipt: RECEIPT }],
    );
    expect(ending.status).toBe('revoking');
    const told = threadNote(stored(SAMPLES['grant.confirmed']), view(asked, [{ ...ending, id: PASS }]));
    expect(told && noteText(told)).toBe('*Access is live* in prod-db: given, and seen there.');
  });

  it('writes the date where the hour could be another day’s', () => {
    const long = pass(
      [0, order({ offer: { ...OFFER, durationSeconds: 86_400 } })],
      [1, { type: 'cleared' }],
      [2, { type: 'attempt' }],
      [3, { type: 'confirmed', receipt: RECEIPT }],
    );
    const told = threadNote(stored(SAMPLES['grant.confirmed']), view(asked, [{ ...long, id: PASS }]));
    expect(told && noteText(told)).toContain('It ends at <2026-11-23 00:00>.');
  });
});

describe('the audit channel', () => {
  it('names the request where the event is about more time', () => {
    expect(inAudit(more('request.lapsed'))).toContain(`\`${MORE}\``);
    expect(inAudit(more('grant.extending', { subject: { request: REQUEST, grant: PASS } }))).toContain(`\`${PASS}\``);
  });
  it('names the account of somebody who is nobody of ours', () => {
    const actor = { person: 'hallpass', kind: 'system', via: 'stranger', account: account('UX') } as const;
    const line = auditLine(stored(of('decision.refused', { actor })), CATALOG, {});
    expect(line).toContainEqual({ person: account('UX'), name: 'Hallpass (stranger)' });
  });
  it('calls an actor without a name by id', () => {
    const actor = { person: SCENE_SAM, kind: 'human', via: 'cli' } as const;
    expect(inAudit(of('request.lapsed', { actor }))).toContain(` ${SCENE_SAM} `);
  });
  it('shares a message among lines, and shows a signed head to the letter', () => {
    const lines = [['a'], ['b']];
    expect(auditNote(lines)).toEqual({ kind: 'note', tone: 'plain', lines });
    const note = 'hallpass/acme\n41\nq1w2=\n\n— hallpass/acme sig=\n';
    expect(noteText(checkpointNote(note, 41)).split('\n')).toEqual([
      '*Signed head of the log, 41 entries*',
      ...['`hallpass/acme`', '`41`', '`q1w2=`', '` `', '`— hallpass/acme sig=`'],
    ]);
  });
});

describe('an alarm', () => {
  it('tells a taken address from a changed one', () => {
    const taken = asAlarm(of('person.suspended', { data: { why: 'email_taken' } }));
    expect(taken).toContain('The e-mail address of the account belongs to another person already.');
  });
  it('says so when its code is unknown: never silence, never another object’s words', () => {
    for (const code of ['disk_full', 'constructor', 'toString']) {
      const words = asAlarm(of('alarm.raised', { data: { code, facts: {} } }));
      const name = code.replaceAll('_', ' ');
      expect(words).toBe(
        `*ALARM: ${name}.* Look into the log for what happened. Run-book: ${code.replaceAll('_', '-')}.`,
      );
    }
  });
  it('names the target and the passes it is about', () => {
    const facts = { targets: 'billing, prod-db', passes: 'pass_1, pass_2' };
    expect(asAlarm(of('alarm.raised', { data: { code: 'target_removed', facts } }))).toContain(
      '*ALARM: target removed.* Target `billing, prod-db`. Passes `pass_1, pass_2`. It has live passes',
    );
    expect(
      asAlarm(of('alarm.raised', { data: { code: 'reconcile_failing', facts: { target: 'prod-db', fault: 'busy' } } })),
    ).toContain('*ALARM: reconcile failing.* Target `prod-db`. For half an hour nobody could see');
  });
  it('says why nothing new is given, and where', () => {
    const held = (why: 'unchecked' | 'target_removed') =>
      asAlarm(of('access.held', { data: { target: 'prod-db', why } }));
    expect(held('unchecked')).toContain('*ALARM: new access is held.* Nothing new is given in prod-db until');
    expect(held('target_removed'), 'which has an alarm of its own').toBeUndefined();
  });
  it('is raised for access that is gone, and for no other end', () => {
    const ordered = (because: 'drift' | 'deadline') =>
      asAlarm(of('revoke.ordered', { data: { because, by: 'hallpass', since: 0 } }));
    expect(ordered('drift')).toContain('*ALARM: access is gone before its pass ended.* Pass `pass_');
    expect(ordered('deadline')).toBeUndefined();
  });
  it('is not raised for the second word, nor for what is as approved again', () => {
    expect(asAlarm(of('grant.attested', { data: { by: ANA, stillNeeded: 0 } }))).toBeUndefined();
    expect(asAlarm(of('grant.drifted', { data: { fingerprint: 'f-1', asApproved: true } }))).toBeUndefined();
  });
  it('is loud', () => {
    for (const { event, words } of ROWS)
      expect(alarmNote(event, CATALOG)?.tone).toBe(words.alarm ? 'alarm' : undefined);
  });
});
