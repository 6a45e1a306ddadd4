// What a command leads to: facts and the work they order, or a refusal. Shared by both state machines.
import type { DomainEvent } from './events.ts';
import type { Actor, Instant } from './model.ts';
import type { Refusal } from './refusal.ts';

/** Work for the outside world, carried out by jobs, never here. `at` is when it may begin. */
export interface Effect {
  readonly kind: 'evaluate' | 'grant' | 'extend' | 'revoke' | 'warn' | 'alarm';
  readonly at: Instant;
}

export type Decision =
  | { readonly ok: true; readonly events: readonly DomainEvent[]; readonly effects: readonly Effect[] }
  | { readonly ok: false; readonly refusal: Refusal };

/** Who gives the command, and when by the store's clock. */
export interface Moment {
  readonly now: Instant;
  readonly actor: Actor;
}

export function accept(events: readonly DomainEvent[], effects: readonly Effect[] = []): Decision {
  return { ok: true, events, effects };
}

export function refuse(refusal: Refusal): Decision {
  return { ok: false, refusal };
}
