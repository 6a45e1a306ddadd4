// What both halves of the grant's life say: building events about a grant, and the times they go by. Pure.
import { type Decision, type Moment, refuse } from './decision.ts';
import type { GrantEvent } from './events.ts';
import type { EndReason, Grant, GrantFailure, PersonId } from './model.ts';

/** A grant that is not confirmed by then fails or is revoked, and the thread says so. */
export const GIVE_UP_SECONDS = 300;
/** Without proof of absence this long after the order to end, people are alarmed … */
export const OVERDUE_SECONDS = 120;
/** … again and again, until it is gone. */
export const ALARM_REPEAT_SECONDS = 900;
/** Two looks are at least this far apart, however fast the target settles (law 4). */
export const MIN_SETTLE_SECONDS = 2;

export type GrantPart = GrantEvent extends infer E
  ? E extends GrantEvent
    ? Omit<E, 'at' | 'actor' | 'subject'>
    : never
  : never;

export function about(state: Grant, { now, actor }: Moment, part: GrantPart): GrantEvent {
  return { ...part, at: now, actor, subject: { request: state.request, grant: state.id } } as GrantEvent;
}

export function failedAs(state: Grant, moment: Moment, code: GrantFailure): GrantEvent {
  return about(state, moment, { type: 'grant.failed', data: { code } });
}

export function revokeOrder(
  state: Grant,
  moment: Moment,
  because: EndReason,
  by: PersonId | 'hallpass' = 'hallpass',
  why = '',
): GrantEvent {
  return about(state, moment, { type: 'revoke.ordered', data: { because, by, since: moment.now }, text: { why } });
}

/** Certain that nothing was changed: no call left the house, or every one was answered with a definite no. */
export function isCertain(state: Extract<Grant, { status: 'granting' }>): boolean {
  return !state.doubt && !state.inFlight;
}

export function revokeNow({ now }: Moment) {
  return [{ kind: 'revoke', at: now } as const];
}

export function wrongStatus(state: Grant): Decision {
  return refuse({ code: 'wrong_status', status: state.status });
}
