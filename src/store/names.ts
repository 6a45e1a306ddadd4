// Names that only one can have: claims, which run out or are released, and the chat accounts of persons.
// Must not judge who deserves a name: whoever has it first has it.
import type { AccountRef, Person } from '../core/model.ts';
import type { Claim, CommitResult } from '../ports/store.ts';
import { ask, askOne, type Operation } from './ask.ts';
import type { Statements } from './statements.ts';

export type Taken = Extract<CommitResult, { kind: 'taken' }>;

export function* takeClaim(s: Statements, { key, owner, until }: Claim, now: number): Operation<Taken | undefined> {
  if (yield* askOne(s.takeClaim, { key, owner, until: until ?? null, now })) return undefined;
  return { kind: 'taken', key, owner: (yield* ownerOf(s, key, now)) ?? '' };
}

export function* ownerOf(s: Statements, key: string, now: number): Operation<string | undefined> {
  const claim = yield* askOne(s.claimOwner, { key, now });
  return claim?.owner;
}

/** All are let go before any is taken, so that accounts can move between persons in one commit. */
export function* takeAccounts(s: Statements, persons: readonly Person[]): Operation<Taken | undefined> {
  for (const { id } of persons) yield* ask(s.clearAccounts, { person: id });
  for (const { id, accounts } of persons) {
    for (const account of accounts) {
      const taken = yield* takeAccount(s, account, id);
      if (taken) return taken;
    }
  }
  return undefined;
}

function* takeAccount(s: Statements, account: AccountRef, person: string): Operation<Taken | undefined> {
  if (yield* askOne(s.addAccount, { ...account, person })) return undefined;
  const other = yield* askOne(s.accountPerson, { ...account });
  return other?.person === person ? undefined : { kind: 'taken', key: accountKey(account), owner: other?.person ?? '' };
}

/** How a taken account is named in a `taken` result; the parts are encoded, so that no two accounts share a key. */
function accountKey({ platform, tenant, user }: AccountRef): string {
  return `account:${[platform, tenant, user].map(encodeURIComponent).join(':')}`;
}
