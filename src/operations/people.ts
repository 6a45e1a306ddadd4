// Who is behind an account: the organisation's own record, read now, and the person it is pinned to (law 8).
// Nothing here trusts a name, and an e-mail address only after the record of a full member showed it.
import type { AccountRef, Actor, Person, PersonId } from '../core/model.ts';
import type { Refusal } from '../core/refusal.ts';
import { type AccountFacts, ChatError } from '../ports/chat-platform.ts';
import { change } from './change.ts';
import type { Tools } from './tools.ts';

export type Identified =
  | { readonly kind: 'known'; readonly person: Person; readonly facts: AccountFacts }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** The platform could not be asked: try again, and never decide meanwhile (threat B05). */
  | { readonly kind: 'unavailable' };

const ACTOR: Actor = { person: 'hallpass', kind: 'system', via: 'runner' };

/** Reads the account's record now and pins, checks or suspends the person. Touches the network. */
export async function identify(tools: Tools, account: AccountRef): Promise<Identified> {
  const chat = tools.chats[account.platform];
  if (!chat) return { kind: 'unavailable' };
  let facts: AccountFacts;
  try {
    facts = await chat.account(account);
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    if (error.fault === 'gone') return { kind: 'refused', refusal: { code: 'not_a_member', standing: 'deactivated' } };
    return { kind: 'unavailable' };
  }
  if (facts.standing !== 'member')
    return { kind: 'refused', refusal: { code: 'not_a_member', standing: facts.standing } };
  const person = await pin(tools, facts);
  if (person.suspended) return { kind: 'refused', refusal: { code: 'suspended' } };
  return { kind: 'known', person, facts };
}

/** The person already pinned to an account, or a new unverified one (`fresh`) to be written with the caller's commit. */
export async function personOf(
  tools: Tools,
  account: AccountRef,
  fresh?: Person,
): Promise<{ readonly person: Person; readonly isNew: boolean }> {
  const found = await tools.store.personAt(account);
  if (found) return { person: found.row, isNew: false };
  if (fresh) return { person: fresh, isNew: true };
  const id = tools.ids.next('person') as PersonId;
  return { person: { id, name: account.user, email: undefined, accounts: [account] }, isNew: true };
}

export function emailKey(email: string): string {
  return `email:${email.toLowerCase()}`;
}

async function pin(tools: Tools, facts: AccountFacts): Promise<Person> {
  const email = facts.email?.toLowerCase();
  const found = await tools.store.personAt(facts.account);
  if (found && found.row.email === email && found.row.name === facts.name) return found.row;
  const changed = await change(tools, ACTOR, async (draft) => {
    const stored = await tools.store.personAt(facts.account);
    const id = stored?.row.id ?? (tools.ids.next('person') as PersonId);
    const base: Person = stored?.row ?? { id, name: facts.name, email: undefined, accounts: [facts.account] };
    const at = draft.now;
    const subject = { person: id };
    // A changed address is how somebody becomes somebody else (threat B10): the link is suspended until people looked.
    const suspended =
      base.suspended ?? (base.email && base.email !== email ? { why: 'email_changed' as const, at } : undefined);
    const person: Person = {
      ...base,
      name: facts.name,
      email: base.email ?? email,
      ...(suspended ? { suspended } : {}),
    };
    if (!base.email && email) {
      draft.claim({ key: emailKey(email), owner: id });
      draft.record({ type: 'person.pinned', at, actor: ACTOR, subject, data: { account: facts.account } });
    }
    if (suspended && !base.suspended)
      draft.record({ type: 'person.suspended', at, actor: ACTOR, subject, data: { why: suspended.why } });
    draft.write({ kind: 'person', row: person, version: stored?.version ?? 0 });
    return person;
  });
  if (changed.kind === 'done') return changed.value;
  return suspendDuplicate(tools, facts);
}

/** The address already belongs to another person: one of the two accounts is not who it says. */
async function suspendDuplicate(tools: Tools, facts: AccountFacts): Promise<Person> {
  const changed = await change(tools, ACTOR, async (draft) => {
    const stored = await tools.store.personAt(facts.account);
    const id = stored?.row.id ?? (tools.ids.next('person') as PersonId);
    const base: Person = stored?.row ?? { id, name: facts.name, email: undefined, accounts: [facts.account] };
    const person: Person = { ...base, name: facts.name, suspended: { why: 'email_taken', at: draft.now } };
    draft.record({
      type: 'person.suspended',
      at: draft.now,
      actor: ACTOR,
      subject: { person: id },
      data: { why: 'email_taken' },
    });
    draft.write({ kind: 'person', row: person, version: stored?.version ?? 0 });
    return person;
  });
  if (changed.kind === 'taken') throw new Error('a person without claims was refused a name');
  return changed.value;
}
