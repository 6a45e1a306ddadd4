// @ts-check
// How a person is shown: initials, colour, and what they are for in the demo.
import { h } from './vdom.js';

/** @typedef {import('./state.js').PersonShown} PersonShown @typedef {import('./state.js').Snapshot} Snapshot */

const TINTS = 8;

/** `Mia Chen` → `MC`. @param {string} name */
function initials(name) {
  const words = name.split(/[\s._-]+/).filter((word) => /\p{L}|\p{N}/u.test(word));
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return letters.map((word) => [...(word ?? '?')][0]?.toUpperCase() ?? '').join('');
}

/** The same person has the same colour everywhere. @param {Snapshot} snapshot @param {string} id */
export function tintOf(snapshot, id) {
  const index = snapshot.people.findIndex((person) => person.id === id);
  return `tint-${Math.max(0, index) % TINTS}`;
}

/** @param {Snapshot} snapshot @param {string} id @param {string} [size] `small`, `large` */
export function avatar(snapshot, id, size = '') {
  if (id === snapshot.app.botUserId)
    return h('span', { class: `avatar avatar-bot ${size}`, 'aria-hidden': 'true' }, passMark());
  const person = snapshot.people.find((one) => one.id === id);
  const look = person ? tintOf(snapshot, id) : 'tint-none';
  const name = person ? person.realName || person.name : id === 'USLACKBOT' ? '#' : '?';
  const letters = initials(name) || '#';
  return h(
    'span',
    { class: `avatar ${look} ${size}`, 'aria-hidden': 'true' },
    size === 'tiny' ? [...letters][0] : letters,
  );
}

/** The sign of the product: a pass with its hole and its tear line. */
export function passMark() {
  return h(
    'svg',
    { viewBox: '0 0 24 24', class: 'mark', 'aria-hidden': 'true' },
    h('path', {
      d: 'M4 5.5h16a1.5 1.5 0 0 1 1.5 1.5v3a2 2 0 0 0 0 4v3a1.5 1.5 0 0 1-1.5 1.5H4A1.5 1.5 0 0 1 2.5 17v-3a2 2 0 0 0 0-4V7A1.5 1.5 0 0 1 4 5.5z',
      fill: 'currentColor',
    }),
    h('path', { d: 'M15.5 8v8', class: 'mark-line', 'stroke-dasharray': '1.6 1.8' }),
    h('path', { d: 'M6.4 12.2l2.2 2.2 4-4.6', class: 'mark-line' }),
  );
}

/** What the person is for in the story, from what the profile says. @param {PersonShown} person @returns {string} */
export function hintOf(person) {
  if (person.deleted) return 'deactivated';
  if (person.isStranger) return 'other company';
  if (person.isGuest) return 'guest';
  // A title such as "Database owner · approves" says it itself.
  const own = person.title.split('·')[1]?.trim();
  if (own) return own;
  if (/secur|secops/i.test(person.title)) return 'security';
  return /approv|dba|database|owner|lead|manager/i.test(person.title) ? 'approves' : 'asks';
}

/** The title without the hint. @param {PersonShown} person */
export function titleOf(person) {
  return person.title.split('·')[0]?.trim() ?? '';
}
