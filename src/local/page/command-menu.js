// @ts-check
// The commands that what stands in the message box may become, and the line under the box that says what Enter does.
import { icon } from './icons.js';
import { state } from './state.js';
import { testId } from './test-ids.js';
import { h } from './vdom.js';

/**
 * @typedef {import('./state.js').Snapshot} Snapshot
 * @typedef {Snapshot['app']['commands'][number]} Command
 */

/** The menu was sent away with Esc; the next letter brings it back. */
export const QUIET = 'no-commands';

/** Not in threads, and not for people of other companies. @param {Snapshot} snapshot @param {string | undefined} thread */
export function takesCommands(snapshot, thread) {
  return thread === undefined && !snapshot.me.isStranger;
}

/** @param {string} draft */
export function isCommand(draft) {
  return draft.startsWith('/');
}

/** @param {Snapshot} snapshot @param {string | undefined} thread @param {string} draft @returns {readonly Command[]} */
export function matching(snapshot, thread, draft) {
  if (!takesCommands(snapshot, thread) || !/^\/\S*$/.test(draft) || state.menu === QUIET) return [];
  return snapshot.app.commands.filter(({ command }) => command.startsWith(draft) && command !== draft);
}

/** @param {readonly Command[]} commands @param {(command: Command) => void} complete */
export function commandMenu(commands, complete) {
  return h(
    'div',
    { class: 'slash-menu', ...testId('slash-menu') },
    h('p', { class: 'menu-heading' }, 'Commands'),
    h(
      'div',
      { role: 'listbox', id: 'slash-menu', 'aria-label': 'Commands' },
      commands.map((command, index) => row(command, index, complete)),
    ),
  );
}

/** @param {Command} command @param {number} index @param {(command: Command) => void} complete */
function row(command, index, complete) {
  const active = state.menuActive === index;
  const marks = {
    id: `slash-${index}`,
    role: 'option',
    'aria-selected': String(active),
    ...testId('slash', command.command.slice(1)),
  };
  return h(
    'div',
    {
      ...marks,
      key: command.command,
      class: `menu-item${active ? ' is-active' : ''}`,
      onclick: () => complete(command),
    },
    h(
      'span',
      { class: 'slash-name' },
      h('strong', null, command.command),
      h('span', { class: 'slash-hint' }, command.hint),
    ),
    h('span', { class: 'hint' }, command.description),
  );
}

/** @param {Snapshot} snapshot @param {string | undefined} thread @param {string} draft @param {readonly Command[]} commands */
export function composerHint(snapshot, thread, draft, commands) {
  if (thread !== undefined) return isCommand(draft) ? warning() : null;
  const typed = snapshot.app.commands.find(({ command }) => draft === command || draft.startsWith(`${command} `));
  if (typed) return line(h('code', null, `${typed.command} ${typed.hint}`), ' Enter sends it; alone it opens the form');
  if (commands.length > 0)
    return line(h('kbd', null, '↑'), h('kbd', null, '↓'), ' choose ', h('kbd', null, 'Tab'), ' takes it');
  return line(
    h('kbd', null, 'Enter'),
    ' sends ',
    h('kbd', null, 'Shift Enter'),
    ' new line ',
    h('kbd', null, '?'),
    ' all keys',
  );
}

/** @param {...import('./vdom.js').Children} words */
function line(...words) {
  return h('p', { class: 'composer-hint' }, words);
}

function warning() {
  return h(
    'p',
    { class: 'composer-hint is-warning', role: 'status' },
    icon('warn'),
    'Commands do not work in threads. Type it in the channel.',
  );
}
