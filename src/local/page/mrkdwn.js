// @ts-check
// Slack's mrkdwn, read into a small tree. Pure and total: any text gives a tree, in time that grows with its length.
// https://docs.slack.dev/messaging/formatting-message-text
import { inline } from './mrkdwn-inline.js';

/**
 * @typedef {import('./mrkdwn-inline.js').Span} Span
 * @typedef {{ readonly is: 'lines', readonly lines: readonly (readonly Span[])[] }
 *   | { readonly is: 'pre', readonly text: string }
 *   | { readonly is: 'quote', readonly of: readonly Paragraph[] }
 *   | { readonly is: 'list', readonly ordered: boolean, readonly start: number, readonly indent: number, readonly items: readonly (readonly Span[])[] }} Paragraph
 */

const FENCE = '```';
const QUOTE = /^(?:&gt;|>)\s?/;
const QUOTE_REST = /^(?:&gt;&gt;&gt;|>>>)\s?/;
const BULLET = /^\s*[•◦▪-]\s+(?=\S)/;
const NUMBER = /^\s*(\d{1,4})\.\s+(?=\S)/;

/** `verbatim`: bare addresses stay text. @param {string} text @param {boolean} [verbatim] @returns {readonly Paragraph[]} */
export function parseMrkdwn(text, verbatim = false) {
  return fenced(text).flatMap((piece, index) =>
    index % 2 === 1 ? [preformatted(piece)] : paragraphs(edges(piece, index), verbatim),
  );
}

/** Odd pieces stand between two fences; a last fence without a partner is text. @param {string} text */
function fenced(text) {
  const pieces = text.split(FENCE);
  if (pieces.length % 2 === 1) return pieces;
  const tail = pieces.splice(-2).join(FENCE);
  return [...pieces, tail];
}

/** The line break next to a fence belongs to the fence. @param {string} piece @param {number} index */
function edges(piece, index) {
  return index === 0 ? piece.replace(/\n$/, '') : piece.replace(/^\n/, '').replace(/\n$/, '');
}

/** @param {string} piece @returns {Paragraph} */
function preformatted(piece) {
  return { is: 'pre', text: unescaped(piece.replace(/^\n/, '').replace(/\n$/, '')) };
}

/** @param {string} text */
function unescaped(text) {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** @param {string} text @param {boolean} verbatim @returns {readonly Paragraph[]} */
function paragraphs(text, verbatim) {
  if (text === '') return [];
  const lines = text.split('\n');
  const rest = lines.findIndex((line) => QUOTE_REST.test(line));
  if (rest < 0) return grouped(lines, verbatim);
  const quoted = [lines[rest]?.replace(QUOTE_REST, '') ?? '', ...lines.slice(rest + 1)];
  return [...grouped(lines.slice(0, rest), verbatim), { is: 'quote', of: grouped(quoted, verbatim) }];
}

/** @param {string} line @returns {'quote' | 'bullets' | 'numbers' | 'lines'} */
function kindOf(line) {
  if (QUOTE.test(line)) return 'quote';
  if (BULLET.test(line)) return 'bullets';
  return NUMBER.test(line) ? 'numbers' : 'lines';
}

/** @param {readonly string[]} lines @param {boolean} verbatim @returns {readonly Paragraph[]} */
function grouped(lines, verbatim) {
  /** @type {{ kind: ReturnType<typeof kindOf>, lines: string[] }[]} */
  const groups = [];
  for (const line of lines) {
    const kind = kindOf(line);
    const last = groups.at(-1);
    if (last?.kind === kind) last.lines.push(line);
    else groups.push({ kind, lines: [line] });
  }
  return groups.map(({ kind, lines: own }) => paragraph(kind, own, verbatim));
}

/** @param {ReturnType<typeof kindOf>} kind @param {readonly string[]} lines @param {boolean} verbatim @returns {Paragraph} */
function paragraph(kind, lines, verbatim) {
  const read = (/** @type {string} */ line) => inline(line, verbatim);
  if (kind === 'lines') return { is: 'lines', lines: lines.map(read) };
  if (kind === 'quote')
    return { is: 'quote', of: [{ is: 'lines', lines: lines.map((l) => read(l.replace(QUOTE, ''))) }] };
  const marker = kind === 'numbers' ? NUMBER : BULLET;
  const start = Number(NUMBER.exec(lines[0] ?? '')?.[1] ?? 1);
  const items = lines.map((line) => read(line.replace(marker, '')));
  return { is: 'list', ordered: kind === 'numbers', start, indent: 0, items };
}
