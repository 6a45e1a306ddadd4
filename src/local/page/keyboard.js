// @ts-check
// Keys that work everywhere. Single letters only when nothing is being typed, and only while they are switched on.
import { focusSoon } from './focus.js';
import { closeThread, go } from './navigate.js';
import { change, state } from './state.js';
import { singleKeys } from './view-help.js';
import { isNarrow } from './window.js';

/** @param {KeyboardEvent} event */
export function globalKeys(event) {
  if (event.defaultPrevented || event.isComposing || !state.snapshot) return;
  const run = withControl(event) ?? (document.querySelector('dialog[open]') ? undefined : plain(event));
  if (!run) return;
  event.preventDefault();
  run();
}

/** @param {KeyboardEvent} event @returns {(() => void) | undefined} */
function withControl(event) {
  const jump = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 'k';
  if (!jump || state.snapshot?.views.length) return undefined;
  return () => change({ jump: state.jump === undefined ? '' : undefined, menuActive: 0, help: false, menu: undefined });
}

/** @param {KeyboardEvent} event @returns {(() => void) | undefined} */
function plain(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
  if (event.key === 'Escape') return leave();
  if (isTyping(event.target) || !singleKeys()) return undefined;
  switch (event.key) {
    case '?':
      return () => change({ help: true });
    case 'p':
      return people;
    case 'c':
      return () => focusSoon('composer');
    case 'h':
      return () => go({ view: 'home' });
    case 'd':
      return () => go({ view: 'messages' });
    case 't':
      return () => go({ view: 'target' });
  }
  return undefined;
}

/** @returns {(() => void) | undefined} */
function leave() {
  if (state.drawer) return () => change({ drawer: false });
  return state.thread ? closeThread : undefined;
}

function people() {
  change({ menu: isNarrow() ? 'person-button' : 'person-switcher' });
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  return (
    target instanceof HTMLElement && (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.isContentEditable)
  );
}
