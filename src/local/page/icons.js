// @ts-check
// The page's small drawings: one stroke width, the colour of the text around them, silent for screen readers.
import { h } from './vdom.js';

/** @type {Readonly<Record<string, string>>} */
const PATHS = {
  close: 'M6 6l12 12M18 6L6 18',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  chevron: 'M7 10l5 5 5-5',
  send: 'M4.5 12L20 4.5 14 20l-2.6-6.2zM11.4 13.8L20 4.5',
  reply: 'M5 6h14v10h-7l-4 3.5V16H5z',
  more: 'M6 12h.01M12 12h.01M18 12h.01',
  menu: 'M4 7h16M4 12h16M4 17h16',
  home: 'M4.5 11L12 4.5 19.5 11v8.5h-5V14h-5v5.5h-5z',
  message: 'M4.5 6h15v10.5H11L7 19.5v-3H4.5z',
  database: 'M5 6.5C5 4.5 19 4.5 19 6.5v11c0 2-14 2-14 0zM5 6.5c0 2 14 2 14 0M5 12c0 2 14 2 14 0',
  lock: 'M7 11V8.5a5 5 0 0 1 10 0V11M5.5 11h13v8.5h-13z',
  eye: 'M3 12c3.5-6 14.5-6 18 0-3.5 6-14.5 6-18 0zM12 9.7a2.3 2.3 0 1 0 .01 0',
  sun: 'M12 8a4 4 0 1 0 .01 0M12 2.8v2M12 19.2v2M2.8 12h2M19.2 12h2M5.5 5.5l1.4 1.4M17.1 17.1l1.4 1.4M5.5 18.5l1.4-1.4M17.1 6.9l1.4-1.4',
  moon: 'M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z',
  auto: 'M12 4a8 8 0 1 0 .01 0M12 4v16M12 8h5M12 12h7.5M12 16h5',
  help: 'M9 9.3a3 3 0 1 1 4.6 2.5c-1 .7-1.6 1.2-1.6 2.4M12 17.5h.01M12 3.5a8.5 8.5 0 1 0 .01 0',
  warn: 'M12 4l9 15.5H3zM12 10v4M12 16.8h.01',
  bolt: 'M13 3L5.5 13.5H11L10 21l8-10.5h-6z',
  copy: 'M9 9h10v10.5H9zM6.5 15H5V4.5h10V6',
  file: 'M7 3.5h7l4 4v13H7zM14 3.5v4h4',
  down: 'M12 5v13M6.5 12.5L12 18l5.5-5.5',
  play: 'M8 5.5l10.5 6.5L8 18.5z',
  globe: 'M12 3.5a8.5 8.5 0 1 0 .01 0M3.5 12h17M12 3.5c5 5 5 12 0 17M12 3.5c-5 5-5 12 0 17',
  guide: 'M5 5h6.2v14.5H5zM12.8 5H19v14.5h-6.2z',
  search: 'M10.5 4.5a6 6 0 1 0 .01 0M15 15l5 5',
};

/** @param {string} name @param {string} [extra] class */
export function icon(name, extra = '') {
  return h(
    'svg',
    { class: `icon icon-${name} ${extra}`, viewBox: '0 0 24 24', 'aria-hidden': 'true', focusable: 'false' },
    h('path', { d: PATHS[name] ?? '', fill: 'none', stroke: 'currentColor' }),
  );
}
