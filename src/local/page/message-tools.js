// @ts-check
// What one can do with a message: reply in its thread, and the bot's message shortcuts.
import { shortcut } from './actions.js';
import { iconButton } from './icon-button.js';
import { icon } from './icons.js';
import { menu } from './menu.js';
import { openThread } from './navigate.js';
import { testId } from './test-ids.js';
import { h } from './vdom.js';

/**
 * @typedef {import('./state.js').Snapshot} Snapshot
 * @typedef {import('./conversations.js').Row} Row
 * @typedef {{ readonly snapshot: Snapshot, readonly channel: string, readonly where: 'main' | 'thread' }} Setting
 */

/** Out of the way of Tab: the keyboard has keys for both on the message itself. */
const ASIDE = { tabindex: '-1' };

/** @param {Row} message @param {Setting} setting */
export function messageTools(message, setting) {
  if (message.ephemeral) return null;
  const inMain = setting.where === 'main';
  const reply = () => openThread({ channel: setting.channel, ts: message.thread_ts ?? message.ts });
  const items = [
    ...(inMain ? [{ key: 'reply', content: [icon('reply'), 'Reply in thread'], go: reply }] : []),
    ...shortcuts(message, setting),
  ];
  return h(
    'div',
    { class: 'message-tools' },
    inMain && iconButton('reply', 'Reply in thread', reply, { ...ASIDE, ...testId('message-reply') }),
    items.length > 0 && moreMenu(message, setting, items),
  );
}

/** @param {Row} message @param {Setting} setting @param {readonly import('./menu.js').Item[]} items */
function moreMenu(message, { where }, items) {
  const id = `more-${where}-${message.ts}`;
  return menu({
    id,
    label: 'More about this message',
    button: icon('more'),
    look: 'icon-button',
    marks: testId('message-more'),
    ...ASIDE,
    items,
  });
}

/** @param {Row} message @param {Setting} setting */
function shortcuts(message, { snapshot, channel }) {
  return snapshot.app.messageShortcuts.map(({ callbackId, name }) => ({
    key: callbackId,
    marks: testId('shortcut', callbackId),
    content: [icon('bolt'), h('span', null, name, h('span', { class: 'hint' }, snapshot.app.name))],
    go: () => void shortcut(callbackId, channel, message.ts),
  }));
}
