// @ts-check
// Block Kit as elements. A block this page does not know is said to be there, never silently dropped,
// and one that cannot be drawn does not take the message around it down.
import { cannotShow } from './cannot-show.js';
import { drawControl } from './controls.js';
import { paragraphs, plainText, textObject } from './draw-text.js';
import { icon } from './icons.js';
import { readRichText } from './rich-text.js';
import { testId } from './test-ids.js';
import { h } from './vdom.js';

/**
 * @typedef {import('./vdom.js').Children} Children
 * @typedef {import('./state.js').BlockShown} BlockShown
 * @typedef {import('./surfaces.js').Surface} Surface
 * @typedef {import('./controls.js').Element_} Element_
 */

/** @param {readonly BlockShown[]} list @param {Surface} surface @returns {Children} */
export function blocks(list, surface) {
  return list.map((block, index) => {
    const key = `${block.block_id || index}`;
    return h(
      'div',
      { key, class: `block block-${knownType(block.type)}`, 'data-block-id': block.block_id },
      guarded(block, surface),
    );
  });
}

/** @type {Readonly<Record<string, (block: BlockShown, surface: Surface) => Children>>} */
const DRAWERS = {
  header: (block) => h('h3', { class: 'block-title' }, textObject(block.text, NOBODY)),
  divider: () => h('hr'),
  section,
  context,
  actions,
  input,
  rich_text: (block, { snapshot }) => paragraphs(readRichText(block.elements), snapshot),
  markdown: (block) => h('p', { class: 'lines' }, plainText(String(block.text ?? ''))),
  table,
};
/** Plain text mentions nobody. */
const NOBODY = /** @type {import('./state.js').Snapshot} */ ({});

/** @param {string} type a class name must not carry what a bot wrote */
function knownType(type) {
  return Object.hasOwn(DRAWERS, type) ? type : 'unknown';
}

/** @param {BlockShown} block @param {Surface} surface @returns {Children} */
function guarded(block, surface) {
  const drawer = Object.hasOwn(DRAWERS, block.type) ? DRAWERS[block.type] : undefined;
  if (!drawer) return cannotShow(block.type, block.alt_text);
  try {
    return drawer(block, surface);
  } catch {
    return cannotShow(block.type, 'malformed');
  }
}

/** @param {unknown} value @returns {readonly Element_[]} */
function elementsIn(value) {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'object' && one !== null) : [];
}

/** @param {BlockShown} block @param {Surface} surface */
function section(block, surface) {
  const fields = elementsIn(block.fields);
  const accessory = /** @type {Element_ | undefined} */ (block.accessory);
  return h(
    'div',
    { class: 'section' },
    h(
      'div',
      { class: 'section-text' },
      textObject(block.text, surface.snapshot),
      fields.length > 0 &&
        h(
          'div',
          { class: 'facts' },
          fields.map((field) => h('div', { class: 'fact' }, textObject(field, surface.snapshot))),
        ),
    ),
    accessory && h('div', { class: 'section-accessory' }, drawControl(block, accessory, surface)),
  );
}

/** @param {BlockShown} block @param {Surface} surface */
function context(block, surface) {
  return h(
    'div',
    { class: 'context' },
    elementsIn(block.elements).map((element) =>
      element.type === 'mrkdwn' || element.type === 'plain_text'
        ? h('span', { class: 'context-item' }, textObject(element, surface.snapshot))
        : cannotShow(element.type, element.alt_text),
    ),
  );
}

/** @param {BlockShown} block @param {Surface} surface */
function actions(block, surface) {
  const elements = elementsIn(block.elements);
  return h(
    'div',
    { class: 'actions' },
    elements.map((element) => drawControl(block, element, surface)),
  );
}

/** @param {BlockShown} block @param {Surface} surface */
function input(block, surface) {
  const element = /** @type {Element_} */ (block.element);
  const id = surface.idOf(block, element);
  const error = surface.error(block.block_id);
  const grouped =
    element.type === 'radio_buttons' || element.type === 'checkboxes' || element.type.startsWith('multi_');
  const label = [
    textObject(block.label, surface.snapshot),
    block.optional === true && h('span', { class: 'optional' }, ' (optional)'),
  ];
  return h(
    grouped ? 'fieldset' : 'div',
    {
      ...testId('field', block.block_id),
      class: `field${error ? ' field-wrong' : ''}`,
      'aria-describedby': grouped ? described(id) : undefined,
    },
    grouped ? h('legend', { class: 'label' }, label) : h('label', { class: 'label', for: id }, label),
    drawControl(block, element, surface),
    block.hint !== undefined && h('p', { class: 'hint', id: `${id}-hint` }, textObject(block.hint, surface.snapshot)),
    h(
      'p',
      { class: 'error', id: `${id}-error`, ...testId('error', block.block_id), hidden: !error },
      error && [icon('warn'), error],
    ),
  );
}

/** @param {string} id */
function described(id) {
  return `${id}-hint ${id}-error`;
}

/** @param {BlockShown} block @param {Surface} surface */
function table(block, surface) {
  const rows = Array.isArray(block.rows) ? block.rows : [];
  const cell = (/** @type {Element_} */ one) =>
    one.type === 'rich_text'
      ? paragraphs(readRichText(one.elements), surface.snapshot)
      : plainText(String(one.text ?? ''));
  const row = (/** @type {unknown} */ cells, /** @type {string} */ tag) =>
    h(
      'tr',
      null,
      elementsIn(cells).map((one) => h(tag, null, cell(one))),
    );
  return h(
    'div',
    { class: 'table-scroll', tabindex: '0', role: 'region', 'aria-label': 'Table' },
    h(
      'table',
      null,
      h('thead', null, row(rows[0], 'th')),
      h(
        'tbody',
        null,
        rows.slice(1).map((cells) => row(cells, 'td')),
      ),
    ),
  );
}
