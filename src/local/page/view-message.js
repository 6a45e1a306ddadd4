// @ts-check
// One message: who, when, what, its buttons, its thread, and the menu of what one can do with it.
import { blocks } from './blocks.js';
import { workspaceNow } from './clock.js';
import { nameOf } from './conversations.js';
import { mrkdwn } from './draw-text.js';
import { icon } from './icons.js';
import { messageTools } from './message-tools.js';
import { avatar } from './people.js';
import { rowKeys } from './row-keys.js';
import { messageSurface } from './surfaces.js';
import { testId } from './test-ids.js';
import { threadBar } from './thread-bar.js';
import { inFull, msOf, relative, shown } from './times.js';
import { h } from './vdom.js';

/**
 * @typedef {import('./state.js').Snapshot} Snapshot
 * @typedef {import('./conversations.js').Row} Row
 * @typedef {{ readonly snapshot: Snapshot, readonly channel: string, readonly where: 'main' | 'thread', readonly grouped: boolean, readonly last: boolean, readonly fresh: number }} Setting
 */

/** @param {Row} message @param {Setting} setting */
export function messageRow(message, setting) {
  const { snapshot, where, grouped, last } = setting;
  const marks = {
    ...testId('message'),
    'data-ts': message.ts,
    'data-user': message.user,
    'data-ephemeral': String(message.ephemeral),
    'data-place': where,
    'data-row': message.ts,
  };
  const look = `message${message.ephemeral ? ' is-private' : ''}${grouped ? ' is-grouped' : ''}`;
  return h(
    'li',
    {
      ...marks,
      key: message.ts,
      class: look,
      tabindex: last ? '0' : '-1',
      'aria-label': `${nameOf(snapshot, message.user)}, ${shown(msOf(message.ts), 'time', snapshot.me.tz)}`,
      onkeydown: (/** @type {KeyboardEvent} */ event) => rowKeys(event, message, setting),
    },
    h(
      'div',
      { class: 'message-side' },
      grouped ? time(message, snapshot, 'message-time') : avatar(snapshot, message.user),
    ),
    h(
      'div',
      { class: 'message-body' },
      message.ephemeral && h('p', { class: 'only-you' }, icon('eye'), 'Only visible to you'),
      !grouped && head(message, snapshot),
      content(message, setting),
      files(message, snapshot),
      where === 'main' && threadBar(message, setting),
    ),
    messageTools(message, setting),
  );
}

/** @param {Row} message @param {Snapshot} snapshot */
function head(message, snapshot) {
  const isApp = message.user === snapshot.app.botUserId;
  return h(
    'div',
    { class: 'message-head' },
    h('span', { class: 'message-name' }, nameOf(snapshot, message.user)),
    isApp && h('span', { class: 'tag tag-app' }, 'App'),
    time(message, snapshot, 'message-time'),
    h('span', { class: 'message-ago' }, relative(msOf(message.ts), workspaceNow())),
  );
}

/** @param {Row} message @param {Snapshot} snapshot @param {string} look */
function time(message, snapshot, look) {
  const ms = msOf(message.ts);
  return h(
    'time',
    { class: look, datetime: new Date(ms).toISOString(), title: inFull(ms, snapshot.me.tz) },
    shown(ms, 'time', snapshot.me.tz),
  );
}

/** @param {Row} message @param {Setting} setting */
function content(message, { snapshot, channel }) {
  const list = message.blocks ?? [];
  const drawn =
    list.length > 0 ? blocks(list, messageSurface(snapshot, channel, message.ts)) : mrkdwn(message.text, snapshot);
  const edited =
    message.edited &&
    h('span', { class: 'edited', title: inFull(msOf(message.edited.ts), snapshot.me.tz) }, '(edited)');
  return h('div', { class: list.length > 0 ? 'message-blocks' : 'message-text' }, drawn, edited);
}

/** @param {Row} message @param {Snapshot} snapshot */
function files(message, snapshot) {
  if (!message.files?.length) return null;
  return h(
    'ul',
    { class: 'files' },
    message.files.map((file) =>
      h(
        'li',
        { key: file.id },
        h(
          'a',
          { class: 'file', href: `/local/files/${file.id}?as=${snapshot.me.id}`, download: file.name },
          icon('file'),
          h(
            'span',
            null,
            h('strong', null, file.title || file.name),
            h('span', null, `${sizeOf(file.size)} · download`),
          ),
        ),
      ),
    ),
  );
}

/** @param {number} bytes */
function sizeOf(bytes) {
  return bytes < 1_024
    ? `${bytes} bytes`
    : bytes < 1_048_576
      ? `${(bytes / 1_024).toFixed(1)} kB`
      : `${(bytes / 1_048_576).toFixed(1)} MB`;
}
