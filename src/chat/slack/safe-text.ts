// Other people's words made harmless and honest: nothing in them can be markup (threat C06), and nothing in them can hide
// or turn other letters around without being seen (threat B11). Every plain string goes through here.
import { createHash } from 'node:crypto';

/** Controls, formatting characters, letters that draw nothing, half characters, the blank Braille cell. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]/gu;
const LINE_ENDS = /\r\n|[\r\u2028\u2029]/gu;
/** Text or picture form of the character before; part of ordinary emoji. */
const VARIATIONS = new Set(['\uFE0E', '\uFE0F']);
const JOINER = '\u200D';
/** More marks on one letter than any language needs cover the lines above and below. */
const PILED_MARKS = /(\p{M}{4})(\p{M}+)/gu;
const WORD = /[\p{L}\p{M}\p{N}]+/gu;
const LATIN = /\p{Script=Latin}/u;
/** Letters that are taken for Latin ones; Greek ones in units and formulas (μ, Δ, π, Ω) are not among them. */
const LOOKALIKE = /\p{Script=Cyrillic}|\p{Script=Armenian}|\p{Script=Cherokee}|[ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαγικνορτυχ]/u;
const DISGUISED = '[mixed alphabets]';

/** As text without markup (`plain_text`, `rich_text`): what cannot be seen is shown by its number, `[U+202E]`. */
export function visible(text: string): string {
  return text
    .replace(LINE_ENDS, '\n')
    .replace(UNSEEN, (character, at: number, whole: string) => shown(character, at, whole))
    .replace(PILED_MARKS, (_, kept: string, more: string) => `${kept}[+${[...more].length} marks]`)
    .replace(WORD, (word, at: number, whole: string) => (isDisguised(word, at, whole) ? word + DISGUISED : word));
}

/**
 * As text inside mrkdwn. Slack needs exactly these three escapes, `&` first, and then takes nothing in it for a mention,
 * a broadcast, a date or a link: https://docs.slack.dev/messaging/formatting-message-text#escaping
 */
export function escaped(text: string): string {
  return visible(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** The first `most` characters, with a mark where it was cut. For labels whose full text stands elsewhere. */
export function shortened(text: string, most: number): string {
  const characters = [...text];
  if (text.length <= most) return text;
  let kept = '';
  for (const character of characters) {
    if (kept.length + character.length > most - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

/** What is not shown, so that it can be asked for and compared: "… (412 more characters, SHA-256 9f86d081884c7d65…)". */
export function remainder(characters: number, whole: string): string {
  const hash = createHash('sha256').update(whole).digest('hex').slice(0, 16);
  return `… (${characters} more character${characters === 1 ? '' : 's'}, SHA-256 ${hash}…)`;
}

/** Two alphabets in one word, one of which looks like the other; marked once, however often a text comes by here. */
function isDisguised(word: string, at: number, whole: string): boolean {
  return LATIN.test(word) && LOOKALIKE.test(word) && !whole.startsWith(DISGUISED, at + word.length);
}

function shown(character: string, at: number, whole: string): string {
  if (character === '\n' || character === '\t' || VARIATIONS.has(character)) return character;
  if (character === JOINER && joinsPictures(whole, at)) return character;
  const number = character.codePointAt(0) ?? 0;
  return `[U+${number.toString(16).toUpperCase().padStart(4, '0')}]`;
}

/** Families, professions and flags are several pictures joined by U+200D. */
function joinsPictures(whole: string, at: number): boolean {
  const before = /[\p{Extended_Pictographic}\p{Emoji_Modifier}]\uFE0F?$/u.test(whole.slice(Math.max(0, at - 3), at));
  return before && /^\p{Extended_Pictographic}/u.test(whole.slice(at + 1, at + 3));
}
