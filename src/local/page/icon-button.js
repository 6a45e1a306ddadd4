// @ts-check
// A button that is only a drawing: its name is said, and shown when one points at it.
import { icon } from './icons.js';
import { h } from './vdom.js';

/**
 * @param {string} drawing @param {string} label @param {() => void} go
 * @param {Readonly<Record<string, unknown>>} [more] further attributes; `class` is added
 */
export function iconButton(drawing, label, go, more = {}) {
  const look = `icon-button ${more['class'] ?? ''}`;
  return h(
    'button',
    { type: 'button', 'aria-label': label, title: label, onclick: go, ...more, class: look },
    icon(drawing),
  );
}
