// @ts-check
// A list of messages with its days, its "new" line, and what stands there when there is nothing yet.
import { workspaceNow } from './clock.js';
import { dayWord, msOf } from './times.js';
import { h } from './vdom.js';
import { messageRow } from './view-message.js';

/** @typedef {import('./state.js').Snapshot} Snapshot @typedef {import('./conversations.js').Row} Row @typedef {import('./vdom.js').Children} Children */

/** Messages of one person within this time stand under one name. */
const GROUP_MS = 5 * 60_000;

/**
 * @param {readonly Row[]} rows
 * @param {{ readonly snapshot: Snapshot, readonly channel: string, readonly where: 'main' | 'thread', readonly since: string, readonly label: string, readonly key: string, readonly beginning: Children }} setting
 */
export function messageList(rows, { snapshot, channel, where, since, label, key, beginning }) {
  const firstNew = rows.find(({ ts, user }) => Number(ts) > Number(since) && since !== '0' && user !== snapshot.me.id);
  const items = rows.flatMap((row, index) => {
    const before = rows[index - 1];
    const day = dayOf(row, snapshot);
    const newDay = where === 'main' && (!before || dayOf(before, snapshot) !== day);
    const fresh = row === firstNew;
    const grouped = !newDay && !fresh && before !== undefined && belongs(before, row);
    const setting = { snapshot, channel, where, grouped, last: index === rows.length - 1, fresh: Number(since) };
    return [
      newDay && rule(day, `day ${day}`, 'rule-day'),
      fresh && rule('New', 'new', 'rule-new'),
      messageRow(row, setting),
    ];
  });
  return h(
    'div',
    { class: 'scroller', key, 'data-stick': key },
    h('div', { class: 'scroller-inner' }, beginning, h('ol', { class: 'messages', 'aria-label': label }, items)),
  );
}

/** @param {Row} row @param {Snapshot} snapshot */
function dayOf(row, snapshot) {
  return dayWord(msOf(row.ts), workspaceNow(), snapshot.me.tz);
}

/** @param {Row} before @param {Row} row */
function belongs(before, row) {
  if (before.user !== row.user || before.ephemeral !== row.ephemeral) return false;
  if ((before.blocks?.length ?? 0) > 0 || (row.blocks?.length ?? 0) > 0) return false;
  return (before.replies?.length ?? 0) === 0 && msOf(row.ts) - msOf(before.ts) < GROUP_MS;
}

/** @param {string} words @param {string} key @param {string} look */
function rule(words, key, look) {
  return h('li', { class: `rule ${look}`, key }, h('span', null, words));
}
