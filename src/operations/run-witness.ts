// The chat was away when the program began: the audit channel is asked now which signed heads it saw last.
import { ChatError } from '../ports/chat-platform.ts';
import type { Job } from '../ports/store.ts';
import { RUNNER } from './actors.ts';
import { change } from './change.ts';
import { heardLater } from './check-rollback.ts';
import { chatTrouble } from './post-once.ts';
import { cannotLook, headsInChat, isPassing, type SeenHead } from './seen-outside.ts';
import type { Tools } from './tools.ts';

export async function runWitness(tools: Tools, job: Job): Promise<void> {
  let heads: readonly SeenHead[];
  try {
    heads = await headsInChat(tools);
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    if (isPassing(error)) return chatTrouble(tools, job, error);
    heads = cannotLook(tools, error);
  }
  // A job that was ordered again keeps what it was first given: the log as the first of these starts found it.
  const { size } = job.payload;
  const sizeAtStart = typeof size === 'number' ? size : undefined;
  await change(tools, RUNNER, (draft) => heardLater(tools, draft, heads, sizeAtStart), { hold: job });
}
