// A person's own overview (App Home on Slack): my passes, requests waiting for me, what I can ask for. Shows only; a person
// who was never seen before is looked up and not written down.
import type { AccessRequest, AccountRef, Grant, Person, PersonId } from '../core/model.ts';
import { homePage } from '../messages/home.ts';
import { ChatError, type ChatPlatform } from '../ports/chat-platform.ts';
import type { Home } from '../ports/document.ts';
import type { Job } from '../ports/store.ts';
import { groupsOf, sameAccount } from './membership.ts';
import { chatTrouble } from './post-once.ts';
import { namesOf } from './request-view.ts';
import { over } from './run-grant.ts';
import type { Tools } from './tools.ts';

const SHOWN_MAX = 20;
const PENDING_READ_MAX = 200;

export async function showHome(tools: Tools, job: Job): Promise<void> {
  const account = job.payload['account'] as unknown as AccountRef;
  const chat = tools.chats[account.platform];
  if (!chat) return over(tools, job);
  try {
    await chat.publishHome(account, await homeOf(tools, chat, account));
    await over(tools, job);
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    if (error.fault === 'busy' || error.fault === 'unreachable') return chatTrouble(tools, job, error);
    tools.log.warn('a home page could not be shown', { code: error.code });
    await over(tools, job);
  }
}

async function homeOf(tools: Tools, chat: ChatPlatform, account: AccountRef): Promise<Home> {
  const viewer = await viewerOf(tools, chat, account);
  const { groups, isIncomplete } = await groupsKnown(tools, viewer);
  const mine = viewer ? rows(await tools.store.requestsOf(viewer.id, SHOWN_MAX)) : [];
  const passes: readonly Grant[] = viewer ? rows(await tools.store.liveGrants({ person: viewer.id }, SHOWN_MAX)) : [];
  const pending = rows(await tools.store.requestsIn('pending', PENDING_READ_MAX)).filter((request) =>
    isForMe(request, account, groups),
  );
  const names = await namesOf(
    tools,
    pending.map((request) => request.requester),
  );
  return homePage({
    catalog: tools.catalog,
    mine,
    passes,
    pending: pending.slice(0, SHOWN_MAX),
    roles: Object.values(tools.catalog.roles).filter((role) => role.who.some((group) => groups.includes(group))),
    names,
    now: await tools.store.now(),
    isIncomplete,
  });
}

/** Throws ChatError. */
async function viewerOf(tools: Tools, chat: ChatPlatform, account: AccountRef): Promise<Person | undefined> {
  const known = (await tools.store.personAt(account))?.row;
  if (known?.email !== undefined) return known;
  const { standing, name, email } = await chat.account(account);
  if (standing !== 'member') return undefined;
  const base = known ?? { id: 'person_of_this_page' as PersonId, accounts: [account] };
  return { ...base, name, email: email?.toLowerCase() };
}

/** One group that cannot be read hides nothing of the others; the page says that something may be missing. */
async function groupsKnown(
  tools: Tools,
  viewer: Person | undefined,
): Promise<{ readonly groups: readonly string[]; readonly isIncomplete: boolean }> {
  if (!viewer) return { groups: [], isIncomplete: false };
  const names = Object.keys(tools.catalog.groups);
  const found = await Promise.all(names.map((name) => groupsOf(tools, viewer, [name])));
  return { groups: found.flatMap((groups) => groups ?? []), isIncomplete: found.includes(undefined) };
}

function isForMe(request: AccessRequest, account: AccountRef, groups: readonly string[]): boolean {
  if (request.status !== 'pending' || sameAccount(request.account, account)) return false;
  return request.stages.some((stage) => stage.from.some((group) => groups.includes(group)));
}

function rows<T>(stored: readonly { readonly row: T }[]): readonly T[] {
  return stored.map(({ row }) => row);
}
