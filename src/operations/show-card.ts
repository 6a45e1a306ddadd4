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
import type { Job, Lane, StoredEvent } from '../ports/store.ts';
import { RUNNER } from './actors.ts';
import { change, Fenced } from './change.ts';
import { cardJob } from './jobs.ts';
import { sameAccount } from './membership.ts';
import { moveCard } from './move-card.ts';
import { chatTrouble, findSent, postOnce } from './post-once.ts';
import { namesOf, viewOf } from './request-view.ts';
import { over } from './run-grant.ts';
import { lookAtChannel } from './suspect-channel.ts';
import type { Tools } from './tools.ts';

export async function showCard(tools: Tools, job: Job): Promise<void> {
  const surface = (await tools.store.surface(String(job.payload['surface'])))?.row;
  const request = surface?.request && (await tools.store.request(surface.request))?.row;
  const chat = surface && tools.chats[platformOf(surface)];
  if (!surface || !request || !chat) return over(tools, job);
  const view = await viewOf(tools, request);
  try {
    await showNext(tools, job, surface, view, chat);
  } catch (error) {
    if (error instanceof Fenced) await drawAgain(tools, surface.id, job.lane);
    if (!(error instanceof ChatError)) throw error;
    if (error.fault === 'gone') return moveCard(tools, job, surface, error);
    await chatTrouble(tools, job, error);
  }
}

/**
 * Another process holds this card by now, and what we drew came late: it may cover what the other one drew (a process that
 * was suspended in the middle of its call, threat E05). What is shown counts as unknown, and is drawn again.
 */
async function drawAgain(tools: Tools, id: string, lane: Lane): Promise<void> {
  await change(tools, RUNNER, async (draft) => {
    const before = await draft.surface(id);
    if (!before?.message) return;
    const { shown: _covered, ...row } = before;
    await draft.keepSurface(row);
    draft.job(cardJob(tools.ids, row, lane, draft.now));
  });
}

function platformOf({ place }: Surface): string {
  return 'channel' in place ? place.channel.platform : place.account.platform;
}

async function showNext(
  tools: Tools,
  job: Job,
  surface: Surface,
  view: RequestView,
  chat: ChatPlatform,
): Promise<void> {
  if (surface.suspect) return lookAtChannel(tools, chat, job, surface);
  const card = surface.audience === 'expiry' ? expiryCard(view) : requestCard(view, surface.audience);
  const shown = createHash('sha256').update(JSON.stringify(card)).digest('hex');
  if (!surface.message) return post(tools, job, surface, chat, card, shown);
  const next = await nextToTell(tools, surface, view);
  const place = threadOf(surface, surface.message);
  const key = `${surface.id}:${next?.upTo}`;
  // A reply whose answer was lost is looked for before anything else is done: only this attempt knows of it.
  const sent = next?.note && (await findSent(chat, job, place, key));
  if (next && sent) {
    const posting = { key, posted: sent, event: next.upTo };
    return keep(tools, job, surface.id, { told: next.upTo }, { posting, again: true });
  }
  if (shown !== surface.shown) {
    const posted = await chat.update(surface.message, card);
    const silent = next && !next.note ? { told: next.upTo } : {};
    const again = next?.note !== undefined;
    return keep(tools, job, surface.id, { shown, ...silent }, { posting: { key: surface.id, posted }, again });
  }
  if (!next) return over(tools, job);
  if (!next.note) return keep(tools, job, surface.id, { told: next.upTo }, { again: false });
  const posted = await postOnce(chat, job, place, next.note, key);
  const posting = { key, posted, event: next.upTo };
  return keep(tools, job, surface.id, { told: next.upTo }, { posting, again: !next.isLast });
}

function threadOf({ place }: Surface, under: MessageRef): Place {
  return 'channel' in place ? { kind: 'thread', under } : { kind: 'person', account: place.account, under };
}

async function post(
  tools: Tools,
  job: Job,
  surface: Surface,
  chat: ChatPlatform,
  card: Card,
  shown: string,
): Promise<void> {
  const posted = await postOnce(chat, job, placeOf(surface), card, surface.id);
  // A card found from an earlier attempt may show what was then: it is brought up to date by the next look.
  const found = posted.isOld ? {} : { shown };
  const posting = { key: surface.id, posted };
  return keep(tools, job, surface.id, { message: posted.message, ...found }, { posting, again: true });
}

function placeOf(surface: Surface): Place {
  if (!('channel' in surface.place)) return { kind: 'person', account: surface.place.account };
  return surface.thread
    ? { kind: 'thread', under: surface.thread }
    : { kind: 'channel', channel: surface.place.channel };
}

interface Posting {
  readonly key: string;
  readonly posted: Posted;
  readonly event?: number;
}

/**
 * Store what was shown and commit to it in the log. `again`: there is more to tell. What happens meanwhile orders a look of
 * its own.
 */
async function keep(
  tools: Tools,
  job: Job,
  id: string,
  news: Partial<Surface>,
  { posting, again }: { readonly posting?: Posting; readonly again: boolean },
): Promise<void> {
  await change(
    tools,
    RUNNER,
    async (draft) => {
      const before = await draft.surface(id);
      if (!before) return;
      const row = { ...before, ...news };
      await draft.keepSurface(row);
      if (again) draft.job(cardJob(tools.ids, row, job.lane, draft.now));
      if (posting) draft.record(postedEvent(draft.now, posting, row));
    },
    { hold: job },
  );
}

export function postedEvent(at: number, { key, posted, event }: Posting, row: Surface) {
  const message: MessageRef = posted.message;
  const data = { key, message, hash: posted.hash, ...(event === undefined ? {} : { event }) };
  const subject = row.request ? { request: row.request } : {};
  return { type: 'chat.posted', at, actor: RUNNER, subject, data } as const;
}

interface Telling {
  readonly upTo: number;
  /** Absent: nothing is to be said of the events up to there. */
  readonly note?: Message;
  /** There was nothing after it when we looked. */
  readonly isLast: boolean;
}

/** The next event that has something to say in this thread; silent ones are passed over. */
async function nextToTell(tools: Tools, surface: Surface, view: RequestView): Promise<Telling | undefined> {
  if (surface.thread || (surface.audience !== 'reviewers' && surface.audience !== 'requester')) return undefined;
  const events = (await tools.store.eventsOf(view.request.id, surface.told + 1)).filter(
    ({ event }) => event.type !== 'chat.posted',
  );
  const last = events.at(-1);
  for (const event of events) {
    if (await isRepeat(tools, event, view)) continue;
    const note = threadNote(event, { ...view, names: { ...view.names, ...(await namesIn(tools, event)) } });
    if (note) return { upTo: event.number, note, isLast: event === last };
  }
  return last ? { upTo: last.number, isLast: true } : undefined;
}

/** Somebody who presses what does not count again and again is told of once: a thread is no place to flood. */
async function isRepeat(tools: Tools, { number, event }: StoredEvent, { request }: RequestView): Promise<boolean> {
  if (event.type !== 'decision.refused') return false;
  const { code, account } = event.data;
  const before = (await tools.store.eventsOf(request.id)).filter((one) => one.number < number);
  return before.some(
    ({ event: one }) =>
      one.type === 'decision.refused' && one.data.code === code && sameAccount(one.data.account, account),
  );
}

async function namesIn(tools: Tools, { event }: StoredEvent) {
  const ids =
    'by' in event.data && typeof event.data.by === 'string' && event.data.by !== 'hallpass' ? [event.data.by] : [];
  const actor = event.actor.person === 'hallpass' ? [] : [event.actor.person];
  return namesOf(tools, [...ids, ...actor]);
}
