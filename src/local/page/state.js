// @ts-check
// Everything the page knows between two drawings, in one place. Changing it draws the page again, once, soon.

/**
 * @typedef {import('./api.js').Snapshot} Snapshot
 * @typedef {import('./api.js').TargetReply} TargetReply
 * @typedef {import('./api.js').QueryReply} QueryReply
 * @typedef {import('../slack/control-api.ts').Answer} Answer
 * @typedef {import('../slack/control-api.ts').PersonShown} PersonShown
 * @typedef {import('../slack/control-api.ts').ConversationShown} ConversationShown
 * @typedef {import('../slack/control-api.ts').MessageShown} MessageShown
 * @typedef {import('../slack/control-api.ts').BlockShown} BlockShown
 * @typedef {import('../slack/control-api.ts').OptionShown} OptionShown
 * @typedef {import('../slack/control-api.ts').OpenView} OpenView
 * @typedef {import('../slack/control-api.ts').TextObject} TextObject
 * @typedef {{ readonly view: 'channel', readonly channel: string } | { readonly view: 'home' | 'messages' | 'target' }} Place
 * @typedef {{ readonly channel: string, readonly ts: string }} Thread
 * @typedef {{ readonly id: number, readonly title: string, readonly text: string }} Toast
 * @typedef {{ readonly title?: TextObject, readonly text?: TextObject, readonly confirm?: TextObject, readonly deny?: TextObject, readonly style?: string }} Confirmation
 * @typedef {{ readonly words: Confirmation, readonly go: () => void }} Question
 * @typedef {{ readonly query: string, readonly options: readonly OptionShown[], readonly loading: boolean, readonly active: number, readonly failure?: string }} Picker
 * @typedef {{ readonly sql: string, readonly reply?: QueryReply, readonly running: boolean }} Query
 */

/**
 * @typedef {object} State
 * @property {string | undefined} me the acting person
 * @property {Snapshot | undefined} snapshot
 * @property {boolean} online the workspace can be heard
 * @property {string | undefined} trouble why there is no snapshot yet
 * @property {Place | undefined} place
 * @property {Thread | undefined} thread
 * @property {string | undefined} menu the one open popup
 * @property {number} menuActive the highlighted item of a menu driven from a text field
 * @property {boolean} drawer the navigation of narrow screens
 * @property {boolean} help
 * @property {string | undefined} jump what was typed into "Jump to", undefined when closed
 * @property {Question | undefined} question
 * @property {readonly Toast[]} toasts
 * @property {string} said what screen readers are told
 * @property {ReadonlyMap<string, string>} drafts unsent text by `person conversation thread`
 * @property {ReadonlyMap<string, Answer>} answers what was put into fields, by `place block action`
 * @property {ReadonlyMap<string, string>} wanting field errors found before sending, by block id
 * @property {ReadonlyMap<string, string>} failures what went wrong with a view, by view id
 * @property {ReadonlyMap<string, Picker>} pickers open search menus
 * @property {ReadonlySet<string>} busy what waits for an answer
 * @property {ReadonlyMap<string, string>} marks where "new" began when the conversation was opened
 * @property {TargetReply | undefined} target
 * @property {ReadonlyMap<string, Query>} queries by person
 * @property {readonly string[]} milestones steps of the guide that were reached
 * @property {boolean} guide the guide is shown
 * @property {boolean | undefined} steps all its steps are shown; undefined: at the very beginning, where there is room
 */

/** @type {State} */
export const state = {
  me: undefined,
  snapshot: undefined,
  online: true,
  trouble: undefined,
  place: undefined,
  thread: undefined,
  menu: undefined,
  menuActive: 0,
  drawer: false,
  help: false,
  jump: undefined,
  question: undefined,
  toasts: [],
  said: '',
  drafts: new Map(),
  answers: new Map(),
  wanting: new Map(),
  failures: new Map(),
  pickers: new Map(),
  busy: new Set(),
  marks: new Map(),
  target: undefined,
  queries: new Map(),
  milestones: [],
  guide: true,
  steps: undefined,
};

/** @type {(() => void) | undefined} */
let redraw;
let waiting = false;

/** @param {() => void} listener */
export function onChange(listener) {
  redraw = listener;
}

/** @param {Partial<State>} patch */
export function change(patch) {
  Object.assign(state, patch);
  if (waiting) return;
  waiting = true;
  queueMicrotask(() => {
    waiting = false;
    redraw?.();
  });
}

/**
 * A copy with one entry more, or less when the value is undefined.
 * @template V @param {ReadonlyMap<string, V>} map @param {string} key @param {V | undefined} value @returns {ReadonlyMap<string, V>}
 */
export function having(map, key, value) {
  const copy = new Map(map);
  if (value === undefined) copy.delete(key);
  else copy.set(key, value);
  return copy;
}

/** @param {ReadonlySet<string>} set @param {string} key @param {boolean} present @returns {ReadonlySet<string>} */
export function holding(set, key, present) {
  const copy = new Set(set);
  if (present) copy.add(key);
  else copy.delete(key);
  return copy;
}
