// Keep or take back what the census found: security chooses, by facts read now, and the first choice counts. What is taken
// back becomes a pass like any other that is being ended.
import type { Person } from '../core/model.ts';
import type { Refusal } from '../core/refusal.ts';
import { ChatError } from '../ports/chat-platform.ts';
import type { Job } from '../ports/store.ts';
import { human } from './actors.ts';
import { adopt } from './adopt.ts';
import { change, type Draft } from './change.ts';
import type { Weighed } from './decide-click.ts';
import { type Find, isFindId, keepFind, recallFind } from './found.ts';
import { chooseJob } from './jobs.ts';
import { groupsOf } from './membership.ts';
import { recordRefusal } from './refuse-click.ts';
import type { StoredClick } from './stored-click.ts';
import type { Tools } from './tools.ts';

export async function judgeFound(tools: Tools, click: StoredClick, person: Person, job: Job): Promise<Weighed> {
  const { security } = tools.catalog;
  const groups = await groupsOf(tools, person, [security]);
  if (!groups) return { code: 'facts_unavailable', what: 'group' };
  if (groups.length === 0) return { code: 'not_security', group: security };
  const place = await placeProblem(tools, click);
  if (place) return place;
  if (!isFindId(click.value)) return { code: 'outdated' };
  const outcome = await change(
    tools,
    human(person.id, click.account),
    async (draft) => {
      const refusal = await choose(tools, draft, click, person);
      if (refusal) recordRefusal(tools, draft, click, refusal);
    },
    { hold: job },
  );
  // A live pass has that access by now, and ends with it.
  return outcome.kind === 'taken' ? { code: 'outdated' } : 'done';
}

/** Buttons count only where we put them, and not where another company can press them (threats B02, C03). */
async function placeProblem(tools: Tools, { channel }: StoredClick): Promise<Refusal | undefined> {
  const { auditChannel } = tools.catalog;
  if (channel !== auditChannel.channel) return { code: 'outdated' };
  try {
    const facts = await tools.chats[auditChannel.platform]?.channel(auditChannel);
    return facts?.shared === false ? undefined : { code: 'channel_shared', channel };
  } catch (error) {
    if (error instanceof ChatError) return { code: 'facts_unavailable', what: 'group' };
    throw error;
  }
}

async function choose(tools: Tools, draft: Draft, click: StoredClick, by: Person): Promise<Refusal | undefined> {
  const before = await recallFind(tools, click.value);
  const find = before.value;
  if (find?.state !== 'open') return { code: 'wrong_status', status: 'adopted' };
  const isKept = click.action === 'keep';
  if (!isKept) {
    const refusal = await takeBack(tools, draft, find);
    if (refusal) return refusal;
  }
  keepFind(draft, click.value, before, { ...find, state: isKept ? 'kept' : 'revoked', by: by.id });
  const { target, role, principal } = find;
  const data = { target, role, principal, choice: isKept ? 'keep' : 'revoke', by: by.id } as const;
  draft.record({ type: 'found.decided', at: draft.now, actor: draft.actor, subject: {}, data });
  draft.job(chooseJob(tools.ids, tools.catalog.auditChannel, click.value, draft.now));
  return undefined;
}

/** By what the role gives today: what it gave then is not known. */
async function takeBack(tools: Tools, draft: Draft, find: Find): Promise<Refusal | undefined> {
  const target = tools.targets.of(find.target);
  const role = tools.catalog.roles[find.role];
  if (!target || role?.target !== find.target) return { code: 'unknown_role', role: find.role };
  await adopt(tools, draft, target, { grantId: '', principal: find.principal, entitlement: role.entitlement });
  return undefined;
}
