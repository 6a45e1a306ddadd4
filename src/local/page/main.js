// @ts-check
// Starts the page: the address says who and where, the workspace says what, and every change draws again.
import { listen } from './api.js';
import { refloat } from './floating.js';
import { focusSoon } from './focus.js';
import { globalKeys } from './keyboard.js';
import { recall } from './memory.js';
import { arrive, followAddress } from './navigate.js';
import { readAddress } from './places.js';
import { refresh, refreshTarget } from './refresh.js';
import { keepScroll, noteScroll } from './scrolling.js';
import { markSeen } from './seen.js';
import { change, onChange, state } from './state.js';
import { draw } from './vdom.js';
import { shell } from './view-shell.js';

const TARGET_EVERY_MS = 2_000;
const RELATIVE_EVERY_MS = 20_000;
const SECOND_MS = 1_000;

const root = document.getElementById('app');
if (!root) throw new Error('the page has no place to draw in');

onChange(() => {
  noteScroll();
  draw(root, shell());
  keepScroll();
  markSeen();
  title();
});

function title() {
  const { snapshot, place } = state;
  if (!snapshot) return;
  const channel = place?.view === 'channel' ? snapshot.channels.find(({ id }) => id === place.channel) : undefined;
  const where = channel ? `#${channel.name}` : place?.view === 'target' ? 'Target' : snapshot.app.name;
  document.title = `${where} · ${snapshot.me.realName} · Hallpass`;
}

const { me, place, thread } = readAddress(location.hash);
change({ me, place, thread, guide: recall('guide', true) });

listen(
  (version) => {
    if (version !== state.snapshot?.version || !state.online) void refresh();
    if (state.trouble !== undefined) void refresh();
    void refreshTarget();
  },
  (online) => {
    if (online !== state.online) change({ online });
    if (online) void refresh();
  },
);
void refresh().then(() => {
  if (document.activeElement === document.body) focusSoon('composer');
  arrive(state.place);
  void refreshTarget();
});

addEventListener('popstate', () => void followAddress());
addEventListener('keydown', globalKeys);
addEventListener('resize', refloat);
document.addEventListener('scroll', refloat, true);
document.addEventListener('visibilitychange', () => change({}));
document.addEventListener('pointerdown', (event) => {
  const inside = event.target instanceof Element && event.target.closest('.menu-wrap.is-open');
  if (state.menu !== undefined && !inside) change({ menu: undefined });
});

/** Only while somebody looks: a hidden tab asks nothing. @param {() => void} run */
function whileVisible(run) {
  return () => {
    if (document.visibilityState === 'visible') run();
  };
}

setInterval(
  whileVisible(() => void refreshTarget()),
  TARGET_EVERY_MS,
);
setInterval(
  whileVisible(() => change({})),
  RELATIVE_EVERY_MS,
);
setInterval(
  whileVisible(() => {
    const counting =
      state.target?.available === true &&
      state.target.roles.some(({ holders }) => holders.some(({ endsAt }) => endsAt));
    if (counting) change({});
  }),
  SECOND_MS,
);
