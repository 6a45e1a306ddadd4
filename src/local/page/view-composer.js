// @ts-check
// The message box. A first `/` means a command, as in Slack; anything else is said to everybody.
import { say, slash } from './actions.js';
import { commandMenu, composerHint, isCommand, matching, QUIET, takesCommands } from './command-menu.js';
import { focusSoon } from './focus.js';
import { icon } from './icons.js';
import { change, having, state } from './state.js';
import { testId } from './test-ids.js';
import { h } from './vdom.js';
import { isNarrow } from './window.js';

/**
 * @typedef {import('./state.js').Snapshot} Snapshot
 * @typedef {import('./state.js').ConversationShown} ConversationShown
 * @typedef {{ readonly snapshot: Snapshot, readonly place: ConversationShown, readonly thread?: string }} Setting
 * @typedef {Snapshot['app']['commands'][number]} Command
 */

const MOST_LINES = 8;

/** @param {Setting} setting */
function keyOf({ snapshot, place, thread }) {
  return `${snapshot.me.id} ${place.id} ${thread ?? ''}`;
}

/** @param {Setting} setting */
export function composer(setting) {
  const { snapshot, place, thread } = setting;
  const closed = whyClosed(place, snapshot);
  if (closed) return h('div', { class: 'composer-closed', key: 'closed', role: 'note' }, icon('lock'), closed);
  const key = keyOf(setting);
  const draft = state.drafts.get(key) ?? '';
  const commands = matching(snapshot, thread, draft);
  const busy = state.busy.has(`slash ${place.id}`);
  const name = thread === undefined ? 'composer' : 'thread-composer';
  return h(
    'form',
    { class: 'composer', key: `composer ${key}`, onsubmit: (/** @type {Event} */ event) => submitted(event, setting) },
    commands.length > 0 && commandMenu(commands, (command) => complete(setting, command)),
    h(
      'div',
      { class: `composer-box${busy ? ' is-busy' : ''}` },
      box(setting, draft, name, commands),
      sendButton(name, draft, busy),
    ),
    composerHint(snapshot, thread, draft, commands),
  );
}

/** @param {ConversationShown} place @param {Snapshot} snapshot @returns {string | undefined} */
function whyClosed(place, snapshot) {
  if (snapshot.me.deleted) return `${snapshot.me.realName} is deactivated and cannot write.`;
  if (place.isArchived) return 'This channel is archived.';
  if (place.kind === 'channel' && !place.isMember) return `You are not a member of #${place.name}. You can read along.`;
  return undefined;
}

/** @param {Setting} setting @param {string} draft @param {string} name @param {readonly Command[]} commands */
function box(setting, draft, name, commands) {
  const { place, snapshot, thread } = setting;
  const to = place.kind === 'direct' ? snapshot.app.name : `#${place.name}`;
  const label = thread === undefined ? `Message ${to}` : 'Reply in this thread';
  const menuOpen = commands.length > 0;
  return h('textarea', {
    ...testId(name),
    'data-focus': thread === undefined ? 'composer' : 'thread',
    key: 'box',
    rows: String(Math.min(MOST_LINES, draft.split('\n').length)),
    value: draft,
    placeholder: takesCommands(snapshot, thread) && !isNarrow() ? `${label}, or type / for commands` : label,
    'aria-label': label,
    'aria-autocomplete': 'list',
    'aria-controls': menuOpen ? 'slash-menu' : undefined,
    'aria-activedescendant': menuOpen ? `slash-${state.menuActive}` : undefined,
    autocomplete: 'off',
    enterkeyhint: 'send',
    oninput: (/** @type {Event & { target: HTMLTextAreaElement }} */ event) => keep(setting, event.target.value),
    onkeydown: (/** @type {KeyboardEvent} */ event) => keys(event, setting, commands),
  });
}

/** @param {string} name @param {string} draft @param {boolean} busy */
function sendButton(name, draft, busy) {
  const empty = draft.trim() === '';
  return h(
    'button',
    {
      ...testId(`${name}-send`),
      type: 'submit',
      class: 'icon-button send',
      'aria-label': 'Send',
      disabled: empty || busy,
    },
    busy ? h('span', { class: 'spinner' }) : icon('send'),
  );
}

/** @param {Setting} setting @param {string} text */
function keep(setting, text) {
  change({ drafts: having(state.drafts, keyOf(setting), text), menuActive: 0, menu: undefined });
}

/** @param {KeyboardEvent} event @param {Setting} setting @param {readonly Command[]} commands */
function keys(event, setting, commands) {
  if (event.isComposing) return;
  const command = commands[state.menuActive % Math.max(1, commands.length)];
  const draft = state.drafts.get(keyOf(setting)) ?? '';
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? commands.length - 1 : 0;
  if (command && step > 0)
    return taken(event, () => change({ menuActive: (state.menuActive + step) % commands.length }));
  if (command && (event.key === 'Tab' || event.key === 'Enter') && !event.shiftKey)
    return taken(event, () => complete(setting, command));
  if (command && event.key === 'Escape') return taken(event, () => change({ menu: QUIET }));
  if (event.key === 'Enter' && !event.shiftKey) return taken(event, () => void send(setting));
  if (event.key === 'ArrowUp' && draft === '') return taken(event, () => lastRow(event));
}

/** @param {KeyboardEvent} event @param {() => void} run */
function taken(event, run) {
  event.preventDefault();
  event.stopPropagation();
  run();
}

/** From an empty message box one walks up into the messages. @param {KeyboardEvent} event */
function lastRow(event) {
  const column = event.target instanceof Element ? event.target.closest('.column') : null;
  const row = [...(column?.querySelectorAll('[data-row]') ?? [])].at(-1);
  if (row instanceof HTMLElement) row.focus();
}

/** @param {Setting} setting @param {Command} command */
function complete(setting, { command }) {
  keep(setting, `${command} `);
  focusSoon('composer');
}

/** @param {Event} event @param {Setting} setting */
function submitted(event, setting) {
  event.preventDefault();
  void send(setting);
}

/** The box empties at once; what could not be sent comes back, unless something new stands there. @param {Setting} setting */
async function send(setting) {
  const { place, thread } = setting;
  const key = keyOf(setting);
  const draft = state.drafts.get(key) ?? '';
  if (draft.trim() === '' || (thread !== undefined && isCommand(draft))) return;
  keep(setting, '');
  const sent = isCommand(draft) ? await slash(place.id, draft) : await say(place.id, draft.trim(), thread);
  if (!sent && (state.drafts.get(key) ?? '') === '') keep(setting, draft);
}
