// Access that was found in a target without marks after a rollback, and that no row accounts for: what is known of each find,
// and what people chose. Nothing is taken by guess; what was chosen to stay is not asked about again.
import { createHash } from 'node:crypto';
import type { MessageRef, PersonId, Principal } from '../core/model.ts';
import type { Draft } from './change.ts';
import { type Remembered, recall, remember } from './remembered.ts';
import type { Tools } from './tools.ts';

export interface Find {
  readonly target: string;
  readonly role: string;
  readonly principal: Principal;
  /** Who this is here. */
  readonly person: PersonId;
  readonly state: 'open' | 'kept' | 'revoked';
  /** How often people were asked, and the last message that asks. */
  readonly asked: number;
  readonly message?: MessageRef;
  readonly by?: PersonId;
}

/** The same access found again is the same find. */
export function findId(targetKey: string, principal: Principal): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([targetKey, principal.id]))
    .digest('hex');
  return `find_${digest.slice(0, 26).toUpperCase()}`;
}

/** Strict: a button of ours carries this and nothing else. */
export function isFindId(value: string): boolean {
  return /^find_[0-9A-F]{26}$/.test(value);
}

export function recallFind(tools: Tools, id: string): Promise<Remembered<Find>> {
  return recall<Find>(tools, findKey(id));
}

export function keepFind(draft: Draft, id: string, before: Remembered<Find>, find: Find): void {
  remember(draft, findKey(id), before, find);
}

function findKey(id: string): string {
  return `found:${id}`;
}
