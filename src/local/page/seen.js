// @ts-check
// What each person has read. A browser's memory only: the workspace does not know.
import { conversation, newest, openConversation } from './conversations.js';
import { recall, remember } from './memory.js';
import { change, having, state } from './state.js';

/** @type {Record<string, string>} */
const seen = recall('seen', {});

/** @param {string} person @param {string} place @returns {string} */
export function lastSeen(person, place) {
  return seen[`${person} ${place}`] ?? '0';
}

/** Where "new" begins in the open conversation: as it was when it was opened. @param {string} place */
export function newSince(place) {
  return state.marks.get(`${state.me} ${place}`) ?? lastSeen(state.me ?? '', place);
}

/** The last reply of a thread that was on screen. @param {string} person @param {string} place @param {string} ts */
export function threadSeen(person, place, ts) {
  return seen[`${person} ${place} ${ts}`] ?? '0';
}

let opened = '';

/** Called after each drawing: what is on screen in a window somebody looks at is read. */
export function markSeen() {
  const { me, snapshot, thread } = state;
  if (me === undefined || !snapshot || document.visibilityState !== 'visible') return;
  const place = openConversation(state);
  if (place) markConversation(me, place);
  const root = thread && conversation(snapshot, thread.channel)?.messages.find(({ ts }) => ts === thread.ts);
  if (thread && root) note(`${me} ${thread.channel} ${thread.ts}`, root.replies.at(-1)?.ts ?? '0');
}

/** @param {string} me @param {import('./state.js').ConversationShown} place */
function markConversation(me, place) {
  const key = `${me} ${place.id}`;
  if (opened !== key) {
    opened = key;
    change({ marks: having(state.marks, key, lastSeen(me, place.id)) });
  }
  note(key, newest(place));
}

/** @param {string} key @param {string} ts */
function note(key, ts) {
  if (Number(ts) <= Number(seen[key] ?? '0')) return;
  seen[key] = ts;
  remember('seen', seen);
  change({});
}
