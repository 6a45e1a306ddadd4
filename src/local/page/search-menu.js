// @ts-check
// A menu whose options the bot finds while one types (`external_select`), as an ARIA combobox.
import { describedBy } from './choices.js';
import { plainText } from './draw-text.js';
import { float } from './floating.js';
import { iconButton } from './icon-button.js';
import { icon } from './icons.js';
import { choose, chosenOption, close, keys, leastOf, search } from './searching.js';
import { state } from './state.js';
import { testId } from './test-ids.js';
import { h } from './vdom.js';

/**
 * @typedef {import('./state.js').BlockShown} BlockShown
 * @typedef {import('./state.js').OptionShown} OptionShown
 * @typedef {import('./state.js').Picker} Picker
 * @typedef {import('./surfaces.js').Surface} Surface
 * @typedef {import('./controls.js').Element_} Element_
 * @typedef {import('./searching.js').Control} Control
 */

/** @param {BlockShown} block @param {Element_} element @param {Surface} surface */
export function searchMenu(block, element, surface) {
  const control = { id: surface.idOf(block, element), block, element, surface };
  const picker = state.pickers.get(control.id);
  const now = chosenOption(control);
  const clear = block.optional === true && now.value !== '' && !picker;
  const empty = () => surface.put(block, element, null);
  return h(
    'div',
    { class: 'search', key: element.action_id },
    box(control, picker, now),
    clear ? iconButton('close', 'Clear', empty, { class: 'search-clear' }) : icon('search', 'search-icon'),
    picker && list(control, picker, now.value),
  );
}

/** @param {Control} control @param {Picker | undefined} picker @param {{ readonly value: string, readonly text: string }} now */
function box(control, picker, now) {
  const { id, block, element } = control;
  const placeholder = /** @type {{ text?: string } | undefined} */ (element.placeholder)?.text ?? 'Search';
  return h('input', {
    ...testId('action', element.action_id),
    ...describedBy(id),
    ...listMarks(id, picker),
    id,
    type: 'text',
    class: 'search-box',
    autocomplete: 'off',
    'aria-label': block.type === 'input' ? undefined : placeholder,
    'data-chosen': now.value,
    'data-focus-on-load': element.focus_on_load === true ? '' : undefined,
    placeholder: now.text || placeholder,
    value: picker ? picker.query : now.text,
    onclick: () => picker ?? search(control, ''),
    oninput: (/** @type {Event & { target: HTMLInputElement }} */ event) => search(control, event.target.value),
    onkeydown: (/** @type {KeyboardEvent} */ event) => keys(event, control),
    onblur: () => close(id),
  });
}

/** @param {string} id @param {Picker | undefined} picker */
function listMarks(id, picker) {
  return {
    role: 'combobox',
    'aria-autocomplete': 'list',
    'aria-expanded': String(picker !== undefined),
    'aria-controls': `${id}-list`,
    'aria-activedescendant': picker?.options[picker.active] ? `${id}-option-${picker.active}` : undefined,
  };
}

/** @param {Control} control @param {Picker} picker @param {string} current */
function list(control, picker, current) {
  const keep = (/** @type {Event} */ event) => event.preventDefault(); // the text box must not lose the keyboard
  const rows = picker.options.map((option, index) => row(control, option, index, index === picker.active, current));
  return h(
    'div',
    { popover: 'manual', class: 'menu', 'data-wide': '', onmount: float, onmousedown: keep },
    h('div', { role: 'listbox', id: `${control.id}-list`, 'aria-label': 'Suggestions' }, rows),
    h('p', { class: 'menu-note', role: 'status' }, note(control, picker)),
  );
}

/** @param {Control} control @param {OptionShown} option @param {number} index @param {boolean} active @param {string} current */
function row(control, option, index, active, current) {
  const marks = {
    id: `${control.id}-option-${index}`,
    role: 'option',
    'aria-selected': String(option.value === current),
  };
  return h(
    'div',
    {
      ...marks,
      ...testId('option', option.value),
      key: option.value,
      class: `menu-item${active ? ' is-active' : ''}`,
      onclick: () => choose(control, option),
    },
    plainText(option.text.text),
    option.description && h('span', { class: 'hint' }, plainText(option.description.text)),
  );
}

/** @param {Control} control @param {Picker} picker */
function note({ element }, picker) {
  const least = leastOf(element);
  if (picker.query.length < least) return `Type at least ${least} characters`;
  if (picker.failure) return picker.failure;
  if (picker.loading) return picker.options.length > 0 ? null : 'Searching…';
  return picker.options.length === 0 ? 'Nothing found' : null;
}
