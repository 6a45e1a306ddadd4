// @ts-check
// The navigation: who one is, channels with what is new, the bot, the target, and the page's own settings.
import { unread } from './conversations.js';
import { icon } from './icons.js';
import { go } from './navigate.js';
import { avatar, passMark } from './people.js';
import { samePlace, writeAddress } from './places.js';
import { lastSeen } from './seen.js';
import { change, state } from './state.js';
import { testId } from './test-ids.js';
import { nextTheme, themeNow } from './theme.js';
import { h } from './vdom.js';
import { personSwitcher } from './view-people.js';
import { targetGlance } from './view-target-glance.js';
import { MODIFIER } from './window.js';

/** @typedef {import('./state.js').Snapshot} Snapshot @typedef {import('./state.js').Place} Place @typedef {import('./state.js').ConversationShown} ConversationShown */

/** @param {Snapshot} snapshot */
export function sidebar(snapshot) {
  return h(
    'nav',
    { class: `sidebar${state.drawer ? ' is-open' : ''}`, 'aria-label': 'Workspace', id: 'sidebar', key: 'sidebar' },
    h(
      'div',
      { class: 'brand' },
      h('span', { class: 'brand-mark' }, passMark()),
      h(
        'span',
        { class: 'brand-text' },
        h('strong', null, 'Hallpass'),
        h('span', null, `${snapshot.team.name} · local workspace`),
      ),
      closeDrawer(),
    ),
    personSwitcher(snapshot),
    h('div', { class: 'sidebar-scroll' }, channels(snapshot), bot(snapshot), target(snapshot)),
    foot(),
  );
}

function closeDrawer() {
  return h(
    'button',
    {
      type: 'button',
      class: 'icon-button drawer-close',
      'aria-label': 'Close navigation',
      onclick: () => change({ drawer: false }),
    },
    icon('close'),
  );
}

/** @param {Snapshot} snapshot */
function channels(snapshot) {
  return h(
    'section',
    { 'aria-labelledby': 'nav-channels', key: 'channels' },
    h('h2', { id: 'nav-channels', class: 'nav-title' }, 'Channels'),
    h(
      'ul',
      { class: 'nav-list' },
      snapshot.channels.map((channel) => channelLink(snapshot, channel)),
    ),
  );
}

/** @param {Snapshot} snapshot @param {ConversationShown} channel */
function channelLink(snapshot, channel) {
  const fresh = unread(channel, lastSeen(snapshot.me.id, channel.id), snapshot.me.id);
  const sign = channel.isPrivate ? icon('lock') : h('span', { class: 'hash', 'aria-hidden': 'true' }, '#');
  const quiet = channel.isMember ? '' : ' is-outside';
  return link({
    place: { view: 'channel', channel: channel.id },
    marks: { ...testId('channel', channel.id), 'data-name': channel.name, 'data-unread': fresh.count },
    look: `${fresh.count > 0 ? 'is-new' : ''}${quiet}`,
    label: [
      sign,
      h('span', { class: 'nav-name' }, channel.name),
      channel.isShared &&
        h(
          'span',
          { title: 'Shared with another company', class: 'nav-sign' },
          icon('globe'),
          h('span', { class: 'hidden' }, 'shared'),
        ),
      badge(fresh),
    ],
  });
}

/** @param {{ readonly count: number, readonly replies: boolean }} fresh */
function badge({ count, replies }) {
  if (count > 0)
    return h('span', { class: 'badge' }, String(Math.min(count, 99)), h('span', { class: 'hidden' }, ' new'));
  return replies && h('span', { class: 'dot' }, h('span', { class: 'hidden' }, 'new replies'));
}

/** @param {{ readonly place: Place, readonly marks: object, readonly look?: string, readonly label: import('./vdom.js').Children }} options */
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

/** @param {Snapshot} snapshot */
function bot(snapshot) {
  const fresh = unread(snapshot.direct, lastSeen(snapshot.me.id, snapshot.direct.id), snapshot.me.id);
  return h(
    'section',
    { 'aria-labelledby': 'nav-bot', key: 'bot' },
    h('h2', { id: 'nav-bot', class: 'nav-title' }, 'Apps and messages'),
    h(
      'ul',
      { class: 'nav-list' },
      link({
        place: { view: 'home' },
        marks: testId('home-tab'),
        label: [icon('home'), h('span', { class: 'nav-name' }, `${snapshot.app.name} home`)],
      }),
      link({
        place: { view: 'messages' },
        marks: testId('dm-link'),
        look: fresh.count > 0 ? 'is-new' : '',
        label: [
          avatar(snapshot, snapshot.app.botUserId, 'tiny'),
          h('span', { class: 'nav-name' }, snapshot.app.name),
          !snapshot.app.reachable && h('span', { class: 'nav-sign' }, 'offline'),
          badge(fresh),
        ],
      }),
    ),
  );
}

/** @param {Snapshot} snapshot */
function target(snapshot) {
  if (state.target?.available === false) return null;
  return h(
    'section',
    { 'aria-labelledby': 'nav-target', key: 'target' },
    h('h2', { id: 'nav-target', class: 'nav-title' }, 'Target'),
    h(
      'ul',
      { class: 'nav-list' },
      link({
        place: { view: 'target' },
        marks: testId('target-link'),
        label: [icon('database'), h('span', { class: 'nav-name' }, 'What the target says now')],
      }),
    ),
    targetGlance(snapshot),
  );
}

const THEME_ICONS = /** @type {const} */ ({ auto: 'auto', light: 'sun', dark: 'moon' });

function foot() {
  const theme = themeNow();
  const themeLabel = `Colours: ${theme === 'auto' ? 'as the system' : theme}. Change`;
  return h(
    'div',
    { class: 'sidebar-foot' },
    h(
      'button',
      {
        type: 'button',
        class: 'icon-button',
        'aria-label': themeLabel,
        title: themeLabel,
        onclick: nextTheme,
        ...testId('theme-toggle'),
      },
      icon(THEME_ICONS[theme]),
    ),
    h(
      'button',
      {
        type: 'button',
        class: 'icon-button',
        'aria-label': 'Keyboard shortcuts',
        title: 'Keyboard shortcuts (?)',
        onclick: () => change({ help: true }),
        ...testId('help-open'),
      },
      icon('help'),
    ),
    h(
      'button',
      {
        type: 'button',
        class: 'icon-button',
        'aria-label': 'Jump to a person or place',
        title: `Jump to… (${MODIFIER} K)`,
        onclick: () => change({ jump: '' }),
      },
      icon('search'),
    ),
    !state.guide &&
      h(
        'button',
        {
          type: 'button',
          class: 'foot-button',
          onclick: () => change({ guide: true, drawer: false }),
          ...testId('guide-show'),
        },
        icon('guide'),
        'Show the guide',
      ),
  );
}
