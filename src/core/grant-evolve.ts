// Applying facts to a grant: folding its events gives exactly the stored row (law 14). No decision is made here;
// a fact that cannot follow from the present status is a bug and throws, so that it is never stored.
import type { DomainEvent } from './events.ts';
import type { Ending, Grant, GrantId, Receipt } from './model.ts';

type In<S extends Grant['status']> = Extract<Grant, { status: S }>;

/** Apply one fact. Facts about other things leave the row as it is. */
export function evolveGrant(state: Grant | undefined, event: DomainEvent): Grant | undefined {
  if (!state) return event.type === 'grant.ordered' ? ordered(event) : adopted(event);
  if (event.subject.grant !== state.id) return state;
  const at = event.at;
  switch (event.type) {
    case 'grant.ordered':
    case 'grant.adopted':
      throw new Error(`pass ${state.id} was ordered twice`);
    case 'grant.started':
      return { ...common(inStatus(state, 'scheduled')), ...event.data, ...FRESH, status: 'granting' };
    case 'grant.cleared':
      return { ...inStatus(state, 'granting'), cleared: true };
    case 'grant.attempted': {
      const granting = inStatus(state, 'granting');
      // The outcome of a call that was never stored is unknown for ever: the process died between.
      return { ...granting, attempts: event.data.attempt, doubt: granting.doubt || granting.inFlight, inFlight: true };
    }
    case 'grant.attempt_failed': {
      const granting = inStatus(state, 'granting');
      return { ...granting, inFlight: false, doubt: granting.doubt || event.data.changed === 'maybe' };
    }
    case 'grant.accepted':
      // It is going to happen some time, whatever a later look at the handle says about that look.
      return { ...inStatus(state, 'granting'), handle: event.data.handle, doubt: true };
    case 'grant.confirmed':
      inStatus(state, 'granting');
      return { ...common(state), status: 'active', receipt: event.data.receipt, activeAt: at, warned: false };
    case 'grant.failed':
      return {
        ...common(inStatus(state, 'scheduled', 'granting')),
        status: 'failed',
        code: event.data.code,
        closedAt: at,
      };
    case 'grant.warned':
      return { ...inStatus(state, 'active'), warned: true };
    case 'grant.extending': {
      const { until, extension } = event.data;
      return { ...inStatus(state, 'active'), status: 'extending', until, extension };
    }
    case 'grant.extended': {
      const { activeAt } = inStatus(state, 'extending');
      const { expiresAt, receipt } = event.data;
      return { ...common(state), expiresAt, receipt, activeAt, status: 'active', warned: false };
    }
    case 'grant.extension_failed': {
      const { receipt, activeAt, warned } = inStatus(state, 'extending');
      return { ...common(state), receipt, activeAt, warned, status: 'active' };
    }
    case 'revoke.ordered': {
      const { because, by, since } = event.data;
      const from = inStatus(state, 'granting', 'active', 'extending');
      return { ...revoking(from), ending: { because, by, since, attempts: 0 } };
    }
    case 'grant.late_confirmed':
      return { ...inStatus(state, 'revoking'), receipt: event.data.receipt };
    case 'revoke.attempt_failed':
      return ending(state, (now) => ({
        ...without(now, 'seenAbsentAt', ...(event.data.fault === 'still_present' ? (['goneSince'] as const) : [])),
        attempts: event.data.attempt,
        lastFault: event.data.fault,
      }));
    case 'revoke.overdue':
      return ending(state, (now) => ({ ...now, overdueSince: now.overdueSince ?? at, lastAlarmAt: at }));
    case 'revoke.seen_absent':
      return ending(state, (now) => ({ ...now, seenAbsentAt: at, sessionsEnded: event.data.sessionsEnded }));
    case 'revoke.seen_present':
      return ending(state, (now) => without(now, 'seenAbsentAt', 'attestedBy', 'goneSince'));
    case 'grant.revoked': {
      const from = inStatus(state, 'revoking');
      const over = { ...from.ending, sessionsEnded: event.data.sessionsEnded };
      return { ...common(state), ...activeAt(from), status: 'revoked', ending: over, revokedAt: at };
    }
    case 'grant.force_closed':
      return { ...common(state), status: 'force_closed', ending: inStatus(state, 'revoking').ending, closedAt: at };
    case 'grant.attested':
      return ending(state, (now) => ({ ...now, attestedBy: [...(now.attestedBy ?? []), event.data.by] }));
    case 'grant.close_asked':
      return inStatus(state, 'revoking');
    case 'grant.drifted': {
      const from = inStatus(state, 'active', 'extending');
      const { drifted: _before, ...rest } = from;
      return event.data.asApproved ? rest : { ...rest, drifted: event.data.fingerprint };
    }
    case 'revoke.spooled': {
      const gone = event.data.seen === 'absent' ? { goneSince: at } : {};
      return ending(state, (now) => ({ ...without(now, 'seenAbsentAt', 'goneSince'), ...gone }));
    }
    case 'grant.reappeared': {
      const from = inStatus(state, 'revoked', 'failed', 'force_closed');
      const again: Ending = { because: 'reappeared', by: 'hallpass', since: at, attempts: 0 };
      return { ...common(state), ...activeAt(from), status: 'revoking', ending: again };
    }
  }
  return state;
}

const FRESH = { cleared: false, attempts: 0, inFlight: false, doubt: false } as const;

function ordered(event: Extract<DomainEvent, { type: 'grant.ordered' }>): Grant {
  const { startsAt, giveUpAt, ...data } = event.data;
  const base = { id: event.subject.grant as GrantId, ...data, orderedAt: event.at };
  if (startsAt !== undefined) return { ...base, status: 'scheduled', startsAt };
  return { ...base, ...FRESH, giveUpAt, status: 'granting' };
}

/** Taken from somebody nobody remembers: late from the moment it was found, whatever was agreed once. */
function adopted(event: DomainEvent): Grant | undefined {
  if (event.type !== 'grant.adopted') return undefined;
  const { at } = event;
  const base = { id: event.subject.grant as GrantId, ...event.data, orderedAt: at, expiresAt: at };
  return { ...base, status: 'revoking', ending: { because: 'orphan', by: 'hallpass', since: at, attempts: 0 } };
}

function common(state: Grant) {
  const { id, request, person, digest, offer, orderedAt, expiresAt } = state;
  const base = { id, request, person, digest, offer, orderedAt, expiresAt };
  return state.drifted === undefined ? base : { ...base, drifted: state.drifted };
}

function revoking(state: Grant) {
  const receipt: { receipt?: Receipt } = 'receipt' in state && state.receipt ? { receipt: state.receipt } : {};
  return { ...common(state), ...activeAt(state), ...receipt, status: 'revoking' } as const;
}

function activeAt(state: Grant): { activeAt?: number } {
  return 'activeAt' in state && state.activeAt !== undefined ? { activeAt: state.activeAt } : {};
}

function ending(state: Grant, change: (now: Ending) => Ending): Grant {
  const from = inStatus(state, 'revoking');
  return { ...from, ending: change(from.ending) };
}

function without(now: Ending, ...keys: readonly ('seenAbsentAt' | 'attestedBy' | 'goneSince')[]): Ending {
  const rest = { ...now };
  for (const key of keys) delete rest[key];
  return rest;
}

function inStatus<S extends Grant['status']>(state: Grant, ...statuses: readonly S[]): In<S> {
  const found = statuses.some((status) => status === state.status);
  if (!found) throw new Error(`pass ${state.id} is ${state.status}, not ${statuses.join(' or ')}`);
  return state as In<S>;
}
