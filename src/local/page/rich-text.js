// @ts-check
// Slack's `rich_text` block, read into the same small tree that mrkdwn becomes. Pure.
// https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
import { EMOJI } from './emoji.js';

/**
 * @typedef {import('./mrkdwn.js').Paragraph} Paragraph
 * @typedef {import('./mrkdwn.js').Span} Span
 * @typedef {{ readonly type?: string, readonly elements?: readonly Part[], readonly text?: string, readonly url?: string, readonly name?: string,
 *   readonly user_id?: string, readonly channel_id?: string, readonly usergroup_id?: string, readonly range?: string, readonly timestamp?: number,
 *   readonly format?: string, readonly fallback?: string, readonly indent?: number, readonly offset?: number,
 *   readonly style?: string | { readonly bold?: boolean, readonly italic?: boolean, readonly strike?: boolean, readonly code?: boolean } }} Part
 */

/** @param {unknown} elements @returns {readonly Paragraph[]} */
export function readRichText(elements) {
  return parts(elements).map(paragraph);
}

/** @param {unknown} value @returns {readonly Part[]} */
function parts(value) {
  return Array.isArray(value) ? value.filter((part) => typeof part === 'object' && part !== null) : [];
}

/** @param {Part} part @returns {Paragraph} */
function paragraph(part) {
  if (part.type === 'rich_text_list') return list(part);
  if (part.type === 'rich_text_preformatted')
    return {
      is: 'pre',
      text: parts(part.elements)
        .map((p) => p.text ?? p.url ?? '')
        .join(''),
    };
  const lines = splitLines(parts(part.elements).map(span));
  if (part.type === 'rich_text_quote') return { is: 'quote', of: [{ is: 'lines', lines }] };
  if (part.type === 'rich_text_section') return { is: 'lines', lines };
  return { is: 'lines', lines: [[{ is: 'text', text: `[cannot show ${String(part.type)}]` }]] };
}

/** @param {Part} part @returns {Paragraph} */
function list(part) {
  const items = parts(part.elements).map((item) => parts(item.elements).map(span));
  return {
    is: 'list',
    ordered: part.style === 'ordered',
    start: 1 + (part.offset ?? 0),
    indent: part.indent ?? 0,
    items,
  };
}

/** Texts carry their own line breaks. @param {readonly Span[]} spans @returns {readonly (readonly Span[])[]} */
function splitLines(spans) {
  /** @type {Span[][]} */
  const lines = [[]];
  for (const one of spans) {
    if (one.is !== 'text') lines.at(-1)?.push(one);
    else
      for (const [index, text] of one.text.split('\n').entries()) {
        if (index > 0) lines.push([]);
        if (text !== '') lines.at(-1)?.push({ is: 'text', text });
      }
  }
  return lines.length > 1 && lines.at(-1)?.length === 0 ? lines.slice(0, -1) : lines;
}

/** @param {Part} part @returns {Span} */
function span(part) {
  const bare = plainSpan(part);
  const style = typeof part.style === 'object' ? part.style : {};
  const coded = style.code && bare.is === 'text' ? /** @type {Span} */ ({ is: 'code', text: bare.text }) : bare;
  const struck = style.strike ? wrapped('strike', coded) : coded;
  const slanted = style.italic ? wrapped('italic', struck) : struck;
  return style.bold ? wrapped('bold', slanted) : slanted;
}

/** @param {'bold' | 'italic' | 'strike'} is @param {Span} inner @returns {Span} */
function wrapped(is, inner) {
  return { is, of: [inner] };
}

/** @param {Part} part @returns {Span} */
function plainSpan(part) {
  switch (part.type) {
    case 'text':
      return { is: 'text', text: String(part.text ?? '') };
    case 'link':
      return {
        is: 'link',
        url: String(part.url ?? ''),
        of: [{ is: 'text', text: String(part.text ?? part.url ?? '') }],
      };
    case 'user':
      return { is: 'user', id: String(part.user_id ?? '') };
    case 'channel':
      return { is: 'channel', id: String(part.channel_id ?? '') };
    case 'usergroup':
      return { is: 'group', id: String(part.usergroup_id ?? '') };
    case 'broadcast':
      return { is: 'broadcast', name: String(part.range ?? 'here') };
    case 'emoji':
      return emoji(String(part.name ?? ''));
    case 'date':
      return {
        is: 'date',
        seconds: Number(part.timestamp ?? 0),
        template: String(part.format ?? '{date}'),
        fallback: String(part.fallback ?? ''),
      };
  }
  return { is: 'text', text: `[cannot show ${String(part.type)}]` };
}

/** @param {string} name @returns {Span} */
function emoji(name) {
  const char = Object.hasOwn(EMOJI, name) ? EMOJI[name] : undefined;
  return char ? { is: 'emoji', char, name } : { is: 'text', text: `:${name}:` };
}
