// Finds the duration at the head of typed text: one word ("1h30m") or several ("1 h 30 min"). Pure.
// What only looks like a duration is refused, never taken for the reason: who asks for 1.5h must not get the default.
import { readWord, skipSpaces } from './command-words.ts';
import { type DurationProblem, parseDuration } from './duration.ts';

export type DurationReading =
  | { readonly kind: 'duration'; readonly seconds: number; readonly end: number }
  | { readonly kind: 'bad'; readonly typed: string; readonly problem: DurationProblem }
  | { readonly kind: 'nothing' };

/** Units people write, also those we refuse: seconds, weeks, months, years. */
const UNIT = '(?:d|days?|h|hrs?|hours?|m|mins?|minutes?|s|secs?|seconds?|w|wks?|weeks?|mo|months?|y|yrs?|years?)';
const SIGN = '[-+\\u2010-\\u2015\\u2212]?';
const ONE_WORD = new RegExp(`^${SIGN}\\d[\\d.,]*(?:e\\d+)?${UNIT}(?:[\\d.,]+${UNIT})*\\d*[,;:.]*$`, 'i');
const NUMBER = new RegExp(`^${SIGN}\\d[\\d.,]*(?:e\\d+)?$`, 'i');
const UNIT_WORD = new RegExp(`^${UNIT}[,;:.]*$`, 'i');
/** "2h, to fix …" is a duration and a comma. */
const TRAILING = /[,;:.]+$/;
/** Days, hours, minutes, each as two words, and one part too many. */
const LONGEST_RUN_PARTS = 4;
const LONGEST_WORD_CHARACTERS = 40;

/** Reads the longest run of words that belong to a duration; the run is good as a whole or refused as a whole. */
export function readDuration(text: string, at: number): DurationReading {
  const parts: string[] = [];
  let end = at;
  for (let part = readPart(text, end); part !== undefined; part = readPart(text, end)) {
    parts.push(part.value);
    end = part.end;
    if (parts.length === LONGEST_RUN_PARTS) break;
  }
  const alone = readWord(text, end);
  if (alone !== undefined && NUMBER.test(alone.value) && skipSpaces(text, alone.end) === text.length) {
    parts.push(alone.value);
    end = alone.end;
  }
  if (parts.length === 0) return { kind: 'nothing' };
  const typed = parts.join(' ');
  const parsed = parseDuration(typed);
  return parsed.ok
    ? { kind: 'duration', seconds: parsed.seconds, end }
    : { kind: 'bad', typed, problem: parsed.problem };
}

/** "30m" or "30 m" at the head of the text; "503 errors" is none. */
function readPart(text: string, at: number): { readonly value: string; readonly end: number } | undefined {
  const word = readWord(text, at);
  if (word === undefined || word.value.length > LONGEST_WORD_CHARACTERS) return undefined;
  if (ONE_WORD.test(word.value)) return { value: word.value.replace(TRAILING, ''), end: word.end };
  const unit = NUMBER.test(word.value) ? readWord(text, word.end) : undefined;
  if (unit === undefined || unit.value.length > LONGEST_WORD_CHARACTERS || !UNIT_WORD.test(unit.value))
    return undefined;
  return { value: `${word.value} ${unit.value.replace(TRAILING, '')}`, end: unit.end };
}
