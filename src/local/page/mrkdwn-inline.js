// @ts-check
// One line of mrkdwn: bold, italic, strike, code, links, mentions, dates, emoji. Pure.
import { EMOJI } from './emoji.js';

/**
 * @typedef {{ readonly is: 'text', readonly text: string }
 *   | { readonly is: 'bold' | 'italic' | 'strike', readonly of: readonly Span[] }
 *   | { readonly is: 'code', readonly text: string }
 *   | { readonly is: 'link', readonly url: string, readonly of: readonly Span[] }
 *   | { readonly is: 'user' | 'channel' | 'group', readonly id: string, readonly name?: string }
 *   | { readonly is: 'broadcast', readonly name: string }
 *   | { readonly is: 'date', readonly seconds: number, readonly template: string, readonly fallback: string, readonly url?: string }
 *   | { readonly is: 'emoji', readonly char: string, readonly name: string }} Span
 */

const STYLES = /** @type {Readonly<Record<string, 'bold' | 'italic' | 'strike'>>} */ ({
  '*': 'bold',
  _: 'italic',
  '~': 'strike',
});
const WORD = /[\p{L}\p{N}]/u;
const EMOJI_NAME = /:([a-z0-9_+-]{1,40}):/y;
const BARE_URL = /https?:\/\/[^\s<>|]+[^\s<>|.,;:!?'")\]]/y;
const DEEPEST = 5;

/** `verbatim`: bare addresses stay text. @param {string} line @param {boolean} verbatim @returns {readonly Span[]} */
export function inline(line, verbatim) {
  return spans(line, 0, verbatim);
}

/** @param {string} line @param {number} depth @param {boolean} verbatim @returns {readonly Span[]} */
function spans(line, depth, verbatim) {
  /** @type {Span[]} */
  const out = [];
  /** A delimiter that found no partner finds none further right either: this keeps reading linear. @type {Set<string>} */
  const alone = new Set(verbatim ? ['h'] : []);
  let plain = '';
  let at = 0;
  while (at < line.length) {
    const found = special(line, at, depth, alone);
    if (found) {
      if (plain !== '') out.push(text(plain));
      plain = '';
      out.push(found.span);
      at = found.next;
    } else {
      plain += line[at];
      at += 1;
    }
  }
  return plain === '' ? out : [...out, text(plain)];
}

/** @param {string} raw @returns {Span} */
function text(raw) {
  return { is: 'text', text: raw.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&') };
}

/**
 * @param {string} line @param {number} at @param {number} depth @param {Set<string>} alone
 * @returns {{ readonly span: Span, readonly next: number } | undefined}
 */
function special(line, at, depth, alone) {
  const char = line[at] ?? '';
  if (char === '`') return code(line, at, alone);
  if (char === '<') return markup(line, at, alone);
  if (char === ':') return emoji(line, at);
  if (char === 'h') return alone.has(char) ? undefined : bareUrl(line, at);
  return char in STYLES && depth < DEEPEST ? styled(line, at, depth, alone) : undefined;
}

/** @param {string} line @param {number} at @param {Set<string>} alone */
function code(line, at, alone) {
  const end = alone.has('`') ? -1 : line.indexOf('`', at + 1);
  if (end < 0) alone.add('`');
  if (end < at + 2) return undefined;
  const inside = line.slice(at + 1, end);
  return { span: /** @type {Span} */ ({ is: 'code', text: plainOf(text(inside)) }), next: end + 1 };
}

/** @param {Span} span */
function plainOf(span) {
  return span.is === 'text' ? span.text : '';
}

/** @param {string} line @param {number} at @param {number} depth @param {Set<string>} alone */
function styled(line, at, depth, alone) {
  const char = line[at] ?? '';
  if (alone.has(char) || !opens(line, at)) return undefined;
  let end = line.indexOf(char, at + 2);
  while (end > 0 && !closes(line, end)) end = line.indexOf(char, end + 1);
  if (end < 0) {
    alone.add(char);
    return undefined;
  }
  const of = spans(line.slice(at + 1, end), depth + 1, alone.has('h'));
  return { span: /** @type {Span} */ ({ is: STYLES[char] ?? 'bold', of }), next: end + 1 };
}

/** `a*b` opens nothing, `* b` opens nothing. @param {string} line @param {number} at */
function opens(line, at) {
  const [before, after] = [line[at - 1] ?? ' ', line[at + 1] ?? ' '];
  return !WORD.test(before) && !/\s/.test(after) && after !== line[at];
}

/** @param {string} line @param {number} at */
function closes(line, at) {
  const [before, after] = [line[at - 1] ?? ' ', line[at + 1] ?? ' '];
  return !/\s/.test(before) && !WORD.test(after);
}

/** @param {string} line @param {number} at */
function emoji(line, at) {
  EMOJI_NAME.lastIndex = at;
  const name = EMOJI_NAME.exec(line)?.[1] ?? '';
  const char = Object.hasOwn(EMOJI, name) ? EMOJI[name] : undefined;
  return char ? { span: /** @type {Span} */ ({ is: 'emoji', char, name }), next: at + name.length + 2 } : undefined;
}

/** @param {string} line @param {number} at */
function bareUrl(line, at) {
  if (WORD.test(line[at - 1] ?? ' ')) return undefined;
  BARE_URL.lastIndex = at;
  const raw = BARE_URL.exec(line)?.[0];
  if (!raw) return undefined;
  const label = text(raw);
  return { span: /** @type {Span} */ ({ is: 'link', url: plainOf(label), of: [label] }), next: at + raw.length };
}

/** @param {string} line @param {number} at @param {Set<string>} alone */
function markup(line, at, alone) {
  const end = alone.has('<') ? -1 : line.indexOf('>', at + 1);
  if (end < 0) alone.add('<');
  if (end < at + 2) return undefined;
  const span = meaning(line.slice(at + 1, end));
  return span ? { span, next: end + 1 } : undefined;
}

/** @param {string} inside what stands between < and > @returns {Span | undefined} */
function meaning(inside) {
  const bar = inside.indexOf('|');
  const [body, label] = bar < 0 ? [inside, undefined] : [inside.slice(0, bar), plainOf(text(inside.slice(bar + 1)))];
  const named = label === undefined || label === '' ? {} : { name: label };
  if (/^@[UW][A-Z0-9_]+$/.test(body)) return { is: 'user', id: body.slice(1), ...named };
  if (/^#[CGD][A-Z0-9_]+$/.test(body)) return { is: 'channel', id: body.slice(1), ...named };
  if (/^!subteam\^S[A-Z0-9_]+$/.test(body)) return { is: 'group', id: body.slice('!subteam^'.length), ...named };
  if (/^!(here|channel|everyone)$/.test(body)) return { is: 'broadcast', name: body.slice(1) };
  if (body.startsWith('!date^')) return dateOf(body, label ?? '');
  if (!/^[a-z][a-z0-9+.-]*:/i.test(body)) return undefined;
  const url = plainOf(text(body));
  return { is: 'link', url, of: [{ is: 'text', text: label ?? url.replace(/^mailto:/, '') }] };
}

/** @param {string} body `!date^seconds^template[^url]` @param {string} fallback @returns {Span | undefined} */
function dateOf(body, fallback) {
  const [, seconds = '', template = '', url] = body.split('^');
  if (!/^\d{1,12}$/.test(seconds) || template === '') return undefined;
  return { is: 'date', seconds: Number(seconds), template, fallback, ...(url ? { url } : {}) };
}
