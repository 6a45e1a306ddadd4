// One message, once: a post whose answer was lost is looked up by its key before it is sent again. What chat trouble
// leads to is decided here for every kind of message: wait, hold the channel, or fall back.
import { backoffMs } from '../lib/backoff.ts';
import { ChatError, type ChatPlatform, type Place, type Posted } from '../ports/chat-platform.ts';
import type { Message } from '../ports/document.ts';
import type { Job } from '../ports/store.ts';
import type { Tools } from './tools.ts';

/** A lost answer is looked for from this long before the job was due. */
const LOOK_BACK_MS = 24 * 3600_000;
const CHAT_GAP_MAX_MS = 60_000;

/** Throws ChatError. On a repeated attempt the platform is asked first whether the message is already there (threat D05). */
export async function postOnce(
  chat: ChatPlatform,
  job: Job,
  place: Place,
  message: Message,
  key: string,
): Promise<Posted> {
  if (job.attempts > 1) {
    const found = await lookUp(chat, place, key, job.dueAt - LOOK_BACK_MS);
    if (found) return found;
  }
  return chat.post(place, message, key);
}

async function lookUp(chat: ChatPlatform, place: Place, key: string, since: number): Promise<Posted | undefined> {
  try {
    return await chat.find(place, key, since);
  } catch (error) {
    // Direct messages cannot be searched with least scopes: there a note is at-least-once, by design.
    if (error instanceof ChatError && error.code === 'cannot_look') return undefined;
    throw error;
  }
}

/** Nothing of a chat outage reaches a grant: the message waits, its channel is held while the platform says so. */
export async function chatTrouble(tools: Tools, job: Job, error: ChatError): Promise<void> {
  const now = await tools.store.now();
  const wait = Math.max(
    backoffMs(job.attempts, { baseMs: 1_000, capMs: CHAT_GAP_MAX_MS }, tools.ids.jitter()),
    (error.retryAfterSeconds ?? 0) * 1000,
  );
  if (error.fault === 'busy' && error.retryAfterSeconds !== undefined)
    await tools.store.holdQueue(job.queue, now + error.retryAfterSeconds * 1000);
  const loud = error.fault !== 'busy' && error.fault !== 'unreachable';
  tools.log[loud ? 'error' : 'warn']('a message could not be sent and will be tried again', {
    job: job.id,
    kind: job.kind,
    code: error.code,
    fault: error.fault,
  });
  // "Come back later" means that nothing was sent: no need to look for the message next time.
  await tools.store.defer(job, now + wait, error.code, { attempt: error.fault !== 'busy' });
}
