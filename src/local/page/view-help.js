// @ts-check
// All keys on one card, and the switch for those that are a single letter.
import { dialog } from './dialogs.js';
import { iconButton } from './icon-button.js';
import { recall, remember } from './memory.js';
import { change, state } from './state.js';
import { testId } from './test-ids.js';
import { h } from './vdom.js';
import { MODIFIER } from './window.js';

/** @type {readonly (readonly [string, readonly string[]])[]} */
const ANYWHERE = [
  ['Jump to a person, channel or page', [MODIFIER, 'K']],
  ['Send a message, take a command', ['Enter']],
  ['A new line', ['Shift', 'Enter']],
  ['Send a form', [MODIFIER, 'Enter']],
  ['Close a menu, form or thread', ['Esc']],
  ['From the message box up into the messages', ['↑']],
  ['On a message: walk', ['↑', '↓']],
  ['On a message: its thread', ['Enter']],
  ['On a message: its menu', ['M']],
];
/** @type {readonly (readonly [string, readonly string[]])[]} */
const SINGLE = [
  ['These keys', ['?']],
  ['Be somebody else', ['P']],
  ['To the message box', ['C']],
  ['App Home', ['H']],
  ['Direct messages', ['D']],
  ['What the target says now', ['T']],
];

/** @returns {boolean} */
export function singleKeys() {
  return recall('keys', true);
}

export function helpDialog() {
  if (!state.help) return null;
  const close = () => change({ help: false });
  return dialog(
    { key: 'help', label: 'help-title', look: 'dialog-light', marks: testId('help-dialog'), close },
    h('div', { class: 'dialog-head' }, h('h2', { id: 'help-title' }, 'Keyboard'), iconButton('close', 'Close', close)),
    h(
      'div',
      { class: 'dialog-body' },
      list(ANYWHERE),
      h('h3', { class: 'keys-title' }, 'When nothing is being typed'),
      list(SINGLE),
      toggle(),
    ),
  );
}

/** @param {typeof ANYWHERE} rows */
function list(rows) {
  return h(
    'ul',
    { class: 'keys' },
    rows.map(([what, keys]) =>
      h(
        'li',
        { key: what },
        h('span', null, what),
        h(
          'span',
          null,
          keys.map((key) => h('kbd', null, key)),
        ),
      ),
    ),
  );
}

/** Single letters must be possible to switch off: WCAG 2.1.4 (speech input). */
function toggle() {
  const set = (/** @type {Event & { target: HTMLInputElement }} */ event) => {
    remember('keys', event.target.checked);
    change({});
  };
  return h(
    'label',
    { class: 'choice' },
    h('input', { type: 'checkbox', checked: singleKeys(), onchange: set }),
    h('span', null, 'Single-letter keys are on'),
  );
}
