// Every kind of job: whom it excludes, whose room it takes, how urgent it is. One place, so that fairness is one table.
import type { AccountRef, ChannelRef, Grant, Instant, JsonObject, RequestId, Surface } from '../core/model.ts';
import type { Place } from '../ports/chat-platform.ts';
import type { Ids } from '../ports/clock.ts';
import type { Message, Note } from '../ports/document.ts';
import type { Lane, NewJob } from '../ports/store.ts';

export const LANE = { alarm: 0, revocation: 1, decision: 2, rest: 3 } as const satisfies Record<string, Lane>;

export function evaluateJob(ids: Ids, request: RequestId, dueAt: Instant): NewJob {
  const subject = `request:${request}`;
  return {
    id: ids.next('job'),
    kind: 'evaluate',
    subject,
    queue: 'evaluate',
    lane: LANE.decision,
    dueAt,
    payload: { request },
    once: subject,
  };
}

/** A click, stored whole: judged later with fresh facts, in the order the clicks came in. */
export function judgeJob(ids: Ids, about: string, payload: JsonObject, dueAt: Instant): NewJob {
  return {
    id: ids.next('job'),
    kind: 'judge',
    subject: `request:${about}`,
    queue: 'judge',
    lane: LANE.decision,
    dueAt,
    payload,
    ordered: true,
  };
}

export function grantJob(ids: Ids, kind: 'grant' | 'extend' | 'revoke' | 'warn', grant: Grant, dueAt: Instant): NewJob {
  return {
    id: ids.next('job'),
    kind,
    subject: `grant:${grant.id}`,
    queue: kind === 'warn' ? 'warn' : `target:${grant.offer.target}`,
    lane: kind === 'revoke' ? LANE.revocation : LANE.decision,
    dueAt,
    payload: { grant: grant.id },
    once: `${kind}:${grant.id}`,
  };
}

export function cardJob(ids: Ids, surface: Surface, lane: Lane, dueAt: Instant): NewJob {
  const subject = `surface:${surface.id}`;
  const queue = 'channel' in surface.place ? channelQueue(surface.place.channel) : personQueue(surface.place.account);
  return {
    id: ids.next('job'),
    kind: 'card',
    subject,
    queue,
    lane,
    dueAt,
    payload: { surface: surface.id },
    once: subject,
  };
}

/** Say something once. Private notes are at-least-once (a lost answer cannot be looked up), so they carry a key. */
export function tellJob(
  ids: Ids,
  place: Place,
  message: Message,
  lane: Lane,
  dueAt: Instant,
  /** By which the message can be found again in the channel. */
  postKey?: string,
): NewJob {
  const id = ids.next('job');
  const queue = placeQueue(place);
  const payload = { place, message, key: postKey ?? id } as unknown as JsonObject;
  return { id, kind: 'tell', subject: `tell:${queue}:${lane}`, queue, lane, dueAt, payload, ordered: true };
}

export function tellPerson(ids: Ids, account: AccountRef, note: Note, dueAt: Instant, beside?: ChannelRef): NewJob {
  const place: Place = beside ? { kind: 'beside', account, channel: beside } : { kind: 'person', account };
  return tellJob(ids, place, note, LANE.decision, dueAt);
}

export function auditJob(ids: Ids, channel: ChannelRef, dueAt: Instant): NewJob {
  return {
    id: ids.next('job'),
    kind: 'audit',
    subject: 'audit',
    queue: channelQueue(channel),
    lane: LANE.rest,
    dueAt,
    payload: {},
    once: 'audit',
  };
}

export function homeJob(ids: Ids, account: AccountRef, dueAt: Instant): NewJob {
  const subject = `home:${account.platform}:${account.tenant}:${account.user}`;
  const queue = `home:${account.platform}`;
  return {
    id: ids.next('job'),
    kind: 'home',
    subject,
    queue,
    lane: LANE.rest,
    dueAt,
    payload: { account: { ...account } },
    once: subject,
  };
}

/** One target, looked at as a whole; calls to it take their turn behind those that give and take. */
export function targetJob(ids: Ids, kind: 'reconcile' | 'census', target: string, dueAt: Instant): NewJob {
  const subject = `${kind}:${target}`;
  return {
    id: ids.next('job'),
    kind,
    subject,
    queue: `target:${target}`,
    lane: LANE.rest,
    dueAt,
    payload: { target },
    once: subject,
  };
}

/** Asks people what becomes of access that nobody can tell the origin of. */
export function chooseJob(ids: Ids, channel: ChannelRef, find: string, dueAt: Instant): NewJob {
  const subject = `choose:${find}`;
  return {
    id: ids.next('job'),
    kind: 'choose',
    subject,
    queue: channelQueue(channel),
    lane: LANE.decision,
    dueAt,
    payload: { find },
    once: subject,
  };
}

/** Looks in the channel for the last signed head of the log. `size`: its entries as the start found it. */
export function witnessJob(ids: Ids, channel: ChannelRef, size: number, dueAt: Instant): NewJob {
  return {
    id: ids.next('job'),
    kind: 'witness',
    subject: 'witness',
    queue: channelQueue(channel),
    lane: LANE.alarm,
    dueAt,
    payload: { size },
    once: 'witness',
  };
}

export function checkpointJob(ids: Ids, dueAt: Instant): NewJob {
  return {
    id: ids.next('job'),
    kind: 'checkpoint',
    subject: 'checkpoint',
    queue: 'checkpoint',
    lane: LANE.rest,
    dueAt,
    payload: {},
    once: 'checkpoint',
  };
}

function channelQueue(channel: ChannelRef): string {
  return `post:${channel.platform}:${channel.channel}`;
}

function personQueue(account: AccountRef): string {
  return `post:${account.platform}:${account.user}`;
}

function placeQueue(place: Place): string {
  switch (place.kind) {
    case 'channel':
    case 'beside':
      return channelQueue(place.channel);
    case 'thread':
      return channelQueue({ platform: place.under.platform, channel: place.under.channel });
    case 'person':
      return personQueue(place.account);
  }
}
