// @ts-check
// A button that opens a menu: arrow keys, Home, End, first letters, Esc; the keyboard returns to the button.
import { float } from './floating.js';
import { focusId } from './focus.js';
import { change, state } from './state.js';
import { h } from './vdom.js';

/**
 * @typedef {import('./vdom.js').Children} Children
 * @typedef {{ readonly key: string, readonly content: Children, readonly go: () => void, readonly marks?: object, readonly checked?: boolean, readonly look?: string }} Item
 * @typedef {{ readonly id: string, readonly label: string, readonly button: Children, readonly look: string, readonly marks?: object,
 *   readonly items: readonly Item[], readonly tabindex?: string, readonly wide?: boolean, readonly heading?: Children }} Menu
 */

/** @param {Menu} options */
export function menu({ id, label, button, look, marks, items, tabindex, wide, heading }) {
  const open = state.menu === id;
  const toggle = () => change({ menu: open ? undefined : id });
  const keys = (/** @type {KeyboardEvent} */ event) => {
    if (open || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return;
    event.preventDefault();
    event.stopPropagation();
    toggle();
  };
  const knob = {
    id,
    type: 'button',
    class: look,
    'aria-haspopup': 'menu',
    'aria-expanded': String(open),
    'aria-label': label,
    title: wide ? undefined : label,
  };
  return h(
    'div',
    { class: `menu-wrap${open ? ' is-open' : ''}`, key: `menu ${id}` },
    h('button', { ...knob, ...marks, tabindex, onclick: toggle, onkeydown: keys }, button),
    open && popup(id, label, items, heading, wide === true),
  );
}

/** @param {string} id @param {string} label @param {readonly Item[]} items @param {Children} heading @param {boolean} wide */
function popup(id, label, items, heading, wide) {
  const mount = (/** @type {HTMLElement} */ node) => {
    float(node);
    const first = node.querySelector('[aria-checked="true"]') ?? node.querySelector('[role^="menuitem"]');
    if (first instanceof HTMLElement) first.focus();
  };
  const marks = { 'data-wide': wide ? '' : undefined, 'data-end': wide ? undefined : '' };
  return h(
    'div',
    {
      popover: 'manual',
      class: 'menu',
      ...marks,
      onmount: mount,
      onkeydown: (/** @type {KeyboardEvent} */ event) => move(event, id),
    },
    heading,
    h(
      'div',
      { role: 'menu', 'aria-label': label },
      items.map((item) => entry(item, id)),
    ),
  );
}

/** @param {Item} item @param {string} id */
function entry(item, id) {
  const go = () => {
    change({ menu: undefined });
    focusId(id);
    item.go();
  };
  const role =
    item.checked === undefined ? { role: 'menuitem' } : { role: 'menuitemradio', 'aria-checked': String(item.checked) };
  return h(
    'button',
    {
      ...role,
      ...item.marks,
      key: item.key,
      type: 'button',
      tabindex: '-1',
      class: `menu-item ${item.look ?? ''}`,
      onclick: go,
    },
    item.content,
  );
}

/** @param {KeyboardEvent} event @param {string} id */
function move(event, id) {
  const list =
    event.currentTarget instanceof HTMLElement ? [...event.currentTarget.querySelectorAll('[role^="menuitem"]')] : [];
  const at = list.indexOf(/** @type {Element} */ (document.activeElement));
  const to = destination(event, list, at);
  if (event.key === 'Escape' || event.key === 'Tab') {
    change({ menu: undefined });
    focusId(id);
  }
  if (event.key === 'Escape' || to !== undefined) {
    event.preventDefault();
    event.stopPropagation();
  }
  const item = to === undefined ? undefined : list[(to + list.length) % list.length];
  if (item instanceof HTMLElement) item.focus();
}

/** @param {KeyboardEvent} event @param {readonly Element[]} list @param {number} at @returns {number | undefined} */
function destination(event, list, at) {
  switch (event.key) {
    case 'ArrowDown':
      return at + 1;
    case 'ArrowUp':
      return at - 1;
    case 'Home':
      return 0;
    case 'End':
      return list.length - 1;
  }
  if (event.key.length !== 1 || event.key === ' ' || event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const after = [...list.keys()].map((step) => (at + 1 + step) % list.length);
  return after.find((index) =>
    (list[index]?.textContent ?? '').trim().toLowerCase().startsWith(event.key.toLowerCase()),
  );
}
