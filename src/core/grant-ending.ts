// From the order to end to proven absence. Pure; called only by grant.ts. There is no last try and no failed end.
import { accept, type Decision, type Moment, refuse } from './decision.ts';
import type { GrantCommand } from './grant-command.ts';
import {
  ALARM_REPEAT_SECONDS,
  about,
  failedAs,
  isCertain,
  MIN_SETTLE_SECONDS,
  OVERDUE_SECONDS,
  revokeNow,
  revokeOrder,
  wrongStatus,
} from './grant-words.ts';
import type { Grant, Instant, PersonId } from './model.ts';
import type { Refusal } from './refusal.ts';

type In<S extends Grant['status']> = Extract<Grant, { status: S }>;

export function end(state: Grant, command: Extract<GrantCommand, { type: 'end' }>, moment: Moment): Decision {
  if (command.because === 'returned' && command.by !== state.person) return refuse({ code: 'not_yours' });
  if (!canEnd(state)) return wrongStatus(state);
  if (command.because === 'deadline' && moment.now < state.expiresAt) return refuse({ code: 'not_due' });
  // Where nothing of ours is there for certain, revoking could take what somebody else gave (law 9).
  if (state.status === 'scheduled' || (state.status === 'granting' && isCertain(state)))
    return accept([failedAs(state, moment, 'withdrawn')]);
  return accept([revokeOrder(state, moment, command.because, command.by, command.why)], revokeNow(moment));
}

function canEnd(state: Grant): state is In<'scheduled' | 'granting' | 'active' | 'extending'> {
  return ['scheduled', 'granting', 'active', 'extending'].includes(state.status);
}

export function revokeFailed(
  state: Grant,
  command: { readonly fault: string; readonly retryAt: Instant },
  moment: Moment,
): Decision {
  if (state.status !== 'revoking') return wrongStatus(state);
  const data = { attempt: state.ending.attempts + 1, fault: command.fault };
  const again = { kind: 'revoke', at: command.retryAt } as const;
  const failed = about(state, moment, { type: 'revoke.attempt_failed', data });
  const { attestedBy: voided } = state.ending;
  // What the target shows counts more than what somebody stated about it.
  if (command.fault !== 'still_present' || voided === undefined) return accept([failed], [again]);
  return accept([about(state, moment, { type: 'revoke.seen_present', data: { voided } }), failed], [again]);
}

/** When the access should have been gone: the deadline, or the moment an earlier end was ordered. */
export function endDue(grant: In<'revoking'>): Instant {
  return grant.ending.because === 'deadline' ? grant.expiresAt : grant.ending.since;
}

export function overdue(state: Grant, fault: string, moment: Moment): Decision {
  if (state.status !== 'revoking') return wrongStatus(state);
  const late = moment.now - endDue(state);
  const repeat =
    state.ending.lastAlarmAt === undefined || moment.now - state.ending.lastAlarmAt >= ALARM_REPEAT_SECONDS * 1000;
  // What was seen gone is late only in the books: the looks that follow have their time like any others.
  const waiting = moment.now - Math.max(endDue(state), state.ending.goneSince ?? 0);
  if (waiting < OVERDUE_SECONDS * 1000 || !repeat) return refuse({ code: 'not_due' });
  const event = about(state, moment, { type: 'revoke.overdue', data: { lateSeconds: Math.floor(late / 1000), fault } });
  return accept([event], [{ kind: 'alarm', at: moment.now }]);
}

/** One look proves nothing (read-backs may be stale): the first orders the second, the second closes (law 4). */
export function seenAbsent(
  state: Grant,
  command: Extract<GrantCommand, { type: 'seen_absent' }>,
  moment: Moment,
): Decision {
  if (state.status !== 'revoking') return wrongStatus(state);
  const settleMs = Math.max(command.settleSeconds, MIN_SETTLE_SECONDS) * 1000;
  const sessionsEnded = (state.ending.sessionsEnded ?? 0) + command.sessionsEnded;
  if (state.ending.seenAbsentAt === undefined) {
    const first = about(state, moment, { type: 'revoke.seen_absent', data: { sessionsEnded } });
    return accept([first], [{ kind: 'revoke', at: moment.now + settleMs }]);
  }
  if (moment.now < state.ending.seenAbsentAt + settleMs) return refuse({ code: 'not_due' });
  const lagSeconds = Math.max(0, Math.ceil((moment.now - endDue(state)) / 1000));
  return accept([about(state, moment, { type: 'grant.revoked', data: { lagSeconds, sessionsEnded } })]);
}

export function seenPresent(state: Grant, moment: Moment): Decision {
  if (state.status !== 'revoking') return wrongStatus(state);
  const { seenAbsentAt, attestedBy } = state.ending;
  const isNews = seenAbsentAt !== undefined || attestedBy !== undefined;
  const data = attestedBy === undefined ? {} : { voided: attestedBy };
  const seen = about(state, moment, { type: 'revoke.seen_present', data });
  return accept(isNews ? [seen] : [], revokeNow(moment));
}

/**
 * Seen after its end: a call that was carried out late, or somebody who put it back. Of a pass that failed nothing was ever
 * given by what the target said, so that only our mark on it proves that it is ours to take (law 9).
 */
export function reappeared(state: Grant, command: { readonly marked?: true }, moment: Moment): Decision {
  if (!isOver(state) || (state.status === 'failed' && !command.marked)) return wrongStatus(state);
  return accept(
    [about(state, moment, { type: 'grant.reappeared', data: {} })],
    [...revokeNow(moment), { kind: 'alarm', at: moment.now }],
  );
}

function isOver(state: Grant): boolean {
  return state.status === 'revoked' || state.status === 'failed' || state.status === 'force_closed';
}

/** Ends without proof, so only what is late already: one person's word is kept, a second person's closes. */
export function attest(
  state: Grant,
  command: { readonly by: PersonId; readonly evidence: string },
  moment: Moment,
): Decision {
  if (state.status !== 'revoking') return wrongStatus(state);
  const no = notToBeClosed(state, command.evidence);
  if (no) return refuse(no);
  const { by, evidence } = command;
  const before = state.ending.attestedBy ?? [];
  if (before.includes(by)) return refuse({ code: 'second_person_missing' });
  const stillNeeded = before.length === 0 ? 1 : 0;
  const attested = about(state, moment, { type: 'grant.attested', data: { by, stillNeeded }, text: { evidence } });
  const closed = about(state, moment, { type: 'grant.force_closed', data: { by: [...before, by] } });
  return accept(stillNeeded > 0 ? [attested] : [attested, closed], [{ kind: 'alarm', at: moment.now }]);
}

/** Word of somebody whom nobody can name: told to those whose word counts, and counts for nothing itself. */
export function askClose(state: Grant, evidence: string, moment: Moment): Decision {
  if (state.status !== 'revoking') return wrongStatus(state);
  const no = notToBeClosed(state, evidence);
  if (no) return refuse(no);
  const asked = about(state, moment, { type: 'grant.close_asked', data: {}, text: { evidence } });
  return accept([asked], [{ kind: 'alarm', at: moment.now }]);
}

function notToBeClosed(state: In<'revoking'>, evidence: string): Refusal | undefined {
  if (state.ending.overdueSince === undefined) return { code: 'not_overdue' };
  return evidence.trim() === '' ? { code: 'note_missing' } : undefined;
}

/** Nobody knows when it should have ended: it is late from the moment it was found. */
export function adopt(command: Extract<GrantCommand, { type: 'adopt' }>, moment: Moment): Decision {
  const { type: _type, id, ...data } = command;
  const subject = { request: command.request, grant: id };
  const found = { type: 'grant.adopted', at: moment.now, actor: moment.actor, subject, data } as const;
  return accept([found], [...revokeNow(moment), { kind: 'alarm', at: moment.now }]);
}

/** The same change is told once, and so is the way back. */
export function drifted(state: Grant, fingerprint: string, moment: Moment): Decision {
  if (state.status !== 'active' && state.status !== 'extending') return wrongStatus(state);
  if (fingerprint === (state.drifted ?? state.offer.fingerprint)) return refuse({ code: 'not_due' });
  const asApproved = fingerprint === state.offer.fingerprint;
  const event = about(state, moment, { type: 'grant.drifted', data: { fingerprint, asApproved } });
  return accept([event], asApproved ? [] : [{ kind: 'alarm', at: moment.now }]);
}

/**
 * What was done to this pass while nobody could write it down. It shortens nothing: the looks that prove an end are made
 * again, by the ordinary revocation. Where every call was answered with a no, nothing of ours can have been there (law 9).
 */
export function spooled(state: Grant, command: Extract<GrantCommand, { type: 'spooled' }>, moment: Moment): Decision {
  const { doneAt, attempts, seen } = command;
  const entered = about(state, moment, { type: 'revoke.spooled', data: { doneAt, attempts, seen } });
  switch (state.status) {
    case 'revoking':
      return accept([entered], revokeNow(moment));
    case 'granting':
    case 'active':
    case 'extending':
      if (state.status === 'granting' && isCertain(state)) return wrongStatus(state);
      if (moment.now < state.expiresAt) return refuse({ code: 'not_due' });
      return accept([revokeOrder(state, moment, 'deadline'), entered], revokeNow(moment));
    case 'scheduled':
    case 'revoked':
    case 'force_closed':
    case 'failed':
      return wrongStatus(state);
  }
}
