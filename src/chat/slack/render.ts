// Neutral documents → what Slack shows: cards and notes as messages, a person's overview as App Home. Pure; every number
// is in limits.ts. Forms are in form.ts.
import type { HeaderBlock, HomeView, KnownBlock, SectionBlock } from '@slack/types';
import type { Card, Fact, Home as HomeDocument, Message, Note, Rich, Tone } from '../../ports/document.ts';
import { buttons, contexts, marked, plain, sections } from './blocks.ts';
import { fitted } from './fitted.ts';
import {
  FALLBACK_CHARACTERS,
  FIELD_CHARACTERS,
  FIELDS_PER_SECTION,
  HEADER_CHARACTERS,
  MESSAGE_BLOCKS,
  MESSAGE_CHARACTERS,
  VIEW_BLOCKS,
  VIEW_CHARACTERS,
} from './limits.ts';
import { type Home, mrkdwnParts } from './mrkdwn.ts';
import { quote } from './quote.ts';
import { escaped } from './safe-text.ts';

/** A message as sent: `text` is for notifications and for programs that read no blocks. */
export interface SlackMessage {
  readonly text: string;
  readonly blocks: KnownBlock[];
}

const MESSAGE_ROOM = { blocks: MESSAGE_BLOCKS, characters: MESSAGE_CHARACTERS };
const VIEW_ROOM = { blocks: VIEW_BLOCKS, characters: VIEW_CHARACTERS };

const SIGNS: Readonly<Record<Tone, string>> = {
  waiting: '⏳ ',
  good: '✅ ',
  bad: '⛔ ',
  ended: '🏁 ',
  alarm: '🚨 ',
  plain: '',
};

export function renderMessage(message: Message, home: Home): SlackMessage {
  return message.kind === 'card' ? renderCard(message, home) : renderNote(message, home);
}

export function renderHome(document: HomeDocument, home: Home): HomeView {
  const body = document.sections.flatMap(({ title, empty, items }) => [
    header(title),
    ...(items.length === 0 ? sections([[empty]], home) : []),
    ...items.flatMap((item) => [...sections(item.lines, home), ...buttons(item.buttons)]),
  ]);
  const top = [...sections(document.intro, home), ...buttons(document.buttons)];
  return { type: 'home', blocks: fitted([...top, ...body], [], VIEW_ROOM) };
}

/** Fixed facts first, the person's words after them, buttons last: nothing anybody types can move the facts (C05). */
function renderCard(card: Card, home: Home): SlackMessage {
  const body = [
    header(SIGNS[card.tone] + card.title),
    ...sections([card.status], home),
    ...facts(card.facts, home),
    ...(card.quote ? quote(card.quote.text, card.quote.label) : []),
    ...contexts(card.notes, home),
  ];
  const lines: readonly Rich[] = [
    [SIGNS[card.tone], card.title, ': ', ...card.status],
    ...card.facts.map(({ label, value }) => [`${label}: `, ...value]),
  ];
  return { text: fallback(lines, home), blocks: fitted(body, buttons(card.buttons), MESSAGE_ROOM) };
}

function renderNote(note: Note, home: Home): SlackMessage {
  const [first = [], ...others] = note.lines;
  const lines = [[SIGNS[note.tone], ...first], ...others];
  const body = [...sections(lines, home), ...quote(note.quote ?? '')];
  const end = [...buttons(note.buttons ?? []), ...(note.mark === undefined ? [] : contexts([[note.mark]], home))];
  return { text: fallback(lines, home), blocks: fitted(body, end, MESSAGE_ROOM) };
}

function header(text: string): HeaderBlock {
  return { type: 'header', text: plain(text, HEADER_CHARACTERS) };
}

/** In two columns; a fact that is too long for one gets sections of its own. */
function facts(list: readonly Fact[], home: Home): readonly SectionBlock[] {
  const blocks: SectionBlock[] = [];
  let fields: string[] = [];
  const flush = () => {
    if (fields.length > 0) blocks.push({ type: 'section', fields: fields.map(marked) });
    fields = [];
  };
  for (const { label, value } of list) {
    const line: Rich = [{ strong: label }, '\n', ...value];
    const parts = mrkdwnParts(line, home, FIELD_CHARACTERS);
    if (parts.length > 1 || fields.length === FIELDS_PER_SECTION) flush();
    if (parts.length > 1) blocks.push(...sections([line], home));
    else fields.push(...parts);
  }
  flush();
  return blocks;
}

/** Never empty: Slack takes no message without a text to notify with. */
function fallback(lines: readonly Rich[], home: Home): string {
  const [text = '', ...more] = mrkdwnParts(
    lines.flatMap((line) => [...line, '\n']),
    home,
    FALLBACK_CHARACTERS,
  );
  const shown = text.trim() === '' ? escaped('(no text)') : text.trim();
  return more.length === 0 ? shown : `${shown} …`;
}
