// Who is behind an account: the organisation's own record, read now, and the person it is pinned to (law 8).
// Nothing here trusts a name, and an e-mail address only after the record of a full member showed it.
import type { AccountRef, Person, PersonId } from '../core/model.ts';
import type { Refusal } from '../core/refusal.ts';
import { type AccountFacts, ChatError } from '../ports/chat-platform.ts';
import { RUNNER } from './actors.ts';
import { change, type Draft } from './change.ts';
import type { Tools } from './tools.ts';

export type Identified =
  | { readonly kind: 'known'; readonly person: Person; readonly facts: AccountFacts }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** The platform could not be asked: try again, and never decide meanwhile (threat B05). */
  | { readonly kind: 'unavailable' };

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
  if (!person) return { kind: 'unavailable' };
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

/** `undefined`: the record shows no address where it showed one before. That is no change of address but a gap. */
async function pin(tools: Tools, facts: AccountFacts): Promise<Person | undefined> {
  const email = facts.email?.toLowerCase();
  const found = (await tools.store.personAt(facts.account))?.row;
  if (found?.suspended || (found && found.email === email && found.name === facts.name)) return found;
  if (found?.email && email === undefined) {
    tools.log.error('the chat platform does not show an e-mail address any more: look at the rights of the app', {
      person: found.id,
    });
    return undefined;
  }
  const changed = await change(tools, RUNNER, (draft) => pinIn(tools, draft, facts, email));
  return changed.kind === 'done' ? changed.value : suspendDuplicate(tools, facts);
}

async function pinIn(tools: Tools, draft: Draft, facts: AccountFacts, email: string | undefined): Promise<Person> {
  const { base, version } = await baseOf(tools, facts);
  const at = draft.now;
  const subject = { person: base.id };
  // A changed address is how somebody becomes somebody else (threat B10): the link is suspended until people looked.
  const isOther = base.email !== undefined && base.email !== email;
  if (base.email === undefined && email !== undefined) {
    draft.claim({ key: emailKey(email), owner: base.id });
    draft.record({ type: 'person.pinned', at, actor: RUNNER, subject, data: { account: facts.account } });
  }
  if (isOther) draft.record({ type: 'person.suspended', at, actor: RUNNER, subject, data: { why: 'email_changed' } });
  const person: Person = {
    ...base,
    name: facts.name,
    email: base.email ?? email,
    ...(isOther ? { suspended: { why: 'email_changed', at } } : {}),
  };
  draft.write({ kind: 'person', row: person, version });
  return person;
}

/** The address already belongs to another person: one of the two accounts is not who it says. */
async function suspendDuplicate(tools: Tools, facts: AccountFacts): Promise<Person> {
  const changed = await change(tools, RUNNER, async (draft) => {
    const { base, version } = await baseOf(tools, facts);
    if (base.suspended) return base;
    const at = draft.now;
    const person: Person = { ...base, name: facts.name, suspended: { why: 'email_taken', at } };
    const data = { why: 'email_taken' } as const;
    draft.record({ type: 'person.suspended', at, actor: RUNNER, subject: { person: base.id }, data });
    draft.write({ kind: 'person', row: person, version });
    return person;
  });
  if (changed.kind === 'taken') throw new Error('a person without claims was refused a name');
  return changed.value;
}

async function baseOf(tools: Tools, facts: AccountFacts): Promise<{ readonly base: Person; readonly version: number }> {
  const stored = await tools.store.personAt(facts.account);
  if (stored) return { base: stored.row, version: stored.version };
  const id = tools.ids.next('person') as PersonId;
  return { base: { id, name: facts.name, email: undefined, accounts: [facts.account] }, version: 0 };
}
