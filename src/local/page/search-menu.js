// @ts-check
// A menu whose options the bot finds while one types (`external_select`), as an ARIA combobox.
import { describedBy } from './choices.js';
import { plainText } from './draw-text.js';
import { failureOf, refusalOf } from './failure-words.js';
import { float } from './floating.js';
import { icon } from './icons.js';
import { change, having, state } from './state.js';
import { testId } from './test-ids.js';
import { h } from './vdom.js';

/**
 * @typedef {import('./state.js').BlockShown} BlockShown
 * @typedef {import('./state.js').OptionShown} OptionShown
 * @typedef {import('./state.js').Picker} Picker
 * @typedef {import('./surfaces.js').Surface} Surface
 * @typedef {import('./controls.js').Element_} Element_
 * @typedef {{ readonly id: string, readonly block: BlockShown, readonly element: Element_, readonly surface: Surface }} Control
 */

/** Slack asks for three characters when the bot does not say otherwise. */
const LEAST_CHARACTERS = 3;
const SETTLE_MS = 120;

/** What chosen values are called; the workspace only keeps values. @type {Map<string, string>} */
const names = new Map();
/** @type {Map<string, ReturnType<typeof setTimeout>>} */
const settling = new Map();

/** @param {Control} control @returns {{ readonly value: string, readonly text: string }} */
function chosen({ id, block, element, surface }) {
  const held = surface.held(block, element);
  const option =
    surface.stored(block, element)?.selected_option ?? /** @type {OptionShown | undefined} */ (element.initial_option);
  if (held === undefined) return { value: option?.value ?? '', text: option?.text.text ?? '' };
  const value = typeof held === 'string' ? held : '';
  return { value, text: names.get(`${id} ${value}`) ?? (option?.value === value ? option.text.text : value) };
}

/** @param {BlockShown} block @param {Element_} element @param {Surface} surface */
export function searchMenu(block, element, surface) {
  const control = { id: surface.idOf(block, element), block, element, surface };
  const { id } = control;
  const picker = state.pickers.get(id);
  const now = chosen(control);
  const placeholder = /** @type {{ text?: string } | undefined} */ (element.placeholder)?.text ?? 'Search';
  const box = {
    ...testId('action', element.action_id),
    ...describedBy(id),
    id,
    type: 'text',
    role: 'combobox',
    class: 'search-box',
    autocomplete: 'off',
    'aria-autocomplete': 'list',
    'aria-expanded': String(picker !== undefined),
    'aria-controls': `${id}-list`,
    'aria-activedescendant': picker?.options[picker.active] ? `${id}-option-${picker.active}` : undefined,
    'aria-label': block.type === 'input' ? undefined : placeholder,
    'data-chosen': now.value,
    'data-focus-on-load': element.focus_on_load === true ? '' : undefined,
    placeholder: now.text || placeholder,
    value: picker ? picker.query : now.text,
    onclick: () => picker ?? search(control, ''),
    oninput: (/** @type {Event & { target: HTMLInputElement }} */ event) => search(control, event.target.value),
    onkeydown: (/** @type {KeyboardEvent} */ event) => keys(event, control),
    onblur: () => close(id),
  };
  const clear = block.optional === true && now.value !== '' && !picker;
  return h(
    'div',
    { class: 'search', key: element.action_id },
    h('input', box),
    clear ? clearButton(control) : icon('search', 'search-icon'),
    picker && list(control, picker, now.value),
  );
}

/** @param {Control} control */
function clearButton({ block, element, surface }) {
  return h(
    'button',
    {
      type: 'button',
      class: 'icon-button search-clear',
      'aria-label': 'Clear',
      onclick: () => surface.put(block, element, null),
    },
    icon('close'),
  );
}

/** @param {string} id */
function close(id) {
  clearTimeout(settling.get(id));
  if (state.pickers.has(id)) change({ pickers: having(state.pickers, id, undefined) });
}

/** @param {Control} control @param {string} query */
function search(control, query) {
  const { id, element } = control;
  const least = typeof element.min_query_length === 'number' ? element.min_query_length : LEAST_CHARACTERS;
  const short = query.length < least;
  const options = short ? [] : (state.pickers.get(id)?.options ?? []);
  change({ pickers: having(state.pickers, id, { query, options, loading: !short, active: 0 }) });
  clearTimeout(settling.get(id));
  if (!short)
    settling.set(
      id,
      setTimeout(() => void ask(control, query), query === '' ? 0 : SETTLE_MS),
    );
}

/** An answer to an older question is not shown. @param {Control} control @param {string} query */
async function ask({ id, block, element, surface }, query) {
  const answer = await surface
    .suggest(block, element, query)
    .catch((error) => ({ failure: refusalOf(error).text, acked: false }));
  if (state.pickers.get(id)?.query !== query) return;
  const failed = 'status' in answer ? failureOf(answer)?.text : answer.failure;
  const options =
    'status' in answer
      ? [...(answer.options ?? []), ...(answer.optionGroups ?? []).flatMap((group) => group.options)]
      : [];
  for (const { value, text } of options) names.set(`${id} ${value}`, text.text);
  change({
    pickers: having(state.pickers, id, {
      query,
      options,
      loading: false,
      active: 0,
      ...(failed ? { failure: failed } : {}),
    }),
  });
}

/** @param {Control} control @param {OptionShown} option */
function choose({ id, block, element, surface }, option) {
  names.set(`${id} ${option.value}`, option.text.text);
  close(id);
  surface.put(block, element, option.value);
}

/** @param {KeyboardEvent} event @param {Control} control */
function keys(event, control) {
  const picker = state.pickers.get(control.id);
  if (!picker) {
    if (event.key === 'ArrowDown') taken(event, () => search(control, ''));
    return;
  }
  const option = picker.options[picker.active];
  if (event.key === 'ArrowDown') taken(event, () => highlight(control.id, picker, 1));
  else if (event.key === 'ArrowUp') taken(event, () => highlight(control.id, picker, -1));
  else if (event.key === 'Escape') taken(event, () => close(control.id));
  else if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey)
    taken(event, () => option && choose(control, option));
}

/** @param {KeyboardEvent} event @param {() => void} run */
function taken(event, run) {
  event.preventDefault();
  event.stopPropagation();
  run();
}

/** @param {string} id @param {Picker} picker @param {number} step */
function highlight(id, picker, step) {
  const active = (picker.active + step + picker.options.length) % Math.max(1, picker.options.length);
  change({ pickers: having(state.pickers, id, { ...picker, active }) });
  requestAnimationFrame(() => document.getElementById(`${id}-option-${active}`)?.scrollIntoView({ block: 'nearest' }));
}

/** @param {Control} control @param {Picker} picker @param {string} current */
function list(control, picker, current) {
  const { id } = control;
  const keep = (/** @type {Event} */ event) => event.preventDefault(); // the text box must not lose the keyboard
  return h(
    'div',
    { popover: 'manual', class: 'menu', 'data-wide': '', onmount: float, onmousedown: keep },
    h(
      'div',
      { role: 'listbox', id: `${id}-list`, 'aria-label': 'Suggestions' },
      picker.options.map((option, index) => {
        const active = index === picker.active;
        const marks = {
          id: `${id}-option-${index}`,
          role: 'option',
          'aria-selected': String(option.value === current),
          ...testId('option', option.value),
        };
        return h(
          'div',
          {
            ...marks,
            key: option.value,
            class: `menu-item${active ? ' is-active' : ''}`,
            onclick: () => choose(control, option),
          },
          plainText(option.text.text),
          option.description && h('span', { class: 'hint' }, plainText(option.description.text)),
        );
      }),
    ),
    h('p', { class: 'menu-note', role: 'status' }, note(control, picker)),
  );
}

/** @param {Control} control @param {Picker} picker */
function note({ element }, picker) {
  const least = typeof element.min_query_length === 'number' ? element.min_query_length : LEAST_CHARACTERS;
  if (picker.query.length < least) return `Type at least ${least} characters`;
  if (picker.failure) return picker.failure;
  if (picker.loading) return picker.options.length > 0 ? null : 'Searching…';
  return picker.options.length === 0 ? 'Nothing found' : null;
}
