// The chat was away when the program began: the audit channel is asked now which signed head it saw last.
import { ChatError } from '../ports/chat-platform.ts';
import type { Job } from '../ports/store.ts';
import { RUNNER } from './actors.ts';
import { change } from './change.ts';
import { heardLater } from './check-rollback.ts';
import { chatTrouble } from './post-once.ts';
import { cannotLook, headInChat, isPassing, type SeenHead } from './seen-outside.ts';
import type { Tools } from './tools.ts';

export async function runWitness(tools: Tools, job: Job): Promise<void> {
  let head: SeenHead | undefined;
  try {
    head = await headInChat(tools);
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    if (isPassing(error)) return chatTrouble(tools, job, error);
    head = cannotLook(tools, error);
  }
  await change(tools, RUNNER, (draft) => heardLater(tools, draft, head), { hold: job });
}
