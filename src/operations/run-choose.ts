// People are asked in the audit channel what becomes of a find, and again each day until they chose; then the question shows
// what was chosen, and its buttons are gone.
import { foundNote } from '../messages/found.ts';
import { ChatError, type ChatPlatform, type Posted } from '../ports/chat-platform.ts';
import type { Job } from '../ports/store.ts';
import { RUNNER } from './actors.ts';
import { change } from './change.ts';
import { type Find, keepFind, recallFind } from './found.ts';
import { chooseJob } from './jobs.ts';
import { chatTrouble, postOnce } from './post-once.ts';
import { namesOf } from './request-view.ts';
import { over } from './run-grant.ts';
import type { Tools } from './tools.ts';

const ASK_AGAIN_MS = 24 * 3600_000;

export async function runChoose(tools: Tools, job: Job): Promise<void> {
  const id = String(job.payload['find']);
  const { value: find } = await recallFind(tools, id);
  const chat = tools.chats[tools.catalog.auditChannel.platform];
  if (!find || !chat) return over(tools, job);
  try {
    if (find.state !== 'open') return await showChoice(tools, job, chat, id, find);
    await askedFor(tools, job, id, await ask(tools, job, chat, id, find));
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    await chatTrouble(tools, job, error);
  }
}

async function ask(tools: Tools, job: Job, chat: ChatPlatform, id: string, find: Find): Promise<Posted> {
  const channel = tools.catalog.auditChannel;
  const note = foundNote(id, find, tools.catalog, await namesOf(tools, [find.person]));
  return postOnce(chat, job, { kind: 'channel', channel }, note, `${id}:${find.asked + 1}`);
}

async function askedFor(tools: Tools, job: Job, id: string, { message }: Posted): Promise<void> {
  const { auditChannel } = tools.catalog;
  await change(
    tools,
    RUNNER,
    async (draft) => {
      const before = await recallFind(tools, id);
      if (!before.value) return;
      keepFind(draft, id, before, { ...before.value, asked: before.value.asked + 1, message });
      const isOpen = before.value.state === 'open';
      draft.job(chooseJob(tools.ids, auditChannel, id, isOpen ? draft.now + ASK_AGAIN_MS : draft.now));
    },
    { hold: job },
  );
}

async function showChoice(tools: Tools, job: Job, chat: ChatPlatform, id: string, find: Find): Promise<void> {
  const people = find.by ? [find.person, find.by] : [find.person];
  const note = foundNote(id, find, tools.catalog, await namesOf(tools, people));
  try {
    if (find.message) await chat.update(find.message, note);
  } catch (error) {
    // Deleted by somebody: there is nothing left to press.
    if (!(error instanceof ChatError) || error.fault !== 'gone') throw error;
  }
  await over(tools, job);
}
