// @ts-check
// "Jump to…": every person, channel and page by a few letters.
import { actors } from './conversations.js';
import { dialog } from './dialogs.js';
import { icon } from './icons.js';
import { go, switchTo } from './navigate.js';
import { avatar, hintOf } from './people.js';
import { change, state } from './state.js';
import { testId } from './test-ids.js';
import { h } from './vdom.js';

/**
 * @typedef {import('./state.js').Snapshot} Snapshot
 * @typedef {import('./vdom.js').Children} Children
 * @typedef {{ readonly key: string, readonly name: string, readonly about: string, readonly sign: Children, readonly go: () => void }} Destination
 */

/** @param {Snapshot} snapshot @returns {readonly Destination[]} */
function destinations(snapshot) {
  const people = actors(snapshot).filter(({ id }) => id !== snapshot.me.id);
  return [
    ...people.map((p) => ({
      key: p.id,
      name: `Be ${p.realName}`,
      about: hintOf(p),
      sign: avatar(snapshot, p.id, 'small'),
      go: () => void switchTo(p.id),
    })),
    ...snapshot.channels.map((c) => ({
      key: c.id,
      name: `#${c.name}`,
      about: 'channel',
      sign: icon(c.isPrivate ? 'lock' : 'message'),
      go: () => go({ view: 'channel', channel: c.id }),
    })),
    {
      key: 'home',
      name: `${snapshot.app.name} home`,
      about: 'page',
      sign: icon('home'),
      go: () => go({ view: 'home' }),
    },
    {
      key: 'messages',
      name: `${snapshot.app.name} messages`,
      about: 'direct',
      sign: icon('message'),
      go: () => go({ view: 'messages' }),
    },
    {
      key: 'target',
      name: 'What the target says now',
      about: 'page',
      sign: icon('database'),
      go: () => go({ view: 'target' }),
    },
  ];
}

/** @param {Snapshot} snapshot */
export function jumpDialog(snapshot) {
  if (state.jump === undefined) return null;
  const wanted = state.jump.trim().toLowerCase();
  const found = destinations(snapshot).filter(({ name, about }) => `${name} ${about}`.toLowerCase().includes(wanted));
  const active = Math.min(state.menuActive, Math.max(0, found.length - 1));
  const close = () => change({ jump: undefined });
  return dialog(
    { key: 'jump', label: 'jump-title', look: 'dialog-light dialog-jump', marks: testId('jump-dialog'), close },
    h('h2', { id: 'jump-title', class: 'hidden' }, 'Jump to'),
    h('div', { class: 'search jump-search' }, input(found, active), icon('search', 'search-icon')),
    h(
      'div',
      { role: 'listbox', id: 'jump-list', class: 'jump-list', 'aria-label': 'Destinations' },
      found.map((one, index) => row(one, index, index === active)),
    ),
    found.length === 0 && h('p', { class: 'menu-note' }, 'Nothing of that name'),
  );
}

/** @param {readonly Destination[]} found @param {number} active */
function input(found, active) {
  const keys = (/** @type {KeyboardEvent} */ event) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? found.length - 1 : 0;
    if (step > 0 && found.length > 0) change({ menuActive: (active + step) % found.length });
    if (event.key === 'Enter') follow(found[active]);
    if (step > 0 || event.key === 'Enter') event.preventDefault();
  };
  return h('input', {
    ...testId('jump-box'),
    type: 'text',
    role: 'combobox',
    class: 'search-box',
    autocomplete: 'off',
    placeholder: 'Jump to a person, channel or page',
    'aria-label': 'Jump to',
    'aria-expanded': 'true',
    'aria-controls': 'jump-list',
    'aria-activedescendant': found[active] ? `jump-${active}` : undefined,
    value: state.jump,
    oninput: (/** @type {Event & { target: HTMLInputElement }} */ event) =>
      change({ jump: event.target.value, menuActive: 0 }),
    onkeydown: keys,
  });
}

/** @param {Destination | undefined} destination */
function follow(destination) {
  change({ jump: undefined, menuActive: 0 });
  destination?.go();
}

/** @param {Destination} one @param {number} index @param {boolean} active */
function row(one, index, active) {
  return h(
    'div',
    {
      id: `jump-${index}`,
      key: one.key,
      role: 'option',
      'aria-selected': String(active),
      class: `menu-item${active ? ' is-active' : ''}`,
      onclick: () => follow(one),
    },
    one.sign,
    h('span', { class: 'jump-name' }, one.name),
    h('span', { class: 'hint' }, one.about),
  );
}
