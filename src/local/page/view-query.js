// @ts-check
// A query as the acting person: what access means, tried out. What the database answers is shown as it is.
import { runQuery } from './api.js';
import { iconButton } from './icon-button.js';
import { icon } from './icons.js';
import { queryAnswer } from './query-answer.js';
import { refreshTarget } from './refresh.js';
import { change, having, state } from './state.js';
import { testId } from './test-ids.js';
import { h } from './vdom.js';

/** @typedef {import('./state.js').Snapshot} Snapshot @typedef {import('./state.js').Query} Query @typedef {import('./state.js').QueryReply} QueryReply */

const PRESETS = [
  'select * from customers limit 5',
  'set role shop_readonly',
  'select * from orders where id = 1017',
  "update orders set note = 'seen' where id = 1017",
];
/** @type {Query} */
const FIRST = { sql: PRESETS[0] ?? '', running: false };

/** @param {Snapshot} snapshot @param {string | undefined} psql */
export function queryPanel(snapshot, psql) {
  const query = state.queries.get(snapshot.me.id) ?? FIRST;
  return h(
    'section',
    { class: 'panel query', 'aria-labelledby': 'query-title', key: `query ${snapshot.me.id}` },
    h('h2', { id: 'query-title' }, `Try it as ${snapshot.me.realName}`),
    h(
      'div',
      { class: 'presets' },
      PRESETS.map((sql, index) => preset(snapshot, sql, index)),
    ),
    form(snapshot, query),
    h('div', { class: 'answer', 'aria-live': 'polite' }, query.reply && queryAnswer(query.reply)),
    psql && terminal(psql),
  );
}

/** @param {Snapshot} snapshot @param {string} sql @param {number} index */
function preset(snapshot, sql, index) {
  return h(
    'button',
    {
      ...testId('query-preset', String(index)),
      key: sql,
      type: 'button',
      class: 'preset',
      onclick: () => void run(snapshot.me.id, sql),
    },
    icon('play'),
    h('code', null, sql),
  );
}

/** @param {Snapshot} snapshot @param {Query} query */
function form(snapshot, { sql, running }) {
  const { id } = snapshot.me;
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    void run(id, state.queries.get(id)?.sql ?? FIRST.sql);
  };
  const keys = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey || !event.shiftKey)) submit(event);
  };
  const typed = (/** @type {Event & { target: HTMLTextAreaElement }} */ event) =>
    change({ queries: having(state.queries, id, { ...(state.queries.get(id) ?? FIRST), sql: event.target.value }) });
  return h(
    'form',
    { class: 'query-form', onsubmit: submit },
    h('textarea', {
      ...testId('query-box'),
      'aria-label': 'SQL',
      rows: '3',
      spellcheck: 'false',
      autocapitalize: 'off',
      value: sql,
      oninput: typed,
      onkeydown: keys,
    }),
    h(
      'button',
      {
        ...testId('query-run'),
        type: 'submit',
        class: `button button-primary${running ? ' is-busy' : ''}`,
        'aria-busy': running ? 'true' : undefined,
      },
      'Run',
    ),
  );
}

/** @param {string} person @param {string} sql */
async function run(person, sql) {
  if (state.queries.get(person)?.running || sql.trim() === '') return;
  change({ queries: having(state.queries, person, { sql, running: true }) });
  const reply = await runQuery(person, sql).catch(
    (error) => /** @type {QueryReply} */ ({ ok: false, message: String(error.message), ms: 0 }),
  );
  const now = state.queries.get(person)?.sql ?? sql;
  change({ queries: having(state.queries, person, { sql: now, running: false, reply }) });
  await refreshTarget();
}

/** @param {string} command */
function terminal(command) {
  const copy = async () => {
    await navigator.clipboard.writeText(command).catch(() => undefined);
    change({ said: 'Copied' });
  };
  return h(
    'div',
    { class: 'terminal' },
    h('h3', null, 'Or from a terminal'),
    h(
      'div',
      { class: 'terminal-line' },
      h('code', { tabindex: '0', ...testId('psql-command') }, command),
      iconButton('copy', 'Copy', () => void copy()),
    ),
  );
}
