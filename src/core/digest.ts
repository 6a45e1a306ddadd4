// The digest that ties what was seen to what is granted (law 11). Pure.
import { createHash } from 'node:crypto';
import { canonicalize } from './ledger/canonical.ts';
import type { Offer, Purpose } from './model.ts';

/** SHA-256 over everything an approver approves, as 32 hex digits: short enough for a button, 128 bits strong. */
export function digestOf(purpose: Purpose, offer: Offer): string {
  return createHash('sha256')
    .update(canonicalize({ purpose, offer } as never))
    .digest('hex')
    .slice(0, 32);
}

/** What a button carries: nothing secret, nothing trusted; compared with the stored request. */
export function buttonValue(id: string, revision: number, digest: string): string {
  return `${id}.${revision}.${digest}`;
}

export interface ButtonTarget {
  readonly id: string;
  readonly revision: number;
  readonly digest: string;
}

/** Strict: anything that is not exactly one of our values is `undefined` (threat C02). */
export function readButtonValue(value: string): ButtonTarget | undefined {
  const match = /^((?:req|pass)_[0-9A-Z]{26})\.(0|[1-9][0-9]{0,5})\.([0-9a-f]{32}|-)$/.exec(value);
  if (!match) return undefined;
  return { id: match[1] ?? '', revision: Number(match[2]), digest: match[3] ?? '' };
}
