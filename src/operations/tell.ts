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
  const platform =
    place.kind === 'thread'
      ? place.under.platform
      : 'channel' in place
        ? place.channel.platform
        : place.account.platform;
  const chat = tools.chats[platform];
  if (!chat) return over(tools, job);
  try {
    await postOnce(chat, job, place, message, key);
    await over(tools, job);
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    const isForPerson = place.kind === 'person' || place.kind === 'beside';
    if (error.fault !== 'gone' && !(error.fault === 'invalid' && isForPerson)) return chatTrouble(tools, job, error);
    await elsewhere(tools, job, place, message, error);
  }
}

/** The channel is gone: the audit channel hears it instead. When even that is gone, it keeps trying and the log shouts. */
async function elsewhere(tools: Tools, job: Job, place: Place, message: Message, error: ChatError): Promise<void> {
  const audit = tools.catalog.auditChannel;
  const isAudit = place.kind === 'channel' && place.channel.channel === audit.channel;
  if (isAudit) return chatTrouble(tools, job, error);
  if (place.kind === 'person' || place.kind === 'beside') {
    tools.log.error('a person cannot be told anything on their chat account', { job: job.id, code: error.code });
    return over(tools, job);
  }
  await change(
    tools,
    RUNNER,
    async (draft) => draft.job(tellJob(tools.ids, { kind: 'channel', channel: audit }, message, job.lane, draft.now)),
    { hold: job },
  );
}
