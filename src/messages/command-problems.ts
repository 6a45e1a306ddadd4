// What is wrong with a typed command, and how to type it right.
import type { Catalog } from '../core/catalog.ts';
import type { CommandProblem } from '../core/command.ts';
import { list } from './phrases.ts';

/** One or two sentences; what was typed is quoted as it was. */
export function problemText(problem: CommandProblem, catalog: Catalog): string {
  const { command } = catalog;
  switch (problem.code) {
    case 'unknown_role':
      return `There is no role “${problem.typed}”.${didYouMean(problem.suggestions)} Type ${command} to choose from all roles.`;
    case 'ambiguous_role':
      return `“${problem.typed}” could be ${list(problem.roles, 'or')}. Type the one you mean.`;
    case 'unclosed_quote':
      return `The quote in “${problem.typed}” is never closed. Put the whole title in quotes, or type the role’s id.`;
    case 'unknown_verb':
      return `“${problem.typed}” is not a command.${didYouMean(problem.suggestions)} Type ${command} help to see all.`;
    case 'unknown_target':
      return `There is no target or role “${problem.typed}”.${didYouMean(problem.suggestions)} Type ${command} help to see how.`;
    case 'bad_duration':
      return `“${problem.typed}” is not a duration that works here. Write it like 30m, 2h or 1h30m.`;
    case 'not_a_mention':
      return `“${problem.typed}” is not a person. Type @ and choose a name.`;
    case 'unexpected_words':
      return `“${command} ${problem.verb}” takes no more words, and “${problem.words}” is left over. Type ${command} help to see how.`;
    case 'reason_too_long':
      return `The reason has ${problem.length} characters, and ${problem.max} fit. Shorten it, or link to the ticket.`;
    case 'too_long':
      return `That is ${problem.length} characters, and ${problem.max} fit. Shorten it, or type ${command} to use the form.`;
    case 'missing_role':
      return `Which role? Type ${command} ${problem.verb} <role>, or ${command} to choose.`;
    case 'missing_duration':
      return `How much longer? Type for example ${command} ${problem.verb} 30m.`;
    case 'missing_id':
      return `Which request? Its id is on the card. Type ${command} ${problem.verb} <id>.`;
    case 'missing_pass':
      return `Which pass? Its id is in the alarm. Type ${command} ${problem.verb} <pass> and what you looked at.`;
    case 'missing_evidence':
      return `What did you look at? Add it at the end, because somebody will check it: ${command} ${problem.verb} <pass> <what you looked at>.`;
    case 'missing_person':
      return `Who? Type for example ${command} ${problem.verb} @name.`;
    case 'missing_reason':
      return `Why? Add it at the end, because people read it: ${command} ${problem.verb} <role> <reason>.`;
    case 'missing_until':
      return `Until when? Type for example ${command} ${problem.verb} @name until friday.`;
    case 'missing_subject':
      return `What should end? Type ${command} ${problem.verb} with the id of a pass, a person with @, or a role.`;
    case 'missing_action':
      return `What should be done? Type ${command} help to see what there is.`;
  }
}

function didYouMean(suggestions: readonly string[]): string {
  return suggestions.length === 0 ? '' : ` Did you mean ${list(suggestions, 'or')}?`;
}
