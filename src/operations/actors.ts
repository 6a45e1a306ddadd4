// How each way in names itself in the log: the human behind it and the way it came (threat J08).
import type { AccountRef, Actor, PersonId } from '../core/model.ts';

export const RUNNER: Actor = { person: 'hallpass', kind: 'system', via: 'runner' };
export const SWEEP: Actor = { person: 'hallpass', kind: 'system', via: 'sweep' };
/** Ending access while the store was away. */
export const EMERGENCY: Actor = { person: 'hallpass', kind: 'system', via: 'emergency' };
export const POLICY: Actor = { person: 'hallpass', kind: 'system', via: 'policy' };

export function human(person: PersonId, account: AccountRef): Actor {
  return { person, kind: 'human', via: account.platform, account };
}
