// @ts-check
// Fields one types into. What was typed is kept with every keystroke, so that no redraw can lose it.
import { describedBy } from './choices.js';
import { testId } from './test-ids.js';
import { h } from './vdom.js';

/**
 * @typedef {import('./state.js').BlockShown} BlockShown
 * @typedef {import('./surfaces.js').Surface} Surface
 * @typedef {import('./controls.js').Element_} Element_
 * @typedef {InputEvent & { readonly target: HTMLInputElement }} Typed
 */

const INPUT_TYPES = /** @type {Readonly<Record<string, string>>} */ ({
  email_text_input: 'email',
  url_text_input: 'url',
  datepicker: 'date',
  timepicker: 'time',
});
/** From this share of the maximum on, the count is shown. */
const COUNT_FROM = 0.8;
const SETTLE_MS = 400;

/** @param {BlockShown} block @param {Element_} element @param {Surface} surface @returns {string} */
function textOf(block, element, surface) {
  const held = surface.held(block, element);
  if (held !== undefined) return typeof held === 'string' ? held : '';
  const { value, selected_date, selected_time } = surface.stored(block, element) ?? {};
  return String(
    value ??
      selected_date ??
      selected_time ??
      element.initial_value ??
      element.initial_date ??
      element.initial_time ??
      '',
  );
}

/** @param {BlockShown} block @param {Element_} element @param {Surface} surface */
export function textField(block, element, surface) {
  const id = surface.idOf(block, element);
  const multiline = element.multiline === true;
  const value = textOf(block, element, surface);
  const common = {
    ...testId('action', element.action_id),
    ...describedBy(id),
    id,
    value,
    key: element.action_id,
    placeholder: /** @type {{ text?: string } | undefined} */ (element.placeholder)?.text,
    maxlength: element.max_length,
    autocomplete: 'off',
    'aria-invalid': surface.error(block.block_id) ? 'true' : undefined,
    'data-focus-on-load': element.focus_on_load === true ? '' : undefined,
    oninput: (/** @type {Typed} */ event) => typed(block, element, surface, event.target.value),
    onkeydown: (/** @type {KeyboardEvent} */ event) => entered(event, block, element, surface, multiline),
  };
  const kind = INPUT_TYPES[element.type] ?? 'text';
  const field = multiline
    ? h('textarea', { ...common, rows: '3' })
    : h('input', { ...common, type: kind, inputmode: element.type === 'number_input' ? 'decimal' : undefined });
  return [field, counter(value.length, element.max_length)];
}

/** @param {number} length @param {unknown} most */
function counter(length, most) {
  if (typeof most !== 'number' || length < most * COUNT_FROM) return null;
  return h('p', { class: 'hint counter' }, `${length} of ${most} characters`);
}

/** @type {Map<string, ReturnType<typeof setTimeout>>} */
const settling = new Map();

/** @param {BlockShown} block @param {Element_} element @param {Surface} surface @param {string} value */
function typed(block, element, surface, value) {
  surface.put(block, element, value);
  if (block.dispatch_action !== true || !triggers(element).includes('on_character_entered')) return;
  const id = surface.idOf(block, element);
  clearTimeout(settling.get(id));
  settling.set(
    id,
    setTimeout(() => surface.press(block, element, value), SETTLE_MS),
  );
}

/** @param {Element_} element @returns {readonly string[]} */
function triggers(element) {
  const config = /** @type {{ trigger_actions_on?: readonly string[] } | undefined} */ (element.dispatch_action_config);
  return config?.trigger_actions_on ?? ['on_enter_pressed'];
}

/** @param {KeyboardEvent} event @param {BlockShown} block @param {Element_} element @param {Surface} surface @param {boolean} multiline */
function entered(event, block, element, surface, multiline) {
  const plain = event.key === 'Enter' && !event.ctrlKey && !event.metaKey && !multiline && !event.isComposing;
  if (!plain || block.dispatch_action !== true || !triggers(element).includes('on_enter_pressed')) return;
  event.preventDefault();
  surface.press(block, element, textOf(block, element, surface));
}

/** @param {BlockShown} block @param {Element_} element @param {Surface} surface */
export function dateField(block, element, surface) {
  const id = surface.idOf(block, element);
  const change = (/** @type {Typed} */ event) =>
    surface.put(block, element, event.target.value === '' ? null : event.target.value);
  const value = textOf(block, element, surface);
  return h('input', {
    ...testId('action', element.action_id),
    ...describedBy(id),
    id,
    type: INPUT_TYPES[element.type],
    value,
    onchange: change,
    key: element.action_id,
    'aria-label': block.type === 'input' ? undefined : 'Choose',
  });
}
