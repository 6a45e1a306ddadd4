// The parts of reading a command that every verb shares: what is wrong, and the person's own words. Pure.

import {
  type Command,
  type CommandContext,
  type CommandProblem,
  type MissingCode,
  VERBS,
  type Verb,
} from './command.ts';
import type { DurationReading } from './command-duration.ts';
import { type RoleReading, readRest } from './command-words.ts';
import { nearest } from './nearest.ts';

/** A reason fits one text block of a card: https://docs.slack.dev/reference/block-kit/blocks/section-block */
export const REASON_MAX_CHARACTERS = 3_000;
export const SUGGESTIONS = 3;
const TYPED_MAX_CHARACTERS = 80;

/** A typed line, read up to `at`. */
export interface Line {
  readonly text: string;
  readonly at: number;
  /** False when the line begins with something that is no verb: then a mistyped verb is possible. */
  readonly verbTyped: boolean;
  readonly context: CommandContext;
}

/** The person's own words to the end of the line, kept to the letter. */
export function withWords(text: string, at: number, use: (words: string) => Command): Command {
  const words = readRest(text, at);
  if (words.length <= REASON_MAX_CHARACTERS) return use(words);
  return problem({ code: 'reason_too_long', length: words.length, max: REASON_MAX_CHARACTERS });
}

export function optional<Name extends string>(name: Name, words: string): { readonly [key in Name]?: string } {
  return words === '' ? {} : ({ [name]: words } as { readonly [key in Name]: string });
}

/** One mistyped word is more likely a verb when it is nearer to a verb than to any role. */
export function roleProblem(line: Line, role: Exclude<RoleReading, { kind: 'role' | 'nothing' }>): Command {
  const typed = shorten(role.typed);
  switch (role.kind) {
    case 'unclosed':
      return problem({ code: 'unclosed_quote', typed });
    case 'ambiguous':
      return problem({ code: 'ambiguous_role', typed, roles: role.roles });
    case 'unknown': {
      const verbs = nearest(role.typed, VERBS, SUGGESTIONS);
      if (line.verbTyped || role.suggestions.length > 0 || verbs.length === 0)
        return problem({ code: 'unknown_role', typed, suggestions: role.suggestions });
      return problem({ code: 'unknown_verb', typed, suggestions: verbs });
    }
  }
}

export function badDuration(bad: Extract<DurationReading, { kind: 'bad' }>): Command {
  return problem({ code: 'bad_duration', typed: shorten(bad.typed), problem: bad.problem });
}

export function missing(code: MissingCode, verb: Verb): Command {
  return problem({ code, verb });
}

export function notAMention(typed: string): Command {
  return problem({ code: 'not_a_mention', typed: shorten(typed) });
}

export function problem(found: CommandProblem): Command {
  return { kind: 'problem', problem: found };
}

/** Only for showing what was not understood; what was understood is never cut. */
export function shorten(typed: string): string {
  return typed.length <= TYPED_MAX_CHARACTERS ? typed : `${typed.slice(0, TYPED_MAX_CHARACTERS - 1)}…`;
}
