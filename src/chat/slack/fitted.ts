// Keeps a document within Slack's number of blocks and amount of text. What has no room is never dropped in silence:
// a line says how much is missing and what it hashes to (threat C05).
import type { KnownBlock } from '@slack/types';
import { context, NOTHING, textLength } from './blocks.ts';
import { remainder } from './safe-text.ts';

export interface Room {
  readonly blocks: number;
  readonly characters: number;
}

/** For the line that says what is missing. */
const REMAINDER_CHARACTERS = 80;

/** `body` from its beginning as far as there is room, then all of `end`: what people press is always there. */
export function fitted(body: readonly KnownBlock[], end: readonly KnownBlock[], room: Room): KnownBlock[] {
  const blocks = room.blocks - end.length;
  const characters = room.characters - textLength(end);
  if (body.length + end.length === 0) return [context(NOTHING)];
  if (body.length <= blocks && textLength(body) <= characters) return [...body, ...end];
  const shown: KnownBlock[] = [];
  let left = characters - REMAINDER_CHARACTERS;
  for (const block of body) {
    left -= textLength(block);
    if (left < 0 || shown.length >= blocks - 1) break;
    shown.push(block);
  }
  const missing = body.slice(shown.length);
  return [...shown, context(remainder(textLength(missing), JSON.stringify(missing))), ...end];
}
