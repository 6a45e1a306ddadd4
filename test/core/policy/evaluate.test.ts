// Judging by all rules: in their order, the default is no, what cannot be known is told apart from what is not met, and no
// further condition ever lets more people through (H04).
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Role } from '../../../src/core/catalog.ts';
import { firstRefusal, judgeAll, needsOf } from '../../../src/core/policy/evaluate.ts';
import { rules } from '../../../src/core/policy/index.ts';
import type { AskFacts } from '../../../src/core/policy/rule.ts';
import { ask, ROLE } from './facts.ts';

describe('all rules together', () => {
  it('let through what every rule is content with', () => {
    expect(firstRefusal(ask())).toBeUndefined();
    expect(judgeAll(ask()).map(({ rule, verdict }) => [rule, verdict.kind])).toEqual([
      ['standing', 'met'],
      ['eligibility', 'met'],
      ['duration', 'met'],
      ['reason', 'met'],
      ['approvers', 'met'],
    ]);
  });

  it('tell the first refusal, in the order of the rules', () => {
    const worst = { standing: 'guest', groups: [], durationSeconds: 1, reason: '', candidates: [] } as const;
    const mended: Partial<AskFacts>[] = [
      {},
      { standing: 'member' },
      { groups: ['engineers'] },
      { durationSeconds: 300 },
      { reason: 'x' },
      { candidates: [2, 1] },
    ];
    const told = mended.map((_, index) => firstRefusal(ask(Object.assign({}, worst, ...mended.slice(0, index + 1)))));
    expect(told.map((found) => found?.refusal.code)).toEqual([
      ...['not_a_member', 'not_eligible', 'duration_too_short', 'reason_missing', 'nobody_can_approve', undefined],
    ]);
  });

  it('judge all the same after the first refusal, for explanations', () => {
    expect(judgeAll(ask({ standing: 'bot', durationSeconds: 0 })).map(({ verdict }) => verdict.kind)).toEqual([
      ...['not_met', 'met', 'not_met', 'met', 'met'],
    ]);
  });

  it('tell operators apart from askers', () => {
    expect(firstRefusal(ask({ candidates: [undefined, 1] }))).toEqual({
      refusal: { code: 'facts_unavailable', what: 'group' },
      unknown: true,
    });
    expect(firstRefusal(ask({ candidates: [0, 1] }))).toMatchObject({ unknown: false });
  });

  it('refuse what an asker can mend before what operators must', () => {
    expect(firstRefusal(ask({ reason: '', candidates: [undefined, 1] }))?.refusal.code).toBe('reason_missing');
  });

  it.each(['ticket', 'Reason', 'step_up', 'constructor', ''])(
    'refuse a requirement that no rule knows: “%s” (H07)',
    (name) => {
      const found = firstRefusal(ask({}, { requires: ['reason', name] }));
      expect(found).toEqual({ refusal: { code: 'facts_unavailable', what: 'policy' }, unknown: true });
      expect(judgeAll(ask({}, { requires: [name] })).at(-1)?.rule).toBe(name);
    },
  );

  it('are each called by a name of their own', () => {
    const names = rules.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('what the form asks', () => {
  const duration = { kind: 'duration', minSeconds: 300, defaultSeconds: 3_600, maxSeconds: 14_400 };
  it('grows from the rules of the role', () => {
    expect(needsOf(ROLE)).toEqual([duration, { kind: 'reason', maxLength: 3_000 }]);
    expect(needsOf({ ...ROLE, requires: [] })).toEqual([duration]);
  });
});

const GROUPS = ['engineers', 'oncall', 'dbas', 'secops'];
const groups = fc.subarray(GROUPS);
const stage = fc.record({ from: groups, count: fc.integer({ min: 0, max: 3 }) });
const role = fc
  .record({
    who: groups,
    stages: fc.array(stage, { maxLength: 3 }),
    requires: fc.subarray(['reason']),
    min: fc.integer({ min: 1, max: 7_200 }),
    max: fc.integer({ min: 1, max: 28_800 }),
  })
  .map(
    ({ who, stages, requires, min, max }): Role => ({
      ...{ ...ROLE, who, stages, requires },
      duration: { minSeconds: min, defaultSeconds: min, maxSeconds: max },
    }),
  );
const facts = fc.record({
  standing: fc.constantFrom('member', 'member', 'member', 'guest', 'bot' as const),
  suspended: fc.constantFrom(false, false, false, true),
  groups,
  reason: fc.constantFrom('fix INC-42', 'fix INC-42', '', ' '),
  durationSeconds: fc.integer({ min: 0, max: 30_000 }),
  candidates: fc.array(fc.option(fc.nat({ max: 4 }), { nil: undefined, freq: 9 }), { minLength: 3, maxLength: 4 }),
});

type Tighter = (role: Role, n: number, word: string) => Role;
/** Everything that makes a role stricter, or at least no laxer. */
const TIGHTER: { readonly [how: string]: Tighter } = {
  'a reason is required': (of) => ({ ...of, requires: [...of.requires, 'reason'] }),
  'something unheard of is required': (of, _, word) => ({ ...of, requires: [...of.requires, word] }),
  'one group fewer may ask': (of, n) => ({ ...of, who: of.who.filter((_, at) => at !== n % (of.who.length || 1)) }),
  'the longest duration is shorter': (of, n) => ({
    ...of,
    duration: { ...of.duration, maxSeconds: of.duration.maxSeconds - n },
  }),
  'the shortest duration is longer': (of, n) => ({
    ...of,
    duration: { ...of.duration, minSeconds: of.duration.minSeconds + n },
  }),
  'one stage more': (of, n) => ({ ...of, stages: [...of.stages, { from: ['dbas'], count: 1 + (n % 3) }] }),
  'a stage wants one more': (of) => ({
    ...of,
    stages: of.stages.map(({ from, count }) => ({ from, count: count + 1 })),
  }),
};

describe('a further condition never lets more through (H04)', () => {
  it.each(Object.entries(TIGHTER))('%s', (how, tighter) => {
    let bites = 0;
    let passes = 0;
    fc.assert(
      fc.property(role, facts, fc.nat({ max: 9_999 }), fc.string({ maxLength: 8 }), (loose, given, n, word) => {
        const before = firstRefusal({ ...ask(given), role: loose });
        // A stage of nobody that is asked for one more is not stricter: it was nobody's, and is somebody's now.
        fc.pre(how !== 'a stage wants one more' || loose.stages.every(({ count }) => count > 0));
        fc.pre(how !== 'one stage more' || loose.stages.length > 0);
        const after = firstRefusal({ ...ask(given), role: tighter(loose, n, word) });
        if (before) expect(after).toBeDefined();
        if (!before && after) bites += 1;
        if (!before && !after) passes += 1;
      }),
      { seed: 4, numRuns: 3_000 },
    );
    expect(bites).toBeGreaterThan(0);
    if (how !== 'something unheard of is required') expect(passes).toBeGreaterThan(0);
  });
});
