// @ts-check
// The bot's forms: the topmost of the stack, errors under their fields, the keyboard at the first of them.
import { closeView, submitView } from './actions.js';
import { blocks } from './blocks.js';
import { dialog } from './dialogs.js';
import { plainText } from './draw-text.js';
import { iconButton } from './icon-button.js';
import { icon } from './icons.js';
import { passMark } from './people.js';
import { change, state } from './state.js';
import { answersOf, viewSurface } from './surfaces.js';
import { testId } from './test-ids.js';
import { h } from './vdom.js';
import { MODIFIER } from './window.js';

/** @typedef {import('./state.js').Snapshot} Snapshot @typedef {import('./state.js').OpenView} OpenView @typedef {import('./controls.js').Element_} Element_ */

/** @param {Snapshot} snapshot */
export function modal(snapshot) {
  const view = snapshot.views.at(-1);
  if (!view) return null;
  return dialog(
    { key: 'modal', label: 'modal-title', marks: testId('modal'), close: () => void closeView(false) },
    h(
      'form',
      {
        key: view.id,
        class: 'modal-form',
        novalidate: true,
        onmount: enter,
        onsubmit: (/** @type {Event} */ event) => submit(event, view),
        onkeydown: (/** @type {KeyboardEvent} */ event) => keys(event, view),
      },
      head(view, snapshot.views.length),
      body(snapshot, view),
      foot(view),
    ),
  );
}

/** @param {OpenView} view @param {number} depth */
function head(view, depth) {
  return h(
    'div',
    { class: 'dialog-head' },
    h('span', { class: 'avatar avatar-bot small', 'aria-hidden': 'true' }, passMark()),
    h('h2', { id: 'modal-title', ...testId('modal-title') }, plainText(view.title.text)),
    depth > 1 && h('span', { class: 'tag' }, `${depth} open`),
    iconButton('close', depth > 1 ? 'Close all' : 'Close', () => void closeView(true), testId('modal-close')),
  );
}

/** @param {Snapshot} snapshot @param {OpenView} view */
function body(snapshot, view) {
  const failure = state.failures.get(view.id);
  return h(
    'div',
    { class: 'dialog-body' },
    failure && h('div', { class: 'failure', role: 'alert', ...testId('modal-failure') }, icon('warn'), failure),
    blocks(view.blocks, viewSurface(snapshot, view)),
  );
}

/** @param {OpenView} view */
function foot(view) {
  const busy = state.busy.has(`submit ${view.id}`);
  return h(
    'div',
    { class: 'dialog-foot' },
    h('span', { class: 'foot-hint' }, view.submit && [h('kbd', null, MODIFIER), h('kbd', null, 'Enter')]),
    h(
      'button',
      { type: 'button', class: 'button button-plain', onclick: () => void closeView(false), ...testId('modal-cancel') },
      plainText(view.close?.text ?? (view.submit ? 'Cancel' : 'Close')),
    ),
    view.submit &&
      h(
        'button',
        {
          type: 'submit',
          class: `button button-primary${busy ? ' is-busy' : ''}`,
          'aria-busy': busy ? 'true' : undefined,
          'aria-disabled': busy ? 'true' : undefined,
          ...testId('modal-submit'),
        },
        plainText(view.submit.text),
      ),
  );
}

/** @param {HTMLElement} form */
function enter(form) {
  const fields = 'input:not([disabled]), select, textarea';
  const first =
    form.querySelector('[data-focus-on-load]') ??
    form.querySelector(`.dialog-body :is(${fields}, button)`) ??
    form.querySelector('.dialog-foot button');
  if (first instanceof HTMLElement) first.focus();
}

/** @param {KeyboardEvent} event @param {OpenView} view */
function keys(event, view) {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  void send(view);
}

/** @param {Event} event @param {OpenView} view */
function submit(event, view) {
  event.preventDefault();
  void send(view);
}

/** @param {OpenView} view */
async function send(view) {
  if (!view.submit || state.busy.has(`submit ${view.id}`)) return;
  const missing = view.blocks.filter(
    (block) => block.type === 'input' && block.optional !== true && isEmpty(view, block),
  );
  change({ wanting: new Map(missing.map((block) => [block.block_id, 'Please fill this in.'])) });
  if (missing.length > 0) return focusFirstError();
  const outcome = await submitView(view.id, answersOf(view));
  if (outcome?.fieldErrors) focusFirstError();
}

/** @param {OpenView} view @param {import('./state.js').BlockShown} block */
function isEmpty(view, block) {
  const element = /** @type {Element_} */ (block.element);
  const held = state.answers.get(`view ${view.id} ${block.block_id} ${element.action_id}`);
  if (held !== undefined) return held === null || held.length === 0 || (typeof held === 'string' && held.trim() === '');
  const { type: _, ...stored } = view.values[block.block_id]?.[element.action_id] ?? { type: '' };
  return Object.values(stored).every(
    (value) => value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0),
  );
}

function focusFirstError() {
  requestAnimationFrame(() => {
    const field = document.querySelector('.field-wrong :is(input, select, textarea)');
    if (field instanceof HTMLElement) field.focus();
  });
}
