// @ts-check
// The thread at the side (over everything on narrow screens): its first message, the replies, its own message box.
import { conversation, threadOf } from './conversations.js';
import { iconButton } from './icon-button.js';
import { icon } from './icons.js';
import { closeThread } from './navigate.js';
import { newSince } from './seen.js';
import { state } from './state.js';
import { testId } from './test-ids.js';
import { h } from './vdom.js';
import { composer } from './view-composer.js';
import { messageList } from './view-messages.js';

/** @typedef {import('./state.js').Snapshot} Snapshot @typedef {import('./state.js').ConversationShown} ConversationShown */

/** @param {Snapshot} snapshot */
export function threadPanel(snapshot) {
  const { thread } = state;
  const place = thread && conversation(snapshot, thread.channel);
  if (!thread || !place) return null;
  const { root, replies } = threadOf(place, thread.ts);
  const setting = {
    snapshot,
    channel: place.id,
    where: /** @type {const} */ ('thread'),
    since: newSince(place.id),
    label: 'Thread',
    key: `thread ${snapshot.me.id} ${thread.ts}`,
    beginning: null,
  };
  return h(
    'aside',
    { class: 'thread', 'aria-label': 'Thread', key: 'thread', ...testId('thread-panel'), onkeydown: leaveOnEscape },
    head(snapshot, place),
    h(
      'div',
      { class: 'column', key: `column ${thread.ts}` },
      root
        ? messageList([root, ...replies], setting)
        : h(
            'div',
            { class: 'empty', key: 'gone' },
            icon('message'),
            h('p', null, 'This message is not here any more.'),
          ),
      root && composer({ snapshot, place, thread: thread.ts }),
    ),
  );
}

/** @param {Snapshot} snapshot @param {ConversationShown} place */
function head(snapshot, place) {
  const name = place.kind === 'direct' ? snapshot.app.name : `#${place.name}`;
  return h(
    'header',
    { class: 'topbar' },
    h('div', { class: 'topbar-title' }, h('h2', null, 'Thread'), h('p', { class: 'topbar-facts' }, name)),
    iconButton('close', 'Close thread', closeThread, { title: 'Close (Esc)', ...testId('thread-close') }),
  );
}

/** @param {KeyboardEvent} event */
function leaveOnEscape(event) {
  if (event.key !== 'Escape' || event.defaultPrevented) return;
  event.preventDefault();
  closeThread();
}
