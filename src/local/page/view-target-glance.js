// @ts-check
// The target at a glance, wherever one is: who has which role this moment, and how long still.
import { workspaceNow } from './clock.js';
import { nameOf } from './conversations.js';
import { icon } from './icons.js';
import { go } from './navigate.js';
import { avatar } from './people.js';
import { state } from './state.js';
import { countdown } from './times.js';
import { h } from './vdom.js';

/** @typedef {import('./state.js').Snapshot} Snapshot @typedef {import('../target-port.ts').TargetHolder} Holder @typedef {import('../target-port.ts').TargetRole} Role */

/** @returns {readonly { readonly role: Role, readonly holder: Holder }[]} */
function passes() {
  if (state.target?.available !== true) return [];
  return state.target.roles.flatMap((role) => role.holders.map((holder) => ({ role, holder })));
}

/** @param {Snapshot} snapshot */
export function targetGlance(snapshot) {
  if (state.target?.available !== true) return null;
  const list = passes();
  if (list.length === 0)
    return h('p', { class: 'glance-empty' }, h('span', { class: 'presence is-off' }), 'nobody has access');
  return h(
    'ul',
    { class: 'glance' },
    list.map(({ role, holder }) =>
      h(
        'li',
        { key: `${role.name} ${holder.login}` },
        avatar(snapshot, holder.person ?? '', 'tiny'),
        h(
          'span',
          { class: 'glance-text' },
          h('strong', null, holder.person ? nameOf(snapshot, holder.person) : holder.login),
          h('span', null, role.name),
        ),
        left(holder),
      ),
    ),
  );
}

/** @param {Holder} holder */
function left(holder) {
  if (holder.endsAt === undefined) return h('span', { class: 'presence is-on', title: 'has access' });
  return h('span', { class: 'glance-left' }, countdown(holder.endsAt - workspaceNow()));
}

/** In the top bar, when somebody has access. @param {Snapshot} snapshot */
export function targetChip(snapshot) {
  const list = passes();
  if (list.length === 0 || state.place?.view === 'target') return null;
  const [first] = list;
  const ends = list.length === 1 ? first?.holder.endsAt : undefined;
  const label = `${list.length} live ${list.length === 1 ? 'pass' : 'passes'} in the target`;
  return h(
    'button',
    {
      type: 'button',
      class: 'chip-live',
      'aria-label': label,
      title: label,
      onclick: () => go({ view: 'target' }),
      key: `chip ${snapshot.team.id}`,
    },
    icon('database'),
    h('span', { class: 'chip-count' }, `${list.length} live`),
    ends !== undefined && h('span', { class: 'chip-left' }, countdown(ends - workspaceNow())),
  );
}
