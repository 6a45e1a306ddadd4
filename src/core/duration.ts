// Durations as people type them ("90m", "1h30m", "2 hours") and as they are shown. Whole minutes, at most a year.
// Everything else is refused with a code (threat C16); nothing is guessed, and the sentence for a code lives elsewhere.

const MINUTE_SECONDS = 60;
const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 86_400;
/** Longest duration anybody can write, anywhere. */
export const LONGEST_DURATION_SECONDS = 365 * DAY_SECONDS;

/** Largest first: the order in which the parts of one duration must come. */
const UNITS: readonly { readonly seconds: number; readonly short: string; readonly words: readonly string[] }[] = [
  { seconds: DAY_SECONDS, short: 'd', words: ['d', 'day', 'days'] },
  { seconds: HOUR_SECONDS, short: 'h', words: ['h', 'hr', 'hrs', 'hour', 'hours'] },
  { seconds: MINUTE_SECONDS, short: 'min', words: ['m', 'min', 'mins', 'minute', 'minutes'] },
];

/** Why a text is no duration. `fraction`: say 1h30m for 1.5h. `unknown_unit`: only days, hours and minutes exist. */
export type DurationProblem =
  | 'empty'
  | 'negative'
  | 'fraction'
  | 'no_unit'
  | 'unknown_unit'
  | 'repeated_unit'
  | 'wrong_order'
  | 'zero'
  | 'too_long'
  | 'not_a_duration';

export type ParsedDuration =
  | { readonly ok: true; readonly seconds: number }
  | { readonly ok: false; readonly problem: DurationProblem };

/** Reads one whole duration: days, hours and minutes in this order, each at most once, any case, spaces allowed. */
export function parseDuration(text: string): ParsedDuration {
  const trimmed = text.trim();
  const odd = oddShape(trimmed);
  if (odd !== undefined) return refused(odd);
  let seconds = 0;
  let lastRank = -1;
  for (const [, digits = '', word = ''] of trimmed.matchAll(/(\d+)\s*([a-z]+)/gi)) {
    const rank = UNITS.findIndex((unit) => unit.words.includes(word.toLowerCase()));
    const unit = UNITS[rank];
    if (unit === undefined) return refused('unknown_unit');
    if (rank === lastRank) return refused('repeated_unit');
    if (rank < lastRank) return refused('wrong_order');
    lastRank = rank;
    seconds += Number(digits) * unit.seconds;
  }
  if (seconds === 0) return refused('zero');
  if (seconds > LONGEST_DURATION_SECONDS) return refused('too_long');
  return { ok: true, seconds };
}

/** What is wrong with the text as a whole, before its parts are read; after it only `<digits><letters>` parts are left. */
function oddShape(text: string): DurationProblem | undefined {
  if (text === '') return 'empty';
  if (/^[-\u2010-\u2015\u2212]\s*\d/.test(text)) return 'negative';
  if (/^\d+$/.test(text)) return 'no_unit';
  if (/^\d+[.,]\d+\s*[a-z]*$/i.test(text)) return 'fraction';
  if (/^(?:\d+\s*[a-z]+\s*)+\d+$/i.test(text)) return 'no_unit';
  return /^(?:\d+\s*[a-z]+\s*)+$/i.test(text) ? undefined : 'not_a_duration';
}

function refused(problem: DurationProblem): ParsedDuration {
  return { ok: false, problem };
}

/** "1 h 30 min", "45 min", "2 d"; seconds only when they are not zero ("1 min 5 s"). Never negative. */
export function formatDuration(seconds: number): string {
  let left = Number.isFinite(seconds) ? Math.max(0, Math.round(seconds)) : 0;
  const parts: string[] = [];
  for (const unit of UNITS) {
    const count = Math.floor(left / unit.seconds);
    left -= count * unit.seconds;
    if (count > 0) parts.push(`${count} ${unit.short}`);
  }
  if (left > 0) parts.push(`${left} s`);
  return parts.length > 0 ? parts.join(' ') : '0 min';
}
