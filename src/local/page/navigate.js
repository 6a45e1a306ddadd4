// @ts-check
// Going somewhere: another conversation, a thread, another person. Keeps the address and the focus in step.
import { openHome, toast } from './actions.js';
import { refusalOf } from './failure-words.js';
import { focusSoon } from './focus.js';
import { reached } from './milestones.js';
import { readAddress, samePlace } from './places.js';
import { address, become, refresh, refreshTarget } from './refresh.js';
import { change, state } from './state.js';
import { isNarrow } from './window.js';

/** @typedef {import('./state.js').Place} Place @typedef {import('./state.js').Thread} Thread */

/** @param {Place} place */
export function go(place) {
  const leaves = isNarrow() || (place.view === 'channel' && !samePlace(place, state.place));
  change({ place, drawer: false, menu: undefined, jump: undefined, ...(leaves ? { thread: undefined } : {}) });
  entered(place);
}

/** @param {Place} place */
function entered(place) {
  note();
  arrive(place);
  focusSoon(place.view === 'channel' || place.view === 'messages' ? 'composer' : 'heading');
}

/** What a place wants when one gets there, by whatever way. @param {Place | undefined} place */
export function arrive(place) {
  if (place?.view === 'home' || place?.view === 'messages') void openHome(place.view);
  if (place?.view === 'target') void refreshTarget();
}

/** @param {Thread} thread */
export function openThread(thread) {
  change({ thread, menu: undefined });
  note();
  reached();
  focusSoon('thread');
}

export function closeThread() {
  const was = state.thread;
  change({ thread: undefined });
  note();
  if (was) focusSoon('row', was.ts);
}

/** @param {string} person @param {{ readonly place?: Place | undefined, readonly thread?: Thread | undefined }} [where] the same place when left out */
export async function switchTo(person, where = state) {
  try {
    await become(person, { place: where.place, thread: where.thread });
    arrive(state.place);
    focusSoon(state.snapshot?.views.length ? 'nothing' : 'composer');
  } catch (error) {
    toast(refusalOf(error));
  }
}

/** One entry in the browser's history for each place. */
function note() {
  if (location.hash !== address()) history.pushState(null, '', address());
}

/** Back, Forward, or an address typed by hand. */
export async function followAddress() {
  const { me, place, thread } = readAddress(location.hash);
  if (me !== undefined && me !== state.me) return switchTo(me, { place, thread });
  change({ thread, menu: undefined, drawer: false, ...(place ? { place } : {}) });
  await refresh();
  arrive(state.place);
}
