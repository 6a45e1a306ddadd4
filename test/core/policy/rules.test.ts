// Each rule of the policy, by a table: what it is content with, what it refuses and in which words' code, what it cannot know.
import { describe, expect, it } from 'vitest';
import { firstRefusal, judgeAll } from '../../../src/core/policy/evaluate.ts';
import { rules } from '../../../src/core/policy/index.ts';
import type { AskFacts, Verdict } from '../../../src/core/policy/rule.ts';
import { REASON_MAX_CHARACTERS } from '../../../src/core/policy/rules/reason.ts';
import type { Refusal } from '../../../src/core/refusal.ts';
import { ask } from './facts.ts';

function verdictOf(rule: string, facts: AskFacts): Verdict | undefined {
  return judgeAll(facts).find((judged) => judged.rule === rule)?.verdict;
}
const no = (refusal: Refusal): Verdict => ({ kind: 'not_met', refusal });
const unknown = (refusal: Refusal): Verdict => ({ kind: 'unknown', refusal });
const MET: Verdict = { kind: 'met' };
const groups = ['dbas', 'secops'];

interface Case {
  readonly rule: string;
  readonly name: string;
  readonly facts: AskFacts;
  readonly verdict: Verdict | undefined;
}
const of = (rule: string, cases: readonly (readonly [string, AskFacts, Verdict | undefined])[]): Case[] =>
  cases.map(([name, facts, verdict]) => ({ rule, name, facts, verdict }));

const nobody = no({ code: 'nobody_can_approve', groups });
const tooShort = no({ code: 'duration_too_short', minSeconds: 300 });
const tooLong = no({ code: 'duration_too_long', maxSeconds: 14_400 });
const none = no({ code: 'reason_missing' });
const notEligible = no({ code: 'not_eligible', role: 'prod-db-readonly', groups: ['engineers', 'oncall'] });

const TABLE: readonly Case[] = [
  ...of('standing', [
    ['a member', ask(), MET],
    ['a guest (B03)', ask({ standing: 'guest' }), no({ code: 'not_a_member', standing: 'guest' })],
    ['a stranger (B01)', ask({ standing: 'stranger' }), no({ code: 'not_a_member', standing: 'stranger' })],
    ['a bot (B04)', ask({ standing: 'bot' }), no({ code: 'not_a_member', standing: 'bot' })],
    [
      'a deactivated account (B05)',
      ask({ standing: 'deactivated' }),
      no({ code: 'not_a_member', standing: 'deactivated' }),
    ],
    ['a suspended member (B10)', ask({ suspended: true }), no({ code: 'suspended' })],
    [
      'a suspended guest: the standing is told',
      ask({ standing: 'guest', suspended: true }),
      no({ code: 'not_a_member', standing: 'guest' }),
    ],
  ]),
  ...of('eligibility', [
    ['a member of one of the groups', ask({ groups: ['oncall', 'other'] }), MET],
    ['a member of another group', ask({ groups: ['dbas'] }), notEligible],
    ['a member of no group', ask({ groups: [] }), notEligible],
    ['a group whose name only begins so', ask({ groups: ['engineers2', 'engineer', 'Engineers'] }), notEligible],
    [
      'a role for nobody: an empty list is nobody (B16)',
      ask({}, { who: [] }),
      no({ code: 'not_eligible', role: 'prod-db-readonly', groups: [] }),
    ],
    [
      'a role for nobody, and somebody without groups (B16)',
      ask({ groups: [] }, { who: [] }),
      no({ code: 'not_eligible', role: 'prod-db-readonly', groups: [] }),
    ],
  ]),
  ...of('duration', [
    ['the shortest', ask({ durationSeconds: 300 }), MET],
    ['the longest', ask({ durationSeconds: 14_400 }), MET],
    ['a second too short', ask({ durationSeconds: 299 }), tooShort],
    ['a second too long', ask({ durationSeconds: 14_401 }), tooLong],
    [
      'a role whose limits cross',
      ask({}, { duration: { minSeconds: 7_200, defaultSeconds: 60, maxSeconds: 60 } }),
      no({ code: 'duration_too_short', minSeconds: 7_200 }),
    ],
    [
      'a role without a longest duration: nothing fits',
      ask({}, { duration: { minSeconds: 1, defaultSeconds: 1, maxSeconds: Number.NaN } }),
      no({ code: 'duration_too_long', maxSeconds: Number.NaN }),
    ],
  ]),
  ...of('reason', [
    ['a reason', ask({ reason: 'x' }), MET],
    ['the longest reason', ask({ reason: 'x'.repeat(REASON_MAX_CHARACTERS) }), MET],
    ['the longest reason between blanks', ask({ reason: `  ${'x'.repeat(REASON_MAX_CHARACTERS)}\n` }), MET],
    ['a reason of one sign', ask({ reason: '🔥' }), MET],
    ['a reason in another script', ask({ reason: '障害対応' }), MET],
    [
      'a reason too long',
      ask({ reason: 'x'.repeat(REASON_MAX_CHARACTERS + 1) }),
      no({ code: 'reason_too_long', limit: 3_000, length: 3_001 }),
    ],
    ['nothing', ask({ reason: '' }), none],
    ['blanks', ask({ reason: ' \n\t\u00A0\u3000' }), none],
    ['characters that draw nothing (B11)', ask({ reason: '\u200B\u200D\uFEFF\u2060\u202E' }), none],
    ['letters that draw nothing (B11)', ask({ reason: '\u3164\u115F\uFFA0\u2800' }), none],
    ['half characters', ask({ reason: '\uD83D' }), none],
    ['nothing, where none is asked for', ask({ reason: '' }, { requires: [] }), undefined],
    ['too much, where none is asked for', ask({ reason: 'x'.repeat(9_000) }, { requires: [] }), undefined],
  ]),
  ...of('approvers', [
    ['just enough', ask({ candidates: [2, 1] }), MET],
    ['one too few in the first stage', ask({ candidates: [1, 1] }), nobody],
    ['none in the last stage', ask({ candidates: [2, 0] }), nobody],
    ['no figure for the last stage', ask({ candidates: [2] }), nobody],
    ['no figures at all', ask({ candidates: [] }), nobody],
    [
      'a group that could not be read: not “nobody”, but not known',
      ask({ candidates: [2, undefined] }),
      unknown({ code: 'facts_unavailable', what: 'group' }),
    ],
    [
      'a group that could not be read beside one that is too small',
      ask({ candidates: [undefined, 0] }),
      unknown({ code: 'facts_unavailable', what: 'group' }),
    ],
    [
      'no stages: nobody may approve, not nobody has to (B16)',
      ask({ candidates: [] }, { stages: [] }),
      no({ code: 'nobody_can_approve', groups: [] }),
    ],
    [
      'a stage that wants nobody (B16)',
      ask({ candidates: [9] }, { stages: [{ from: ['dbas'], count: 0 }] }),
      no({ code: 'nobody_can_approve', groups: ['dbas'] }),
    ],
    [
      'a stage of no groups (B16)',
      ask({ candidates: [0] }, { stages: [{ from: [], count: 1 }] }),
      no({ code: 'nobody_can_approve', groups: [] }),
    ],
    [
      'a stage whose count is no number',
      ask({ candidates: [9] }, { stages: [{ from: ['dbas'], count: Number.NaN }] }),
      no({ code: 'nobody_can_approve', groups: ['dbas'] }),
    ],
  ]),
];

describe('each rule', () => {
  it.each(TABLE)('$rule: $name', ({ rule, facts, verdict }) => {
    expect(verdictOf(rule, facts)).toEqual(verdict);
  });

  it('has its cases: one that is met and one that is not', () => {
    const names = rules.map(({ name }) => name);
    for (const name of names) {
      const kinds = TABLE.filter(({ rule }) => rule === name).map(({ verdict }) => verdict?.kind);
      expect(kinds, name).toContain('met');
      expect(kinds, name).toContain('not_met');
    }
    expect([...new Set(TABLE.map(({ rule }) => rule))]).toEqual(names);
  });
});

/** Threat C16: what a tampered form, a script or a mistake may send for seconds. */
const HOSTILE: readonly unknown[] = [
  ...[-1, -3_600, -0.5, -0, 0, 1, 59, 60, 299, 299.999_999],
  ...[300.5, 3_600.1, 14_400.000_1, 14_401, 86_400, 1e9, 1e15, 1e21, 1e308, 5e-324],
  ...[
    Number.MAX_SAFE_INTEGER,
    Number.MAX_SAFE_INTEGER + 1,
    Number.MAX_VALUE,
    -Number.MAX_VALUE,
    Number.MIN_SAFE_INTEGER,
  ],
  ...[Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 2 ** 31, 2 ** 32 + 3_600],
  ...['3600', '1h; 99h', '', ' 3600 ', '0x0e10', null, undefined, true, [3_600], { valueOf: () => 3_600 }],
];

describe('hostile durations (C16)', () => {
  it('are forty', () => {
    expect(HOSTILE).toHaveLength(40);
    expect(HOSTILE.filter((one, at) => HOSTILE.findIndex((other) => Object.is(one, other)) !== at)).toEqual([]);
  });
  it.each(HOSTILE.map((seconds) => ({ seconds })))('$seconds is refused', ({ seconds }) => {
    const refusal = firstRefusal(ask({ durationSeconds: seconds as number }))?.refusal;
    expect(['duration_too_short', 'duration_too_long']).toContain(refusal?.code);
  });
  it('leave what is in order alone', () => {
    for (const seconds of [300, 301, 3_600, 14_399, 14_400])
      expect(firstRefusal(ask({ durationSeconds: seconds }))).toBeUndefined();
  });
});
