// @ts-check
// The navigation: who one is, channels with what is new, the bot, the target, and the page's own settings.
import { iconButton } from './icon-button.js';
import { icon } from './icons.js';
import { navLinks } from './nav-links.js';
import { passMark } from './people.js';
import { change, state } from './state.js';
import { testId } from './test-ids.js';
import { nextTheme, themeNow } from './theme.js';
import { h } from './vdom.js';
import { personSwitcher } from './view-people.js';
import { MODIFIER } from './window.js';

/** @typedef {import('./state.js').Snapshot} Snapshot */

/** @param {Snapshot} snapshot */
export function sidebar(snapshot) {
  return h(
    'nav',
    { class: `sidebar${state.drawer ? ' is-open' : ''}`, 'aria-label': 'Workspace', id: 'sidebar', key: 'sidebar' },
    h(
      'div',
      { class: 'brand' },
      h('span', { class: 'brand-mark' }, passMark()),
      h(
        'span',
        { class: 'brand-text' },
        h('strong', null, 'Hallpass'),
        h('span', null, `${snapshot.team.name} · local workspace`),
      ),
      closeDrawer(),
    ),
    personSwitcher(snapshot),
    h('div', { class: 'sidebar-scroll' }, navLinks(snapshot)),
    foot(),
  );
}

function closeDrawer() {
  return iconButton('close', 'Close navigation', () => change({ drawer: false }), { class: 'drawer-close' });
}

const THEME_ICONS = /** @type {const} */ ({ auto: 'auto', light: 'sun', dark: 'moon' });

function foot() {
  const theme = themeNow();
  const label = `Colours: ${theme === 'auto' ? 'as the system' : theme}. Change`;
  return h(
    'div',
    { class: 'sidebar-foot' },
    iconButton(THEME_ICONS[theme], label, nextTheme, testId('theme-toggle')),
    iconButton('help', 'Keyboard shortcuts', () => change({ help: true }), testId('help-open')),
    iconButton('search', 'Jump to a person or place', () => change({ jump: '', menuActive: 0 }), {
      title: `Jump to… (${MODIFIER} K)`,
    }),
    !state.guide && guideButton(),
  );
}

function guideButton() {
  const show = () => change({ guide: true, drawer: false });
  return h(
    'button',
    { type: 'button', class: 'foot-button', onclick: show, ...testId('guide-show') },
    icon('guide'),
    'Show the guide',
  );
}
