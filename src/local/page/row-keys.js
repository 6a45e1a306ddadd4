// @ts-check
// The keyboard on a message: arrows walk, Enter or T opens the thread, M the menu, Esc goes to the message box.
import { focusSoon } from './focus.js';
import { openThread } from './navigate.js';
import { change } from './state.js';

/** @typedef {import('./conversations.js').Row} Row */

/** @param {KeyboardEvent} event @param {Row} message @param {{ readonly channel: string, readonly where: 'main' | 'thread' }} setting */
export function rowKeys(event, message, { channel, where }) {
  const row = event.currentTarget;
  if (event.target !== row || !(row instanceof HTMLElement) || event.ctrlKey || event.metaKey || event.altKey) return;
  const run = deed(event.key, row, message, channel, where);
  if (!run) return;
  event.preventDefault();
  event.stopPropagation();
  run();
}

/** @param {string} key @param {HTMLElement} row @param {Row} message @param {string} channel @param {'main' | 'thread'} where @returns {(() => void) | undefined} */
function deed(key, row, message, channel, where) {
  switch (key) {
    case 'ArrowUp':
      return () => neighbour(row, -1);
    case 'ArrowDown':
      return () => neighbour(row, 1);
    case 'Enter':
    case 't':
      return where === 'main' && !message.ephemeral ? () => openThread({ channel, ts: message.ts }) : undefined;
    case 'm':
    case 'ContextMenu':
      return message.ephemeral ? undefined : () => change({ menu: `more-${where}-${message.ts}` });
    case 'Escape':
      return () => focusSoon(where === 'main' ? 'composer' : 'thread');
  }
  return undefined;
}

/** @param {HTMLElement} row @param {number} step */
function neighbour(row, step) {
  const rows = [...(row.parentElement?.querySelectorAll(':scope > [data-row]') ?? [])];
  const next = rows[rows.indexOf(row) + step];
  if (next instanceof HTMLElement) next.focus();
  else if (step > 0) focusSoon(row.dataset.place === 'thread' ? 'thread' : 'composer');
}
