// The place of a card is gone: the message was deleted, the thread, or the whole channel (threat D01). The card is shown
// again in the next best place, its thread goes on there, and people are alarmed. Nothing of this touches a grant.
import type { ChannelRef, Surface } from '../core/model.ts';
import type { ChatError } from '../ports/chat-platform.ts';
import type { Job } from '../ports/store.ts';
import { RUNNER } from './actors.ts';
import { change } from './change.ts';
import { cardJob } from './jobs.ts';
import { chatTrouble } from './post-once.ts';
import { over } from './run-grant.ts';
import type { Tools } from './tools.ts';

export async function moveCard(tools: Tools, job: Job, surface: Surface, error: ChatError): Promise<void> {
  const audit = tools.catalog.auditChannel;
  const next = placeAfter(surface, audit);
  if (next === 'nowhere') {
    tools.log.error('a person cannot be shown their card', { surface: surface.id, code: error.code });
    return over(tools, job);
  }
  // The last place of all: it keeps trying, and the log shouts.
  if (next === 'same') return chatTrouble(tools, job, error);
  await change(
    tools,
    RUNNER,
    async (draft) => {
      const row = await draft.surface(surface.id);
      if (!row) return;
      const { message: _gone, shown: _stale, thread: _over, ...rest } = row;
      await draft.keepSurface({ ...rest, place: next });
      draft.job(cardJob(tools.ids, { ...rest, place: next }, job.lane, draft.now));
      if (next !== surface.place) draft.record(channelGone(surface, draft.now, error));
    },
    { hold: job },
  );
}

/** First again in the same place (somebody may have deleted the message alone), then in the audit channel. */
function placeAfter(surface: Surface, audit: ChannelRef): Surface['place'] | 'same' | 'nowhere' {
  const isPosted = surface.message !== undefined || surface.thread !== undefined;
  if (isPosted) return surface.place;
  if (!('channel' in surface.place)) return 'nowhere';
  return surface.place.channel.channel === audit.channel ? 'same' : { channel: audit };
}

function channelGone({ place, request }: Surface, at: number, error: ChatError) {
  const facts = { channel: 'channel' in place ? place.channel.channel : '', code: error.code };
  const subject = request ? { request } : {};
  return { type: 'alarm.raised', at, actor: RUNNER, subject, data: { code: 'channel_gone', facts } } as const;
}
