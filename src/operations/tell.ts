// Say one thing once: answers to a press, alarms, private words. Falls back where the place is gone (threat D01).
import { ChatError, type Place } from '../ports/chat-platform.ts';
import type { Message } from '../ports/document.ts';
import type { Job } from '../ports/store.ts';
import { RUNNER } from './actors.ts';
import { change } from './change.ts';
import { tellJob } from './jobs.ts';
import { chatTrouble, postOnce } from './post-once.ts';
import { over } from './run-grant.ts';
import type { Tools } from './tools.ts';

interface Telling {
  readonly place: Place;
  readonly message: Message;
  readonly key: string;
}

export async function tell(tools: Tools, job: Job): Promise<void> {
  const { place, message, key } = job.payload as unknown as Telling;
  const chat = tools.chats[platformOf(place)];
  if (!chat) return over(tools, job);
  try {
    await postOnce(chat, job, place, message, key);
    await over(tools, job);
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    if (error.fault === 'busy' || error.fault === 'unreachable') return chatTrouble(tools, job, error);
    await elsewhere(tools, job, place, message, error);
  }
}

function platformOf(place: Place): string {
  if (place.kind === 'thread') return place.under.platform;
  return 'channel' in place ? place.channel.platform : place.account.platform;
}

/**
 * It cannot be said there. A person's note is let go, or it would hold up all later ones; what was meant for a channel goes
 * to the audit channel. When even that takes nothing, it keeps trying and the log shouts.
 */
async function elsewhere(tools: Tools, job: Job, place: Place, message: Message, error: ChatError): Promise<void> {
  const audit = tools.catalog.auditChannel;
  if (place.kind === 'person' || place.kind === 'beside') {
    tools.log.error('a person cannot be told anything on their chat account', { job: job.id, code: error.code });
    return over(tools, job);
  }
  const isAudit = place.kind === 'channel' && place.channel.channel === audit.channel;
  if (isAudit || error.fault !== 'gone') return chatTrouble(tools, job, error);
  await change(
    tools,
    RUNNER,
    async (draft) => draft.job(tellJob(tools.ids, { kind: 'channel', channel: audit }, message, job.lane, draft.now)),
    { hold: job },
  );
}
