// @ts-check
// The middle of the page when it shows a conversation: its name, its messages, the message box.
import { rowsOf } from './conversations.js';
import { iconButton } from './icon-button.js';
import { icon } from './icons.js';
import { avatar } from './people.js';
import { newSince } from './seen.js';
import { change } from './state.js';
import { h } from './vdom.js';
import { composer } from './view-composer.js';
import { messageList } from './view-messages.js';
import { personButton } from './view-people.js';
import { targetChip } from './view-target-glance.js';

/** @typedef {import('./state.js').Snapshot} Snapshot @typedef {import('./state.js').ConversationShown} ConversationShown @typedef {import('./vdom.js').Children} Children */

/** @param {Snapshot} snapshot @param {ConversationShown} place */
export function channelView(snapshot, place) {
  return [
    header(snapshot, channelTitle(place), channelFacts(snapshot, place)),
    conversationBody(snapshot, place, beginning(snapshot, place)),
  ];
}

/** @param {Snapshot} snapshot @param {ConversationShown} place @param {Children} opening */
export function conversationBody(snapshot, place, opening) {
  const setting = {
    snapshot,
    channel: place.id,
    where: /** @type {const} */ ('main'),
    since: newSince(place.id),
    label: 'Messages',
    key: `list ${snapshot.me.id} ${place.id}`,
    beginning: opening,
  };
  return h(
    'div',
    { class: 'column', key: 'column' },
    messageList(rowsOf(place), setting),
    composer({ snapshot, place }),
  );
}

/** The bar on top of every view. @param {Snapshot} snapshot @param {Children} title @param {Children} facts */
export function header(snapshot, title, facts) {
  return h(
    'header',
    { class: 'topbar', key: 'topbar' },
    iconButton('menu', 'Open navigation', () => change({ drawer: true }), {
      class: 'drawer-open',
      'aria-controls': 'sidebar',
    }),
    h('div', { class: 'topbar-title' }, h('h1', { tabindex: '-1', 'data-focus': 'heading' }, title), facts),
    targetChip(snapshot),
    personButton(snapshot),
  );
}

/** @param {ConversationShown} place @returns {Children} */
function channelTitle(place) {
  return [place.isPrivate ? icon('lock') : h('span', { class: 'hash', 'aria-hidden': 'true' }, '#'), place.name];
}

/** @param {ConversationShown} place */
function audience(place) {
  if (place.isShared) return 'People of another company are in here too. They have no commands, but buttons.';
  return place.isPrivate ? 'Only its members see this channel.' : 'Everybody at this workspace can read this channel.';
}

const FACES_SHOWN = 5;

/** @param {Snapshot} snapshot @param {ConversationShown} place @returns {Children} */
function channelFacts(snapshot, place) {
  const people = place.members.filter((id) => id !== snapshot.app.botUserId);
  return h(
    'p',
    { class: 'topbar-facts' },
    h(
      'span',
      { class: 'faces', 'aria-hidden': 'true' },
      people.slice(0, FACES_SHOWN).map((id) => avatar(snapshot, id, 'tiny')),
    ),
    `${people.length} ${people.length === 1 ? 'person' : 'people'}`,
    place.isPrivate && ' · private',
    place.isShared && ' · shared with another company',
    place.isArchived && ' · archived',
  );
}

/** @param {Snapshot} snapshot @param {ConversationShown} place */
function beginning(snapshot, place) {
  const [command] = snapshot.app.commands;
  const quiet = rowsOf(place).length === 0;
  return h(
    'div',
    { class: `beginning${quiet ? ' is-empty' : ''}`, key: 'beginning' },
    h('span', { class: 'beginning-sign' }, icon(place.isPrivate ? 'lock' : 'message')),
    h('h2', null, `#${place.name}`),
    h('p', null, audience(place)),
    quiet &&
      command &&
      place.isMember &&
      !snapshot.me.isStranger &&
      h('p', null, 'Nothing here yet. Type ', h('kbd', null, command.command), ' to ask for access.'),
  );
}
