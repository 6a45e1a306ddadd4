// The forms that people fill in, and the page of their own: what they ask, what they offer, and that nothing is offered that
// the policy would refuse.
import { describe, expect, it } from 'vitest';
import type { Catalog, Role } from '../../src/core/catalog.ts';
import { parseDuration } from '../../src/core/duration.ts';
import type { GrantCommand } from '../../src/core/grant-command.ts';
import { firstRefusal } from '../../src/core/policy/evaluate.ts';
import { commentForm, denyForm, detailsForm, extendForm, LIST_MAX, requestForm } from '../../src/messages/forms.ts';
import { homePage } from '../../src/messages/home.ts';
import type { Field, Form } from '../../src/ports/document.ts';
import type { StoredEvent } from '../../src/ports/store.ts';
import { SAMPLES } from '../core/ledger/samples.ts';
import { ask } from '../core/policy/facts.ts';
import {
  ANA,
  approve,
  DIGEST,
  end,
  MIA,
  opening,
  order,
  PASS,
  RECEIPT,
  REQUEST,
  type Step,
  submit,
  T0,
} from '../core/scene.ts';
import { CATALOG, formText, NAMES, pass, ROLE, request, text, view } from './scene.ts';

const pending = request([0, submit()], [1, { type: 'open', ...opening() }]);
const LIVE: readonly Step<GrantCommand>[] = [
  [0, order()],
  [1, { type: 'cleared' }],
  [2, { type: 'attempt' }],
  [3, { type: 'confirmed', receipt: RECEIPT }],
];
const active = pass(...LIVE);

const field = (form: Form, name: string): Field => {
  const found = form.fields.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`no field ${name}`);
  return found;
};
const choices = (form: Form, name: string) => {
  const found = field(form, name);
  return found.type === 'choice' ? found.options : [];
};

describe('the form to ask', () => {
  it('begins with the choice of a role alone', () => {
    expect(formText(requestForm(CATALOG, { context: 'c' })).split('\n')).toEqual([
      '# Ask for access',
      'Choose what you need. Then you see who decides, and for how long you can have it.',
      'What do you need?: Read production data',
      '[Ask]',
    ]);
  });

  it('grows with the role', () => {
    const form = requestForm(CATALOG, { context: 'c', role: ROLE });
    expect(formText(form).split('\n')).toEqual([
      '# Ask for access',
      'Reports and support, on the primary.',
      '*prod-db* · risk medium · needs 1 of dbas, then 1 of secops or leads',
      'What do you need?: Read production data',
      'For how long? (It ends by itself. You can give it back early or ask for more.): 5 min | 10 min | 15 min | 30 min | 45 min | 1 h | 1 h 30 min | 2 h | 3 h | 4 h',
      'Why? (Approvers read this. Name the ticket or incident if there is one.)',
      '[Ask]',
    ]);
    expect(form.context).toBe('c');
    expect(field(form, 'role')).toMatchObject({ redraws: true, initial: 'prod-db-readonly' });
    expect(field(form, 'duration')).toMatchObject({ initial: '60m' });
    expect(field(form, 'reason')).toMatchObject({ maxLength: 3_000, multiline: true });
  });

  it('asks for no reason where none is required, and says nothing of a role that does not describe itself', () => {
    const { description: _none, ...bare } = ROLE;
    const form = requestForm(CATALOG, { context: '', role: { ...bare, requires: [] } });
    expect(form.fields.map(({ name }) => name)).toEqual(['role', 'duration']);
    expect(form.intro).toHaveLength(1);
  });

  it('keeps what was typed before', () => {
    const form = requestForm(CATALOG, { context: '', role: ROLE, durationSeconds: 5_400, reason: 'fix INC-42' });
    expect(field(form, 'duration')).toMatchObject({ initial: '90m' });
    expect(field(form, 'reason')).toMatchObject({ initial: 'fix INC-42' });
  });

  it.each([
    ['an odd duration, as one more choice', 1_260, '21m'],
    ['too long a duration, as the longest', 999_999, '240m'],
    ['too short a duration, as the shortest', 60, '5m'],
  ])('takes %s', (_, durationSeconds, initial) => {
    const form = requestForm(CATALOG, { context: '', role: ROLE, durationSeconds });
    expect(field(form, 'duration')).toMatchObject({ initial });
    expect(choices(form, 'duration').map(({ value }) => value)).toContain(initial);
  });

  it('offers only durations that the policy takes', () => {
    const limits = [
      [60, 60],
      [300, 600],
      [420, 7_260],
      [60, 31_536_000],
    ] as const;
    for (const [minSeconds, maxSeconds] of limits) {
      const role: Role = { ...ROLE, duration: { minSeconds, defaultSeconds: maxSeconds, maxSeconds } };
      for (const { value } of choices(requestForm(CATALOG, { context: '', role }), 'duration')) {
        const read = parseDuration(value);
        expect(
          read.ok && firstRefusal(ask({ durationSeconds: read.seconds, candidates: [1, 1] }, role)),
        ).toBeUndefined();
      }
    }
  });

  it('sorts roles by what people read, and searches where there are too many for a list', () => {
    const named = (count: number): Catalog => {
      const roles = Array.from({ length: count }, (_, at) => ({
        ...ROLE,
        name: `r-${at}`,
        title: `Title ${(count - at).toString().padStart(3, '0')}`,
      }));
      return { ...CATALOG, roles: Object.fromEntries(roles.map((role) => [role.name, role])) };
    };
    const listed = requestForm(named(LIST_MAX), { context: '' });
    expect(choices(listed, 'role').map(({ label }) => label)).toEqual(
      [...choices(listed, 'role').map(({ label }) => label)].sort(),
    );
    expect(choices(listed, 'role')).toHaveLength(LIST_MAX);
    const searched = field(requestForm(named(LIST_MAX + 1), { context: '', role: ROLE }), 'role');
    expect(searched).toMatchObject({ type: 'search', hint: 'Type to find a role.', initial: { value: ROLE.name } });
  });
});

describe('the forms of a decision', () => {
  it('deny asks why not', () => {
    expect(formText(denyForm(view(pending), 'ctx')).split('\n')).toEqual([
      '# Deny this request',
      '*Read production data*',
      '*Waiting for approval.* Needs 1 of dbas, then 1 of secops or leads, until <08:00>.',
      'Why not? (The requester reads this.)',
      '[Deny]',
    ]);
    expect(denyForm(view(pending), 'ctx')).toMatchObject({ context: 'ctx', id: 'deny' });
  });
  it('comment asks what to say, and tells who reads it', () => {
    expect(
      formText(commentForm(view(pending), 'ctx'))
        .split('\n')
        .slice(-2),
    ).toEqual(['What do you want to say? (Requester and approvers read this.)', '[Send]']);
  });
  it('never show the reason among our own words (C05)', () => {
    for (const form of [denyForm(view(pending), ''), commentForm(view(pending), '')])
      expect(formText(form)).not.toContain('INC-42');
  });
});

describe('the form to extend', () => {
  const NOW = T0 + 60_000;
  it('offers what is left, and says that the end holds', () => {
    const form = extendForm(active, ROLE, NOW);
    expect(formText(form).split('\n')).toEqual([
      '# Extend',
      '*Read production data* ends at <01:00>.',
      'More time needs a new approval. The present end holds until then.',
      'How much longer? (It ends by itself. You can give it back early or ask for more.): 5 min | 10 min | 15 min | 30 min | 45 min | 1 h | 1 h 30 min | 2 h | 3 h',
      'Why?',
      '[Ask for more time]',
    ]);
    expect(form.context).toBe(PASS);
    expect(field(form, 'reason')).toMatchObject({ optional: false });
  });
  it('does not insist on a reason where the role does not', () => {
    expect(field(extendForm(active, { ...ROLE, requires: [] }, NOW), 'reason')).toMatchObject({ optional: true });
  });
  it('offers nothing shorter than the policy takes, which judges an extension too', () => {
    const role: Role = { ...ROLE, duration: { minSeconds: 1_800, defaultSeconds: 3_600, maxSeconds: 7_200 } };
    expect(choices(extendForm(active, role, NOW), 'duration').map(({ label }) => label)).toEqual([
      '30 min',
      '45 min',
      '1 h',
    ]);
  });
  it.each([
    [
      'has its longest time',
      { maxSeconds: 3_600, minSeconds: 60 },
      NOW,
      '*Read production data* ends at <01:00>.\nIt has its longest time already. Ask for a new pass when it has ended.',
    ],
    [
      'has less left than the shortest',
      { maxSeconds: 3_800, minSeconds: 300 },
      NOW,
      '*Read production data* ends at <01:00>.\nIt has its longest time already. Ask for a new pass when it has ended.',
    ],
    [
      'is over',
      { maxSeconds: 14_400, minSeconds: 60 },
      T0 + 3_600_000,
      '*Read production data* has ended. Ask for a new pass.',
    ],
  ])('offers nothing for a pass that %s', (_, limits, now, words) => {
    const form = extendForm(active, { ...ROLE, duration: { ...limits, defaultSeconds: 600 } }, now);
    expect(formText(form)).toBe(`# Extend\n${words}`);
    expect(form.fields).toEqual([]);
  });
});

describe('the details', () => {
  const stored = (event: StoredEvent['event'], number: number): StoredEvent => ({
    number,
    event,
    hash: 'a'.repeat(64),
  });
  it('are the facts, the reason, and what happened', () => {
    const told = [
      stored(SAMPLES['request.submitted'], 1),
      stored(SAMPLES['request.opened'], 2),
      stored(SAMPLES['request.commented'], 3),
    ];
    const form = detailsForm(view(pending), told);
    expect(form.intro.map(text)).toEqual([
      '*Read production data*',
      '*Waiting for approval.* Needs 1 of dbas, then 1 of secops or leads, until <08:00>.',
      ...[
        '*Role*: `prod-db-readonly`',
        '*Target*: prod-db · member of the PostgreSQL role readonly',
        '*Who*: @Mia as mia',
      ],
      ...['*How long*: 1 h', '*Risk*: medium', `*Request*: \`${REQUEST}\``],
      '*Reason*: fix INC-42',
      'Next: when approved, access is given at once and taken back by itself.',
      'Ending this pass also ends all open sessions.',
      'Hallpass ends this at the deadline; the target does not do so by itself.',
      '<2026-11-22 00:00> `person_01JD8Q5W8Z000000000000000A` asked for this for 1 h.',
      '<2026-11-22 00:00> `person_01JD8Q5W8Z000000000000000B` writes: “which table?”',
    ]);
    expect(form.submit).toBeUndefined();
  });
  it('of a long story say where the beginning is', () => {
    const many = Array.from({ length: 45 }, (_, at) => stored(SAMPLES['request.commented'], at));
    const lines = detailsForm(view(pending), many).intro.map(text);
    expect(lines).toContain('5 earlier entries are in the thread.');
    expect(lines.filter((line) => line.includes('writes:'))).toHaveLength(40);
  });
});

describe('a page of one’s own', () => {
  const other = request(
    [0, submit({ requester: ANA, reason: `${'🔥'.repeat(299)}ab` })],
    [1, { type: 'open', ...opening() }],
  );
  const home = homePage({
    catalog: CATALOG,
    mine: [pending],
    passes: [active],
    pending: [other],
    roles: [ROLE],
    names: NAMES,
    now: T0,
  });
  const lines = home.sections.map(({ title, items }) => [title, ...items.flatMap((item) => item.lines.map(text))]);

  it('shows passes, what waits for me, and what I can ask for', () => {
    expect(home.intro.map(text)).toEqual(['Access for a while, approved by people, taken back by itself.']);
    expect(lines).toEqual([
      [
        'My passes',
        `• *Read production data* in prod-db: active, until <01:00> \`${PASS}\``,
        `• *Read production data* for 1 h: waiting for approval \`${REQUEST}\``,
      ],
      ['Waiting for me', '@Ana asks for *Read production data* for 1 h', `“${'🔥'.repeat(299)}…”`],
      [
        'What I can ask for',
        '*Read production data* in prod-db · up to 4 h · needs 1 of dbas, then 1 of secops or leads',
      ],
    ]);
  });

  it('has the buttons of each', () => {
    const buttons = home.sections.map(({ items }) => items.map((item) => item.buttons.map(({ label }) => label)));
    expect(buttons).toEqual([[['Extend…', 'Return now'], ['Withdraw']], [['Approve', 'Deny…', 'Details']], [['Ask']]]);
    expect(home.sections[1]?.items[0]?.buttons[0]?.value).toBe(`${REQUEST}.1.${DIGEST}`);
  });

  it('of nothing says what to do', () => {
    const empty = homePage({ catalog: CATALOG, mine: [], passes: [], pending: [], roles: [], names: {}, now: T0 });
    expect(empty.sections.map((section) => section.empty)).toEqual([
      'You hold no passes.',
      'Nothing waits for your decision.',
      'There is nothing you can ask for yet. Ask an operator to add you to a group that may.',
    ]);
  });

  it('shows no empty quote, no buttons on what is over, and no request that was decided', () => {
    const silent = request([0, submit({ requester: MIA, reason: '' })], [1, { type: 'open', ...opening() }]);
    const decided = request(
      [0, submit()],
      [1, { type: 'open', ...opening() }],
      [2, approve(ANA)],
      [3, { type: 'withdraw', by: MIA }],
    );
    const ending = pass(...LIVE, [9, end()]);
    const page = homePage({
      catalog: CATALOG,
      mine: [decided],
      passes: [ending],
      pending: [silent, decided],
      roles: [],
      names: NAMES,
      now: T0,
    });
    expect(page.sections[0]?.items).toHaveLength(1);
    expect(page.sections[0]?.items[0]?.buttons).toEqual([]);
    expect(page.sections[1]?.items[0]?.lines).toHaveLength(1);
    expect(page.sections[1]?.items[1]?.buttons).toEqual([]);
  });

  it('says when it may not be complete', () => {
    const partial = homePage({
      catalog: CATALOG,
      mine: [],
      passes: [],
      pending: [],
      roles: [],
      names: {},
      now: T0,
      isIncomplete: true,
    });
    expect(partial.intro.map(text)[1]).toBe('Not all groups could be read just now, so something may be missing here.');
  });
});
