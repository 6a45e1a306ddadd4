// @ts-check
// Lists of messages stay at their end while new ones arrive, unless somebody has scrolled up to read.

const NEAR_PX = 48;

/** Keys of the lists whose reader is at the end, as they were before drawing. @type {Map<string, boolean>} */
const atEnd = new Map();

/** Before drawing. */
export function noteScroll() {
  atEnd.clear();
  for (const list of lists())
    atEnd.set(list.dataset.stick ?? '', list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_PX);
}

/** After drawing: a list that is new begins at its end. */
export function keepScroll() {
  for (const list of lists()) if (atEnd.get(list.dataset.stick ?? '') !== false) list.scrollTop = list.scrollHeight;
}

/** @returns {readonly HTMLElement[]} */
function lists() {
  return [...document.querySelectorAll('[data-stick]')].filter((node) => node instanceof HTMLElement);
}
