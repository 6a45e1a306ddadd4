// @ts-check
// The frame of every dialog, and the "are you sure?" in front of a button that asks for it.
import { plainText, textObject } from './draw-text.js';
import { change, state } from './state.js';
import { testId } from './test-ids.js';
import { h } from './vdom.js';

/**
 * @typedef {import('./vdom.js').Children} Children
 * @typedef {import('./state.js').Confirmation} Confirmation
 * @typedef {import('./state.js').Snapshot} Snapshot
 */

/** What had the keyboard before each dialog. @type {WeakMap<Node, Element | null>} */
const before = new WeakMap();

/** @param {HTMLDialogElement} node */
function show(node) {
  before.set(node, document.activeElement);
  node.showModal();
}

/** @param {HTMLDialogElement} node */
function hide(node) {
  node.close();
  const back = before.get(node);
  if (back instanceof HTMLElement && back.isConnected) back.focus();
}

/**
 * A modal dialog while it is described: the browser keeps the keyboard inside and the rest inert.
 * @param {{ readonly key: string, readonly label: string, readonly look?: string, readonly marks: object, readonly close: () => void }} options
 * @param {...Children} children
 */
export function dialog({ key, label, look = '', marks, close }, ...children) {
  const cancel = (/** @type {Event} */ event) => {
    event.preventDefault();
    close();
  };
  const outside = (/** @type {MouseEvent} */ event) => {
    if (event.target === event.currentTarget && look.includes('dialog-light')) close();
  };
  const hooks = { onmount: show, onunmount: hide, oncancel: cancel, onclick: outside };
  return h('dialog', { key, class: `dialog ${look}`, 'aria-labelledby': label, ...marks, ...hooks }, children);
}

/** @param {Confirmation | undefined} words @param {() => void} go */
export function confirmFirst(words, go) {
  if (words === undefined) go();
  else change({ question: { words, go } });
}

/** @param {Snapshot} snapshot */
export function drawQuestion(snapshot) {
  const { question } = state;
  if (!question) return null;
  const { words, go } = question;
  const no = () => change({ question: undefined });
  const yes = () => {
    no();
    go();
  };
  return dialog(
    { key: 'question', label: 'question-title', look: 'dialog-small', marks: testId('confirm-dialog'), close: no },
    h(
      'div',
      { class: 'dialog-head' },
      h('h2', { id: 'question-title' }, plainText(words.title?.text ?? 'Are you sure?')),
    ),
    h('div', { class: 'dialog-body' }, textObject(words.text, snapshot)),
    h(
      'div',
      { class: 'dialog-foot' },
      h(
        'button',
        { type: 'button', class: 'button button-plain', onclick: no, ...testId('confirm-no') },
        plainText(words.deny?.text ?? 'Cancel'),
      ),
      h(
        'button',
        {
          type: 'button',
          class: `button button-${words.style === 'danger' ? 'danger' : 'primary'}`,
          onclick: yes,
          onmount: focus,
          ...testId('confirm-yes'),
        },
        plainText(words.confirm?.text ?? 'Yes'),
      ),
    ),
  );
}

/** @param {HTMLElement} node */
function focus(node) {
  node.focus();
}
