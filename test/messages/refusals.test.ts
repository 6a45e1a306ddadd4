// Every "no" in its exact words. Each says what is in the way and what to do next, in plain sentences (law 7).
import { describe, expect, it } from 'vitest';
import type { Refusal, RefusalCode } from '../../src/core/refusal.ts';
import { refusalNote, refusalText } from '../../src/messages/refusals.ts';
import { PASS, REQUEST, T0 } from '../core/scene.ts';
import { CATALOG, noteText } from './scene.ts';

type Said = readonly [refusal: Refusal, text: string];
type Words = { readonly [C in RefusalCode]: readonly (readonly [Extract<Refusal, { code: C }>, string])[] };

/** A code without its words here does not compile, as it does not in the source. */
const WORDS: Words = {
  not_a_member: [
    [
      { code: 'not_a_member', standing: 'guest' },
      'Guests cannot ask for access or decide about it. Ask a full member of acme to do it.',
    ],
    [
      { code: 'not_a_member', standing: 'stranger' },
      'Only people of acme can ask for access or decide about it. Ask one of them to do it.',
    ],
    [
      { code: 'not_a_member', standing: 'bot' },
      'Bots and workflows cannot ask for access or decide about it. Ask a person to do it.',
    ],
    [
      { code: 'not_a_member', standing: 'deactivated' },
      'This account is deactivated, so it cannot ask for access or decide about it. If that is a mistake, ask an administrator to activate it again.',
    ],
  ],
  suspended: [
    [
      { code: 'suspended' },
      'Your account is suspended here: its e-mail address changed, or belongs to somebody else already. Ask the security team to look at it and to confirm who you are.',
    ],
  ],
  facts_unavailable: [
    [
      { code: 'facts_unavailable', what: 'person' },
      'Hallpass could not find out what it has to know about the person, so nothing was decided. Try again in a minute. If it stays like this, tell an operator to run “hallpass check”.',
    ],
    [
      { code: 'facts_unavailable', what: 'group' },
      'Hallpass could not find out what it has to know about the groups or the channel, so nothing was decided. Try again in a minute. If it stays like this, tell an operator to run “hallpass check”.',
    ],
    [
      { code: 'facts_unavailable', what: 'target' },
      'Hallpass could not find out what it has to know about the target, so nothing was decided. Try again in a minute. If it stays like this, tell an operator to run “hallpass check”.',
    ],
    [
      { code: 'facts_unavailable', what: 'policy' },
      'Hallpass could not find out what it has to know about the policy of this role, so nothing was decided. Try again in a minute. If it stays like this, tell an operator to run “hallpass check”.',
    ],
  ],
  unknown_role: [
    [{ code: 'unknown_role', role: 'prod-bd' }, 'There is no role “prod-bd”. Type /jit to see what you can ask for.'],
  ],
  not_eligible: [
    [
      { code: 'not_eligible', role: 'prod-db-readonly', groups: ['engineers', 'oncall'] },
      'Read production data is for engineers or oncall. Ask an operator to add you, or choose another role.',
    ],
    [
      { code: 'not_eligible', role: 'prod-db-readonly', groups: [] },
      'Nobody may ask for Read production data at present. If somebody should, ask an operator to name the groups.',
    ],
  ],
  reason_missing: [[{ code: 'reason_missing' }, 'Say in a few words why you need it. Approvers read this.']],
  reason_too_long: [
    [
      { code: 'reason_too_long', limit: 3_000, length: 3_412 },
      'The reason has 3412 characters, and 3000 fit. Shorten it, or link to the ticket.',
    ],
  ],
  duration_missing: [[{ code: 'duration_missing' }, 'Say for how long, for example 30m, 2h or 1h30m.']],
  duration_unclear: [
    [
      { code: 'duration_unclear', text: `1h; 99h ${'and so on '.repeat(9)}` },
      '“1h; 99h and so on and so on and so on a…” is not a duration. Write it like 30m, 2h or 1h30m.',
    ],
  ],
  duration_too_short: [
    [{ code: 'duration_too_short', minSeconds: 300 }, 'The shortest time for this role is 5 min. Choose that or more.'],
  ],
  duration_too_long: [
    [{ code: 'duration_too_long', maxSeconds: 14_400 }, 'The longest time for this role is 4 h. Choose that or less.'],
  ],
  no_principal: [
    [
      { code: 'no_principal', target: 'prod-db', why: 'mia@acme.test is not in this target’s list of people. ' },
      'Hallpass finds no account of yours to use in prod-db: mia@acme.test is not in this target’s list of people. If that looks wrong, ask an operator to look at the “people” setting of this target.',
    ],
    [
      { code: 'no_principal', target: 'prod-db', why: 'there is no login role “mia”' },
      'Hallpass finds no account of yours to use in prod-db: there is no login role “mia”. If that looks wrong, ask an operator to look at the “people” setting of this target.',
    ],
  ],
  already_live: [
    [
      { code: 'already_live', grant: PASS, role: 'prod-db-readonly', expiresAt: T0 },
      `This access is held already, as Read production data (${PASS}). To keep it longer, its holder can type /jit extend ${PASS} 30m; otherwise ask again when it has ended.`,
    ],
  ],
  already_asked: [
    [
      { code: 'already_asked', request: REQUEST },
      `You asked for this already (${REQUEST}), and it is still open. Wait for the answer, or withdraw it with the button on your card.`,
    ],
  ],
  already_has_access: [
    [
      { code: 'already_has_access', target: 'prod-db' },
      'You have this access in prod-db already, and not from Hallpass. Use it as it is. If it should not stand for ever, tell the security team.',
    ],
  ],
  nobody_can_approve: [
    [
      { code: 'nobody_can_approve', groups: ['dbas', 'secops'] },
      'Too few people besides you could approve this: it needs dbas or secops. Ask an operator to add approvers.',
    ],
    [
      { code: 'nobody_can_approve', groups: [] },
      'Nobody may approve this at present. Ask an operator to name approvers for the role.',
    ],
  ],
  channel_shared: [
    [
      { code: 'channel_shared', channel: 'C-REV' },
      'The reviewer channel is shared with another organisation, and people there could press the buttons. Nothing is posted or decided there. Ask an operator to choose another channel.',
    ],
  ],
  target_unreachable: [
    [
      { code: 'target_unreachable', target: 'prod-db' },
      'prod-db did not answer for several minutes, so nobody was asked. Try again later.',
    ],
  ],
  target_refused: [
    [
      { code: 'target_refused', target: 'prod-db' },
      'prod-db does not let Hallpass do this. Tell an operator to run “hallpass check”, then try again.',
    ],
  ],
  extension_too_long: [
    [
      { code: 'extension_too_long', latest: T0 },
      'That is past the longest time this role may last. Ask for less, or ask for a new pass when this one has ended.',
    ],
  ],
  not_live: [
    [
      { code: 'not_live', status: 'granting' },
      'This pass is not live yet. Wait until its card says that it is active.',
    ],
    [
      { code: 'not_live', status: 'scheduled' },
      'This pass is not live yet. Wait until its card says that it is active.',
    ],
    [
      { code: 'not_live', status: 'extending' },
      'This pass is being extended at this moment. Wait until its card shows the new end, then try again.',
    ],
    [{ code: 'not_live', status: 'active' }, 'This pass is not live any more. Type /jit to ask for a new one.'],
    [{ code: 'not_live', status: 'revoked' }, 'This pass is not live any more. Type /jit to ask for a new one.'],
  ],
  unknown_request: [[{ code: 'unknown_request' }, 'There is no such request. Type /jit list to see yours.']],
  unknown_pass: [[{ code: 'unknown_pass' }, 'There is no such live pass. Type /jit list to see yours.']],
  wrong_status: [
    [
      { code: 'wrong_status', status: 'approved' },
      'This was decided or has ended already, so nothing was changed. Look at the card: it shows how things stand now.',
    ],
  ],
  outdated: [
    [
      { code: 'outdated' },
      'The card you pressed is not the present one, so nothing was decided. Look at the current card and press there.',
    ],
  ],
  lapsed: [
    [{ code: 'lapsed' }, 'This request waited too long and has lapsed. Whoever needs the access can ask again.'],
  ],
  own_request: [[{ code: 'own_request' }, 'You cannot decide your own request. Ask somebody else who may approve it.']],
  already_approved: [
    [
      { code: 'already_approved' },
      'You approved this already, and a person counts once. Wait for the others, or ask one of them.',
    ],
  ],
  not_an_approver: [
    [
      { code: 'not_an_approver', groups: ['dbas'] },
      'Only people in dbas can decide this now, so nothing was changed. Ask one of them to look at it.',
    ],
    [
      { code: 'not_an_approver', groups: [] },
      'Nobody may decide this at present, so nothing was changed. Ask an operator to name approvers for the role.',
    ],
  ],
  not_yours: [
    [
      { code: 'not_yours' },
      'Only the person it belongs to can do that, so nothing was changed. Ask them, or the security team when it is urgent.',
    ],
  ],
  not_security: [
    [
      { code: 'not_security', group: 'secops' },
      'Only people in secops can do that. In an emergency, reach them directly.',
    ],
  ],
  requester_cannot: [
    [
      { code: 'requester_cannot', why: { code: 'suspended' } },
      'This cannot be given now, so nothing was decided. The requester would hear: “Your account is suspended here: its e-mail address changed, or belongs to somebody else already. Ask the security team to look at it and to confirm who you are.” Deny it, or let it lapse.',
    ],
  ],
  access_held: [
    [
      { code: 'access_held', target: 'prod-db', why: 'rolled_back' },
      'Hallpass gives nothing new in prod-db for now: its store was put back to an earlier state, and what is in the target is looked at first. Access that is live ends on time. Try again in a few minutes, or ask the security team.',
    ],
    [
      { code: 'access_held', target: '*', why: 'target_removed' },
      'Hallpass gives nothing new anywhere for now: a target with live passes is missing from the configuration. Access elsewhere ends on time. Ask an operator to put the target back.',
    ],
  ],
  not_overdue: [
    [
      { code: 'not_overdue' },
      'Only a pass that is overdue can be closed by hand: this one is still being ended in the ordinary way. Wait for the alarm, or end the access in the target; Hallpass then sees that it is gone.',
    ],
  ],
  second_person_missing: [
    [
      { code: 'second_person_missing' },
      'Closing a pass by hand takes two different people. Ask a second person in secops to confirm what you saw.',
    ],
  ],
  not_due: [[{ code: 'not_due' }, 'It is too early for that, so nothing was changed. Try again later.']],
  note_missing: [[{ code: 'note_missing' }, 'Write a few words. The other side reads them.']],
};
const ALL: readonly Said[] = Object.values(WORDS).flat() as readonly Said[];

/** How a next step begins. A sentence with none of these tells what is wrong and leaves people there. */
const STEP =
  /(?:^|[.,] |and |or |then |again, )(?:Ask|ask|Say|Shorten|Write|Choose|choose|Type|type|Try|try|Tell|tell|Use|Wait|Look|Deny|reach)\b|\bcan (?:type|ask)\b/;

describe('every refusal', () => {
  it.each(ALL)('%o', (refusal, words) => {
    expect(refusalText(refusal, CATALOG)).toBe(words);
  });

  it.each(ALL)('tells what to do next, in whole sentences: %o', (_, words) => {
    expect(words).toMatch(STEP);
    expect(words).toMatch(/\.$/);
    expect(words).not.toMatch(/!|\s\s|\.\.|undefined|null|\bNaN\b|nobody has/);
  });

  it('heads a note about an ask with the role, others with nothing', () => {
    const refusal: Refusal = { code: 'reason_missing' };
    const about = refusalNote(refusal, CATALOG, { what: 'ask', role: 'prod-db-readonly' });
    expect(noteText(about)).toBe(
      '*Your request for Read production data was not passed on.*\nSay in a few words why you need it. Approvers read this.',
    );
    expect(about.tone).toBe('bad');
    expect(noteText(refusalNote(refusal, CATALOG, { what: 'press' }))).toBe(refusalText(refusal, CATALOG));
  });

  it('calls a role that is gone by its id', () => {
    const gone: Refusal = { code: 'not_eligible', role: 'old-role', groups: ['engineers'] };
    expect(refusalText(gone, CATALOG)).toMatch(/^old-role is for engineers\./);
  });
});
