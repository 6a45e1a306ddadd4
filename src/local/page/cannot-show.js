// @ts-check
// What stands in the place of something this page cannot draw: visible, with its name, never an empty spot.
import { icon } from './icons.js';
import { h } from './vdom.js';

/** @param {unknown} type @param {unknown} [about] */
export function cannotShow(type, about) {
  const words = typeof about === 'string' && about !== '' ? `: ${about}` : '';
  return h('div', { class: 'cannot-show' }, icon('warn'), h('span', null, `cannot show ${String(type)}${words}`));
}
