// Names that only one can have: claims, which run out or are released, and the chat accounts of persons.
// Must not judge who deserves a name: whoever has it first has it.
import type { AccountRef, Person } from '../core/model.ts';
import type { Claim, CommitResult } from '../ports/store.ts';
import { ask, askOne, type Operation } from './ask.ts';
import type { Statements } from './statements.ts';

export type Taken = Extract<CommitResult, { kind: 'taken' }>;

interface Naming {
  readonly key: string;
  readonly owner: string;
}

/**
 * Names are let go and taken in the order of their keys, each let go before it is taken, so that one can go from one owner to
 * another in one commit: two commits about the same names wait for each other once, never in a circle. Of several that are
 * taken the first as given is told: what was claimed first weighs most.
 */
export function* takeNames(
  s: Statements,
  releases: readonly Naming[],
  claims: readonly Claim[],
  now: number,
): Operation<Taken | undefined> {
  const taken = new Map<string, Taken>();
  for (const key of sortedKeys([...releases, ...claims])) {
    for (const one of releases) if (one.key === key) yield* ask(s.releaseClaim, { key, owner: one.owner });
    for (const one of claims) {
      const found = one.key === key ? yield* takeClaim(s, one, now) : undefined;
      if (found) taken.set(key, taken.get(key) ?? found);
    }
  }
  const first = claims.find(({ key }) => taken.has(key));
  return first && taken.get(first.key);
}

function sortedKeys(names: readonly Naming[]): readonly string[] {
  return [...new Set(names.map(({ key }) => key))].sort();
}

function* takeClaim(s: Statements, { key, owner, until }: Claim, now: number): Operation<Taken | undefined> {
  if (yield* askOne(s.takeClaim, { key, owner, until: until ?? null, now })) return undefined;
  return { kind: 'taken', key, owner: (yield* ownerOf(s, key, now)) ?? '' };
}

export function* ownerOf(s: Statements, key: string, now: number): Operation<string | undefined> {
  const claim = yield* askOne(s.claimOwner, { key, now });
  return claim?.owner;
}

/**
 * All are let go before any is taken, so that accounts can move between persons in one commit; taken in the order of their
 * keys, as names are.
 */
export function* takeAccounts(s: Statements, persons: readonly Person[]): Operation<Taken | undefined> {
  for (const { id } of persons) yield* ask(s.clearAccounts, { person: id });
  const wanted = persons.flatMap(({ id, accounts }) => accounts.map((account) => ({ account, id })));
  wanted.sort((a, b) => (accountKey(a.account) < accountKey(b.account) ? -1 : 1));
  for (const { account, id } of wanted) {
    const taken = yield* takeAccount(s, account, id);
    if (taken) return taken;
  }
  return undefined;
}

/** Whoever had it may let go between the two looks; then it is free, and taken at the next. */
const LOOKS = 3;

function* takeAccount(s: Statements, account: AccountRef, person: string): Operation<Taken | undefined> {
  for (let looks = 0; looks < LOOKS; looks += 1) {
    if (yield* askOne(s.addAccount, { ...account, person })) return undefined;
    const other = yield* askOne(s.accountPerson, { ...account });
    if (other?.person === person) return undefined;
    if (other) return { kind: 'taken', key: accountKey(account), owner: other.person };
  }
  return { kind: 'taken', key: accountKey(account), owner: '' };
}

/** How a taken account is named in a `taken` result; the parts are encoded, so that no two accounts share a key. */
function accountKey({ platform, tenant, user }: AccountRef): string {
  return `account:${[platform, tenant, user].map(encodeURIComponent).join(':')}`;
}
