// @ts-check
// "3 replies" under a message: who answered, how long ago, and how much of it is new.
import { workspaceNow } from './clock.js';
import { openThread } from './navigate.js';
import { avatar } from './people.js';
import { threadSeen } from './seen.js';
import { state } from './state.js';
import { testId } from './test-ids.js';
import { msOf, relative } from './times.js';
import { h } from './vdom.js';

/** @typedef {import('./state.js').Snapshot} Snapshot @typedef {import('./conversations.js').Row} Row */

const FACES_SHOWN = 4;

/** @param {Row} message @param {{ readonly snapshot: Snapshot, readonly channel: string, readonly fresh: number }} setting */
export function threadBar(message, { snapshot, channel, fresh }) {
  const replies = message.replies ?? [];
  const last = replies.at(-1);
  if (!last) return null;
  const open = state.thread?.ts === message.ts;
  const faces = [...new Set(replies.map(({ user }) => user))].slice(0, FACES_SHOWN);
  const since = Math.max(fresh, Number(threadSeen(snapshot.me.id, channel, message.ts)));
  const unseen = open ? 0 : replies.filter(({ ts, user }) => Number(ts) > since && user !== snapshot.me.id).length;
  return h(
    'button',
    {
      ...testId('thread-open'),
      type: 'button',
      class: `thread-bar${open ? ' is-open' : ''}`,
      'aria-expanded': String(open),
      onclick: () => openThread({ channel, ts: message.ts }),
    },
    h(
      'span',
      { class: 'faces' },
      faces.map((user) => avatar(snapshot, user, 'tiny')),
    ),
    h('strong', null, replies.length === 1 ? '1 reply' : `${replies.length} replies`),
    unseen > 0 && h('span', { class: 'badge' }, `${unseen} new`),
    h('span', { class: 'thread-ago' }, `last reply ${relative(msOf(last.ts), workspaceNow())}`),
  );
}
