// @ts-check
// What the database answered, as it is, and what that means for somebody who sees it for the first time.
import { icon } from './icons.js';
import { testId } from './test-ids.js';
import { h } from './vdom.js';

/** @typedef {import('./api.js').QueryReply} QueryReply */

/** By SQLSTATE. https://www.postgresql.org/docs/current/errcodes-appendix.html @type {Readonly<Record<string, string>>} */
const MEANINGS = {
  42501: 'Without a pass that allows it, the database says no. Nobody keeps standing access.',
  '57P01': 'The server ended this session: the pass is over. The next query opens a new session.',
};

/** @param {QueryReply} reply */
export function queryAnswer(reply) {
  return reply.ok ? result(reply) : refusal(reply);
}

/** @param {Extract<QueryReply, { ok: false }>} reply */
function refusal({ message, code }) {
  const meaning = code === undefined ? undefined : MEANINGS[code];
  const words = h(
    'span',
    null,
    h('strong', null, message),
    code && h('span', { class: 'hint' }, `SQLSTATE ${code}${meaning ? `. ${meaning}` : ''}`),
  );
  return h('div', { class: 'query-error', ...testId('query-error') }, icon('warn'), words);
}

/** @param {Extract<QueryReply, { ok: true }>} reply */
function result(reply) {
  const facts = `${reply.command} · ${count(reply)} · ${Math.round(reply.ms)} ms`;
  return h('div', testId('query-result'), reply.columns.length > 0 && grid(reply), h('p', { class: 'hint' }, facts));
}

/** @param {Extract<QueryReply, { ok: true }>} reply */
function count({ rowCount, rows }) {
  const words = rowCount === 1 ? '1 row' : `${rowCount} rows`;
  return rows.length < rowCount && rows.length > 0 ? `${words}, first ${rows.length} shown` : words;
}

/** @param {Extract<QueryReply, { ok: true }>} reply */
function grid({ columns, rows }) {
  const cell = (/** @type {string | null} */ value) =>
    h('td', null, value === null ? h('span', { class: 'null' }, 'null') : value);
  return h(
    'div',
    { class: 'table-scroll', tabindex: '0', role: 'region', 'aria-label': 'Result' },
    h(
      'table',
      null,
      h(
        'thead',
        null,
        h(
          'tr',
          null,
          columns.map((name) => h('th', { scope: 'col' }, name)),
        ),
      ),
      h(
        'tbody',
        null,
        rows.map((row) => h('tr', null, row.map(cell))),
      ),
    ),
  );
}
