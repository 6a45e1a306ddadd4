// @ts-check
// Popups in the browser's top layer, placed next to what opened them and kept inside the window.

const GAP_PX = 6;
const EDGE_PX = 8;

/** Mount hook of an element with `popover="manual"`; it stands next to its parent. @param {HTMLElement} node */
export function float(node) {
  node.showPopover();
  place(node);
}

/** Everything that floats follows its anchor when the page scrolls or is resized. */
export function refloat() {
  for (const node of document.querySelectorAll('[popover]')) if (node instanceof HTMLElement) place(node);
}

/** @param {HTMLElement} node */
function place(node) {
  const anchor = node.parentElement?.getBoundingClientRect();
  if (!anchor) return;
  if (node.dataset.wide !== undefined) node.style.width = `${anchor.width}px`;
  const size = node.getBoundingClientRect();
  const below = innerHeight - anchor.bottom - GAP_PX - EDGE_PX;
  const above = anchor.top - GAP_PX - EDGE_PX;
  const upwards =
    node.dataset.up !== undefined ? above > size.height || above > below : below < size.height && above > below;
  const top = upwards ? Math.max(EDGE_PX, anchor.top - GAP_PX - size.height) : anchor.bottom + GAP_PX;
  const wanted = node.dataset.end !== undefined ? anchor.right - size.width : anchor.left;
  node.style.left = `${Math.max(EDGE_PX, Math.min(wanted, innerWidth - size.width - EDGE_PX))}px`;
  node.style.top = `${top}px`;
}
