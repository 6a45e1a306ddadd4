// What a person typed after the command's name, as data. Pure, linear in the length of the text, never throws.
// No typed word is ever dropped: each ends up in a field, in the reason, or in a problem that is told.
import type { Command, CommandContext } from './command.ts';
import { isVerb, readVerb } from './command-verbs.ts';
import { readMention, readWord } from './command-words.ts';

export { REASON_MAX_CHARACTERS } from './command-parts.ts';

/** More than any platform sends; bounds the work. */
export const COMMAND_MAX_CHARACTERS = 10_000;

/** Reads what was typed after the command's name. A verb wins over a role of the same name; `request <role>` reaches that. */
export function parseCommand(text: string, context: CommandContext): Command {
  if (text.length > COMMAND_MAX_CHARACTERS)
    return { kind: 'problem', problem: { code: 'too_long', length: text.length, max: COMMAND_MAX_CHARACTERS } };
  const mention = readMention(text, 0);
  const at = mention !== undefined && mention.value === context.selfId ? mention.end : 0;
  const word = readWord(text, at);
  if (word === undefined) return { kind: 'form' };
  const verb = word.value.toLowerCase();
  if (isVerb(verb)) return readVerb(verb, { text, at: word.end, verbTyped: true, context });
  return readVerb('request', { text, at, verbTyped: false, context });
}
