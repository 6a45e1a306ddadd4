// What people see at once when they type or press, and the lists they ask for.
import type { Catalog, Role } from '../core/catalog.ts';
import type { CommandProblem } from '../core/command.ts';
import { formatDuration } from '../core/duration.ts';
import { knowsGrant } from '../core/known.ts';
import type { AccessRequest, Grant, Instant } from '../core/model.ts';
import type { Judgement } from '../core/policy/evaluate.ts';
import type { Button, Note, Rich } from '../ports/document.ts';
import { passButtons } from './card-buttons.ts';
import { problemText } from './command-problems.ts';
import { endSpan, grantStatusText, list, note, plural, requestStatusText, stagesText, timeSpan } from './phrases.ts';
import { refusalText } from './refusals.ts';
import { roleTitle } from './view.ts';

/** The same delivery came twice: the first one counts. */
export function acceptedNote(): Note {
  return note('plain', ['Hallpass has this already, so nothing was done twice.']);
}

export function askedNote(role: string, catalog: Catalog): Note {
  return note('waiting', [
    { strong: `Asked for ${roleTitle(catalog, role)}.` },
    ' Your card in the direct messages with Hallpass tells you what happens.',
  ]);
}

export function endedNote(what: 'pass' | 'request', role: string, catalog: Catalog): Note {
  const title = roleTitle(catalog, role);
  if (what === 'request') return note('ended', [`Your request for ${title} is withdrawn.`]);
  return note('ended', [
    `Thank you. Your pass for ${title} is being ended now, and the card tells you when it is gone.`,
  ]);
}

const ON_IT = {
  why: 'Looking it up. The answer comes in a moment, here or as a direct message.',
  revoke: 'Checking first that you may do this. Then the passes are ended, and you will hear how many.',
  force_close: 'Checking first that you may do this. Then you will hear whether the pass is closed.',
} as const;

export function onItNote(what: keyof typeof ON_IT): Note {
  return note('waiting', [ON_IT[what]]);
}

/** To whoever stated that the access of an overdue pass is gone. */
export function attestedNote(isClosed: boolean, pass: string, catalog: Catalog): Note {
  if (isClosed)
    return note('alarm', [
      'The pass ',
      { code: pass },
      ' is closed by hand. Hallpass tries no more to end it; its thread has what both of you stated.',
    ]);
  return note('waiting', [
    'Your statement is kept, and Hallpass goes on trying. The pass closes when a second, different person in ',
    { code: catalog.security },
    ' has looked and types ',
    { code: `${catalog.command} force-close ${pass}` },
    ' and what they looked at. The alarm tells them.',
  ]);
}

export function revokedNote(ended: number, found: number): Note {
  const rest = found - ended;
  const more = rest > 0 ? ` ${plural(rest, 'pass', 'passes')} had ended already.` : '';
  if (ended === 0) return note('plain', [`There was nothing left to end.${more}`]);
  return note('good', [`Ending ${plural(ended, 'pass', 'passes')} now.${more} Each card tells when its pass is gone.`]);
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
      : ` Type ${catalog.command} help to see what there is.`;
  return note('plain', [`“${verb}” is not in this version of Hallpass yet.${instead}`]);
}

/** `others`: whoever reads it is known to be nobody of security. */
export function helpNote(catalog: Catalog, others = false): Note {
  const { command } = catalog;
  const security: readonly (readonly [string, string])[] = [
    ['revoke <id, @person or role> [why]', `end passes now (only ${catalog.security})`],
    [
      'force-close <pass> <what you looked at>',
      `state that the access of an overdue pass is gone; two people close it (only ${catalog.security})`,
    ],
  ];
  const lines: readonly (readonly [string, string])[] = [
    ['', 'ask for access with a form'],
    ['<role> <duration> <reason>', 'ask in one line, for example 2h fix INC-42'],
    ['list', 'your requests and passes, with Extend and Return'],
    ['return [id]', 'give a pass back early'],
    ['extend [id] 30m [why]', 'ask for more time'],
    ['why <role>', 'can I ask, and who decides'],
    ['approve <id>', 'see the card of a request, with its buttons'],
    ...(others ? [] : security),
    ['help', 'this list'],
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

/** Ten passes with two buttons each: more would be a wall. The others have theirs on their cards. */
const LIST_BUTTONS = 20;

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
  const [only, ...more] = passes;
  const live =
    only && more.length === 0
      ? passButtons(only)
      : passes.flatMap((grant) => passButtons(grant).map((button) => named(button, grant, catalog)));
  const ask: Button = { action: 'ask', label: 'Ask for access', value: '-', style: 'plain' };
  return { kind: 'note', tone: 'plain', lines, buttons: [...live.slice(0, LIST_BUTTONS), ask] };
}

function named(button: Button, grant: Grant, catalog: Catalog): Button {
  return { ...button, label: `${button.label.replace('…', '')}: ${roleTitle(catalog, grant.offer.role)}`.slice(0, 75) };
}

export function passLine(grant: Grant, catalog: Catalog): Rich {
  return [
    '• ',
    { strong: roleTitle(catalog, grant.offer.role) },
    ` in ${grant.offer.target}: ${grantStatusText(grant)}`,
    ...whenText(grant),
    ' ',
    { code: grant.id },
  ];
}

/** Its time, while that is still ahead. */
function whenText(grant: Grant): Rich {
  if (!knowsGrant(grant.status)) return [];
  switch (grant.status) {
    case 'scheduled':
      return [', from ', timeSpan(grant.startsAt, grant.orderedAt)];
    case 'granting':
    case 'active':
    case 'extending':
      return [', until ', endSpan(grant)];
    case 'revoking':
    case 'revoked':
    case 'force_closed':
    case 'failed':
      return [];
  }
}

export function requestLine(request: AccessRequest, catalog: Catalog): Rich {
  return [
    '• ',
    { strong: roleTitle(catalog, request.role) },
    ` for ${formatDuration(request.durationSeconds)}: ${requestStatusText(request.status)} `,
    { code: request.id },
  ];
}

/** Policy rules in people's words; a rule without them shows its own name. */
export const RULES: { readonly [rule: string]: string } = {
  standing: 'You are a full member',
  eligibility: 'You are in a group that may ask',
  duration: 'The duration',
  reason: 'The reason',
  approvers: 'Enough people can approve',
};

function sayersText(people: readonly unknown[] | undefined): string {
  if (people === undefined) return 'who could say yes cannot be found out at present.';
  return `${plural(people.length, 'person', 'people')} could say yes.`;
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
    [{ strong: role.title }, isFree ? ': you can ask for this.' : ': you cannot ask for this now.'],
    ...judgements.map(
      ({ rule, verdict }): Rich => [
        verdict.kind === 'met' ? '✓ ' : '✗ ',
        { strong: RULES[rule] ?? rule },
        verdict.kind === 'met' ? '' : `: ${refusalText(verdict.refusal, catalog)}`,
      ],
    ),
    [`Approval: ${stagesText(role.stages)}.`],
    ...role.stages.map(
      (stage, at): Rich => [`Stage ${at + 1} (${list(stage.from, 'or')}): ${sayersText(approvers[at])}`],
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
