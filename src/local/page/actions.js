// @ts-check
// What a gesture does: asks the workspace, shows that it is on its way, tells when it failed. Draws nothing.
import { act, RefusedError } from './api.js';
import { failureOf, refusalOf } from './failure-words.js';
import { refresh } from './refresh.js';
import { change, having, holding, state } from './state.js';

/**
 * @typedef {import('./api.js').ActOutcome} ActOutcome
 * @typedef {import('../slack/control-api.ts').ControlRoutes} ControlRoutes
 * @typedef {import('../slack/control-api.ts').Answer} Answer
 * @typedef {import('./state.js').MessageShown} MessageShown
 */

const TOASTS_SHOWN = 3;
let lastToast = 0;

/** @param {{ readonly title: string, readonly text: string }} words */
export function toast(words) {
  lastToast += 1;
  const others = state.toasts.filter(({ text }) => text !== words.text);
  change({ toasts: [...others, { id: lastToast, ...words }].slice(-TOASTS_SHOWN) });
}

/** @param {number} id */
export function dismissToast(id) {
  change({ toasts: state.toasts.filter((one) => one.id !== id) });
}

/** Who acts; every gesture needs somebody. @returns {string} */
function me() {
  if (state.me === undefined) throw new RefusedError('nobody', 'Choose a person first.');
  return state.me;
}

/**
 * One request with everything around it. A success clears older failures: they are no longer news.
 * @template {keyof ControlRoutes & `POST ${string}`} Route
 * @param {string} key what is busy meanwhile @param {Route} route @param {() => ControlRoutes[Route]['body']} body
 * @returns {Promise<ControlRoutes[Route]['reply'] | undefined>}
 */
async function ask(key, route, body) {
  if (state.busy.has(key)) return undefined;
  change({ busy: holding(state.busy, key, true) });
  try {
    return await act(route, body());
  } catch (error) {
    complain(refusalOf(error));
    return undefined;
  } finally {
    await refresh();
    change({ busy: holding(state.busy, key, false) });
  }
}

/** In front of an open form when there is one: the page behind it cannot be read. @param {{ readonly title: string, readonly text: string }} words */
function complain(words) {
  const view = state.snapshot?.views.at(-1);
  if (view) change({ failures: having(state.failures, view.id, `${words.title}. ${words.text}`) });
  else toast(words);
}

/** @param {ActOutcome | undefined} outcome @returns {ActOutcome | undefined} */
function told(outcome) {
  const failure = outcome ? failureOf(outcome) : undefined;
  if (failure) complain(failure);
  else if (outcome && state.toasts.length > 0) change({ toasts: [] });
  return outcome;
}

/** @param {string} channel @param {string} line `/jit prod-db 2h` @returns {Promise<boolean>} it was taken */
export async function slash(channel, line) {
  const [command = '', ...rest] = line.trim().split(' ');
  const body = () => ({ as: me(), channel, command, text: rest.join(' ').trim() });
  return told(await ask(`slash ${channel}`, 'POST /local/slash', body))?.acked ?? false;
}

/** @param {string} channel @param {string} text @param {string} [thread] @returns {Promise<boolean>} it was said */
export async function say(channel, text, thread) {
  const body = () => ({ as: me(), channel, text, ...(thread === undefined ? {} : { thread }) });
  return (await ask(`say ${channel} ${thread ?? ''}`, 'POST /local/say', body)) !== undefined;
}

/**
 * @param {string} key @param {string} channel @param {string} ts
 * @param {{ readonly actionId: string, readonly blockId: string, readonly value?: Answer }} pressed
 */
export async function pressInMessage(key, channel, ts, pressed) {
  told(await ask(key, 'POST /local/click', () => ({ as: me(), channel, ts, ...pressed })));
}

/** @param {string} key @param {{ readonly actionId: string, readonly blockId: string, readonly value?: Answer }} pressed */
export async function pressInHome(key, pressed) {
  told(await ask(key, 'POST /local/home/click', () => ({ as: me(), ...pressed })));
}

/** @param {string} callbackId @param {string} channel @param {string} ts */
export async function shortcut(callbackId, channel, ts) {
  told(await ask(`shortcut ${ts}`, 'POST /local/shortcut', () => ({ as: me(), callbackId, channel, ts })));
}

/** @param {'home' | 'messages'} tab */
export async function openHome(tab) {
  told(await ask(`home ${tab}`, 'POST /local/home/open', () => ({ as: me(), tab })));
}

/**
 * @param {string} key
 * @param {{ readonly actionId: string, readonly blockId: string, readonly value?: Answer, readonly values: Readonly<Record<string, Answer>> }} pressed
 */
export async function pressInView(key, pressed) {
  told(await ask(key, 'POST /local/view/click', () => ({ as: me(), ...pressed })));
}

/** @param {string} view @param {Readonly<Record<string, Answer>>} values @returns {Promise<ActOutcome | undefined>} */
export async function submitView(view, values) {
  change({ failures: having(state.failures, view, undefined) });
  const outcome = await ask(`submit ${view}`, 'POST /local/view/submit', () => ({ as: me(), values }));
  const failure = outcome && !outcome.fieldErrors ? failureOf(outcome) : undefined;
  if (failure) complain(failure);
  return outcome;
}

/** @param {boolean} all the whole stack */
export async function closeView(all) {
  told(await ask('close', 'POST /local/view/close', () => ({ as: me(), ...(all ? { all } : {}) })));
}

/** @param {{ readonly actionId: string, readonly blockId: string, readonly value: string, readonly channel?: string, readonly ts?: string }} typed */
export function suggest(typed) {
  return act('POST /local/suggest', { as: me(), ...typed });
}
