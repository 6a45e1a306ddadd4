// A person's own words, in blocks of their own and as text only, so that nothing in them can look like ours (C05, C06).
import type { KnownBlock } from '@slack/types';
import { richText } from './blocks.ts';
import { remainder, visible } from './safe-text.ts';

const QUOTE_CHARACTERS = 1_000;
/** A thousand empty lines would push the buttons off the screen as well as a long text does. */
const QUOTE_LINES = 15;

export function quote(text: string, label?: string): readonly KnownBlock[] {
  const whole = visible(text);
  if (whole.trim() === '') return [];
  const shown = beginning(whole);
  const missing = [...whole].length - [...shown].length;
  const heading = label === undefined ? [] : [section(visible(label), { bold: true })];
  const rest = missing === 0 ? [] : [section(remainder(missing, text), { italic: true })];
  return [richText(...heading, { type: 'rich_text_quote', elements: [{ type: 'text', text: shown }] }, ...rest)];
}

function beginning(text: string): string {
  const lines = text.split('\n').slice(0, QUOTE_LINES).join('\n');
  return [...lines].slice(0, QUOTE_CHARACTERS).join('');
}

function section(text: string, style: { readonly bold?: boolean; readonly italic?: boolean }) {
  return { type: 'rich_text_section' as const, elements: [{ type: 'text' as const, text, style: { ...style } }] };
}
