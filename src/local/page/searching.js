// @ts-check
// What happens in a menu that searches: typing asks the bot, arrows walk, Enter takes, Esc leaves. Draws nothing.
import { failureOf, refusalOf } from './failure-words.js';
import { change, having, state } from './state.js';

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

/** @param {Element_} element */
export function leastOf(element) {
  return typeof element.min_query_length === 'number' ? element.min_query_length : LEAST_CHARACTERS;
}

/** What chosen values are called; the workspace only keeps values. @type {Map<string, string>} */
const names = new Map();
/** @type {Map<string, ReturnType<typeof setTimeout>>} */
const settling = new Map();

/** @param {Control} control @returns {{ readonly value: string, readonly text: string }} */
export function chosenOption({ id, block, element, surface }) {
  const held = surface.held(block, element);
  const option =
    surface.stored(block, element)?.selected_option ?? /** @type {OptionShown | undefined} */ (element.initial_option);
  if (held === undefined) return { value: option?.value ?? '', text: option?.text.text ?? '' };
  const value = typeof held === 'string' ? held : '';
  return { value, text: names.get(`${id} ${value}`) ?? (option?.value === value ? option.text.text : value) };
}

/** @param {string} id */
export function close(id) {
  clearTimeout(settling.get(id));
  if (state.pickers.has(id)) change({ pickers: having(state.pickers, id, undefined) });
}

/** @param {Control} control @param {string} query */
export function search(control, query) {
  const { id, element } = control;
  const short = query.length < leastOf(element);
  const options = short ? [] : (state.pickers.get(id)?.options ?? []);
  change({ pickers: having(state.pickers, id, { query, options, loading: !short, active: 0 }) });
  clearTimeout(settling.get(id));
  const wait = query === '' ? 0 : SETTLE_MS;
  if (!short)
    settling.set(
      id,
      setTimeout(() => void ask(control, query), wait),
    );
}

/** An answer to an older question is not shown. @param {Control} control @param {string} query */
async function ask(control, query) {
  const { id } = control;
  const found = await answerOf(control, query);
  if (state.pickers.get(id)?.query !== query) return;
  for (const { value, text } of found.options) names.set(`${id} ${value}`, text.text);
  change({ pickers: having(state.pickers, id, { query, loading: false, active: 0, ...found }) });
}

/** @param {Control} control @param {string} query @returns {Promise<Pick<Picker, 'options' | 'failure'>>} */
async function answerOf({ block, element, surface }, query) {
  try {
    const outcome = await surface.suggest(block, element, query);
    const failure = failureOf(outcome)?.text;
    const grouped = (outcome.optionGroups ?? []).flatMap(({ options }) => options);
    return { options: [...(outcome.options ?? []), ...grouped], ...(failure === undefined ? {} : { failure }) };
  } catch (error) {
    return { options: [], failure: refusalOf(error).text };
  }
}

/** @param {Control} control @param {OptionShown} option */
export function choose({ id, block, element, surface }, option) {
  names.set(`${id} ${option.value}`, option.text.text);
  close(id);
  surface.put(block, element, option.value);
}

/** @param {KeyboardEvent} event @param {Control} control */
export function keys(event, control) {
  const picker = state.pickers.get(control.id);
  if (!picker) {
    if (event.key === 'ArrowDown') taken(event, () => search(control, ''));
    return;
  }
  // What is still being looked up may not be chosen by accident: the list is that of fewer letters.
  const option = picker.loading ? undefined : picker.options[picker.active];
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
