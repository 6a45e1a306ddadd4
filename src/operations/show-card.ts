// Bring one card and its thread up to date: the card shows how things stand now, the thread tells each event once and in
// order (law 6). Level-triggered: each run makes at most one call to the platform, then looks again.
import { createHash } from 'node:crypto';
import type { MessageRef, Surface } from '../core/model.ts';
import { requestCard } from '../messages/card.ts';
import { expiryCard } from '../messages/expiry.ts';
import { threadNote } from '../messages/thread.ts';
import type { RequestView } from '../messages/view.ts';
import { ChatError, type ChatPlatform, type Place, type Posted } from '../ports/chat-platform.ts';
import type { Card, Message } from '../ports/document.ts';
import type { Job, Stored, StoredEvent } from '../ports/store.ts';
import { RUNNER } from './actors.ts';
import { change } from './change.ts';
import { cardJob } from './jobs.ts';
import { chatTrouble, postOnce } from './post-once.ts';
import { namesOf, viewOf } from './request-view.ts';
import { over } from './run-grant.ts';
import type { Tools } from './tools.ts';

export async function showCard(tools: Tools, job: Job): Promise<void> {
  const stored = await tools.store.surface(String(job.payload['surface']));
  const request = stored?.row.request && (await tools.store.request(stored.row.request))?.row;
  if (!stored || !request) return over(tools, job);
  const view = await viewOf(tools, request);
  try {
    await showNext(tools, job, stored, view);
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    await chatTrouble(tools, job, error);
  }
}

async function showNext(tools: Tools, job: Job, stored: Stored<Surface>, view: RequestView): Promise<void> {
  const surface = stored.row;
  const chat = chatOf(tools, surface);
  const card = surface.audience === 'expiry' ? expiryCard(view) : requestCard(view, surface.audience);
  const shown = createHash('sha256').update(JSON.stringify(card)).digest('hex');
  if (!surface.message) return post(tools, job, stored, chat, card, shown);
  if (shown !== surface.shown) {
    const posted = await chat.update(surface.message, card);
    return keep(tools, job, stored, { ...surface, shown }, surface.id, posted);
  }
  const next = await nextToTell(tools, surface, view);
  if (!next) return over(tools, job);
  if (!next.note) return keep(tools, job, stored, { ...surface, told: next.upTo });
  const place: Place =
    'channel' in surface.place
      ? { kind: 'thread', under: surface.message }
      : { kind: 'person', account: surface.place.account, under: surface.message };
  const key = `${surface.id}:${next.upTo}`;
  const posted = await postOnce(chat, job, place, next.note, key);
  return keep(tools, job, stored, { ...surface, told: next.upTo }, key, posted, next.upTo);
}

async function post(
  tools: Tools,
  job: Job,
  stored: Stored<Surface>,
  chat: ChatPlatform,
  card: Card,
  shown: string,
): Promise<void> {
  const surface = stored.row;
  const place = placeOf(surface);
  const posted = await postOnce(chat, job, place, card, surface.id);
  return keep(tools, job, stored, { ...surface, message: posted.message, shown }, surface.id, posted);
}

function placeOf(surface: Surface): Place {
  if (!('channel' in surface.place)) return { kind: 'person', account: surface.place.account };
  return surface.thread
    ? { kind: 'thread', under: surface.thread }
    : { kind: 'channel', channel: surface.place.channel };
}

/** Store what was shown and commit to it in the log; then look again, for there may be more to tell. */
async function keep(
  tools: Tools,
  job: Job,
  stored: Stored<Surface>,
  row: Surface,
  key?: string,
  posted?: Posted,
  event?: number,
): Promise<void> {
  await change(
    tools,
    RUNNER,
    async (draft) => {
      draft.write({ kind: 'surface', row, version: stored.version });
      draft.job(cardJob(tools.ids, row, job.lane, draft.now));
      if (key && posted) draft.record(postedEvent(draft.now, key, posted, row, event));
    },
    { hold: job },
  );
}

export function postedEvent(
  at: number,
  key: string,
  posted: { message: MessageRef; hash: string },
  row: Surface,
  event?: number,
) {
  const data = { key, message: posted.message, hash: posted.hash, ...(event === undefined ? {} : { event }) };
  const subject = row.request ? { request: row.request } : {};
  return { type: 'chat.posted', at, actor: RUNNER, subject, data } as const;
}

/** The next event that has something to say in this thread; silent ones are passed over. */
async function nextToTell(
  tools: Tools,
  surface: Surface,
  view: RequestView,
): Promise<{ upTo: number; note?: Message } | undefined> {
  if (surface.thread || (surface.audience !== 'reviewers' && surface.audience !== 'requester')) return undefined;
  const events = (await tools.store.eventsOf(view.request.id, surface.told + 1)).filter(
    ({ event }) => event.type !== 'chat.posted',
  );
  for (const event of events) {
    const note = threadNote(event, { ...view, names: { ...view.names, ...(await namesIn(tools, event)) } });
    if (note) return { upTo: event.number, note };
  }
  const last = events.at(-1);
  return last ? { upTo: last.number } : undefined;
}

async function namesIn(tools: Tools, { event }: StoredEvent) {
  const ids =
    'by' in event.data && typeof event.data.by === 'string' && event.data.by !== 'hallpass' ? [event.data.by] : [];
  const actor = event.actor.person === 'hallpass' ? [] : [event.actor.person];
  return namesOf(tools, [...ids, ...actor]);
}

function chatOf(tools: Tools, surface: Surface): ChatPlatform {
  const platform = 'channel' in surface.place ? surface.place.channel.platform : surface.place.account.platform;
  const chat = tools.chats[platform];
  if (!chat) throw new ChatError('unreachable', 'platform_not_configured', 'no');
  return chat;
}
