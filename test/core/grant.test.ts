// The life of a pass, row by row of the table in the design, and every way in which it says no. Times are in seconds after
// the order; the pass is for an hour, so it ends at 3600, and giving it is given up at 300.
import { describe, expect, it } from 'vitest';
import type { Effect } from '../../src/core/decision.ts';
import type { EventType } from '../../src/core/events.ts';
import type { GrantCommand } from '../../src/core/grant-command.ts';
import { type Grant, type GrantStatus, NOBODY } from '../../src/core/model.ts';
import type { Refusal } from '../../src/core/refusal.ts';
import {
  adopt,
  attest,
  BEN,
  end,
  grantAfter,
  MIA,
  MORE,
  order,
  PASS,
  RECEIPT,
  REQUEST,
  SAM,
  SEEN_ABSENT,
  type Step,
  T0,
  tryGrant,
} from './scene.ts';

type Steps = readonly Step<GrantCommand>[];
const at = (seconds: number) => T0 + seconds * 1000;
const CLEARED: GrantCommand = { type: 'cleared' };
const ATTEMPT: GrantCommand = { type: 'attempt' };
const CONFIRMED: GrantCommand = { type: 'confirmed', receipt: RECEIPT };
const GIVE_UP: GrantCommand = { type: 'give_up' };
const EXTEND: GrantCommand = { type: 'extend', until: at(7200), extension: MORE };
const EXTENDED: GrantCommand = { type: 'extended', receipt: { session: 's-2' } };
const HANDLE = { operation: 'op-1' };
const ACCEPTED: GrantCommand = { type: 'accepted', handle: HANDLE, pollAt: at(9) };
const DEADLINE = end({ because: 'deadline', by: 'hallpass' });
const REVOKE_FAILED: GrantCommand = { type: 'revoke_failed', fault: 'unreachable', retryAt: at(3700) };
const OVERDUE: GrantCommand = { type: 'overdue', fault: 'unreachable' };
const DRIFTED: GrantCommand = { type: 'drifted', fingerprint: 'f-2' };
const DRIFTED_BACK: GrantCommand = { type: 'drifted', fingerprint: 'f-1' };
const SPOOLED: GrantCommand = { type: 'spooled', doneAt: at(3605), attempts: 2, seen: 'absent' };
const ASK_CLOSE: GrantCommand = { type: 'ask_close', evidence: 'the rack was emptied' };
const MARKED: GrantCommand = { type: 'reappeared', marked: true };
const failed = (changed: 'no' | 'maybe', retry?: number): GrantCommand => ({
  type: 'attempt_failed',
  fault: 'busy',
  changed,
  ...(retry === undefined ? {} : { retryAt: at(retry) }),
});

const ORDERED: Steps = [[0, order()]];
const LOOKED: Steps = [...ORDERED, [1, CLEARED]];
const IN_FLIGHT: Steps = [...LOOKED, [2, ATTEMPT]];
const NO: Steps = [...IN_FLIGHT, [3, failed('no', 4)]];
const MAYBE: Steps = [...IN_FLIGHT, [3, failed('maybe', 4)]];
const ACTIVE: Steps = [...IN_FLIGHT, [3, CONFIRMED]];
const EXTENDING: Steps = [...ACTIVE, [3000, EXTEND]];
const REVOKING: Steps = [...ACTIVE, [100, end()]];
const DUE: Steps = [...ACTIVE, [3600, DEADLINE]];
const ABSENT_ONCE: Steps = [...REVOKING, [110, SEEN_ABSENT]];
const LATE: Steps = [...REVOKING, [220, OVERDUE]];
const STATED: Steps = [...LATE, [300, attest(SAM)]];
const CLOSED: Steps = [...STATED, [400, attest(BEN, 'I looked too')]];
const REVOKED: Steps = [...ABSENT_ONCE, [140, { ...SEEN_ABSENT, sessionsEnded: 2 }]];

/** How each status comes about. */
const TO: { readonly [S in GrantStatus]: Steps } = {
  scheduled: [[0, order({ startsAt: at(50) })]],
  granting: IN_FLIGHT,
  active: ACTIVE,
  extending: EXTENDING,
  revoking: REVOKING,
  revoked: REVOKED,
  force_closed: CLOSED,
  failed: [...ORDERED, [1, { type: 'already_there' }]],
};

interface Row {
  readonly name: string;
  readonly given: Steps;
  readonly when: Step<GrantCommand>;
  readonly becomes: GrantStatus;
  readonly events: readonly EventType[];
  readonly effects?: readonly Effect[];
  readonly shows?: object;
  /** Fields that must not be there any more. */
  readonly lacks?: readonly string[];
}
const revokeAt = (seconds: number): Effect[] => [{ kind: 'revoke', at: at(seconds) }];

const GIVING: readonly Row[] = [
  {
    name: 'ordered: the end is set from birth, the clock runs from now',
    given: [],
    when: [0, order()],
    becomes: 'granting',
    events: ['grant.ordered'],
    effects: [{ kind: 'grant', at: at(0) }],
    shows: { expiresAt: at(3600), giveUpAt: at(300), attempts: 0, cleared: false, doubt: false, inFlight: false },
  },
  {
    name: 'ordered for later: scheduled, the clock runs from then',
    given: [],
    when: [0, order({ startsAt: at(50) })],
    becomes: 'scheduled',
    events: ['grant.ordered'],
    effects: [{ kind: 'grant', at: at(50) }],
    shows: { startsAt: at(50), expiresAt: at(3650) },
  },
  {
    name: 'start, late: the full time from now',
    given: TO.scheduled,
    when: [80, { type: 'start' }],
    becomes: 'granting',
    events: ['grant.started'],
    effects: [{ kind: 'grant', at: at(80) }],
    shows: { expiresAt: at(3680), giveUpAt: at(380) },
    lacks: ['startsAt'],
  },
  {
    name: 'a scheduled pass is withdrawn',
    given: TO.scheduled,
    when: [10, end({ because: 'returned', by: MIA })],
    becomes: 'failed',
    events: ['grant.failed'],
    shows: { code: 'withdrawn', closedAt: at(10) },
  },
  {
    name: 'cleared: looked, absent',
    given: ORDERED,
    when: [1, CLEARED],
    becomes: 'granting',
    events: ['grant.cleared'],
    shows: { cleared: true },
  },
  {
    name: 'already there: failed, never revoked (law 9)',
    given: ORDERED,
    when: [1, { type: 'already_there' }],
    becomes: 'failed',
    events: ['grant.failed'],
    shows: { code: 'already_has_access' },
  },
  {
    name: 'the entitlement changed since the approval (C04)',
    given: ORDERED,
    when: [1, { type: 'changed', code: 'entitlement_changed' }],
    becomes: 'failed',
    events: ['grant.failed'],
    shows: { code: 'entitlement_changed' },
  },
  {
    name: 'the policy changed since the approval',
    given: LOOKED,
    when: [2, { type: 'changed', code: 'policy_changed' }],
    becomes: 'failed',
    events: ['grant.failed'],
    shows: { code: 'policy_changed' },
  },
  {
    name: 'attempt: announced before the call (law 1)',
    given: LOOKED,
    when: [2, ATTEMPT],
    becomes: 'granting',
    events: ['grant.attempted'],
    shows: { attempts: 1, inFlight: true, doubt: false },
  },
  {
    name: 'attempt again after a definite no: no doubt',
    given: NO,
    when: [4, ATTEMPT],
    becomes: 'granting',
    events: ['grant.attempted'],
    shows: { attempts: 2, inFlight: true, doubt: false },
  },
  {
    name: 'attempt again while the outcome of the last was never stored: doubt for ever (law 3)',
    given: IN_FLIGHT,
    when: [40, ATTEMPT],
    becomes: 'granting',
    events: ['grant.attempted'],
    shows: { attempts: 2, inFlight: true, doubt: true },
  },
  {
    name: 'a definite no, to be tried again',
    given: IN_FLIGHT,
    when: [3, failed('no', 4)],
    becomes: 'granting',
    events: ['grant.attempt_failed'],
    effects: [{ kind: 'grant', at: at(4) }],
    shows: { inFlight: false, doubt: false },
  },
  {
    name: 'a maybe, to be tried again: doubt',
    given: IN_FLIGHT,
    when: [3, failed('maybe', 4)],
    becomes: 'granting',
    events: ['grant.attempt_failed'],
    effects: [{ kind: 'grant', at: at(4) }],
    shows: { inFlight: false, doubt: true },
  },
  {
    name: 'a definite no for good: failed',
    given: IN_FLIGHT,
    when: [3, failed('no')],
    becomes: 'failed',
    events: ['grant.attempt_failed', 'grant.failed'],
    shows: { code: 'target_refused' },
  },
  {
    name: 'a maybe for good: doubt means revoke (law 3)',
    given: IN_FLIGHT,
    when: [3, failed('maybe')],
    becomes: 'revoking',
    events: ['grant.attempt_failed', 'revoke.ordered'],
    effects: revokeAt(3),
    shows: { ending: { because: 'uncertain', by: 'hallpass', since: at(3), attempts: 0 } },
  },
  {
    name: 'a definite no after an earlier maybe: the doubt stays, revoke',
    given: [...MAYBE, [4, ATTEMPT]],
    when: [5, failed('no')],
    becomes: 'revoking',
    events: ['grant.attempt_failed', 'revoke.ordered'],
    effects: revokeAt(5),
    shows: { ending: { because: 'uncertain', by: 'hallpass', since: at(5), attempts: 0 } },
  },
  {
    name: 'accepted: the target works in its own time, and may do it whatever we hear later',
    given: IN_FLIGHT,
    when: [3, ACCEPTED],
    becomes: 'granting',
    events: ['grant.accepted'],
    effects: [{ kind: 'grant', at: at(9) }],
    shows: { handle: HANDLE, doubt: true },
  },
  {
    name: 'asking about an accepted order fails for good: that says nothing about the order, revoke',
    given: [...IN_FLIGHT, [3, ACCEPTED]],
    when: [9, failed('no')],
    becomes: 'revoking',
    events: ['grant.attempt_failed', 'revoke.ordered'],
    effects: revokeAt(9),
  },
  {
    name: 'confirmed: active, to be warned of five minutes before the end',
    given: IN_FLIGHT,
    when: [3, CONFIRMED],
    becomes: 'active',
    events: ['grant.confirmed'],
    effects: [{ kind: 'warn', at: at(3300) }],
    shows: { receipt: RECEIPT, activeAt: at(3), warned: false, expiresAt: at(3600) },
    lacks: ['attempts', 'doubt', 'inFlight', 'giveUpAt', 'cleared'],
  },
  {
    name: 'confirmed after it was asked about: active',
    given: [...IN_FLIGHT, [3, ACCEPTED], [9, failed('no', 14)]],
    when: [14, CONFIRMED],
    becomes: 'active',
    events: ['grant.confirmed'],
    effects: [{ kind: 'warn', at: at(3300) }],
  },
  {
    name: 'confirmed when the five minutes are over: taken back, as the sweep would have',
    given: IN_FLIGHT,
    when: [300, CONFIRMED],
    becomes: 'revoking',
    events: ['grant.confirmed', 'revoke.ordered'],
    effects: revokeAt(300),
    shows: { receipt: RECEIPT, activeAt: at(300), ending: { because: 'late_grant' } },
  },
  {
    name: 'confirmed after its own end: taken back',
    given: IN_FLIGHT,
    when: [3601, CONFIRMED],
    becomes: 'revoking',
    events: ['grant.confirmed', 'revoke.ordered'],
    effects: revokeAt(3601),
    shows: { receipt: RECEIPT, ending: { because: 'deadline' } },
  },
  {
    name: 'five minutes passed, nothing was called: failed',
    given: LOOKED,
    when: [300, GIVE_UP],
    becomes: 'failed',
    events: ['grant.failed'],
    shows: { code: 'timed_out' },
  },
  {
    name: 'five minutes passed, every call was answered with a no: failed',
    given: NO,
    when: [300, GIVE_UP],
    becomes: 'failed',
    events: ['grant.failed'],
    shows: { code: 'timed_out' },
  },
  {
    name: 'five minutes passed, a call is in flight: revoke',
    given: IN_FLIGHT,
    when: [300, GIVE_UP],
    becomes: 'revoking',
    events: ['revoke.ordered'],
    effects: revokeAt(300),
    shows: { ending: { because: 'uncertain' } },
    lacks: ['receipt', 'activeAt'],
  },
  {
    name: 'five minutes passed, some call may have worked: revoke',
    given: MAYBE,
    when: [300, GIVE_UP],
    becomes: 'revoking',
    events: ['revoke.ordered'],
    effects: revokeAt(300),
  },
  {
    name: 'five minutes passed, the target accepted and a later look failed: revoke',
    given: [...IN_FLIGHT, [3, ACCEPTED], [9, failed('no', 14)]],
    when: [300, GIVE_UP],
    becomes: 'revoking',
    events: ['revoke.ordered'],
    effects: revokeAt(300),
  },
  {
    name: 'given up at its end where that comes first',
    given: [
      [0, order({ offer: { ...offerOf(60) } })],
      [1, CLEARED],
      [2, ATTEMPT],
    ],
    when: [60, GIVE_UP],
    becomes: 'revoking',
    events: ['revoke.ordered'],
    effects: revokeAt(60),
  },
];

const LIVING: readonly Row[] = [
  {
    name: 'warned, once',
    given: ACTIVE,
    when: [3300, { type: 'warn' }],
    becomes: 'active',
    events: ['grant.warned'],
    shows: { warned: true, expiresAt: at(3600) },
  },
  {
    name: 'extension approved: the old end holds',
    given: ACTIVE,
    when: [3000, EXTEND],
    becomes: 'extending',
    events: ['grant.extending'],
    effects: [{ kind: 'extend', at: at(3000) }],
    shows: { expiresAt: at(3600), until: at(7200), extension: MORE },
  },
  {
    name: 'extended: the new end, to be warned of again',
    given: [...ACTIVE, [2900, { type: 'warn' }], [3000, EXTEND]],
    when: [3001, EXTENDED],
    becomes: 'active',
    events: ['grant.extended'],
    effects: [{ kind: 'warn', at: at(6900) }],
    shows: { expiresAt: at(7200), receipt: { session: 's-2' }, activeAt: at(3), warned: false },
    lacks: ['until', 'extension'],
  },
  {
    name: 'not extended: the old end holds',
    given: EXTENDING,
    when: [3001, { type: 'extension_failed', fault: 'refused' }],
    becomes: 'active',
    events: ['grant.extension_failed'],
    shows: { expiresAt: at(3600), receipt: RECEIPT, activeAt: at(3) },
    lacks: ['until', 'extension'],
  },
  {
    name: 'extended after the old end: too late, it ends (C17)',
    given: EXTENDING,
    when: [3600, EXTENDED],
    becomes: 'revoking',
    events: ['grant.extension_failed', 'revoke.ordered'],
    effects: revokeAt(3600),
    shows: { expiresAt: at(3600), ending: { because: 'deadline' } },
  },
];

/** Each of the ways to end, from each status that can end. */
const ENDS = (['deadline', 'returned', 'revoked', 'frozen', 'signal', 'drift'] as const).flatMap((because): Row[] => {
  const by = because === 'returned' ? MIA : because === 'revoked' ? SAM : 'hallpass';
  const from = { granting: IN_FLIGHT, active: ACTIVE, extending: EXTENDING };
  return Object.entries(from).map(([status, given]) => ({
    name: `${status}: ends because of ${because}`,
    given,
    when: [3600, end({ because, by, why: 'w' })],
    becomes: 'revoking',
    events: ['revoke.ordered'],
    effects: revokeAt(3600),
    shows: { expiresAt: at(3600), ending: { because, by, since: at(3600), attempts: 0 } },
    lacks: ['until', 'doubt', 'warned'],
  }));
});

const ENDING: readonly Row[] = [
  ...ENDS,
  {
    name: 'granting, never called: nothing of ours is there (law 9)',
    given: LOOKED,
    when: [2, end()],
    becomes: 'failed',
    events: ['grant.failed'],
    shows: { code: 'withdrawn' },
  },
  {
    name: 'granting, called, and every call answered with a no: the same (law 9)',
    given: NO,
    when: [3, end()],
    becomes: 'failed',
    events: ['grant.failed'],
    shows: { code: 'withdrawn' },
  },
  {
    name: 'granting in doubt: revoke',
    given: MAYBE,
    when: [3, end()],
    becomes: 'revoking',
    events: ['revoke.ordered'],
    effects: revokeAt(3),
  },
  {
    name: 'revoking, late confirm: the receipt is kept',
    given: [...IN_FLIGHT, [300, GIVE_UP]],
    when: [301, CONFIRMED],
    becomes: 'revoking',
    events: ['grant.late_confirmed'],
    shows: { receipt: RECEIPT, ending: { because: 'uncertain' } },
  },
  {
    name: 'revoking, attempt failed: the next is ordered in the same commit',
    given: REVOKING,
    when: [101, REVOKE_FAILED],
    becomes: 'revoking',
    events: ['revoke.attempt_failed'],
    effects: [{ kind: 'revoke', at: at(3700) }],
    shows: { ending: { attempts: 1, lastFault: 'unreachable' } },
  },
  {
    name: 'revoking, overdue two minutes after the order: alarm',
    given: REVOKING,
    when: [220, OVERDUE],
    becomes: 'revoking',
    events: ['revoke.overdue'],
    effects: [{ kind: 'alarm', at: at(220) }],
    shows: { ending: { overdueSince: at(220), lastAlarmAt: at(220) } },
  },
  {
    name: 'revoking after the deadline, overdue two minutes after that',
    given: [...ACTIVE, [3690, DEADLINE]],
    when: [3720, OVERDUE],
    becomes: 'revoking',
    events: ['revoke.overdue'],
    effects: [{ kind: 'alarm', at: at(3720) }],
  },
  {
    name: 'revoking, overdue still: alarm again after fifteen minutes',
    given: [...REVOKING, [220, OVERDUE]],
    when: [1120, OVERDUE],
    becomes: 'revoking',
    events: ['revoke.overdue'],
    effects: [{ kind: 'alarm', at: at(1120) }],
    shows: { ending: { overdueSince: at(220), lastAlarmAt: at(1120) } },
  },
  {
    name: 'revoking, seen absent: looked at again after the settle time (law 4)',
    given: REVOKING,
    when: [110, SEEN_ABSENT],
    becomes: 'revoking',
    events: ['revoke.seen_absent'],
    effects: revokeAt(140),
    shows: { ending: { seenAbsentAt: at(110), sessionsEnded: 1 } },
  },
  {
    name: 'revoking, seen absent in a target that settles at once: two seconds all the same (law 4)',
    given: REVOKING,
    when: [110, { type: 'seen_absent', sessionsEnded: 0, settleSeconds: 0 }],
    becomes: 'revoking',
    events: ['revoke.seen_absent'],
    effects: revokeAt(112),
  },
  {
    name: 'revoking, a failure after the first look: that look counts no more',
    given: ABSENT_ONCE,
    when: [120, REVOKE_FAILED],
    becomes: 'revoking',
    events: ['revoke.attempt_failed'],
    effects: [{ kind: 'revoke', at: at(3700) }],
    shows: { ending: { sessionsEnded: 1 } },
    lacks: ['ending.seenAbsentAt'],
  },
  {
    name: 'revoking, seen present after the first look: that look counts no more, and it is revoked again',
    given: ABSENT_ONCE,
    when: [120, { type: 'seen_present' }],
    becomes: 'revoking',
    events: ['revoke.seen_present'],
    effects: revokeAt(120),
    lacks: ['ending.seenAbsentAt'],
  },
  {
    name: 'revoking, seen present as expected: no news, revoked again',
    given: REVOKING,
    when: [120, { type: 'seen_present' }],
    becomes: 'revoking',
    events: [],
    effects: revokeAt(120),
  },
  {
    name: 'revoking, seen absent twice, the settle time apart: revoked, with the lag from the order',
    given: ABSENT_ONCE,
    when: [140, { ...SEEN_ABSENT, sessionsEnded: 2 }],
    becomes: 'revoked',
    events: ['grant.revoked'],
    shows: { revokedAt: at(140), ending: { because: 'revoked', by: SAM, sessionsEnded: 3 } },
    lacks: ['receipt'],
  },
  {
    name: 'revoked after the deadline: the lag runs from the deadline',
    given: [...DUE, [3605, SEEN_ABSENT]],
    when: [3640, SEEN_ABSENT],
    becomes: 'revoked',
    events: ['grant.revoked'],
    shows: { revokedAt: at(3640) },
  },
  {
    name: 'overdue, one person states that it is gone: kept, loudly, and revoked on',
    given: LATE,
    when: [300, attest(SAM)],
    becomes: 'revoking',
    events: ['grant.attested'],
    effects: [{ kind: 'alarm', at: at(300) }],
    shows: { ending: { because: 'revoked', overdueSince: at(220), attestedBy: [SAM] } },
  },
  {
    name: 'overdue, a second, different person states it, long after: closed by hand, loudly',
    given: STATED,
    when: [90_000, attest(BEN)],
    becomes: 'force_closed',
    events: ['grant.attested', 'grant.force_closed'],
    effects: [{ kind: 'alarm', at: at(90_000) }],
    shows: { closedAt: at(90_000), ending: { because: 'revoked', attestedBy: [SAM, BEN] } },
  },
  {
    name: 'overdue, an operator asks for it to be closed: told, loudly, and nobody’s word',
    given: LATE,
    when: [300, ASK_CLOSE],
    becomes: 'revoking',
    events: ['grant.close_asked'],
    effects: [{ kind: 'alarm', at: at(300) }],
    lacks: ['ending.attestedBy'],
  },
  {
    name: 'overdue, asked for by an operator and stated by one person: one more is needed',
    given: [...LATE, [300, ASK_CLOSE]],
    when: [310, attest(SAM)],
    becomes: 'revoking',
    events: ['grant.attested'],
    effects: [{ kind: 'alarm', at: at(310) }],
    shows: { ending: { attestedBy: [SAM] } },
  },
  {
    name: 'overdue after the deadline, stated: the same',
    given: [...DUE, [3720, OVERDUE]],
    when: [3800, attest(BEN)],
    becomes: 'revoking',
    events: ['grant.attested'],
    effects: [{ kind: 'alarm', at: at(3800) }],
    shows: { ending: { attestedBy: [BEN] } },
  },
  {
    name: 'stated, and proven gone: ends with its proof',
    given: [...STATED, [310, SEEN_ABSENT]],
    when: [340, SEEN_ABSENT],
    becomes: 'revoked',
    events: ['grant.revoked'],
  },
  {
    name: 'stated, and a try fails: what was stated stays',
    given: STATED,
    when: [310, REVOKE_FAILED],
    becomes: 'revoking',
    events: ['revoke.attempt_failed'],
    effects: revokeAt(3700),
    shows: { ending: { attestedBy: [SAM] } },
  },
  {
    name: 'stated, and the target shows it: what was stated counts no more',
    given: STATED,
    when: [310, { type: 'seen_present' }],
    becomes: 'revoking',
    events: ['revoke.seen_present'],
    effects: revokeAt(310),
    shows: { ending: { overdueSince: at(220) } },
    lacks: ['ending.attestedBy'],
  },
  {
    name: 'stated, and a try fails because it is still there: what was stated counts no more',
    given: STATED,
    when: [310, { type: 'revoke_failed', fault: 'still_present', retryAt: at(320) }],
    becomes: 'revoking',
    events: ['revoke.seen_present', 'revoke.attempt_failed'],
    effects: revokeAt(320),
    shows: { ending: { attempts: 1, lastFault: 'still_present' } },
    lacks: ['ending.attestedBy'],
  },
  {
    name: 'stated by two after the first was proven wrong: the first of two again',
    given: [...STATED, [310, { type: 'seen_present' }]],
    when: [320, attest(SAM)],
    becomes: 'revoking',
    events: ['grant.attested'],
    effects: [{ kind: 'alarm', at: at(320) }],
    shows: { ending: { attestedBy: [SAM] } },
  },
  {
    name: 'revoked, seen present again: revoking, loudly',
    given: REVOKED,
    when: [9000, { type: 'reappeared' }],
    becomes: 'revoking',
    events: ['grant.reappeared'],
    effects: [...revokeAt(9000), { kind: 'alarm', at: at(9000) }],
    shows: { ending: { because: 'reappeared', by: 'hallpass', since: at(9000), attempts: 0 }, activeAt: at(3) },
    lacks: ['revokedAt', 'ending.seenAbsentAt'],
  },
  {
    name: 'closed by hand, seen present: revoking, loudly, and nothing that was stated counts',
    given: CLOSED,
    when: [9000, { type: 'reappeared' }],
    becomes: 'revoking',
    events: ['grant.reappeared'],
    effects: [...revokeAt(9000), { kind: 'alarm', at: at(9000) }],
    shows: { ending: { because: 'reappeared', by: 'hallpass', since: at(9000), attempts: 0 } },
    lacks: ['closedAt', 'ending.attestedBy', 'ending.overdueSince'],
  },
  {
    name: 'failed, seen with our mark: revoking, loudly',
    given: TO.failed,
    when: [9000, MARKED],
    becomes: 'revoking',
    events: ['grant.reappeared'],
    effects: [...revokeAt(9000), { kind: 'alarm', at: at(9000) }],
    shows: { ending: { because: 'reappeared', by: 'hallpass', since: at(9000), attempts: 0 } },
    lacks: ['code', 'closedAt', 'activeAt', 'receipt'],
  },
];

/** What is found in the target without anybody having asked for it to be looked at. */
const FOUND: readonly Row[] = [
  {
    name: 'adopted: being taken back from the moment it was found, loudly',
    given: [],
    when: [50, adopt()],
    becomes: 'revoking',
    events: ['grant.adopted'],
    effects: [...revokeAt(50), { kind: 'alarm', at: at(50) }],
    shows: {
      ...{ id: PASS, request: REQUEST, person: NOBODY, orderedAt: at(50), expiresAt: at(50) },
      ending: { because: 'orphan', by: 'hallpass', since: at(50), attempts: 0 },
    },
    lacks: ['receipt', 'activeAt'],
  },
  {
    name: 'adopted, overdue two minutes later',
    given: [[50, adopt()]],
    when: [170, OVERDUE],
    becomes: 'revoking',
    events: ['revoke.overdue'],
    effects: [{ kind: 'alarm', at: at(170) }],
  },
  {
    name: 'adopted, and gone: revoked',
    given: [
      [50, adopt()],
      [51, SEEN_ABSENT],
    ],
    when: [81, SEEN_ABSENT],
    becomes: 'revoked',
    events: ['grant.revoked'],
    shows: { person: NOBODY, revokedAt: at(81), ending: { because: 'orphan' } },
  },
  {
    name: 'active, gives something else than was approved: told, loudly',
    given: ACTIVE,
    when: [50, DRIFTED],
    becomes: 'active',
    events: ['grant.drifted'],
    effects: [{ kind: 'alarm', at: at(50) }],
    shows: { drifted: 'f-2', offer: { fingerprint: 'f-1' }, expiresAt: at(3600) },
  },
  {
    name: 'extending, the same',
    given: EXTENDING,
    when: [3010, DRIFTED],
    becomes: 'extending',
    events: ['grant.drifted'],
    effects: [{ kind: 'alarm', at: at(3010) }],
    shows: { drifted: 'f-2', until: at(7200) },
  },
  {
    name: 'drifted, and drifts further: told again',
    given: [...ACTIVE, [50, DRIFTED]],
    when: [60, { type: 'drifted', fingerprint: 'f-3' }],
    becomes: 'active',
    events: ['grant.drifted'],
    effects: [{ kind: 'alarm', at: at(60) }],
    shows: { drifted: 'f-3' },
  },
  {
    name: 'drifted, and goes back: told, without an alarm',
    given: [...ACTIVE, [50, DRIFTED]],
    when: [60, DRIFTED_BACK],
    becomes: 'active',
    events: ['grant.drifted'],
    shows: { offer: { fingerprint: 'f-1' } },
    lacks: ['drifted'],
  },
  {
    name: 'drifted, gone back, and drifts again: told again',
    given: [...ACTIVE, [50, DRIFTED], [60, DRIFTED_BACK]],
    when: [70, DRIFTED],
    becomes: 'active',
    events: ['grant.drifted'],
    effects: [{ kind: 'alarm', at: at(70) }],
    shows: { drifted: 'f-2' },
  },
  {
    name: 'drifted, extended: known still',
    given: [...ACTIVE, [50, DRIFTED], [3000, EXTEND]],
    when: [3001, EXTENDED],
    becomes: 'active',
    events: ['grant.extended'],
    effects: [{ kind: 'warn', at: at(6900) }],
    shows: { drifted: 'f-2' },
  },
  {
    name: 'spooled while revoking: entered, and looked at twice all the same (law 4)',
    given: [...DUE, [3601, SEEN_ABSENT]],
    when: [3700, SPOOLED],
    becomes: 'revoking',
    events: ['revoke.spooled'],
    effects: revokeAt(3700),
    shows: { ending: { because: 'deadline', attempts: 0 } },
    lacks: ['ending.seenAbsentAt'],
  },
  ...Object.entries({ granting: IN_FLIGHT, active: ACTIVE, extending: EXTENDING }).map(
    ([status, given]): Row => ({
      name: `spooled while ${status}, at the deadline: ended first, then entered`,
      given,
      when: [3600, SPOOLED],
      becomes: 'revoking',
      events: ['revoke.ordered', 'revoke.spooled'],
      effects: revokeAt(3600),
      shows: { expiresAt: at(3600), ending: { because: 'deadline', by: 'hallpass', since: at(3600), attempts: 0 } },
    }),
  ),
  {
    name: 'spooled, and seen absent twice after: the lag runs from the deadline',
    given: [...ACTIVE, [3700, SPOOLED], [3710, SEEN_ABSENT]],
    when: [3740, SEEN_ABSENT],
    becomes: 'revoked',
    events: ['grant.revoked'],
  },
];

function offerOf(durationSeconds: number) {
  return { ...(grantAfter(ORDERED).row as Grant).offer, durationSeconds };
}

function has(row: unknown, path: string): boolean {
  const found = path.split('.').reduce<unknown>((inside, key) => (inside as Record<string, unknown>)?.[key], row);
  return found !== undefined;
}

describe('the table', () => {
  it.each([...GIVING, ...LIVING, ...ENDING, ...FOUND])(
    '$name',
    ({ given, when, becomes, events, effects = [], shows = {}, lacks = [] }) => {
      const { row, decision, refusal } = tryGrant(grantAfter(given).row, when);
      expect(refusal).toBeUndefined();
      expect(row).toMatchObject({ status: becomes, ...shows });
      expect(lacks.filter((path) => has(row, path))).toEqual([]);
      expect(decision.ok && decision.events.map(({ type }) => type)).toEqual(events);
      expect(decision.ok && decision.effects).toEqual(effects);
    },
  );

  it('counts the five minutes and the time of a pass for later from then', () => {
    const [ordered] = grantAfter(TO.scheduled).events;
    expect(ordered).toMatchObject({ data: { startsAt: at(50), giveUpAt: at(350), expiresAt: at(3650) } });
  });

  it.each([
    ['from the order, when people ended it', REVOKED, 40],
    ['from the deadline, when that ended it', [...DUE, [3605, SEEN_ABSENT], [3640, SEEN_ABSENT]], 40],
    ['rounded up, never down', [...DUE, [3605, SEEN_ABSENT], [3635.001, SEEN_ABSENT]], 36],
  ] as [string, Steps, number][])('tells the lag %s', (_, steps, lagSeconds) => {
    const last = grantAfter(steps).events.at(-1);
    expect(last).toMatchObject({ type: 'grant.revoked', data: { lagSeconds } });
  });

  it.each([
    [60, 36],
    [600, 360],
    [750, 450],
    [751, 451],
    [3600, 3300],
    [86_400, 86_100],
  ])('warns early enough to act: a pass of %d s after %d s', (duration, warned) => {
    const steps: Steps = [
      [0, order({ offer: offerOf(duration) })],
      [0, CLEARED],
      [0, ATTEMPT],
    ];
    const { decision } = tryGrant(grantAfter(steps).row, [0, CONFIRMED]);
    expect(decision.ok && decision.effects).toEqual([{ kind: 'warn', at: at(warned) }]);
  });

  it('says whose word is still missing, and whose word the end rests on', () => {
    expect(grantAfter(CLOSED).events.slice(-3)).toMatchObject([
      { type: 'grant.attested', data: { by: SAM, stillNeeded: 1 }, text: { evidence: 'the server was thrown away' } },
      { type: 'grant.attested', data: { by: BEN, stillNeeded: 0 }, text: { evidence: 'I looked too' } },
      { type: 'grant.force_closed', data: { by: [SAM, BEN] } },
    ]);
  });

  it('says whose word the target has proven wrong', () => {
    const { decision } = tryGrant(grantAfter(STATED).row, [310, { type: 'seen_present' }]);
    expect(decision).toMatchObject({ events: [{ type: 'revoke.seen_present', data: { voided: [SAM] } }] });
    const { decision: nobodys } = tryGrant(grantAfter(ABSENT_ONCE).row, [120, { type: 'seen_present' }]);
    expect(nobodys).toMatchObject({ events: [{ data: {} }] });
    expect(JSON.stringify(nobodys)).not.toContain('voided');
  });

  it('says which way it drifted', () => {
    const { events } = grantAfter([...ACTIVE, [50, DRIFTED], [60, DRIFTED_BACK]]);
    expect(events.slice(-2).map(({ data }) => data)).toEqual([
      { fingerprint: 'f-2', asApproved: false },
      { fingerprint: 'f-1', asApproved: true },
    ]);
  });

  it('keeps what was seen while nobody could write it down', () => {
    const { events } = grantAfter([...ACTIVE, [3700, SPOOLED]]);
    expect(events.at(-1)).toMatchObject({
      at: at(3700),
      data: { doneAt: at(3605), attempts: 2, seen: 'absent' },
    });
  });

  it('names request and pass in every event', () => {
    for (const steps of [TO.revoked, TO.force_closed, [[0, adopt()]] as Steps])
      for (const { subject } of grantAfter(steps).events) expect(subject).toEqual({ request: REQUEST, grant: PASS });
  });
});

describe('an extension in the last second (C17)', () => {
  const nearly = [
    [-1, 'extending'],
    [-0.5, 'extending'],
    [0, 'active'],
    [0.5, 'active'],
  ] as const;
  it.each(nearly)('ordered %d s from the end: %s', (offset, status) => {
    const { row, refusal } = tryGrant(grantAfter(ACTIVE).row, [3600 + offset, EXTEND]);
    expect(row).toMatchObject({ status, expiresAt: at(3600) });
    expect(refusal?.code).toBe(status === 'extending' ? undefined : 'not_live');
  });

  const confirmed = [
    [-1, 'active', 7200],
    [-0.5, 'active', 7200],
    [0, 'revoking', 3600],
    [0.5, 'revoking', 3600],
  ] as const;
  it.each(confirmed)('confirmed %d s from the end: %s until %d', (offset, status, until) => {
    const { row } = tryGrant(grantAfter(EXTENDING).row, [3600 + offset, EXTENDED]);
    expect(row).toMatchObject({ status, expiresAt: at(until) });
  });

  it.each([at(3600), at(3599), 0, -1, Number.NaN, Number.POSITIVE_INFINITY, at(3600) + 0.5])('never to %d', (until) => {
    const { row, refusal } = tryGrant(grantAfter(ACTIVE).row, [3000, { ...EXTEND, until } as GrantCommand]);
    expect(refusal).toEqual({ code: 'not_due' });
    expect(row).toMatchObject({ status: 'active', expiresAt: at(3600) });
  });
});

interface No {
  readonly name: string;
  readonly given: Steps;
  readonly when: Step<GrantCommand>;
  readonly refusal: Refusal;
}

const NOES: readonly No[] = [
  {
    name: 'a start before its time',
    given: TO.scheduled,
    when: [49.999, { type: 'start' }],
    refusal: { code: 'not_due' },
  },
  {
    name: 'a call before anybody looked (law 9)',
    given: ORDERED,
    when: [1, ATTEMPT],
    refusal: { code: 'wrong_status', status: 'granting' },
  },
  { name: 'a call when the five minutes are over', given: LOOKED, when: [300, ATTEMPT], refusal: { code: 'lapsed' } },
  {
    name: 'a call after the end, where that comes first',
    given: [
      [0, order({ offer: offerOf(60) })],
      [1, CLEARED],
    ],
    when: [60, ATTEMPT],
    refusal: { code: 'lapsed' },
  },
  {
    name: 'looking again after the first call: what is there may be ours',
    given: IN_FLIGHT,
    when: [3, CLEARED],
    refusal: { code: 'wrong_status', status: 'granting' },
  },
  {
    name: '“already there” after the first call: it may be ours',
    given: NO,
    when: [3, { type: 'already_there' }],
    refusal: { code: 'wrong_status', status: 'granting' },
  },
  {
    name: '“changed” after the first call',
    given: NO,
    when: [3, { type: 'changed', code: 'policy_changed' }],
    refusal: { code: 'wrong_status', status: 'granting' },
  },
  {
    name: 'a confirm without a call (law 1)',
    given: LOOKED,
    when: [3, CONFIRMED],
    refusal: { code: 'wrong_status', status: 'granting' },
  },
  {
    name: 'a failure without a call',
    given: LOOKED,
    when: [3, failed('maybe')],
    refusal: { code: 'wrong_status', status: 'granting' },
  },
  {
    name: 'a confirm after the only call was answered with a no: what is there is not ours (law 9)',
    given: NO,
    when: [3, CONFIRMED],
    refusal: { code: 'wrong_status', status: 'granting' },
  },
  {
    name: 'an acceptance without a call',
    given: LOOKED,
    when: [3, ACCEPTED],
    refusal: { code: 'wrong_status', status: 'granting' },
  },
  { name: 'giving up too early', given: IN_FLIGHT, when: [299.999, GIVE_UP], refusal: { code: 'not_due' } },
  {
    name: 'a second warning',
    given: [...ACTIVE, [3300, { type: 'warn' }]],
    when: [3301, { type: 'warn' }],
    refusal: { code: 'wrong_status', status: 'active' },
  },
  {
    name: 'a second confirm',
    given: ACTIVE,
    when: [4, CONFIRMED],
    refusal: { code: 'wrong_status', status: 'active' },
  },
  {
    name: 'a second extension while one is under way',
    given: EXTENDING,
    when: [3001, EXTEND],
    refusal: { code: 'not_live', status: 'extending' },
  },
  { name: 'the deadline before the deadline', given: ACTIVE, when: [3599.999, DEADLINE], refusal: { code: 'not_due' } },
  {
    name: 'the deadline of a pass that has not begun',
    given: TO.scheduled,
    when: [60, DEADLINE],
    refusal: { code: 'not_due' },
  },
  {
    name: 'returning somebody else’s pass',
    given: ACTIVE,
    when: [4, end({ because: 'returned', by: SAM })],
    refusal: { code: 'not_yours' },
  },
  { name: 'an alarm before two minutes', given: REVOKING, when: [219.999, OVERDUE], refusal: { code: 'not_due' } },
  {
    name: 'an alarm again before fifteen minutes',
    given: [...REVOKING, [220, OVERDUE]],
    when: [1119.999, OVERDUE],
    refusal: { code: 'not_due' },
  },
  {
    name: 'a second look before the settle time (law 4)',
    given: ABSENT_ONCE,
    when: [139.999, SEEN_ABSENT],
    refusal: { code: 'not_due' },
  },
  {
    name: 'closing by hand alone',
    given: STATED,
    when: [400, attest(SAM, 'I looked again')],
    refusal: { code: 'second_person_missing' },
  },
  {
    name: 'closing by hand without evidence',
    given: LATE,
    when: [300, attest(SAM, ' \n')],
    refusal: { code: 'note_missing' },
  },
  {
    name: 'closing by hand without evidence, as the second',
    given: STATED,
    when: [400, attest(BEN, '')],
    refusal: { code: 'note_missing' },
  },
  {
    name: 'closing by hand what is not overdue',
    given: REVOKING,
    when: [219, attest(SAM)],
    refusal: { code: 'not_overdue' },
  },
  {
    name: 'asking to close what is not overdue',
    given: REVOKING,
    when: [219, ASK_CLOSE],
    refusal: { code: 'not_overdue' },
  },
  {
    name: 'asking to close without evidence',
    given: LATE,
    when: [300, { type: 'ask_close', evidence: '\t' }],
    refusal: { code: 'note_missing' },
  },
  {
    name: 'closing by hand what is back and not overdue again',
    given: [...CLOSED, [9000, { type: 'reappeared' }]],
    when: [9001, attest(SAM)],
    refusal: { code: 'not_overdue' },
  },
  {
    name: 'what the entitlement gives is what was approved: no news',
    given: ACTIVE,
    when: [50, DRIFTED_BACK],
    refusal: { code: 'not_due' },
  },
  {
    name: 'the same drift twice',
    given: [...ACTIVE, [50, DRIFTED]],
    when: [60, DRIFTED],
    refusal: { code: 'not_due' },
  },
  {
    name: 'back twice',
    given: [...ACTIVE, [50, DRIFTED], [60, DRIFTED_BACK]],
    when: [70, DRIFTED_BACK],
    refusal: { code: 'not_due' },
  },
  {
    name: 'taken back before its end, by a clock that runs ahead',
    given: ACTIVE,
    when: [3599.999, SPOOLED],
    refusal: { code: 'not_due' },
  },
  {
    name: 'taken back where nothing was given: never called (law 9)',
    given: LOOKED,
    when: [3700, SPOOLED],
    refusal: { code: 'wrong_status', status: 'granting' },
  },
  {
    name: 'taken back where nothing was given: every call was answered with a no (law 9)',
    given: NO,
    when: [3700, SPOOLED],
    refusal: { code: 'wrong_status', status: 'granting' },
  },
  {
    name: 'a look that finds access where a pass failed, without our mark: somebody else gave it (law 9)',
    given: TO.failed,
    when: [9000, { type: 'reappeared' }],
    refusal: { code: 'wrong_status', status: 'failed' },
  },
  { name: 'anything about a pass that does not exist', given: [], when: [0, end()], refusal: { code: 'unknown_pass' } },
];

/** In which statuses a command can lead anywhere; in all others it is refused. */
const TAKEN_IN: { readonly [C in GrantCommand['type']]: readonly GrantStatus[] } = {
  order: [],
  start: ['scheduled'],
  cleared: ['granting'],
  already_there: ['granting'],
  changed: ['granting'],
  attempt: ['granting'],
  attempt_failed: ['granting'],
  accepted: ['granting'],
  confirmed: ['granting', 'revoking'],
  give_up: ['granting'],
  warn: ['active'],
  extend: ['active'],
  extended: ['extending'],
  extension_failed: ['extending'],
  end: ['scheduled', 'granting', 'active', 'extending'],
  revoke_failed: ['revoking'],
  overdue: ['revoking'],
  seen_absent: ['revoking'],
  seen_present: ['revoking'],
  reappeared: ['revoked', 'failed', 'force_closed'],
  attest: ['revoking'],
  ask_close: ['revoking'],
  adopt: [],
  drifted: ['active', 'extending'],
  spooled: ['granting', 'active', 'extending', 'revoking'],
};
const ANY: { readonly [C in GrantCommand['type']]: GrantCommand } = {
  order: order(),
  start: { type: 'start' },
  cleared: CLEARED,
  already_there: { type: 'already_there' },
  changed: { type: 'changed', code: 'policy_changed' },
  attempt: ATTEMPT,
  attempt_failed: failed('no', 9),
  accepted: ACCEPTED,
  confirmed: CONFIRMED,
  give_up: GIVE_UP,
  warn: { type: 'warn' },
  extend: EXTEND,
  extended: EXTENDED,
  extension_failed: { type: 'extension_failed', fault: 'refused' },
  end: end(),
  revoke_failed: REVOKE_FAILED,
  overdue: OVERDUE,
  seen_absent: SEEN_ABSENT,
  seen_present: { type: 'seen_present' },
  reappeared: MARKED,
  attest: attest(MIA),
  ask_close: ASK_CLOSE,
  adopt: adopt(),
  drifted: DRIFTED,
  spooled: SPOOLED,
};
const BEFORE_THE_CALL: readonly string[] = ['cleared', 'already_there', 'changed', 'attempt'];
const MATRIX = (Object.keys(TO) as GrantStatus[]).flatMap((status) =>
  Object.values(ANY).map((command) => ({ status, type: command.type, command })),
);

describe('every no', () => {
  it.each(NOES)('$name', ({ given, when, refusal }) => {
    const before = grantAfter(given).row;
    expect(tryGrant(before, when)).toMatchObject({ row: before, refusal });
  });

  it.each(MATRIX)('$type for a pass that is $status', ({ status, type, command }) => {
    const isUncalled = status === 'granting' && BEFORE_THE_CALL.includes(type);
    const isLate = status === 'revoking' && (type === 'attest' || type === 'ask_close');
    const before = grantAfter(isUncalled ? LOOKED : isLate ? LATE : TO[status]).row;
    const seconds = type === 'attempt' ? 10 : type === 'spooled' ? 3600 : 3500;
    const { row, refusal } = tryGrant(before, [seconds, command]);
    if (TAKEN_IN[type].includes(status)) return expect(refusal).toBeUndefined();
    expect(refusal).toEqual({ code: type === 'extend' ? 'not_live' : 'wrong_status', status });
    expect(row).toBe(before);
  });
});
