// @ts-check
// What a screen reader is told when something arrives: who says what, and only where the person is looking.
import { conversation, nameOf, openConversation } from './conversations.js';
import { change, state } from './state.js';

/** @typedef {import('./state.js').Snapshot} Snapshot @typedef {import('./state.js').MessageShown} MessageShown */

const LONGEST_SAID = 220;

/** @param {Snapshot} before @param {Snapshot} after */
export function announce(before, after) {
  const fresh = watched(after).flatMap(({ id, thread }) => arrivals(before, after, id, thread));
  const last = fresh.at(-1);
  if (!last) return;
  const others = fresh.length > 1 ? `${fresh.length} new messages. ` : '';
  const kept = last.ephemeral ? 'only you can see this: ' : '';
  change({ said: `${others}${nameOf(after, last.user)}: ${kept}${spoken(last.text)}` });
}

/** @param {Snapshot} snapshot */
function watched(snapshot) {
  const middle = openConversation({ ...state, snapshot });
  const aside = state.thread ? [{ id: state.thread.channel, thread: state.thread.ts }] : [];
  return [...(middle ? [{ id: middle.id, thread: undefined }] : []), ...aside];
}

/** @param {Snapshot} before @param {Snapshot} after @param {string} id @param {string | undefined} thread */
function arrivals(before, after, id, thread) {
  const known = new Set(inside(before, id, thread).map(({ ts }) => ts));
  return inside(after, id, thread).filter(({ ts, user }) => !known.has(ts) && user !== after.me.id);
}

/** @param {Snapshot} snapshot @param {string} id @param {string | undefined} thread @returns {readonly MessageShown[]} */
function inside(snapshot, id, thread) {
  const place = conversation(snapshot, id);
  if (!place) return [];
  const whispers = place.ephemerals.filter(({ thread_ts }) => thread_ts === thread);
  if (thread === undefined) return [...place.messages, ...whispers];
  return [...(place.messages.find(({ ts }) => ts === thread)?.replies ?? []), ...whispers];
}

/** Markup is for eyes. @param {string} text */
function spoken(text) {
  const words = text
    .replace(/<[^>|]*\|([^>]*)>/g, '$1')
    .replace(/<[@#!][^>]*>/g, '')
    .replace(/[*_~`]/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
  return words.length > LONGEST_SAID ? `${words.slice(0, LONGEST_SAID)}…` : words;
}
