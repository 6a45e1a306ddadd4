// @ts-check
// What is known about the window and the machine it is on.

const NARROW = '(max-width: 760px)';

export function isNarrow() {
  return matchMedia(NARROW).matches;
}

/** What this machine calls the key next to the space bar. */
export const MODIFIER = /Mac|iPhone|iPad/.test(navigator.platform) ? '⌘' : 'Ctrl';
