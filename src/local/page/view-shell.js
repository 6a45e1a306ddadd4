// @ts-check
// The whole page from the state: navigation, middle, side, and what lies over them. Pure: state in, description out.
import { dismissToast } from './actions.js';
import { openConversation } from './conversations.js';
import { drawQuestion } from './dialogs.js';
import { iconButton } from './icon-button.js';
import { icon } from './icons.js';
import { passMark, tintOf } from './people.js';
import { change, state } from './state.js';
import { testId } from './test-ids.js';
import { h } from './vdom.js';
import { channelView } from './view-channel.js';
import { directView } from './view-direct.js';
import { guide } from './view-guide.js';
import { helpDialog } from './view-help.js';
import { jumpDialog } from './view-jump.js';
import { modal } from './view-modal.js';
import { sidebar } from './view-sidebar.js';
import { targetView } from './view-target.js';
import { threadPanel } from './view-thread.js';

/** @typedef {import('./state.js').Snapshot} Snapshot */

export function shell() {
  const { snapshot } = state;
  if (!snapshot) return loading();
  return [
    h('a', { class: 'skip', href: '#composer', key: 'skip', onclick: skip }, 'Skip to the conversation'),
    h(
      'div',
      { class: `shell ${tintOf(snapshot, snapshot.me.id)}${state.thread ? ' has-thread' : ''}`, key: 'shell' },
      sidebar(snapshot),
      state.drawer && h('div', { class: 'scrim', key: 'scrim', onclick: () => change({ drawer: false }) }),
      h('div', { class: 'notices', key: 'notices' }, banner(snapshot), toasts(), guide(snapshot)),
      h('main', { class: 'middle', key: 'middle' }, middle(snapshot)),
      threadPanel(snapshot),
    ),
    modal(snapshot),
    helpDialog(),
    jumpDialog(snapshot),
    drawQuestion(snapshot),
    h('div', { class: 'hidden', 'aria-live': 'polite', key: 'said' }, state.said),
  ];
}

function loading() {
  return h(
    'div',
    { class: 'loading', key: 'loading', role: 'status' },
    h('span', { class: 'loading-mark' }, passMark()),
    h('p', null, state.trouble ?? 'Opening the workspace…'),
  );
}

/** @param {MouseEvent} event */
function skip(event) {
  event.preventDefault();
  const box = document.querySelector('[data-focus="composer"]') ?? document.querySelector('[data-focus="heading"]');
  if (box instanceof HTMLElement) box.focus();
}

/** @param {Snapshot} snapshot */
function middle(snapshot) {
  const { place } = state;
  if (place?.view === 'target') return targetView(snapshot);
  if (place?.view === 'home' || place?.view === 'messages') return directView(snapshot, place.view);
  const open = openConversation(state);
  return open ? channelView(snapshot, open) : null;
}

/** @param {Snapshot} snapshot */
function banner(snapshot) {
  const words =
    state.online && state.trouble === undefined
      ? snapshot.app.reachable
        ? undefined
        : `${snapshot.app.name} is not connected. What you press now is not answered.`
      : 'The workspace is out of reach. What you typed is kept; trying again…';
  return (
    words && h('div', { class: 'banner', role: 'status', key: 'banner', ...testId('banner') }, icon('warn'), words)
  );
}

function toasts() {
  const one = (/** @type {import('./state.js').Toast} */ { id, title, text }) =>
    h(
      'div',
      { class: 'toast', key: String(id), ...testId('toast') },
      icon('warn'),
      h('div', { class: 'toast-words' }, h('strong', null, title), h('span', null, text)),
      iconButton('close', 'Dismiss', () => dismissToast(id)),
    );
  return h('div', { class: 'toasts', role: 'alert', key: 'toasts' }, state.toasts.map(one));
}
