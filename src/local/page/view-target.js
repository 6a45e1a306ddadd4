// @ts-check
// "What the target says now": not what the bot believes but what the database itself answers.

import { workspaceNow } from './clock.js';
import { nameOf } from './conversations.js';
import { icon } from './icons.js';
import { avatar } from './people.js';
import { state } from './state.js';
import { testId } from './test-ids.js';
import { countdown, inFull, relative, shown } from './times.js';
import { h } from './vdom.js';
import { header } from './view-channel.js';
import { queryPanel } from './view-query.js';

/**
 * @typedef {import('./state.js').Snapshot} Snapshot
 * @typedef {import('../target-port.ts').TargetRole} Role
 * @typedef {import('../target-port.ts').TargetHolder} Holder
 * @typedef {import('../target-port.ts').TargetSession} Session
 */

/** @param {Snapshot} snapshot */
export function targetView(snapshot) {
  const { target } = state;
  const ready = target?.available === true ? target : undefined;
  const facts = h(
    'p',
    { class: 'topbar-facts' },
    ready
      ? [`${ready.name} · ${ready.product}`, h('span', { class: 'wide-only' }, ' · asked every 2 seconds')]
      : 'the system that access is given in',
  );
  return [
    header(snapshot, [icon('database'), 'What the target says now'], facts),
    h(
      'div',
      { class: 'scroller', key: 'target', ...testId('target-view') },
      ready
        ? h(
            'div',
            { class: 'target' },
            h('div', { class: 'target-now' }, roles(snapshot, ready.roles), sessions(snapshot, ready.sessions)),
            queryPanel(snapshot, ready.psql),
          )
        : missing(target?.available === false),
    ),
  ];
}

/** @param {boolean} none */
function missing(none) {
  return h(
    'div',
    { class: 'empty' },
    none ? icon('database') : h('span', { class: 'spinner' }),
    h('h2', null, none ? 'No target in this workspace' : 'Asking the target…'),
    none && h('p', null, 'It was started without the demo database.'),
  );
}

/** @param {Snapshot} snapshot @param {readonly Role[]} list */
function roles(snapshot, list) {
  return h(
    'section',
    { class: 'panel', 'aria-labelledby': 'roles-title' },
    h('h2', { id: 'roles-title' }, 'Who has which role'),
    h(
      'ul',
      { class: 'roles' },
      list.map((role) => roleRow(snapshot, role)),
    ),
  );
}

/** @param {Snapshot} snapshot @param {Role} role */
function roleRow(snapshot, role) {
  const present = role.holders.length > 0;
  return h(
    'li',
    {
      ...testId('target-role', role.name),
      'data-state': present ? 'present' : 'absent',
      key: role.name,
      class: `role${present ? ' is-present' : ''}`,
    },
    h(
      'div',
      { class: 'role-head' },
      h('code', { class: 'role-name' }, role.name),
      h('span', { class: `tag ${present ? 'tag-live' : 'tag-off'}` }, present ? [icon('check'), 'present'] : 'absent'),
    ),
    h('p', { class: 'role-about' }, role.about),
    present
      ? h(
          'ul',
          { class: 'holders' },
          role.holders.map((holder) => holderRow(snapshot, holder)),
        )
      : h('p', { class: 'role-nobody' }, 'Nobody has it.'),
  );
}

/** @param {Snapshot} snapshot @param {Holder} holder */
function holderRow(snapshot, holder) {
  const { person, login, endsAt } = holder;
  const until =
    endsAt !== undefined && h('span', { class: 'holder-until' }, `until ${shown(endsAt, 'time_secs', snapshot.me.tz)}`);
  return h(
    'li',
    { class: 'ticket', key: login, ...testId('target-holder', login) },
    avatar(snapshot, person ?? ''),
    h(
      'span',
      { class: 'ticket-text' },
      h('strong', null, person ? nameOf(snapshot, person) : login),
      h('span', null, 'login ', h('code', null, login)),
      until,
    ),
    h(
      'span',
      { class: 'ticket-stub' },
      endsAt === undefined ? h('span', { class: 'stub-word' }, 'now') : timeLeft(endsAt),
    ),
  );
}

/** @param {number} endsAt */
function timeLeft(endsAt) {
  const left = endsAt - workspaceNow();
  return [
    h('span', { class: 'stub-time', role: 'timer', ...testId('target-countdown') }, countdown(left)),
    h('span', { class: 'stub-word' }, left > 0 ? 'left' : 'ending'),
  ];
}

/** @param {Snapshot} snapshot @param {readonly Session[]} list */
function sessions(snapshot, list) {
  return h(
    'section',
    { class: 'panel', 'aria-labelledby': 'sessions-title' },
    h('h2', { id: 'sessions-title' }, 'Live sessions', h('span', { class: 'count' }, String(list.length))),
    list.length === 0
      ? h('p', { class: 'panel-empty' }, 'Nobody is connected. Run a query, or connect from a terminal.')
      : h(
          'ul',
          { class: 'sessions' },
          list.map((session) => sessionRow(snapshot, session)),
        ),
  );
}

/** @param {Snapshot} snapshot @param {Session} session */
function sessionRow(snapshot, { id, login, person, since, state: doing, client }) {
  return h(
    'li',
    { key: id, class: 'session', 'data-login': login, ...testId('target-session') },
    avatar(snapshot, person ?? '', 'small'),
    h(
      'span',
      { class: 'session-text' },
      h('strong', null, person ? nameOf(snapshot, person) : login),
      h('span', null, `${client} · ${doing}`),
    ),
    h(
      'time',
      { datetime: new Date(since).toISOString(), title: inFull(since, snapshot.me.tz) },
      relative(since, workspaceNow()),
    ),
  );
}
