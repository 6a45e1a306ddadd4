// Trigger ids: what lets the app open a view in answer to something that a person just did. 3 s, one use.
import { TRIGGER_SECONDS } from './limits.ts';
import { type State, slackId } from './state.ts';

export function issueTrigger(state: State, user: string): string {
  const id = `${slackId(state, '1')}.${state.ids.secret(16)}`;
  state.triggers.set(id, { at: state.clock.now(), user, used: false });
  return id;
}

export type Redeemed =
  | { readonly user: string }
  | { readonly error: 'invalid_trigger_id' | 'exchanged_trigger_id' | 'expired_trigger_id' };

/** Uses the trigger up when it is valid. Call it last: what is refused for other reasons uses nothing up. */
export function redeemTrigger(state: State, id: string): Redeemed {
  const trigger = state.triggers.get(id);
  if (!trigger) return { error: 'invalid_trigger_id' };
  if (trigger.used) return { error: 'exchanged_trigger_id' };
  if (state.clock.now() - trigger.at > TRIGGER_SECONDS * 1_000) return { error: 'expired_trigger_id' };
  state.triggers.set(id, { ...trigger, used: true });
  return { user: trigger.user };
}
