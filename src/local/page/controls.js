// @ts-check
// Buttons and the table of everything one can press, choose or type in a block.
import { cannotShow } from './cannot-show.js';
import { choiceGroup, nativeSelect, severalChoices } from './choices.js';
import { confirmFirst } from './dialogs.js';
import { plainText, textObject } from './draw-text.js';
import { icon } from './icons.js';
import { menu } from './menu.js';
import { searchMenu } from './search-menu.js';
import { testId } from './test-ids.js';
import { dateField, textField } from './text-fields.js';
import { h } from './vdom.js';

/**
 * @typedef {import('./vdom.js').VElement} VElement
 * @typedef {import('./vdom.js').Children} Children
 * @typedef {import('./state.js').BlockShown} BlockShown
 * @typedef {import('./state.js').Confirmation} Confirmation
 * @typedef {import('./state.js').OptionShown} OptionShown
 * @typedef {import('./surfaces.js').Surface} Surface
 * @typedef {Readonly<Record<string, unknown>> & { readonly type: string, readonly action_id: string, readonly options?: readonly OptionShown[],
 *   readonly confirm?: Confirmation }} Element_
 */

/** @type {Readonly<Record<string, (block: BlockShown, element: Element_, surface: Surface) => Children>>} */
const CONTROLS = {
  button,
  overflow,
  static_select: nativeSelect,
  users_select: nativeSelect,
  channels_select: nativeSelect,
  conversations_select: nativeSelect,
  external_select: searchMenu,
  radio_buttons: choiceGroup,
  checkboxes: choiceGroup,
  multi_static_select: severalChoices,
  multi_users_select: severalChoices,
  multi_channels_select: severalChoices,
  multi_conversations_select: severalChoices,
  plain_text_input: textField,
  email_text_input: textField,
  url_text_input: textField,
  number_input: textField,
  datepicker: dateField,
  timepicker: dateField,
};

/** @param {BlockShown} block @param {Element_} element @param {Surface} surface @returns {Children} */
export function drawControl(block, element, surface) {
  const control = Object.hasOwn(CONTROLS, element.type) ? CONTROLS[element.type] : undefined;
  if (!control) return cannotShow(element.type, element.alt_text);
  try {
    return control(block, element, surface);
  } catch {
    return cannotShow(element.type, 'malformed');
  }
}

/** @param {BlockShown} block @param {Element_} element @param {Surface} surface */
function button(block, element, surface) {
  const style = element.style === 'primary' || element.style === 'danger' ? element.style : 'plain';
  const busy = surface.isBusy(block, element);
  const press = () => confirmFirst(element.confirm, () => surface.press(block, element));
  const common = {
    ...testId('action', element.action_id),
    'data-block-id': block.block_id,
    'data-value': element.value,
    'aria-label': element.accessibility_label,
    class: `button button-${style}${busy ? ' is-busy' : ''}`,
    key: element.action_id,
  };
  const label = textObject(element.text, surface.snapshot);
  // A link button opens its address and tells the bot as well.
  if (typeof element.url === 'string')
    return h(
      'a',
      { ...common, href: element.url, target: '_blank', rel: 'noopener noreferrer nofollow', onclick: press },
      label,
    );
  return h(
    'button',
    { ...common, type: 'button', 'aria-busy': busy ? 'true' : undefined, onclick: busy ? undefined : press },
    label,
  );
}

/** @param {BlockShown} block @param {Element_} element @param {Surface} surface */
function overflow(block, element, surface) {
  const choose = (/** @type {OptionShown} */ option) => () =>
    confirmFirst(element.confirm, () => surface.press(block, element, option.value));
  return menu({
    id: surface.idOf(block, element),
    label: 'More actions',
    button: icon('more'),
    look: 'button button-plain button-icon',
    marks: testId('action', element.action_id),
    items: (element.options ?? []).map((option) => ({
      key: option.value,
      marks: testId('option', option.value),
      content: plainText(option.text.text),
      go: choose(option),
    })),
  });
}
