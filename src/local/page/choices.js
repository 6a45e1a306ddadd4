// @ts-check
// Choosing one or several of a list that is known: native selects, radio buttons, check boxes.
import { actors } from './conversations.js';
import { confirmFirst } from './dialogs.js';
import { plainText, textObject } from './draw-text.js';
import { testId } from './test-ids.js';
import { h } from './vdom.js';

/**
 * @typedef {import('./state.js').BlockShown} BlockShown
 * @typedef {import('./state.js').OptionShown} OptionShown
 * @typedef {import('./state.js').Snapshot} Snapshot
 * @typedef {import('./surfaces.js').Surface} Surface
 * @typedef {import('./controls.js').Element_} Element_
 * @typedef {{ readonly value: string, readonly text: string, readonly description?: string }} Choice
 */

/**
 * The bot may draw a form again with other choices; an answer that is no longer among them is none.
 * @param {Element_} element @param {import('./state.js').Answer} answer
 */
function isOffered(element, answer) {
  if (element.type !== 'static_select' && element.type !== 'radio_buttons') return true;
  const groups = /** @type {readonly { options: readonly OptionShown[] }[]} */ (element.option_groups ?? []);
  const all = [...(element.options ?? []), ...groups.flatMap(({ options }) => options)];
  return answer === null || all.some(({ value }) => value === answer);
}

/** What a one-of-many control shows now. @param {BlockShown} block @param {Element_} element @param {Pick<Surface, 'held' | 'stored'>} surface @returns {string} */
export function chosen(block, element, surface) {
  const held = surface.held(block, element);
  if (held !== undefined && isOffered(element, held)) return typeof held === 'string' ? held : '';
  const kept = keptIn(surface.stored(block, element));
  if (kept && isOffered(element, kept)) return kept;
  const initial = /** @type {OptionShown | undefined} */ (element.initial_option);
  return (
    initial?.value ?? String(element.initial_user ?? element.initial_channel ?? element.initial_conversation ?? '')
  );
}

/** @param {import('../slack/control-api.ts').ElementState | undefined} stored */
function keptIn(stored) {
  const { selected_option: option, selected_user, selected_channel, selected_conversation } = stored ?? {};
  return option?.value ?? selected_user ?? selected_channel ?? selected_conversation;
}

/** @param {BlockShown} block @param {Element_} element @param {Surface} surface @returns {readonly string[]} */
function chosenSeveral(block, element, surface) {
  const held = surface.held(block, element);
  if (held !== undefined) return Array.isArray(held) ? held : [];
  const kept = surface.stored(block, element);
  const options = kept?.selected_options ?? /** @type {readonly OptionShown[] | undefined} */ (element.initial_options);
  return (
    options?.map(({ value }) => value) ??
    kept?.selected_users ??
    kept?.selected_channels ??
    kept?.selected_conversations ??
    []
  );
}

/** @param {Element_} element @param {Snapshot} snapshot @returns {readonly Choice[]} */
function choicesOf(element, snapshot) {
  if (/users_select$/.test(element.type))
    return actors(snapshot).map((p) => ({ value: p.id, text: p.realName || p.name }));
  if (/(channels|conversations)_select$/.test(element.type))
    return snapshot.channels.map((c) => ({ value: c.id, text: `#${c.name}` }));
  return (element.options ?? []).map(choice);
}

/** @param {OptionShown} option @returns {Choice} */
function choice({ value, text, description }) {
  return { value, text: text.text, ...(description ? { description: description.text } : {}) };
}

/** @param {BlockShown} block @param {Element_} element @param {Surface} surface */
export function nativeSelect(block, element, surface) {
  const id = surface.idOf(block, element);
  const value = chosen(block, element, surface);
  const groups = /** @type {readonly { label: { text: string }, options: readonly OptionShown[] }[]} */ (
    element.option_groups ?? []
  );
  const loose = choicesOf(element, surface.snapshot);
  const about = [...loose, ...groups.flatMap((group) => group.options.map(choice))].find(
    (one) => one.value === value,
  )?.description;
  const change = (/** @type {Event & { target: HTMLSelectElement }} */ event) => {
    const picked = event.target.value;
    confirmFirst(element.confirm, () => surface.put(block, element, picked === '' ? null : picked));
  };
  const placeholder = /** @type {{ text?: string } | undefined} */ (element.placeholder)?.text ?? 'Choose one';
  return h(
    'div',
    { class: 'select', key: element.action_id },
    h(
      'select',
      {
        ...testId('action', element.action_id),
        id,
        value,
        onchange: change,
        ...describedBy(id),
        'aria-label': block.type === 'input' ? undefined : placeholder,
      },
      h('option', { value: '', key: '' }, placeholder),
      loose.map(drawOption),
      groups.map((group) =>
        h('optgroup', { label: group.label.text, key: group.label.text }, group.options.map(choice).map(drawOption)),
      ),
    ),
    about && h('p', { class: 'hint' }, plainText(about)),
  );
}

/** @param {Choice} one */
function drawOption({ value, text }) {
  return h('option', { value, key: value }, plainText(text));
}

/** @param {string} id */
export function describedBy(id) {
  return { 'aria-describedby': `${id}-hint ${id}-error` };
}

/** Radio buttons and check boxes. @param {BlockShown} block @param {Element_} element @param {Surface} surface */
export function choiceGroup(block, element, surface) {
  const id = surface.idOf(block, element);
  const many = element.type === 'checkboxes';
  const marked = many ? chosenSeveral(block, element, surface) : [chosen(block, element, surface)];
  const put = (/** @type {string} */ value, /** @type {boolean} */ on) =>
    confirmFirst(element.confirm, () => surface.put(block, element, many ? toggled(marked, value, on) : value));
  const one = (/** @type {OptionShown} */ option, /** @type {number} */ index) => {
    const change = (/** @type {Event & { target: HTMLInputElement }} */ event) =>
      put(option.value, event.target.checked);
    const box = {
      type: many ? 'checkbox' : 'radio',
      name: id,
      id: index === 0 ? id : `${id}-${index}`,
      value: option.value,
      checked: marked.includes(option.value),
      onchange: change,
    };
    const about = option.description && h('span', { class: 'hint' }, textObject(option.description, surface.snapshot));
    return h(
      'label',
      { class: 'choice', key: option.value, ...testId('option', option.value) },
      h('input', box),
      h('span', null, textObject(option.text, surface.snapshot), about),
    );
  };
  return h(
    'div',
    { class: 'choices', ...testId('action', element.action_id), key: element.action_id },
    (element.options ?? []).map(one),
  );
}

/** @param {readonly string[]} list @param {string} value @param {boolean} on */
function toggled(list, value, on) {
  return on ? [...list.filter((one) => one !== value), value] : list.filter((one) => one !== value);
}

/** Menus of several choices, as a list to tick. @param {BlockShown} block @param {Element_} element @param {Surface} surface */
export function severalChoices(block, element, surface) {
  const options = choicesOf(element, surface.snapshot).map(({ value, text }) => ({
    value,
    text: { type: /** @type {const} */ ('plain_text'), text },
  }));
  const groups = /** @type {readonly { options: readonly OptionShown[] }[]} */ (element.option_groups ?? []);
  const all = [...options, ...groups.flatMap((group) => group.options)];
  return choiceGroup(block, { ...element, type: 'checkboxes', options: all }, surface);
}
