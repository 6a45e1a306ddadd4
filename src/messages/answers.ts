// What people see at once when they type or press, and the lists they ask for.
import type { Catalog, Role } from '../core/catalog.ts';
import type { CommandProblem } from '../core/command-line.ts';
import { formatDuration } from '../core/duration.ts';
import type { AccessRequest, Grant, Instant } from '../core/model.ts';
import type { Judgement } from '../core/policy/evaluate.ts';
import type { Button, Note, Rich } from '../ports/document.ts';
import { passButtons } from './card.ts';
import { grantStatusText, list, note, plural, requestStatusText, stagesText } from './phrases.ts';
import { refusalText } from './refusals.ts';
import { roleTitle } from './view.ts';

/** The same delivery came twice: the first one counts. */
export function acceptedNote(): Note {
  return note('plain', ['Hallpass has this already; nothing was done twice.']);
}

export function askedNote(role: string, catalog: Catalog): Note {
  return note('waiting', [
    { strong: `Asked for ${roleTitle(catalog, role)}.` },
    ' You will find a card in your direct messages with Hallpass; it tells you what happens.',
  ]);
}

export function endedNote(what: 'pass' | 'request', role: string, catalog: Catalog): Note {
  const title = roleTitle(catalog, role);
  if (what === 'request') return note('ended', [`Your request for ${title} is withdrawn.`]);
  return note('ended', [`Thank you. Your pass for ${title} is being ended now; the card tells you when it is gone.`]);
}

export function onItNote(what: 'why' | 'revoke'): Note {
  return note('waiting', [
    what === 'why'
      ? 'Looking it up; the answer comes in a moment, here or as a direct message.'
      : 'Checking that you may, then ending. You will hear how many passes ended.',
  ]);
}

export function revokedNote(ended: number, found: number): Note {
  const rest = found - ended;
  const more = rest > 0 ? ` ${plural(rest, 'pass', 'passes')} had ended already.` : '';
  return note('good', [`Ending ${plural(ended, 'pass', 'passes')} now.${more} The cards tell when each is gone.`]);
}

export function passChoiceNote(found: 'none' | 'several'): Note {
  if (found === 'several')
    return note('plain', ['You hold several live passes. Say which one by its id, or use the buttons of “list”.']);
  return note('plain', ['There is no such live pass of yours. Use “list” to see your passes.']);
}

/** Verbs that are in the plan but not in this version: say so, and what to do instead. */
export function laterNote(verb: string, catalog: Catalog): Note {
  const instead =
    verb === 'freeze' || verb === 'unfreeze'
      ? ` To end live access now, security can type ${catalog.command} revoke <id, @person or role>.`
      : '';
  return note('plain', [`“${verb}” is not in this version of Hallpass yet.${instead}`]);
}

export function helpNote(catalog: Catalog): Note {
  const { command } = catalog;
  const lines: readonly (readonly [string, string])[] = [
    ['', 'ask for access with a form'],
    ['<role> <duration> <reason>', 'ask in one line, for example 2h fix INC-42'],
    ['list', 'your requests and passes, with Extend and Return'],
    ['return [id]', 'give a pass back early'],
    ['extend [id] 30m [why]', 'ask for more time'],
    ['why <role>', 'can I ask, and who decides'],
    ['approve <id>', 'see the card of a request, with its buttons'],
    ['revoke <id, @person or role> [why]', `end passes now (only ${catalog.security})`],
    ['help', 'this'],
  ];
  return note(
    'plain',
    [{ strong: 'Hallpass gives access for a while and takes it back by itself.' }],
    ...lines.map(([typed, does]): Rich => [{ code: `${command} ${typed}`.trim() }, ` – ${does}`]),
  );
}

function isOpen(request: AccessRequest): boolean {
  return request.status === 'pending' || request.status === 'evaluating';
}

export function listNote(view: {
  readonly catalog: Catalog;
  readonly requests: readonly AccessRequest[];
  readonly passes: readonly Grant[];
  readonly now: Instant;
}): Note {
  const { catalog, passes, requests } = view;
  const open = requests.filter(isOpen);
  const past = requests.filter((request) => !isOpen(request) && !passes.some((grant) => grant.request === request.id));
  const lines: Rich[] = [
    [{ strong: passes.length === 0 ? 'You hold no passes.' : 'Your passes' }],
    ...passes.map((grant) => passLine(grant, catalog)),
    ...(open.length > 0
      ? [[{ strong: 'Waiting' }] satisfies Rich, ...open.map((request) => requestLine(request, catalog))]
      : []),
    ...(past.length > 0
      ? [[{ strong: 'Before' }] satisfies Rich, ...past.slice(0, 5).map((request) => requestLine(request, catalog))]
      : []),
  ];
  const only = passes.length === 1 && passes[0]?.status === 'active' ? passButtons(passes[0]) : [];
  const several =
    passes.length > 1
      ? passes
          .filter((grant) => grant.status === 'active')
          .flatMap((grant) => passButtons(grant).map((button) => named(button, grant, catalog)))
      : [];
  const ask: Button = { action: 'ask', label: 'Ask for access', value: '-', style: 'plain' };
  return { kind: 'note', tone: 'plain', lines, buttons: [...only, ...several.slice(0, 20), ask] };
}

function named(button: Button, grant: Grant, catalog: Catalog): Button {
  return { ...button, label: `${button.label.replace('…', '')}: ${roleTitle(catalog, grant.offer.role)}`.slice(0, 75) };
}

export function passLine(grant: Grant, catalog: Catalog): Rich {
  return [
    '• ',
    { strong: roleTitle(catalog, grant.offer.role) },
    ` in ${grant.offer.target}: ${grantStatusText(grant)}, until `,
    { time: grant.expiresAt, show: 'time' },
    ' ',
    { code: grant.id },
  ];
}

export function requestLine(request: AccessRequest, catalog: Catalog): Rich {
  return [
    '• ',
    { strong: roleTitle(catalog, request.role) },
    ` for ${formatDuration(request.durationSeconds)}: ${requestStatusText(request.status)} `,
    { code: request.id },
  ];
}

export function whyNote(
  explained: {
    readonly role: Role;
    readonly groups: readonly string[];
    readonly judgements: readonly Judgement[];
    readonly approvers: readonly (readonly unknown[] | undefined)[];
  },
  catalog: Catalog,
): Note {
  const { role, judgements, approvers } = explained;
  const isFree = judgements.every((judgement) => judgement.verdict.kind === 'met');
  const lines: Rich[] = [
    [{ strong: role.title }, isFree ? ': you can ask for this.' : ': you cannot have this now.'],
    ...judgements.map(
      ({ rule, verdict }): Rich => [
        verdict.kind === 'met' ? '✓ ' : '✗ ',
        { strong: rule },
        verdict.kind === 'met' ? '' : `: ${refusalText(verdict.refusal, catalog)}`,
      ],
    ),
    [`Approval: ${stagesText(role.stages)}.`],
    ...role.stages.map(
      (stage, at): Rich => [
        `Stage ${at + 1}: ${approvers[at] === undefined ? 'the group could not be read' : plural(approvers[at]?.length ?? 0, 'person', 'people')} could say yes and would be asked (${list(stage.from, 'or')}).`,
      ],
    ),
    [
      `From ${formatDuration(role.duration.minSeconds)} to ${formatDuration(role.duration.maxSeconds)}, ${formatDuration(role.duration.defaultSeconds)} if you say nothing.`,
    ],
  ];
  return { kind: 'note', tone: isFree ? 'good' : 'bad', lines };
}

export function commandProblemNote(problem: CommandProblem, catalog: Catalog): Note {
  return note('bad', [problemText(problem, catalog)]);
}

function problemText(problem: CommandProblem, catalog: Catalog): string {
  const { command } = catalog;
  switch (problem.code) {
    case 'unknown_role':
      return `There is no role “${problem.typed}”.${didYouMean(problem.suggestions)} Type ${command} to choose from all.`;
    case 'ambiguous_role':
      return `“${problem.typed}” could be ${list(problem.roles, 'or')}. Type the one you mean.`;
    case 'unclosed_quote':
      return `The quote in “${problem.typed}” is never closed. Put the whole title in quotes, or type the role’s id.`;
    case 'unknown_verb':
      return `“${problem.typed}” is no command.${didYouMean(problem.suggestions)} Type ${command} help.`;
    case 'unknown_target':
      return `There is no target “${problem.typed}”.${didYouMean(problem.suggestions)}`;
    case 'bad_duration':
      return `“${problem.typed}” is not a duration that works here. Write it like 30m, 2h or 1h30m.`;
    case 'not_a_mention':
      return `“${problem.typed}” is not a person. Choose them with @.`;
    case 'unexpected_words':
      return `“${command} ${problem.verb}” takes no more words; “${problem.words}” is left over. Type ${command} help.`;
    case 'reason_too_long':
      return `The reason has ${problem.length} characters, and ${problem.max} fit. Shorten it, or link to the ticket.`;
    case 'too_long':
      return `That is ${problem.length} characters, and ${problem.max} fit. Use the form: ${command}.`;
    case 'missing_role':
      return `Which role? Type ${command} ${problem.verb} <role>, or ${command} to choose.`;
    case 'missing_duration':
      return `How much longer? For example: ${command} ${problem.verb} 30m.`;
    case 'missing_id':
      return `Which request? Its id is on the card: ${command} ${problem.verb} req_….`;
    case 'missing_person':
      return `Who? For example: ${command} ${problem.verb} @name.`;
    case 'missing_reason':
      return 'Say why; people read it.';
    case 'missing_until':
      return `Until when? For example: ${command} ${problem.verb} @name until friday.`;
    case 'missing_subject':
      return `What? A pass by its id, a person with @, or a role: ${command} ${problem.verb} <id, @person or role>.`;
    case 'missing_action':
      return `What should be done? Type ${command} help.`;
  }
}

function didYouMean(suggestions: readonly string[]): string {
  return suggestions.length === 0 ? '' : ` Did you mean ${list(suggestions, 'or')}?`;
}
