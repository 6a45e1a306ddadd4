// @ts-check
// Where blocks stand (a message, App Home, a form) and what their controls do there.
// Blocks are drawn the same everywhere; only this file knows which route a press takes.
import { pressInHome, pressInMessage, pressInView, suggest } from './actions.js';
import { chosen } from './choices.js';
import { change, having, state } from './state.js';

/**
 * @typedef {import('./state.js').Snapshot} Snapshot
 * @typedef {import('./state.js').BlockShown} BlockShown
 * @typedef {import('./state.js').Answer} Answer
 * @typedef {import('./state.js').OpenView} OpenView
 * @typedef {import('./controls.js').Element_} Element_
 * @typedef {import('../slack/control-api.ts').ActOutcome} ActOutcome
 * @typedef {import('../slack/control-api.ts').ElementState} ElementState
 */

/**
 * @typedef {object} Surface
 * @property {Snapshot} snapshot
 * @property {(block: BlockShown, element: Element_) => string} idOf a document-wide id of the control
 * @property {(block: BlockShown, element: Element_) => Answer | undefined} held what was put in and is not sent yet
 * @property {(block: BlockShown, element: Element_) => ElementState | undefined} stored what the workspace holds
 * @property {(block: BlockShown, element: Element_, answer: Answer) => void} put a choice was made, or text was typed
 * @property {(block: BlockShown, element: Element_, value?: Answer) => void} press
 * @property {(block: BlockShown, element: Element_, typed: string) => Promise<ActOutcome>} suggest
 * @property {(block: BlockShown, element: Element_) => boolean} isBusy
 * @property {(blockId: string) => string | undefined} error
 */

const ONE_OF_MANY = new Set(['static_select', 'radio_buttons']);
/** Typing is told when it is over, choosing at once. */
const TYPED = new Set(['plain_text_input', 'email_text_input', 'url_text_input', 'number_input']);

/** @param {Snapshot} snapshot @param {string} channel @param {string} ts @returns {Surface} */
export function messageSurface(snapshot, channel, ts) {
  const scope = `message ${channel} ${ts}`;
  const send = (/** @type {string} */ key, /** @type {Pressed} */ pressed) => pressInMessage(key, channel, ts, pressed);
  return {
    ...surface(snapshot, scope, send),
    suggest: (block, element, value) => suggest({ ...named(block, element), value, channel, ts }),
  };
}

/** @param {Snapshot} snapshot @returns {Surface} */
export function homeSurface(snapshot) {
  return surface(snapshot, `home ${snapshot.me.id}`, pressInHome);
}

/** @typedef {{ readonly actionId: string, readonly blockId: string, readonly value?: Answer }} Pressed */

/**
 * @param {Snapshot} snapshot @param {string} scope @param {(key: string, pressed: Pressed) => Promise<void>} send
 * @returns {Surface}
 */
function surface(snapshot, scope, send) {
  const keyOf = (/** @type {BlockShown} */ block, /** @type {Element_} */ element) =>
    `${scope} ${block.block_id} ${element.action_id}`;
  const press = (
    /** @type {BlockShown} */ block,
    /** @type {Element_} */ element,
    /** @type {Answer | undefined} */ value,
  ) => void send(keyOf(block, element), { ...named(block, element), ...(value === undefined ? {} : { value }) });
  return {
    snapshot,
    idOf: (block, element) => domId(keyOf(block, element)),
    held: (block, element) => state.answers.get(keyOf(block, element)),
    stored: () => undefined,
    put: (block, element, answer) => {
      keep(keyOf(block, element), answer);
      if (!TYPED.has(element.type)) press(block, element, answer);
    },
    press,
    suggest: (block, element, value) => suggest({ ...named(block, element), value }),
    isBusy: (block, element) => state.busy.has(keyOf(block, element)),
    error: () => undefined,
  };
}

/** @param {Snapshot} snapshot @param {OpenView} view @returns {Surface} */
export function viewSurface(snapshot, view) {
  const scope = `view ${view.id}`;
  const send = (/** @type {string} */ key, /** @type {Pressed} */ pressed) =>
    pressInView(key, { ...pressed, values: answersOf(view) });
  const base = surface(snapshot, scope, send);
  return {
    ...base,
    stored: (block, element) => storedIn(view, block, element),
    put: (block, element, answer) => {
      keep(`${scope} ${block.block_id} ${element.action_id}`, answer);
      if (state.wanting.has(block.block_id)) change({ wanting: having(state.wanting, block.block_id, undefined) });
      const tells = block.type !== 'input' || block.dispatch_action === true;
      if (tells && !TYPED.has(element.type)) base.press(block, element, answer);
    },
    error: (blockId) => state.wanting.get(blockId) ?? view.errors[blockId],
  };
}

/**
 * What the fields of the view hold. Fields that nobody touched are left to the workspace, but for choices: what is
 * shown there is what is sent, also when the bot drew other choices over an earlier answer.
 * @param {OpenView} view @returns {Readonly<Record<string, Answer>>}
 */
export function answersOf(view) {
  const entries = view.blocks.flatMap((block) => {
    const element = /** @type {Element_ | undefined} */ (block.type === 'input' ? block.element : undefined);
    const answer = element && answerIn(view, block, element);
    return answer === undefined ? [] : [/** @type {const} */ ([block.block_id, answer])];
  });
  return Object.fromEntries(entries);
}

/** @param {OpenView} view @param {BlockShown} block @param {Element_} element @returns {Answer | undefined} */
function answerIn(view, block, element) {
  const held = state.answers.get(`view ${view.id} ${block.block_id} ${element.action_id}`);
  if (!ONE_OF_MANY.has(element.type)) return held;
  return chosen(block, element, { held: () => held, stored: () => storedIn(view, block, element) }) || null;
}

/** @param {OpenView} view @param {BlockShown} block @param {Element_} element */
function storedIn(view, block, element) {
  return view.values[block.block_id]?.[element.action_id];
}

/** @param {string} key @param {Answer} answer */
function keep(key, answer) {
  change({ answers: having(state.answers, key, answer) });
}

/** @param {BlockShown} block @param {Element_} element */
function named(block, element) {
  return { actionId: element.action_id, blockId: block.block_id };
}

/** Ids of blocks and actions are a bot's words; a document id must not contain blanks. @param {string} key */
function domId(key) {
  return `f-${key.replace(/[^A-Za-z0-9_-]/g, (char) => `.${char.codePointAt(0)?.toString(16)}`)}`;
}
