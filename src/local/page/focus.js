// @ts-check
// Puts the keyboard where the person will go on, after the page was drawn.

const TARGETS = /** @type {const} */ ({
  composer: '[data-focus="composer"]',
  thread: '[data-focus="thread"]',
  heading: '[data-focus="heading"]',
  row: '[data-row]',
});

/** @param {keyof typeof TARGETS | 'nothing'} where @param {string} [ts] of the row */
export function focusSoon(where, ts) {
  if (where === 'nothing') return;
  const touch = matchMedia('(pointer: coarse)').matches;
  // On a phone, focusing a text field throws up the keyboard over half of what one came to read.
  if (touch && (where === 'composer' || where === 'thread')) return;
  requestAnimationFrame(() => {
    const selector = where === 'row' ? `[data-row="${CSS.escape(ts ?? '')}"]` : TARGETS[where];
    const found = document.querySelector(selector);
    if (found instanceof HTMLElement) found.focus({ preventScroll: where !== 'row' });
  });
}

/** A popup gives the keyboard back to what opened it. @param {string} id */
export function focusId(id) {
  requestAnimationFrame(() => document.getElementById(id)?.focus());
}
