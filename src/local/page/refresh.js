// @ts-check
// Keeps the snapshot fresh: one request at a time, and one more when something happened meanwhile.
// An answer for somebody who is no longer the acting person is thrown away: nobody sees another's private notes.
import { announce } from './announcements.js';
import { fetchSnapshot, fetchTarget } from './api.js';
import { setWorkspaceTime } from './clock.js';
import { conversation } from './conversations.js';
import { reached } from './milestones.js';
import { writeAddress } from './places.js';
import { change, state } from './state.js';

/** @typedef {import('./state.js').Snapshot} Snapshot */

/** @type {Promise<void> | undefined} */
let running;
let again = false;

/** @returns {Promise<void>} resolves when a snapshot that is at least as new as this call is in */
export function refresh() {
  if (running) {
    again = true;
    return running;
  }
  running = loop().finally(() => {
    running = undefined;
  });
  return running;
}

async function loop() {
  do {
    again = false;
    await once();
  } while (again);
}

async function once() {
  const asked = state.me;
  try {
    const snapshot = await fetchSnapshot(asked);
    if (asked === state.me) arrived(snapshot);
    else again = true;
  } catch (error) {
    // Somebody who was removed, or an address of another workspace: begin again with whoever is there.
    if (asked !== undefined && state.snapshot === undefined) startOver();
    else change({ trouble: error instanceof Error ? error.message : String(error) });
  }
}

function startOver() {
  again = true;
  change({ me: undefined, place: undefined, thread: undefined });
}

/** @param {Snapshot} snapshot */
function arrived(snapshot) {
  const before = state.snapshot;
  setWorkspaceTime(snapshot.now);
  const place = visible(snapshot, state.place ?? firstPlace(snapshot));
  change({ snapshot, me: snapshot.me.id, place, trouble: undefined });
  if (location.hash !== address()) history.replaceState(null, '', address());
  if (before) announce(before, snapshot);
  reached();
}

/**
 * Becomes another person in one step: their snapshot first, then everything else, so that nothing of one person
 * is ever on screen, or sent, as another.
 * @param {string} person @param {Pick<import('./state.js').State, 'place' | 'thread'>} where
 */
export async function become(person, where) {
  const snapshot = await fetchSnapshot(person);
  setWorkspaceTime(snapshot.now);
  const place = visible(snapshot, where.place ?? firstPlace(snapshot));
  change({ ...BLANK, me: person, snapshot, place, thread: kept(snapshot, where.thread), trouble: undefined });
  if (location.hash !== address()) history.pushState(null, '', address());
  reached();
  void refreshTarget();
}

/** What belongs to the person who was. */
const BLANK = /** @type {const} */ ({
  menu: undefined,
  drawer: false,
  jump: undefined,
  question: undefined,
  toasts: [],
  said: '',
  target: undefined,
  pickers: new Map(),
  wanting: new Map(),
});

/** A thread stays open for somebody who may see it. @param {Snapshot} snapshot @param {import('./state.js').Thread | undefined} thread */
function kept(snapshot, thread) {
  const place = thread && conversation(snapshot, thread.channel);
  return place?.messages.some(({ ts }) => ts === thread?.ts) ? thread : undefined;
}

/** The address of what is on screen. */
export function address() {
  return writeAddress({
    ...(state.me ? { me: state.me } : {}),
    ...(state.place ? { place: state.place } : {}),
    ...(state.thread ? { thread: state.thread } : {}),
  });
}

/** @param {Snapshot} snapshot @param {import('./state.js').Place} place */
function visible(snapshot, place) {
  if (place.view !== 'channel' || snapshot.channels.some(({ id }) => id === place.channel)) return place;
  return firstPlace(snapshot);
}

/** @param {Snapshot} snapshot @returns {import('./state.js').Place} */
export function firstPlace(snapshot) {
  const mine = snapshot.channels.find((channel) => channel.isMember && !channel.isArchived) ?? snapshot.channels[0];
  return mine ? { view: 'channel', channel: mine.id } : { view: 'messages' };
}

let asking = false;

/** What the target says; silent when it cannot be asked, the view says so by itself. */
export async function refreshTarget() {
  if (asking || state.me === undefined) return;
  asking = true;
  const as = state.me;
  const target = await fetchTarget(as).catch(() => undefined);
  asking = false;
  if (as !== state.me || !target) return;
  change({ target });
  reached();
}
