// One message, once: a post whose answer was lost is looked up by its key before it is sent again. What chat trouble
// leads to is decided here for every kind of message: wait, hold the channel, or fall back.
import { backoffMs } from '../lib/backoff.ts';
import { unshowableNote } from '../messages/phrases.ts';
import { ChatError, type ChatPlatform, type Place, type Posted } from '../ports/chat-platform.ts';
import type { Message } from '../ports/document.ts';
import type { Job } from '../ports/store.ts';
import type { Tools } from './tools.ts';

/** A lost answer is looked for from this long before the job was due. */
const LOOK_BACK_MS = 24 * 3600_000;
const CHAT_GAP_MAX_MS = 60_000;

export interface PostedOnce extends Posted {
  /** It was there already, from an attempt whose answer was lost: what it shows may be older than `message`. */
  readonly isOld: boolean;
}

/** Throws ChatError. On a repeated attempt the platform is asked first whether the message is already there (threat D05). */
export async function postOnce(
  chat: ChatPlatform,
  job: Job,
  place: Place,
  message: Message,
  key: string,
): Promise<PostedOnce> {
  const found = await findSent(chat, job, place, key);
  if (found) return { ...found, isOld: true };
  return { ...(await send(chat, place, message, key)), isOld: false };
}

/** What an earlier attempt of this job may have sent without our hearing of it. Throws ChatError. */
export async function findSent(chat: ChatPlatform, job: Job, place: Place, key: string): Promise<Posted | undefined> {
  if (job.attempts <= 1) return undefined;
  try {
    return await chat.find(place, key, job.dueAt - LOOK_BACK_MS);
  } catch (error) {
    // Direct messages cannot be searched with least scopes: there a note is at-least-once, by design.
    if (error instanceof ChatError && error.code === 'cannot_look') return undefined;
    throw error;
  }
}

/** A note that the platform cannot draw must not hold up all that are to come after it: its number goes instead. */
async function send(chat: ChatPlatform, place: Place, message: Message, key: string): Promise<Posted> {
  try {
    return await chat.post(place, message, key);
  } catch (error) {
    const isUnshowable = error instanceof ChatError && error.fault === 'invalid' && message.kind === 'note';
    if (!isUnshowable) throw error;
    return chat.post(place, unshowableNote(message), key);
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
  const isLoud = error.fault !== 'busy' && error.fault !== 'unreachable';
  tools.log[isLoud ? 'error' : 'warn']('a message could not be sent and will be tried again', {
    job: job.id,
    kind: job.kind,
    code: error.code,
    fault: error.fault,
  });
  // "Come back later" means that nothing was sent: no need to look for the message next time.
  await tools.store.defer(job, now + wait, error.code, { attempt: error.fault !== 'busy' });
}
