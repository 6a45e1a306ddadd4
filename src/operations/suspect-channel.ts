// A channel with cards of ours may be seen by another company now (threat B02). Its cards are marked at once, from the store
// alone; then each is looked at, and where it is true the card is withdrawn and goes on in the audit channel.
import type { RequestId, Surface } from '../core/model.ts';
import { withdrawnNote } from '../messages/phrases.ts';
import type { ChatPlatform } from '../ports/chat-platform.ts';
import type { Job } from '../ports/store.ts';
import { RUNNER } from './actors.ts';
import { change, type Draft } from './change.ts';
import { cardJob, LANE } from './jobs.ts';
import { over } from './run-grant.ts';
import type { Tools } from './tools.ts';

/** More open requests and live passes than this at once is no deployment of ours; the next event marks the rest. */
const MARKED_MAX = 500;

/** Marks what still matters there: cards that can be pressed, and cards of live passes. */
export async function suspectChannel(tools: Tools, draft: Draft, channel: string): Promise<void> {
  const pending = await tools.store.requestsIn('pending', MARKED_MAX);
  const live = await tools.store.liveGrants({}, MARKED_MAX);
  const requests = new Set<RequestId>([...pending.map(({ row }) => row.id), ...live.map(({ row }) => row.request)]);
  for (const id of requests) {
    for (const { row } of await tools.store.surfacesOf(id)) {
      if (!('channel' in row.place) || row.place.channel.channel !== channel) continue;
      await draft.keepSurface({ ...row, suspect: true });
      draft.job(cardJob(tools.ids, row, LANE.alarm, draft.now));
    }
  }
}

/** One marked card: withdrawn when others see it, else cleared of the suspicion. Throws ChatError. */
export async function lookAtChannel(tools: Tools, chat: ChatPlatform, job: Job, surface: Surface): Promise<void> {
  if (!('channel' in surface.place)) return over(tools, job);
  const audit = tools.catalog.auditChannel;
  const { shared } = await chat.channel(surface.place.channel);
  if (shared && surface.message) await chat.update(surface.message, withdrawnNote());
  const isAudit = surface.place.channel.channel === audit.channel;
  // There is no other place for what is told there: it stays withdrawn, and the alarm says why.
  if (shared && isAudit) return over(tools, job);
  await change(
    tools,
    RUNNER,
    async (draft) => {
      const row = await draft.surface(surface.id);
      if (!row) return;
      const cleared = shared ? elsewhere(row, { channel: audit }) : without(row);
      await draft.keepSurface(cleared);
      draft.job(cardJob(tools.ids, cleared, job.lane, draft.now));
    },
    { hold: job },
  );
}

function without({ suspect: _cleared, ...row }: Surface): Surface {
  return row;
}

function elsewhere(surface: Surface, place: Surface['place']): Surface {
  const { message: _withdrawn, shown: _stale, thread: _over, ...rest } = without(surface);
  return { ...rest, place };
}
