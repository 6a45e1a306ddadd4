// The small forms of text that several places of the configuration share: durations, channels, lines.
import { z } from 'zod';
import { type DurationProblem, parseDuration } from '../core/duration.ts';

const DURATION_WORDS: { readonly [problem in DurationProblem]: string } = {
  empty: 'the duration is empty',
  negative: 'a duration cannot be negative',
  fraction: 'durations have no fractions: 1.5h is written 1h30m',
  no_unit: 'the unit is missing: 90 minutes are written 90m',
  unknown_unit: 'durations have days, hours and minutes only: 1d2h30m',
  repeated_unit: 'the same unit stands there twice',
  wrong_order: 'days come first, then hours, then minutes: 1d2h30m',
  zero: 'the duration is zero',
  too_long: 'nothing lasts longer than 365 days',
  not_a_duration: 'this is not a duration',
};
const DURATION_PATTERN = '^([0-9]+ ?[a-zA-Z]+ ?)+$';
const PRINTABLE = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u;
export const UNSEEN = 'it holds characters that cannot be seen';

/** One line that people can see all of. */
export const Line = z.string().trim().min(1, 'it is empty').regex(PRINTABLE, UNSEEN);

const Duration = z.string().transform((text, ctx): number => {
  const parsed = parseDuration(text);
  if (parsed.ok) return parsed.seconds;
  ctx.addIssue({ code: 'custom', message: DURATION_WORDS[parsed.problem] });
  return z.NEVER;
});
/** Read into seconds. */
export function duration(description: string, ...examples: string[]) {
  return Duration.meta({ description, examples, pattern: DURATION_PATTERN });
}

/** Ids and never names: a name can be given to another channel, an id cannot. */
export const Channel = z
  .string()
  .regex(/^slack:[CG][A-Z0-9]{5,}$/, 'a channel is written slack: and its id, which begins with C')
  .transform((text) => ({ platform: 'slack', channel: text.slice('slack:'.length) }));
export const CHANNEL_ID =
  'To copy the id: open the channel in Slack, click its name at the top, and copy the Channel ID at the bottom of the About tab';
