// @ts-check
// Text of messages as elements: mrkdwn, plain text and rich text share one way to the screen.
import { workspaceNow } from './clock.js';
import { nameOf, personOf } from './conversations.js';
import { EMOJI } from './emoji.js';
import { parseMrkdwn } from './mrkdwn.js';
import { isSafeUrl } from './safe-url.js';
import { filledDate, inFull } from './times.js';
import { h } from './vdom.js';

/**
 * @typedef {import('./vdom.js').Children} Children
 * @typedef {import('./state.js').Snapshot} Snapshot
 * @typedef {import('./mrkdwn.js').Paragraph} Paragraph
 * @typedef {import('./mrkdwn.js').Span} Span
 */

/** What a Date can hold. */
const LATEST_MS = 8.64e15;

/** `verbatim`: addresses are not made links. @param {string} text @param {Snapshot} snapshot @returns {Children} */
export function mrkdwn(text, snapshot, verbatim = false) {
  return paragraphs(parseMrkdwn(text, verbatim), snapshot);
}

/** A text object of Block Kit, or what is not one. @param {unknown} object @param {Snapshot} snapshot @returns {Children} */
export function textObject(object, snapshot) {
  const { type, text, emoji, verbatim } = /** @type {Readonly<Record<string, unknown>>} */ (object ?? {});
  if (typeof text !== 'string') return null;
  return type === 'mrkdwn' ? mrkdwn(text, snapshot, verbatim === true) : plainText(text, emoji !== false);
}

/** Plain text is shown letter by letter; only `:emoji:` and line breaks mean something. @param {string} text @returns {Children} */
export function plainText(text, emoji = true) {
  const named = !emoji
    ? text
    : text.replace(/:([a-z0-9_+-]{1,40}):/g, (whole, name) =>
        Object.hasOwn(EMOJI, name) ? (EMOJI[name] ?? whole) : whole,
      );
  return named.split('\n').flatMap((line, index) => (index === 0 ? [line] : [h('br'), line]));
}

/** @param {readonly Paragraph[]} list @param {Snapshot} snapshot @returns {Children} */
export function paragraphs(list, snapshot) {
  return list.map((paragraph) => drawParagraph(paragraph, snapshot));
}

/** @param {Paragraph} paragraph @param {Snapshot} snapshot @returns {Children} */
function drawParagraph(paragraph, snapshot) {
  switch (paragraph.is) {
    case 'pre':
      return h('pre', { class: 'pre', tabindex: '0' }, paragraph.text);
    case 'quote':
      return h('div', { class: 'quote' }, paragraphs(paragraph.of, snapshot));
    case 'lines':
      return h(
        'p',
        { class: 'lines' },
        paragraph.lines.map((line, index) => [index > 0 && h('br'), spans(line, snapshot)]),
      );
    case 'list':
      return h(
        paragraph.ordered ? 'ol' : 'ul',
        {
          class: `list indent-${Math.min(paragraph.indent, 4)}`,
          start: paragraph.ordered ? paragraph.start : undefined,
        },
        paragraph.items.map((item) => h('li', null, spans(item, snapshot))),
      );
  }
}

/** @param {readonly Span[]} list @param {Snapshot} snapshot @returns {Children} */
function spans(list, snapshot) {
  return list.map((span) => drawSpan(span, snapshot));
}

/** @param {Span} span @param {Snapshot} snapshot @returns {Children} */
function drawSpan(span, snapshot) {
  switch (span.is) {
    case 'text':
      return span.text;
    case 'bold':
      return h('strong', null, spans(span.of, snapshot));
    case 'italic':
      return h('em', null, spans(span.of, snapshot));
    case 'strike':
      return h('del', null, spans(span.of, snapshot));
    case 'code':
      return h('code', null, span.text);
    case 'emoji':
      return h('span', { role: 'img', 'aria-label': span.name.replaceAll('_', ' '), class: 'emoji' }, span.char);
    case 'link':
      return link(span.url, spans(span.of, snapshot));
    case 'date':
      return date(span, snapshot);
    case 'user':
      return mention(span.id, snapshot);
    case 'channel':
      return channelMention(span.id, span.name, snapshot);
    case 'group':
      return h('span', { class: 'mention' }, `@${(span.name ?? 'group').replace(/^@/, '')}`);
    case 'broadcast':
      return h('span', { class: 'mention mention-loud' }, `@${span.name}`);
  }
}

/** An address that may not be followed is shown, not hidden. @param {string} url @param {Children} label */
function link(url, label) {
  if (!isSafeUrl(url)) return h('span', { class: 'link-refused', title: 'This address is not followed' }, label);
  return h('a', { href: url, target: '_blank', rel: 'noopener noreferrer nofollow', title: url }, label);
}

/** @param {string} id @param {Snapshot} snapshot */
function mention(id, snapshot) {
  const mine = id === snapshot.me.id ? ' mention-me' : '';
  const title = personOf(snapshot, id)?.title;
  return h('span', { class: `mention${mine}`, title }, `@${nameOf(snapshot, id)}`);
}

/** @param {string} id @param {string | undefined} name @param {Snapshot} snapshot */
function channelMention(id, name, snapshot) {
  const channel = snapshot.channels.find((one) => one.id === id);
  const shown = `#${channel?.name ?? name ?? 'private channel'}`;
  if (!channel) return h('span', { class: 'mention' }, shown);
  return h('a', { class: 'mention', href: `#/${snapshot.me.id}/channel/${id}` }, shown);
}

/** @param {Extract<Span, { is: 'date' }>} span @param {Snapshot} snapshot */
function date(span, snapshot) {
  const ms = span.seconds * 1_000;
  if (!(Math.abs(ms) <= LATEST_MS)) return span.fallback;
  const zone = snapshot.me.tz;
  const words = filledDate(span.template, ms, zone, workspaceNow());
  const time = h('time', { datetime: new Date(ms).toISOString(), title: inFull(ms, zone) }, words);
  return span.url === undefined ? time : link(span.url, time);
}
