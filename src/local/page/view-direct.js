// @ts-check
// The bot's two faces: App Home and the direct messages, as two tabs of one place, as Slack shows them.
import { blocks } from './blocks.js';
import { icon } from './icons.js';
import { go } from './navigate.js';
import { avatar } from './people.js';
import { state } from './state.js';
import { homeSurface } from './surfaces.js';
import { testId } from './test-ids.js';
import { h } from './vdom.js';
import { conversationBody, header } from './view-channel.js';

/** @typedef {import('./state.js').Snapshot} Snapshot */

const TABS = /** @type {const} */ ([
  { view: 'home', name: 'Home' },
  { view: 'messages', name: 'Messages' },
]);

/** @param {Snapshot} snapshot @param {'home' | 'messages'} view */
export function directView(snapshot, view) {
  const title = [avatar(snapshot, snapshot.app.botUserId, 'small'), snapshot.app.name];
  return [
    header(snapshot, title, presence(snapshot)),
    tabs(view),
    view === 'home' ? home(snapshot) : messages(snapshot),
  ];
}

/** @param {Snapshot} snapshot */
function presence(snapshot) {
  const { reachable } = snapshot.app;
  return h(
    'p',
    { class: 'topbar-facts' },
    h('span', { class: `presence ${reachable ? 'is-on' : 'is-off'}` }),
    reachable ? 'connected' : 'not connected',
  );
}

/** @param {'home' | 'messages'} now */
function tabs(now) {
  const keys = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    event.preventDefault();
    go({ view: now === 'home' ? 'messages' : 'home' });
    requestAnimationFrame(() => document.getElementById(now === 'home' ? 'tab-messages' : 'tab-home')?.focus());
  };
  const tab = (/** @type {typeof TABS[number]} */ { view, name }) =>
    h(
      'button',
      {
        ...testId('home-tab', view),
        key: view,
        id: `tab-${view}`,
        type: 'button',
        role: 'tab',
        class: 'tab',
        'aria-selected': String(view === now),
        'aria-controls': 'tab-panel',
        tabindex: view === now ? '0' : '-1',
        onclick: () => go({ view }),
      },
      name,
    );
  return h(
    'div',
    { class: 'tabs', role: 'tablist', 'aria-label': 'Hallpass', key: 'tabs', onkeydown: keys },
    TABS.map(tab),
  );
}

/** @param {Snapshot} snapshot */
function home(snapshot) {
  const shown = snapshot.home?.blocks;
  return h(
    'div',
    {
      class: 'scroller',
      id: 'tab-panel',
      role: 'tabpanel',
      'aria-labelledby': 'tab-home',
      tabindex: '0',
      key: `home ${snapshot.me.id}`,
      ...testId('home-view'),
    },
    h('div', { class: 'home' }, shown ? blocks(shown, homeSurface(snapshot)) : emptyHome(snapshot)),
  );
}

/** @param {Snapshot} snapshot */
function emptyHome(snapshot) {
  const waiting = state.busy.has('home home');
  return h(
    'div',
    { class: 'empty' },
    waiting ? h('span', { class: 'spinner' }) : icon('home'),
    h('h2', null, waiting ? 'Opening…' : 'Nothing here yet'),
    !waiting && h('p', null, `${snapshot.app.name} has not drawn a home page for you.`),
  );
}

/** @param {Snapshot} snapshot */
function messages(snapshot) {
  const opening = h(
    'div',
    { class: 'beginning', key: 'beginning' },
    avatar(snapshot, snapshot.app.botUserId, 'large'),
    h('h2', null, snapshot.app.name),
    h('p', null, 'Between the two of you: what only concerns you arrives here.'),
  );
  return h(
    'div',
    { class: 'tab-panel', id: 'tab-panel', role: 'tabpanel', 'aria-labelledby': 'tab-messages', key: 'messages' },
    conversationBody(snapshot, snapshot.direct, opening),
  );
}
