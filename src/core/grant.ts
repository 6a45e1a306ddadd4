// The life of a grant ("pass"): what each command leads to in each status. Pure. Its other half is grant-evolve.ts.
// Laws here: intent before call, doubt means revoke, confirmed means looked twice, nothing is taken that we did not give.
import { type Decision, type Moment, refuse } from './decision.ts';
import type { GrantCommand } from './grant-command.ts';
import {
  adopt,
  askClose,
  attest,
  drifted,
  end,
  overdue,
  reappeared,
  revokeFailed,
  seenAbsent,
  seenPresent,
  spooled,
} from './grant-ending.ts';
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
import type { Grant } from './model.ts';

export function decideGrant(state: Grant | undefined, command: GrantCommand, moment: Moment): Decision {
  if (command.type === 'order') return state ? wrongStatus(state) : order(command, moment);
  if (command.type === 'adopt') return state ? wrongStatus(state) : adopt(command, moment);
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
      return reappeared(state, command, moment);
    case 'attest':
      return attest(state, command, moment);
    case 'ask_close':
      return askClose(state, command.evidence, moment);
    case 'drifted':
      return drifted(state, command.fingerprint, moment);
    case 'spooled':
      return spooled(state, command, moment);
  }
}
