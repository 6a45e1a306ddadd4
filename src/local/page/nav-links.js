// @ts-check
// The links of the navigation: channels with what is new in them, the bot, the target.
import { unread } from './conversations.js';
import { icon } from './icons.js';
import { go } from './navigate.js';
import { avatar } from './people.js';
import { samePlace, writeAddress } from './places.js';
import { lastSeen } from './seen.js';
import { state } from './state.js';
import { testId } from './test-ids.js';
import { h } from './vdom.js';
import { targetGlance } from './view-target-glance.js';

/**
 * @typedef {import('./state.js').Snapshot} Snapshot
 * @typedef {import('./state.js').Place} Place
 * @typedef {import('./state.js').ConversationShown} ConversationShown
 * @typedef {import('./vdom.js').Children} Children
 */

/** @param {Snapshot} snapshot */
export function navLinks(snapshot) {
  return [channels(snapshot), bot(snapshot), target(snapshot)];
}

/** @param {string} name @param {string} title @param {Children} links @param {Children} [after] */
function group(name, title, links, after) {
  const id = `nav-${name}`;
  return h(
    'section',
    { 'aria-labelledby': id, key: name },
    h('h2', { id, class: 'nav-title' }, title),
    h('ul', { class: 'nav-list' }, links),
    after,
  );
}

/** @param {string} text */
function name(text) {
  return h('span', { class: 'nav-name' }, text);
}

/** @param {Snapshot} snapshot */
function channels(snapshot) {
  return group(
    'channels',
    'Channels',
    snapshot.channels.map((channel) => channelLink(snapshot, channel)),
  );
}

/** @param {Snapshot} snapshot @param {ConversationShown} channel */
function channelLink(snapshot, channel) {
  const fresh = unread(channel, lastSeen(snapshot.me.id, channel.id), snapshot.me.id);
  const sign = channel.isPrivate ? icon('lock') : h('span', { class: 'hash', 'aria-hidden': 'true' }, '#');
  const shared = h(
    'span',
    { title: 'Shared with another company', class: 'nav-sign' },
    icon('globe'),
    h('span', { class: 'hidden' }, 'shared'),
  );
  return link({
    place: { view: 'channel', channel: channel.id },
    marks: { ...testId('channel', channel.id), 'data-name': channel.name, 'data-unread': fresh.count },
    look: `${fresh.count > 0 ? 'is-new' : ''}${channel.isMember ? '' : ' is-outside'}`,
    label: [sign, name(channel.name), channel.isShared && shared, badge(fresh)],
  });
}

/** @param {Snapshot} snapshot */
function bot(snapshot) {
  const { app, direct, me } = snapshot;
  const fresh = unread(direct, lastSeen(me.id, direct.id), me.id);
  const home = link({
    place: { view: 'home' },
    marks: testId('home-tab'),
    label: [icon('home'), name(`${app.name} home`)],
  });
  const messages = link({
    place: { view: 'messages' },
    marks: testId('dm-link'),
    look: fresh.count > 0 ? 'is-new' : '',
    label: [
      avatar(snapshot, app.botUserId, 'tiny'),
      name(app.name),
      !app.reachable && h('span', { class: 'nav-sign' }, 'offline'),
      badge(fresh),
    ],
  });
  return group('bot', 'Apps and messages', [home, messages]);
}

/** @param {Snapshot} snapshot */
function target(snapshot) {
  if (state.target?.available === false) return null;
  const label = [icon('database'), name('What the target says now')];
  return group(
    'target',
    'Target',
    link({ place: { view: 'target' }, marks: testId('target-link'), label }),
    targetGlance(snapshot),
  );
}

/** @param {{ readonly count: number, readonly replies: boolean }} fresh */
function badge({ count, replies }) {
  if (count > 0)
    return h('span', { class: 'badge' }, String(Math.min(count, 99)), h('span', { class: 'hidden' }, ' new'));
  return replies && h('span', { class: 'dot' }, h('span', { class: 'hidden' }, 'new replies'));
}

/** @param {{ readonly place: Place, readonly marks: object, readonly look?: string, readonly label: Children }} options */
function link({ place, marks, look = '', label }) {
  const here = samePlace(place, state.place);
  const follow = (/** @type {MouseEvent} */ event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // another tab is another person's window
    event.preventDefault();
    go(place);
  };
  const href = writeAddress({ ...(state.me ? { me: state.me } : {}), place });
  return h(
    'li',
    { key: href },
    h(
      'a',
      { ...marks, href, class: `nav-link ${look}`, 'aria-current': here ? 'page' : undefined, onclick: follow },
      label,
    ),
  );
}
