// @ts-check
// Light, dark, or as the system says. `theme-early.js` sets the stored one before anything is painted.
import { recall, remember } from './memory.js';
import { change } from './state.js';

const THEMES = /** @type {const} */ (['auto', 'light', 'dark']);

/** @returns {typeof THEMES[number]} */
export function themeNow() {
  const stored = recall('theme', 'auto');
  return THEMES.find((theme) => theme === stored) ?? 'auto';
}

export function nextTheme() {
  const next = THEMES[(THEMES.indexOf(themeNow()) + 1) % THEMES.length] ?? 'auto';
  remember('theme', next);
  document.documentElement.dataset.theme = next;
  change({});
}
