// Which of the catalog's groups people are in, and who could approve: asked of the chat platforms at the moment of use.
// Empty lists mean nobody; a group that cannot be read is "unknown", which refuses.
import type { Group } from '../core/catalog.ts';
import type { AccountRef, Approval, Person, PersonId, Stage } from '../core/model.ts';
import type { Standings } from '../core/quorum.ts';
import { ChatError } from '../ports/chat-platform.ts';
import { identify } from './people.ts';
import type { Tools } from './tools.ts';

/** `undefined`: could not be found out. */
export async function groupsOf(
  tools: Tools,
  person: Person,
  names: readonly string[],
): Promise<readonly string[] | undefined> {
  const inside: string[] = [];
  for (const name of new Set(names)) {
    const group = tools.catalog.groups[name];
    const answer = group ? await isIn(tools, person, group) : false;
    if (answer === undefined) return undefined;
    if (answer) inside.push(name);
  }
  return inside;
}

async function isIn(tools: Tools, person: Person, group: Group): Promise<boolean | undefined> {
  if (person.email !== undefined && group.members.includes(person.email)) return true;
  for (const { platform, id } of group.platformGroups) {
    const members = await platformMembers(tools, platform, id);
    if (!members) return undefined;
    if (members.some((member) => person.accounts.some((own) => sameAccount(own, member)))) return true;
  }
  return false;
}

async function platformMembers(tools: Tools, platform: string, id: string): Promise<readonly AccountRef[] | undefined> {
  try {
    return await tools.chats[platform]?.members(id);
  } catch (error) {
    if (error instanceof ChatError) return undefined;
    throw error;
  }
}

export function sameAccount(a: AccountRef, b: AccountRef): boolean {
  return a.platform === b.platform && a.tenant === b.tenant && a.user === b.user;
}

/**
 * Groups of whoever presses now and of whoever approved before, for a quorum, by facts read now. Each earlier approver is
 * asked about by the account that pressed. Somebody who is no full member any more, or behind whose account somebody else
 * is, is left out; `undefined` when anything could not be found out (threats B05, B06: then nothing is decided).
 */
export async function standingsOf(
  tools: Tools,
  presses: Person,
  approvals: readonly Approval[],
  stages: readonly Stage[],
): Promise<Standings | undefined> {
  const wanted = stages.flatMap((stage) => stage.from);
  const people = [presses];
  for (const { by, evidence } of approvals) {
    const known = by === presses.id ? undefined : await identify(tools, evidence.account);
    if (known?.kind === 'unavailable') return undefined;
    if (known?.kind === 'known' && known.person.id === by) people.push(known.person);
  }
  const standings: { [person: PersonId]: readonly string[] } = {};
  for (const person of people) {
    const groups = await groupsOf(tools, person, wanted);
    if (!groups) return undefined;
    standings[person.id] = groups;
  }
  return standings;
}

/** Accounts of everybody in a group, for cards and head counts; `undefined` when it could not be read. */
export async function accountsIn(tools: Tools, name: string): Promise<readonly AccountRef[] | undefined> {
  const group = tools.catalog.groups[name];
  if (!group) return [];
  const accounts: AccountRef[] = [];
  for (const { platform, id } of group.platformGroups) {
    const members = await platformMembers(tools, platform, id);
    if (!members) return undefined;
    accounts.push(...members);
  }
  for (const email of group.members) {
    const found = await accountByEmail(tools, email);
    if (found === 'unknown') return undefined;
    if (found) accounts.push(found);
  }
  return accounts.filter((account, at) => accounts.findIndex((other) => sameAccount(account, other)) === at);
}

async function accountByEmail(tools: Tools, email: string): Promise<AccountRef | undefined | 'unknown'> {
  for (const chat of Object.values(tools.chats)) {
    try {
      const facts = await chat.accountByEmail(email);
      if (facts?.standing === 'member') return facts.account;
    } catch (error) {
      if (error instanceof ChatError) return 'unknown';
      throw error;
    }
  }
  return undefined;
}

/** For each stage, how many accounts besides the requester's could say yes. */
export async function candidatesFor(
  tools: Tools,
  stages: readonly Stage[],
  requester: Person,
): Promise<readonly (readonly AccountRef[] | undefined)[]> {
  const found: (readonly AccountRef[] | undefined)[] = [];
  for (const stage of stages) {
    const groups = await Promise.all(stage.from.map((name) => accountsIn(tools, name)));
    if (groups.some((accounts) => accounts === undefined)) found.push(undefined);
    else
      found.push(
        others(
          groups.flatMap((accounts) => accounts ?? []),
          requester,
        ),
      );
  }
  return found;
}

function others(accounts: readonly AccountRef[], requester: Person): readonly AccountRef[] {
  const unique = accounts.filter((account, at) => accounts.findIndex((other) => sameAccount(account, other)) === at);
  return unique.filter((account) => !requester.accounts.some((own) => sameAccount(own, account)));
}
