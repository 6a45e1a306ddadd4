// A person's own overview (App Home on Slack): my passes, requests waiting for me, what I can ask for.
import type { AccessRequest, AccountRef, Grant } from '../core/model.ts';
import { homePage } from '../messages/home.ts';
import { ChatError } from '../ports/chat-platform.ts';
import type { Home } from '../ports/document.ts';
import type { Job } from '../ports/store.ts';
import { groupsOf, sameAccount } from './membership.ts';
import { chatTrouble } from './post-once.ts';
import { namesOf } from './request-view.ts';
import { over } from './run-grant.ts';
import type { Tools } from './tools.ts';

const SHOWN_MAX = 20;

export async function showHome(tools: Tools, job: Job): Promise<void> {
  const account = job.payload['account'] as unknown as AccountRef;
  const chat = tools.chats[account.platform];
  if (!chat) return over(tools, job);
  try {
    await chat.publishHome(account, await homeOf(tools, account));
    await over(tools, job);
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    if (error.fault === 'busy' || error.fault === 'unreachable') return chatTrouble(tools, job, error);
    tools.log.warn('a home page could not be shown', { code: error.code });
    await over(tools, job);
  }
}

export async function homeOf(tools: Tools, account: AccountRef): Promise<Home> {
  const stored = await tools.store.personAt(account);
  const person = stored?.row;
  const groupNames = Object.keys(tools.catalog.groups);
  const groups = person ? ((await groupsOf(tools, person, groupNames)) ?? []) : [];
  const mine = person ? rows(await tools.store.requestsOf(person.id, SHOWN_MAX)) : [];
  const passes: readonly Grant[] = person ? rows(await tools.store.liveGrants({ person: person.id }, SHOWN_MAX)) : [];
  const pending = rows(await tools.store.requestsIn('pending', 200)).filter((request) =>
    isForMe(request, account, groups),
  );
  const people = [...pending.map((request) => request.requester)];
  const names = await namesOf(tools, people);
  const roles = Object.values(tools.catalog.roles).filter((role) => role.who.some((group) => groups.includes(group)));
  return homePage({
    catalog: tools.catalog,
    mine,
    passes,
    pending: pending.slice(0, SHOWN_MAX),
    roles,
    names,
    now: await tools.store.now(),
  });
}

function isForMe(request: AccessRequest, account: AccountRef, groups: readonly string[]): boolean {
  if (request.status !== 'pending' || sameAccount(request.account, account)) return false;
  return request.stages.some((stage) => stage.from.some((group) => groups.includes(group)));
}

function rows<T>(stored: readonly { readonly row: T }[]): readonly T[] {
  return stored.map(({ row }) => row);
}
