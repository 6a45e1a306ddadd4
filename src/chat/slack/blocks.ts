// Small builders of Block Kit, as plain typed objects. Each takes text that is safe already and stays within Slack's limits.
import type {
  ActionsBlock,
  ContextBlock,
  KnownBlock,
  MrkdwnElement,
  PlainTextElement,
  RichTextBlock,
  SectionBlock,
  Button as SlackButton,
} from '@slack/types';
import { ChatError } from '../../ports/chat-platform.ts';
import type { Button, ButtonAction, Rich } from '../../ports/document.ts';
import {
  BUTTON_LABEL_CHARACTERS,
  BUTTON_VALUE_CHARACTERS,
  BUTTONS_PER_BLOCK,
  CONFIRM_LABEL_CHARACTERS,
  CONFIRM_TEXT_CHARACTERS,
  CONFIRM_TITLE_CHARACTERS,
  SECTION_CHARACTERS,
} from './limits.ts';
import { type Home, mrkdwnParts } from './mrkdwn.ts';
import { shortened, visible } from './safe-text.ts';

/** Slack takes no empty text. */
export const NOTHING = '–';

/** `emoji: false`: `:white_check_mark:` in somebody's name stays what it is. */
export function plain(text: string, most: number): PlainTextElement {
  const shown = visible(text);
  return { type: 'plain_text', text: shown.trim() === '' ? NOTHING : shortened(shown, most), emoji: false };
}

/** `verbatim`: Slack makes no links and mentions of its own out of the text. */
export function marked(text: string): MrkdwnElement {
  return { type: 'mrkdwn', text, verbatim: true };
}

/** As many sections as the lines need; none for nothing. */
export function sections(lines: readonly Rich[], home: Home): readonly SectionBlock[] {
  return mrkdwnParts(joined(lines), home, SECTION_CHARACTERS).map((text) => ({ type: 'section', text: marked(text) }));
}

export function context(text: string): ContextBlock {
  return { type: 'context', elements: [marked(text)] };
}

export function contexts(lines: readonly Rich[], home: Home): readonly ContextBlock[] {
  return mrkdwnParts(joined(lines), home, SECTION_CHARACTERS).map(context);
}

/** Text that nobody reads for markup: no mrkdwn at all. */
export function richText(...elements: RichTextBlock['elements']): RichTextBlock {
  return { type: 'rich_text', elements };
}

export function buttons(list: readonly Button[]): readonly ActionsBlock[] {
  const blocks: ActionsBlock[] = [];
  for (let at = 0; at < list.length; at += BUTTONS_PER_BLOCK) {
    const times = new Map<ButtonAction, number>();
    const elements = list.slice(at, at + BUTTONS_PER_BLOCK).map((button) => {
      const time = (times.get(button.action) ?? 0) + 1;
      times.set(button.action, time);
      return buttonOf(button, time);
    });
    blocks.push({ type: 'actions', elements });
  }
  return blocks;
}

/** `approve`, and `approve:2` for a second one beside it: Slack wants different ids within a block. */
export function actionOf(actionId: string): string {
  return actionId.split(':', 1)[0] ?? actionId;
}

function buttonOf(button: Button, time: number): SlackButton {
  if (button.value.length > BUTTON_VALUE_CHARACTERS) throw new ChatError('invalid', 'button_value_too_long', 'no');
  return {
    type: 'button',
    action_id: time === 1 ? button.action : `${button.action}:${time}`,
    text: plain(button.label, BUTTON_LABEL_CHARACTERS),
    value: button.value,
    ...(button.style !== 'plain' && { style: button.style }),
    ...(button.confirm && { confirm: confirmOf(button.confirm) }),
  };
}

function confirmOf(confirm: NonNullable<Button['confirm']>): NonNullable<SlackButton['confirm']> {
  return {
    title: plain(confirm.title, CONFIRM_TITLE_CHARACTERS),
    text: plain(confirm.text, CONFIRM_TEXT_CHARACTERS),
    confirm: plain(confirm.yes, CONFIRM_LABEL_CHARACTERS),
    deny: plain(confirm.no, CONFIRM_LABEL_CHARACTERS),
  };
}

function joined(lines: readonly Rich[]): Rich {
  return lines.flatMap((line, index) => (index === 0 ? line : ['\n', ...line]));
}

/** All text of a block together, as far as anybody knows how Slack sums it up. */
export function textLength(value: KnownBlock | unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + textLength(item), 0);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce<number>(
    (sum, [name, item]) => sum + (name === 'text' && typeof item === 'string' ? item.length : textLength(item)),
    0,
  );
}
