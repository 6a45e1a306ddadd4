// From the order to a live pass, and its extension. Pure; called only by grant.ts.
import { accept, type Decision, type Moment, refuse } from './decision.ts';
import type { GrantCommand } from './grant-command.ts';
import {
  about,
  GIVE_UP_SECONDS,
  type GrantPart,
  isCertain,
  revokeNow,
  revokeOrder,
  wrongStatus,
} from './grant-words.ts';
import type { Grant, Instant, JsonObject, Receipt, RequestId } from './model.ts';

type Granting = Extract<Grant, { status: 'granting' }>;

/** An outcome can only be told of a call that may have one still: where nothing can be ours, nothing is (laws 1, 9). */
function isCalled(state: Grant): state is Granting {
  return state.status === 'granting' && !isCertain(state);
}

export function order(command: Extract<GrantCommand, { type: 'order' }>, { now, actor }: Moment): Decision {
  const { type: _type, id, startsAt, ...rest } = command;
  const begin = startsAt ?? now;
  const clock = { expiresAt: begin + rest.offer.durationSeconds * 1000, giveUpAt: begin + GIVE_UP_SECONDS * 1000 };
  const data = { ...rest, ...clock, ...(startsAt === undefined ? {} : { startsAt }) };
  const subject = { request: command.request, grant: id };
  return accept([{ type: 'grant.ordered', at: now, actor, subject, data }], [{ kind: 'grant', at: begin }]);
}

/** The clock starts when the grant starts, not when it was asked for. */
export function start(state: Grant, moment: Moment): Decision {
  if (state.status !== 'scheduled') return wrongStatus(state);
  if (moment.now < state.startsAt) return refuse({ code: 'not_due' });
  const data = {
    expiresAt: moment.now + state.offer.durationSeconds * 1000,
    giveUpAt: moment.now + GIVE_UP_SECONDS * 1000,
  };
  return accept([about(state, moment, { type: 'grant.started', data })], [{ kind: 'grant', at: moment.now }]);
}

export function beforeFirstCall(state: Grant, moment: Moment, part: GrantPart): Decision {
  if (state.status !== 'granting' || state.attempts > 0) return wrongStatus(state);
  return accept([about(state, moment, part)]);
}

export function attempt(state: Grant, moment: Moment): Decision {
  if (state.status !== 'granting' || !state.cleared) return wrongStatus(state);
  if (moment.now >= Math.min(state.giveUpAt, state.expiresAt)) return refuse({ code: 'lapsed' });
  return accept([about(state, moment, { type: 'grant.attempted', data: { attempt: state.attempts + 1 } })]);
}

export function attemptFailed(
  state: Grant,
  command: Extract<GrantCommand, { type: 'attempt_failed' }>,
  moment: Moment,
): Decision {
  if (!isCalled(state)) return wrongStatus(state);
  const { fault, changed, retryAt } = command;
  const failed = about(state, moment, {
    type: 'grant.attempt_failed',
    data: { attempt: state.attempts, fault, changed },
  });
  if (retryAt !== undefined) return accept([failed], [{ kind: 'grant', at: retryAt }]);
  if (state.doubt || changed === 'maybe')
    return accept([failed, revokeOrder(state, moment, 'uncertain')], revokeNow(moment));
  return accept([failed, about(state, moment, { type: 'grant.failed', data: { code: 'target_refused', fault } })]);
}

export function accepted(
  state: Grant,
  command: { readonly handle: JsonObject; readonly pollAt: Instant },
  moment: Moment,
): Decision {
  if (!isCalled(state)) return wrongStatus(state);
  const poll = { kind: 'grant', at: command.pollAt } as const;
  return accept([about(state, moment, { type: 'grant.accepted', data: { handle: command.handle } })], [poll]);
}

export function confirmed(state: Grant, receipt: Receipt, moment: Moment): Decision {
  if (state.status === 'revoking')
    return accept([about(state, moment, { type: 'grant.late_confirmed', data: { receipt } })]);
  if (!isCalled(state)) return wrongStatus(state);
  const event = about(state, moment, { type: 'grant.confirmed', data: { receipt } });
  const tooLate = moment.now >= state.expiresAt ? 'deadline' : moment.now >= state.giveUpAt ? 'late_grant' : undefined;
  // As the sweep would have it a moment later: what people were told to expect does not hang on who is faster.
  if (tooLate) return accept([event, revokeOrder(state, moment, tooLate)], revokeNow(moment));
  return accept([event], [{ kind: 'warn', at: warnAt(moment.now, state.expiresAt) }]);
}

export function giveUp(state: Grant, moment: Moment): Decision {
  if (state.status !== 'granting') return wrongStatus(state);
  if (moment.now < Math.min(state.giveUpAt, state.expiresAt)) return refuse({ code: 'not_due' });
  if (isCertain(state)) return accept([about(state, moment, { type: 'grant.failed', data: { code: 'timed_out' } })]);
  return accept([revokeOrder(state, moment, 'uncertain')], revokeNow(moment));
}

/** The holder hears of the end early enough to act: 5 minutes before, or at three fifths of a short pass. */
export function warnAt(from: Instant, expiresAt: Instant): Instant {
  return Math.max(from + Math.floor((expiresAt - from) * 0.6), expiresAt - 300_000);
}

export function warn(state: Grant, moment: Moment): Decision {
  if (state.status !== 'active' || state.warned) return wrongStatus(state);
  return accept([about(state, moment, { type: 'grant.warned', data: {} })]);
}

export function extend(
  state: Grant,
  command: { readonly until: Instant; readonly extension: RequestId },
  moment: Moment,
): Decision {
  if (state.status !== 'active' || moment.now >= state.expiresAt)
    return refuse({ code: 'not_live', status: state.status });
  if (!Number.isSafeInteger(command.until) || command.until <= state.expiresAt) return refuse({ code: 'not_due' });
  const { until, extension } = command;
  return accept(
    [about(state, moment, { type: 'grant.extending', data: { until, extension } })],
    [{ kind: 'extend', at: moment.now }],
  );
}

export function extended(state: Grant, receipt: Receipt, moment: Moment): Decision {
  if (state.status !== 'extending') return wrongStatus(state);
  if (moment.now >= state.expiresAt) return extendedTooLate(state, moment);
  const data = { expiresAt: state.until, receipt };
  const warning = { kind: 'warn', at: warnAt(moment.now, state.until) } as const;
  return accept([about(state, moment, { type: 'grant.extended', data })], [warning]);
}

/** The old deadline holds until the new one is confirmed; once it has passed, nothing brings the pass back (threat C17). */
function extendedTooLate(state: Extract<Grant, { status: 'extending' }>, moment: Moment): Decision {
  const data = { fault: 'too_late', extension: state.extension };
  const failed = about(state, moment, { type: 'grant.extension_failed', data });
  return accept([failed, revokeOrder(state, moment, 'deadline')], revokeNow(moment));
}

export function extensionFailed(state: Grant, fault: string, moment: Moment): Decision {
  if (state.status !== 'extending') return wrongStatus(state);
  const data = { fault, extension: state.extension };
  return accept([about(state, moment, { type: 'grant.extension_failed', data })]);
}
