// What messages are made from: plain data that operations loaded. Nothing here is fetched or decided.
import type { Catalog } from '../core/catalog.ts';
import type { AccessRequest, AccountRef, Grant, Instant, PersonId } from '../core/model.ts';
import type { Span } from '../ports/document.ts';

/** How a target talks about what it gives; absent when the target is not configured any more. */
export interface TargetWords {
  readonly describes: string;
  readonly sessions: 'ended' | 'outlive' | 'none';
  readonly sessionsNote?: string;
  readonly expiresItself: boolean;
}

export type Names = {
  readonly [person: PersonId]: { readonly name: string; readonly account: AccountRef | undefined };
};

export interface RequestView {
  readonly catalog: Catalog;
  readonly request: AccessRequest;
  /** Grants of this request; for an extension, the pass it extends. */
  readonly grants: readonly Grant[];
  readonly names: Names;
  readonly target: TargetWords | undefined;
  readonly now: Instant;
}

export function personSpan(names: Names, id: PersonId | 'hallpass'): Span {
  if (id === 'hallpass') return 'Hallpass';
  const known = names[id];
  return known ? { person: known.account, name: known.name } : { code: id };
}

export function roleTitle(catalog: Catalog, role: string): string {
  return catalog.roles[role]?.title ?? role;
}
