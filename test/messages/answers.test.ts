// What people see at once when they type or press, in exact words: each answer, each problem with a command, the lists.
import { describe, expect, it } from 'vitest';
import type { CommandProblem, Verb } from '../../src/core/command.ts';
import { parseCommand } from '../../src/core/command-line.ts';
import { judgeAll } from '../../src/core/policy/evaluate.ts';
import { rules } from '../../src/core/policy/index.ts';
import type { AskFacts } from '../../src/core/policy/rule.ts';
import {
  acceptedNote,
  askedNote,
  attestedNote,
  commandProblemNote,
  endedNote,
  helpNote,
  laterNote,
  listNote,
  onItNote,
  passChoiceNote,
  RULES,
  revokedNote,
  whyNote,
} from '../../src/messages/answers.ts';
import {
  ANA,
  approve,
  attest,
  deny,
  end,
  MIA,
  MORE,
  opening,
  order,
  PASS,
  RECEIPT,
  REQUEST,
  SAM,
  SEEN_ABSENT,
  submit,
  T0,
} from '../core/scene.ts';
import { CATALOG, noteText, pass, ROLE, request } from './scene.ts';

const NAME = 'prod-db-readonly';

describe('answers', () => {
  it.each([
    ['a delivery that came twice', acceptedNote(), 'Hallpass has this already, so nothing was done twice.'],
    [
      'asked',
      askedNote(NAME, CATALOG),
      '*Asked for Read production data.* Your card in the direct messages with Hallpass tells you what happens.',
    ],
    [
      'returned',
      endedNote('pass', NAME, CATALOG),
      'Thank you. Your pass for Read production data is being ended now, and the card tells you when it is gone.',
    ],
    ['withdrawn', endedNote('request', NAME, CATALOG), 'Your request for Read production data is withdrawn.'],
    ['why, soon', onItNote('why'), 'Looking it up. The answer comes in a moment, here or as a direct message.'],
    [
      'revoke, soon',
      onItNote('revoke'),
      'Checking first that you may do this. Then the passes are ended, and you will hear how many.',
    ],
    [
      'force-close, soon',
      onItNote('force_close'),
      'Checking first that you may do this. Then you will hear whether the pass is closed.',
    ],
    [
      'stated by the first',
      attestedNote(false, PASS, CATALOG),
      `Your statement is kept, and Hallpass goes on trying. The pass closes when a second, different person in \`secops\` has looked and types \`/jit force-close ${PASS}\` and what they looked at. The alarm tells them.`,
    ],
    [
      'stated by the second',
      attestedNote(true, PASS, CATALOG),
      `The pass \`${PASS}\` is closed by hand. Hallpass tries no more to end it; its thread has what both of you stated.`,
    ],
    ['one revoked', revokedNote(1, 1), 'Ending 1 pass now. Each card tells when its pass is gone.'],
    [
      'some revoked',
      revokedNote(2, 3),
      'Ending 2 passes now. 1 pass had ended already. Each card tells when its pass is gone.',
    ],
    ['none revoked', revokedNote(0, 3), 'There was nothing left to end. 3 passes had ended already.'],
    [
      'no pass to return',
      passChoiceNote('none'),
      'There is no such live pass of yours. Use “list” to see your passes.',
    ],
    [
      'several passes to return',
      passChoiceNote('several'),
      'You hold several live passes. Say which one by its id, or use the buttons of “list”.',
    ],
    [
      'freeze, later',
      laterNote('freeze', CATALOG),
      '“freeze” is not in this version of Hallpass yet. To end live access now, security can type /jit revoke <id, @person or role>.',
    ],
    [
      'report, later',
      laterNote('report', CATALOG),
      '“report” is not in this version of Hallpass yet. Type /jit help to see what there is.',
    ],
  ])('%s', (_, note, words) => {
    expect(noteText(note)).toBe(words);
  });

  it('help names only commands that are read as what they say', () => {
    const lines = noteText(helpNote(CATALOG)).split('\n');
    const security = [
      '`/jit revoke <id, @person or role> [why]` – end passes now (only secops)',
      '`/jit force-close <pass> <what you looked at>` – state that the access of an overdue pass is gone; two people close it (only secops)',
    ];
    expect(lines).toEqual([
      '*Hallpass gives access for a while and takes it back by itself.*',
      '`/jit` – ask for access with a form',
      '`/jit <role> <duration> <reason>` – ask in one line, for example 2h fix INC-42',
      '`/jit list` – your requests and passes, with Extend and Return',
      '`/jit return [id]` – give a pass back early',
      '`/jit extend [id] 30m [why]` – ask for more time',
      '`/jit why <role>` – can I ask, and who decides',
      '`/jit approve <id>` – see the card of a request, with its buttons',
      ...security,
      '`/jit help` – this list',
    ]);
    expect(noteText(helpNote(CATALOG, true)).split('\n')).toEqual(lines.filter((line) => !security.includes(line)));
    const typed = [
      '',
      `${NAME} 2h fix INC-42`,
      'list',
      `return ${PASS}`,
      `extend ${PASS} 30m why`,
      `why ${NAME}`,
      `approve ${REQUEST}`,
      `revoke ${NAME}`,
      `force-close ${PASS} the server is gone`,
      'help',
    ];
    const kinds = typed.map((text) => parseCommand(text, { roles: [ROLE] }).kind);
    expect(kinds).toEqual([
      ...['form', 'submit', 'list', 'return', 'extend', 'why', 'approve', 'revoke', 'force_close', 'help'],
    ]);
  });
});

/** What a problem says besides its code; some share one shape among several codes. */
type FactsOf<C> = CommandProblem extends infer P
  ? P extends { readonly code: infer Codes }
    ? C extends Codes
      ? Omit<P, 'code'>
      : never
    : never
  : never;
type Problems = { readonly [C in CommandProblem['code']]: readonly [FactsOf<C>, string] };
const missing = (verb: Verb) => ({ verb });
const PROBLEMS: Problems = {
  unknown_role: [
    { typed: 'prod-bd', suggestions: [NAME] },
    `There is no role “prod-bd”. Did you mean ${NAME}? Type /jit to choose from all roles.`,
  ],
  ambiguous_role: [
    { typed: 'prod', roles: ['prod-a', 'prod-b', 'prod-c'] },
    '“prod” could be prod-a, prod-b or prod-c. Type the one you mean.',
  ],
  unclosed_quote: [
    { typed: 'Read prod' },
    'The quote in “Read prod” is never closed. Put the whole title in quotes, or type the role’s id.',
  ],
  unknown_verb: [
    { typed: 'lst', suggestions: ['list'] },
    '“lst” is not a command. Did you mean list? Type /jit help to see all.',
  ],
  unknown_target: [
    { typed: 'prod-bd', suggestions: [] },
    'There is no target or role “prod-bd”. Type /jit help to see how.',
  ],
  bad_duration: [
    { typed: '1e9h', problem: 'unknown_unit' },
    '“1e9h” is not a duration that works here. Write it like 30m, 2h or 1h30m.',
  ],
  not_a_mention: [{ typed: '@ana' }, '“@ana” is not a person. Type @ and choose a name.'],
  unexpected_words: [
    { verb: 'list', words: 'all of it' },
    '“/jit list” takes no more words, and “all of it” is left over. Type /jit help to see how.',
  ],
  reason_too_long: [
    { length: 3_412, max: 3_000 },
    'The reason has 3412 characters, and 3000 fit. Shorten it, or link to the ticket.',
  ],
  too_long: [
    { length: 12_000, max: 10_000 },
    'That is 12000 characters, and 10000 fit. Shorten it, or type /jit to use the form.',
  ],
  missing_role: [missing('why'), 'Which role? Type /jit why <role>, or /jit to choose.'],
  missing_duration: [missing('extend'), 'How much longer? Type for example /jit extend 30m.'],
  missing_id: [missing('approve'), 'Which request? Its id is on the card. Type /jit approve <id>.'],
  missing_pass: [
    missing('force-close'),
    'Which pass? Its id is in the alarm. Type /jit force-close <pass> and what you looked at.',
  ],
  missing_evidence: [
    missing('force-close'),
    'What did you look at? Add it at the end, because somebody will check it: /jit force-close <pass> <what you looked at>.',
  ],
  missing_person: [missing('delegate'), 'Who? Type for example /jit delegate @name.'],
  missing_reason: [
    missing('breakglass'),
    'Why? Add it at the end, because people read it: /jit breakglass <role> <reason>.',
  ],
  missing_until: [missing('delegate'), 'Until when? Type for example /jit delegate @name until friday.'],
  missing_subject: [
    missing('revoke'),
    'What should end? Type /jit revoke with the id of a pass, a person with @, or a role.',
  ],
  missing_action: [missing('audit'), 'What should be done? Type /jit help to see what there is.'],
};

describe('a command that was not understood', () => {
  it.each(Object.entries(PROBLEMS))('%s', (code, [facts, words]) => {
    const note = commandProblemNote({ code, ...facts } as CommandProblem, CATALOG);
    expect(noteText(note)).toBe(words);
    expect(note.tone).toBe('bad');
  });
});

/* -------------------------------------------------------------------- lists */

const LIVE = [
  [0, order()],
  [1, { type: 'cleared' }],
  [2, { type: 'attempt' }],
  [3, { type: 'confirmed', receipt: RECEIPT }],
] as const;
const active = pass(...LIVE);
const two = { ...active, id: PASS.replace('ONE', 'TWO') as typeof PASS };
const pending = request([0, submit()], [1, { type: 'open', ...opening() }]);
const denied = request([0, submit({ id: MORE })], [1, { type: 'open', ...opening() }], [2, deny(ANA)]);
const list = (requests: Parameters<typeof listNote>[0]['requests'], passes: Parameters<typeof listNote>[0]['passes']) =>
  listNote({ catalog: CATALOG, requests, passes, now: T0 });
const labels = (note: ReturnType<typeof listNote>) => note.buttons?.map(({ label }) => label);

describe('the list', () => {
  it('of somebody who has nothing', () => {
    expect(noteText(list([], []))).toBe('*You hold no passes.*');
    expect(labels(list([], []))).toEqual(['Ask for access']);
  });

  it('of one pass, what waits, and what was', () => {
    const note = list([pending, denied], [active]);
    expect(noteText(note).split('\n')).toEqual([
      '*Your passes*',
      `• *Read production data* in prod-db: active, until <01:00> \`${PASS}\``,
      '*Waiting*',
      `• *Read production data* for 1 h: waiting for approval \`${REQUEST}\``,
      '*Before*',
      `• *Read production data* for 1 h: denied \`${MORE}\``,
    ]);
    expect(labels(note)).toEqual(['Extend…', 'Return now', 'Ask for access']);
  });

  it('of several passes names the pass on each button', () => {
    expect(labels(list([], [active, two]))).toEqual([
      ...['Extend: Read production data', 'Return now: Read production data'],
      ...['Extend: Read production data', 'Return now: Read production data', 'Ask for access'],
    ]);
  });

  it('of many passes does not become a wall of buttons', () => {
    expect(
      labels(
        list(
          [],
          Array.from({ length: 15 }, () => active),
        ),
      ),
    ).toHaveLength(21);
  });

  it.each([
    ['scheduled', pass([0, order({ startsAt: T0 + 60_000 })]), 'scheduled, from <00:01>'],
    ['being given', pass(...LIVE.slice(0, 3)), 'being given, until <01:00>'],
    [
      'being extended',
      pass(...LIVE, [9, { type: 'extend', until: T0 + 7_200_000, extension: REQUEST }]),
      'active, being extended, until <01:00>',
    ],
    ['for more than a day', { ...active, expiresAt: T0 + 90_000_000 }, 'active, until <2026-11-23 01:00>'],
    ['ending', pass(...LIVE, [9, end()]), 'being taken back'],
    ['overdue', pass(...LIVE, [9, end()], [200, { type: 'overdue', fault: 'busy' }]), 'OVERDUE: not proven gone yet'],
    ['ended', pass(...LIVE, [9, end()], [10, SEEN_ABSENT], [60, SEEN_ABSENT]), 'ended'],
    [
      'closed by hand',
      pass(...LIVE, [9, end()], [200, { type: 'overdue', fault: 'busy' }], [300, attest(SAM)], [301, attest(ANA)]),
      'closed by hand',
    ],
    ['failed', pass([0, order()], [1, { type: 'already_there' }]), 'not given'],
  ])('of a pass that is %s names a time only where one is to come', (_, grant, words) => {
    expect(noteText(list([], [grant])).split('\n')[1]).toBe(
      `• *Read production data* in prod-db: ${words} \`${PASS}\``,
    );
  });

  it.each([
    ['being checked', request([0, submit()])],
    ['refused', request([0, submit()], [1, { type: 'refuse', refusal: { code: 'suspended' } }])],
    ['approved', request([0, submit()], [1, { type: 'open', ...opening() }], [2, approve(ANA)], [3, approve(SAM)])],
    ['withdrawn', request([0, submit()], [1, { type: 'withdraw', by: MIA }])],
    ['lapsed', request([0, submit()], [1, { type: 'open', ...opening() }], [28_800, { type: 'lapse' }])],
  ])('of a request that is %s', (words, row) => {
    expect(noteText(list([row], []))).toContain(`• *Read production data* for 1 h: ${words} \`${REQUEST}\``);
  });
});

/* ---------------------------------------------------------------------- why */

const facts = (change: Partial<AskFacts> = {}): AskFacts => ({
  ...{ asOf: T0, role: ROLE, standing: 'member', suspended: false, groups: ['engineers'] },
  ...{ reason: 'asked on the form', durationSeconds: 3_600, candidates: [2, 1] },
  ...change,
});
const why = (change: Partial<AskFacts>, approvers: readonly (readonly unknown[] | undefined)[]) =>
  whyNote({ role: ROLE, groups: [], judgements: judgeAll(facts(change)), approvers }, CATALOG);

describe('why', () => {
  it('tells somebody who may', () => {
    const note = why({}, [['a', 'b'], ['c']]);
    expect(noteText(note).split('\n')).toEqual([
      '*Read production data*: you can ask for this.',
      ...[
        '✓ *You are a full member*',
        '✓ *You are in a group that may ask*',
        '✓ *The duration*',
        '✓ *The reason*',
        '✓ *Enough people can approve*',
      ],
      'Approval: 1 of dbas, then 1 of secops or leads.',
      'Stage 1 (dbas): 2 people could say yes.',
      'Stage 2 (secops or leads): 1 person could say yes.',
      'From 5 min to 4 h, 1 h if you say nothing.',
    ]);
    expect(note.tone).toBe('good');
  });

  it('tells somebody who may not what is in the way', () => {
    const note = why({ groups: [], candidates: [undefined, 0] }, [undefined, []]);
    expect(noteText(note).split('\n')).toEqual([
      '*Read production data*: you cannot ask for this now.',
      '✓ *You are a full member*',
      '✗ *You are in a group that may ask*: Read production data is for engineers. Ask an operator to add you, or choose another role.',
      '✓ *The duration*',
      '✓ *The reason*',
      '✗ *Enough people can approve*: Hallpass could not find out what it has to know about the groups or the channel, so nothing was decided. Try again in a minute. If it stays like this, tell an operator to run “hallpass check”.',
      'Approval: 1 of dbas, then 1 of secops or leads.',
      'Stage 1 (dbas): who could say yes cannot be found out at present.',
      'Stage 2 (secops or leads): 0 people could say yes.',
      'From 5 min to 4 h, 1 h if you say nothing.',
    ]);
    expect(note.tone).toBe('bad');
  });

  it('has words for every rule', () => {
    expect(Object.keys(RULES).sort()).toEqual(rules.map(({ name }) => name).sort());
  });
});
