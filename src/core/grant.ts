// The life of a grant ("pass"): what each command leads to in each status. Pure. Its other half is grant-evolve.ts.
// Laws here: intent before call, doubt means revoke, confirmed means looked twice, nothing is taken that we did not give.
import { type Decision, type Moment, refuse } from './decision.ts';
import { end, forceClose, overdue, reappeared, revokeFailed, seenAbsent, seenPresent } from './grant-ending.ts';
import {
  accepted,
  attempt,
  attemptFailed,
  beforeFirstCall,
  confirmed,
  extend,
  extended,
  extensionFailed,
  giveUp,
  order,
  start,
  warn,
} from './grant-giving.ts';
import { wrongStatus } from './grant-words.ts';
import type { EndReason, Grant, GrantId, Instant, JsonObject, Offer, PersonId, Receipt, RequestId } from './model.ts';

export type GrantCommand =
  | {
      readonly type: 'order';
      readonly id: GrantId;
      readonly request: RequestId;
      readonly person: PersonId;
      readonly digest: string;
      readonly offer: Offer;
      readonly startsAt?: Instant;
    }
  | { readonly type: 'start' }
  /** Looked before the first call: the access is absent. */
  | { readonly type: 'cleared' }
  /** Looked before the first call: somebody else gave it already. */
  | { readonly type: 'already_there' }
  /** The entitlement or the policy is not what was approved any more (threat C04). */
  | { readonly type: 'changed'; readonly code: 'entitlement_changed' | 'policy_changed' }
  | { readonly type: 'attempt' }
  | {
      readonly type: 'attempt_failed';
      readonly fault: string;
      readonly changed: 'no' | 'maybe';
      readonly retryAt?: Instant;
    }
  | { readonly type: 'accepted'; readonly handle: JsonObject; readonly pollAt: Instant }
  | { readonly type: 'confirmed'; readonly receipt: Receipt }
  | { readonly type: 'give_up' }
  | { readonly type: 'warn' }
  | { readonly type: 'extend'; readonly until: Instant; readonly extension: RequestId }
  | { readonly type: 'extended'; readonly receipt: Receipt }
  | { readonly type: 'extension_failed'; readonly fault: string }
  | { readonly type: 'end'; readonly because: EndReason; readonly by: PersonId | 'hallpass'; readonly why: string }
  | { readonly type: 'revoke_failed'; readonly fault: string; readonly retryAt: Instant }
  | { readonly type: 'overdue'; readonly fault: string }
  | { readonly type: 'seen_absent'; readonly sessionsEnded: number; readonly settleSeconds: number }
  | { readonly type: 'seen_present' }
  | { readonly type: 'reappeared' }
  | { readonly type: 'force_close'; readonly by: readonly PersonId[]; readonly evidence: string };

export function decideGrant(state: Grant | undefined, command: GrantCommand, moment: Moment): Decision {
  if (command.type === 'order') return state ? wrongStatus(state) : order(command, moment);
  if (!state) return refuse({ code: 'unknown_pass' });
  switch (command.type) {
    case 'start':
      return start(state, moment);
    case 'cleared':
      return beforeFirstCall(state, moment, { type: 'grant.cleared', data: {} });
    case 'already_there':
      return beforeFirstCall(state, moment, { type: 'grant.failed', data: { code: 'already_has_access' } });
    case 'changed':
      return beforeFirstCall(state, moment, { type: 'grant.failed', data: { code: command.code } });
    case 'attempt':
      return attempt(state, moment);
    case 'attempt_failed':
      return attemptFailed(state, command, moment);
    case 'accepted':
      return accepted(state, command, moment);
    case 'confirmed':
      return confirmed(state, command.receipt, moment);
    case 'give_up':
      return giveUp(state, moment);
    case 'warn':
      return warn(state, moment);
    case 'extend':
      return extend(state, command, moment);
    case 'extended':
      return extended(state, command.receipt, moment);
    case 'extension_failed':
      return extensionFailed(state, command.fault, moment);
    case 'end':
      return end(state, command, moment);
    case 'revoke_failed':
      return revokeFailed(state, command, moment);
    case 'overdue':
      return overdue(state, command.fault, moment);
    case 'seen_absent':
      return seenAbsent(state, command, moment);
    case 'seen_present':
      return seenPresent(state, moment);
    case 'reappeared':
      return reappeared(state, moment);
    case 'force_close':
      return forceClose(state, command, moment);
  }
}
