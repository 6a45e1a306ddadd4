// What a person typed after the command's name, as data. Pure, linear in the length of the text, never throws.
// No typed word is ever dropped: each ends up in a field, in the reason, or in a problem that is told.
import { readDuration } from './command-duration.ts';
import { type CommandRole, readMention, readQuoted, readRest, readRole, readWord } from './command-words.ts';
import type { DurationProblem } from './duration.ts';
import { nearest } from './nearest.ts';

export type { CommandRole } from './command-words.ts';

/** What the parser knows of the world. `selfId` is the bot's own account: a message to it begins with its mention. */
export interface CommandContext {
  readonly roles: readonly CommandRole[];
  /** Names of targets, for the scope of a freeze. */
  readonly targets?: readonly string[];
  readonly selfId?: string;
}

export type Verb =
  | 'request'
  | 'list'
  | 'return'
  | 'extend'
  | 'why'
  | 'approve'
  | 'deny'
  | 'revoke'
  | 'freeze'
  | 'unfreeze'
  | 'breakglass'
  | 'delegate'
  | 'review'
  | 'report'
  | 'audit'
  | 'help';

/** What to revoke: one request or pass, all of a person (platform user id), all of a role. */
export type Subject =
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'person'; readonly user: string }
  | { readonly kind: 'role'; readonly role: string };
export type Scope =
  | { readonly kind: 'all' }
  | { readonly kind: 'person'; readonly user: string }
  | { readonly kind: 'target'; readonly target: string }
  | { readonly kind: 'role'; readonly role: string };

/** `durationSeconds` is absent when none was typed; whether it fits the role is for policy to say. */
export type Command =
  | { readonly kind: 'form'; readonly durationSeconds?: number; readonly reason?: string }
  | { readonly kind: 'submit'; readonly role: string; readonly durationSeconds?: number; readonly reason?: string }
  | { readonly kind: 'list' }
  | { readonly kind: 'return'; readonly id?: string }
  | { readonly kind: 'extend'; readonly id?: string; readonly durationSeconds: number; readonly why?: string }
  | { readonly kind: 'why'; readonly role: string }
  | { readonly kind: 'approve' | 'deny'; readonly id: string; readonly note?: string }
  | { readonly kind: 'revoke'; readonly subject: Subject; readonly why?: string }
  | { readonly kind: 'freeze' | 'unfreeze'; readonly scope: Scope; readonly why?: string }
  | { readonly kind: 'breakglass'; readonly role: string; readonly reason: string }
  | { readonly kind: 'delegate'; readonly user: string; readonly until: string }
  | { readonly kind: 'review' }
  | { readonly kind: 'report'; readonly month?: string }
  | { readonly kind: 'audit'; readonly action: 'verify' | 'export'; readonly range?: string }
  | { readonly kind: 'help'; readonly topic?: string }
  | { readonly kind: 'problem'; readonly problem: CommandProblem };

/** `typed` is the person's own text: escape it like any other. `suggestions`: at most 3, nearest first. */
export type CommandProblem =
  | { readonly code: 'unknown_role'; readonly typed: string; readonly suggestions: readonly string[] }
  | { readonly code: 'ambiguous_role'; readonly typed: string; readonly roles: readonly string[] }
  | { readonly code: 'unclosed_quote'; readonly typed: string }
  | { readonly code: 'unknown_verb'; readonly typed: string; readonly suggestions: readonly string[] }
  | { readonly code: 'unknown_target'; readonly typed: string; readonly suggestions: readonly string[] }
  | { readonly code: 'bad_duration'; readonly typed: string; readonly problem: DurationProblem }
  | { readonly code: 'not_a_mention'; readonly typed: string }
  | { readonly code: 'unexpected_words'; readonly verb: Verb; readonly words: string }
  | { readonly code: 'reason_too_long' | 'too_long'; readonly length: number; readonly max: number }
  | {
      readonly code:
        | 'missing_role'
        | 'missing_duration'
        | 'missing_id'
        | 'missing_person'
        | 'missing_reason'
        | 'missing_until'
        | 'missing_subject'
        | 'missing_action';
      readonly verb: Verb;
    };

/** A reason fits one text block of a card on every platform: https://docs.slack.dev/reference/block-kit/blocks/section-block */
export const REASON_MAX_CHARACTERS = 3_000;
/** More than any platform sends; bounds the work. */
export const COMMAND_MAX_CHARACTERS = 10_000;
const SUGGESTIONS = 3;
const TYPED_MAX_CHARACTERS = 80;
/** Ids of requests and passes, as they stand on the cards. */
const ID = /^(?:req|pass)_\S+$/i;

interface Line {
  readonly text: string;
  /** After the verb. */
  readonly at: number;
  readonly context: CommandContext;
}

/** Each verb with how its words are read; the order is the order of suggestions. */
const VERBS: { readonly [name in Verb]: (line: Line) => Command } = {
  request: readRequest,
  list: (line) => nothingMore(line, 'list', { kind: 'list' }),
  return: readReturn,
  extend: readExtend,
  why: readWhy,
  approve: (line) => readDecision(line, 'approve'),
  deny: (line) => readDecision(line, 'deny'),
  revoke: readRevoke,
  freeze: (line) => readFreeze(line, 'freeze'),
  unfreeze: (line) => readFreeze(line, 'unfreeze'),
  breakglass: readBreakglass,
  delegate: readDelegate,
  review: (line) => nothingMore(line, 'review', { kind: 'review' }),
  report: (line) => ({ kind: 'report', ...optional('month', readRest(line.text, line.at)) }),
  audit: readAudit,
  help: (line) => ({ kind: 'help', ...optional('topic', readRest(line.text, line.at)) }),
};

/** Reads what was typed after the command's name. A verb wins over a role of the same name; `request <role>` reaches that. */
export function parseCommand(text: string, context: CommandContext): Command {
  if (text.length > COMMAND_MAX_CHARACTERS)
    return problem({ code: 'too_long', length: text.length, max: COMMAND_MAX_CHARACTERS });
  const mention = readMention(text, 0);
  const at = mention !== undefined && mention.value === context.selfId ? mention.end : 0;
  const word = readWord(text, at);
  if (word === undefined) return { kind: 'form' };
  const verb = word.value.toLowerCase();
  if (isVerb(verb)) return VERBS[verb]({ text, at: word.end, context });
  return readRequest({ text, at, context });
}

function isVerb(word: string): word is Verb {
  return Object.hasOwn(VERBS, word);
}
