// @ts-check
// Who one is: a pass in that person's name. Pressing it shows everybody one can become.
import { workspaceNow } from './clock.js';
import { actors } from './conversations.js';
import { icon } from './icons.js';
import { menu } from './menu.js';
import { switchTo } from './navigate.js';
import { avatar, hintOf, titleOf } from './people.js';
import { testId } from './test-ids.js';
import { shown } from './times.js';
import { h } from './vdom.js';

/** @typedef {import('./state.js').Snapshot} Snapshot @typedef {import('./state.js').PersonShown} PersonShown */

/** @param {Snapshot} snapshot */
export function personSwitcher(snapshot) {
  return menu({
    id: 'person-switcher',
    label: `You are ${snapshot.me.realName}, ${hintOf(snapshot.me)}. Switch person`,
    button: pass(snapshot),
    look: 'pass-button',
    marks: testId('person-switcher'),
    items: peopleItems(snapshot),
    wide: true,
    heading: heading(),
  });
}

/** The same list behind a small face, for narrow screens. @param {Snapshot} snapshot */
export function personButton(snapshot) {
  return menu({
    id: 'person-button',
    label: `You are ${snapshot.me.realName}. Switch person`,
    button: avatar(snapshot, snapshot.me.id, 'small'),
    look: 'icon-button person-button',
    marks: testId('person-button'),
    items: peopleItems(snapshot),
    heading: heading(),
  });
}

function heading() {
  return h('p', { class: 'menu-heading' }, 'Be somebody else');
}

/** @param {Snapshot} snapshot */
function pass(snapshot) {
  const { me } = snapshot;
  return h(
    'span',
    { class: 'pass' },
    avatar(snapshot, me.id),
    h(
      'span',
      { class: 'pass-text' },
      h('span', { class: 'pass-label' }, 'You are'),
      h('span', { class: 'pass-name' }, me.realName),
      h('span', { class: 'pass-hint' }, hintOf(me)),
    ),
    h('span', { class: 'pass-stub' }, icon('chevron')),
  );
}

/** @param {Snapshot} snapshot */
function peopleItems(snapshot) {
  return actors(snapshot).map((person) => ({
    key: person.id,
    marks: testId('person', person.id),
    checked: person.id === snapshot.me.id,
    look: 'menu-person',
    content: row(snapshot, person),
    go: () => void switchTo(person.id),
  }));
}

/** @param {Snapshot} snapshot @param {PersonShown} person */
function row(snapshot, person) {
  const about = [titleOf(person), shown(workspaceNow(), 'time', person.tz)].filter(Boolean).join(' · ');
  return [
    avatar(snapshot, person.id),
    h(
      'span',
      { class: 'person-text' },
      h('span', { class: 'person-name' }, person.realName),
      h('span', { class: 'person-about' }, about),
    ),
    h('span', { class: `tag tag-${tone(person)}` }, hintOf(person)),
    icon('check', 'menu-check'),
  ];
}

/** @param {PersonShown} person */
function tone(person) {
  if (person.deleted || person.isStranger || person.isGuest) return 'outside';
  return hintOf(person) === 'asks' ? 'asks' : 'decides';
}
