// Counting people, not clicks: compared with a reference that counts on its fingers, over random stages, groups, approvals and
// people who leave (threats B06, B07, B08, C13).
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Approval, PersonId, Stage } from '../../src/core/model.ts';
import { openStage, type Standings, stageOf, stillNeeded } from '../../src/core/quorum.ts';
import {
  approve,
  DIGEST,
  evidence,
  opening,
  type Played,
  requestAfter,
  type Step,
  submit,
  T0,
  tryRequest,
} from './scene.ts';

const PEOPLE = ['person_1', 'person_2', 'person_3', 'person_4', 'person_5'] as PersonId[];
const GROUPS = ['dbas', 'secops', 'leads'];

const person = fc.constantFrom(...PEOPLE);
/** Mostly some, so that quorums come about; now and then none, which means nobody (B16). */
const groups = fc.oneof(
  { weight: 6, arbitrary: fc.subarray(GROUPS, { minLength: 1 }) },
  { weight: 1, arbitrary: fc.constant<string[]>([]) },
);
const stage = fc.record<Stage>({ from: groups, count: fc.constantFrom(1, 1, 1, 2, 3) });
const stages = fc.array(stage, { minLength: 1, maxLength: 3 });
/** Whoever has no entry is no member (any more). */
const standings = fc
  .array(fc.option(groups, { freq: 6 }), { minLength: PEOPLE.length, maxLength: PEOPLE.length })
  .map(
    (all): Standings => Object.fromEntries(all.flatMap((own, index) => (own === null ? [] : [[PEOPLE[index], own]]))),
  );
const approval = fc
  .record({ by: person, stage: fc.nat({ max: 3 }) })
  .map((given): Approval => ({ ...given, at: T0, evidence: evidence() }));

/* ---------------------------------------------------------------- reference */

function isIn(by: PersonId, from: readonly string[], now: Standings): boolean {
  const own = Object.hasOwn(now, by) ? (now[by] ?? []) : [];
  for (const group of own) for (const wanted of from) if (group === wanted) return true;
  return false;
}

/** Names of those who count for a stage, each once. */
function counted(index: number, all: readonly Stage[], given: readonly Approval[], now: Standings): string[] {
  const names: string[] = [];
  for (const { by, stage: at } of given)
    if (at === index && isIn(by, all[index]?.from ?? [], now) && !names.includes(by)) names.push(by);
  return names;
}

function missing(all: readonly Stage[], given: readonly Approval[], now: Standings): number[] {
  return all.map(({ count }, index) => Math.max(0, count - counted(index, all, given, now).length));
}

describe('counting', () => {
  it('is what fingers say', () => {
    fc.assert(
      fc.property(stages, fc.array(approval, { maxLength: 8 }), standings, (all, given, now) => {
        const left = missing(all, given, now);
        const open = left.findIndex((count) => count > 0);
        expect(stillNeeded(all, given, now)).toBe(left.reduce((sum, count) => sum + count, 0));
        expect(openStage(all, given, now)).toBe(open === -1 ? undefined : open);
        for (const by of PEOPLE) {
          const may = open !== -1 && isIn(by, all[open]?.from ?? [], now);
          expect(stageOf(all, given, by, now)).toBe(may ? open : undefined);
        }
      }),
      { seed: 6, numRuns: 5_000 },
    );
  });

  it('counts nobody twice, however often they are in the list (C13)', () => {
    fc.assert(
      fc.property(stages, fc.array(approval, { maxLength: 8 }), standings, (all, given, now) => {
        expect(stillNeeded(all, [...given, ...given], now)).toBe(stillNeeded(all, given, now));
      }),
      { seed: 13, numRuns: 1_000 },
    );
  });

  it('needs no fewer when people leave (B06)', () => {
    fc.assert(
      fc.property(stages, fc.array(approval, { maxLength: 8 }), standings, person, (all, given, now, leaver) => {
        const { [leaver]: _gone, ...rest } = now;
        expect(stillNeeded(all, given, rest)).toBeGreaterThanOrEqual(stillNeeded(all, given, now));
      }),
      { seed: 66, numRuns: 1_000 },
    );
  });

  it('opens nothing where there is nothing to fill', () => {
    expect(openStage([], [], {})).toBeUndefined();
    expect(stageOf([], [], PEOPLE[0] as PersonId, { [PEOPLE[0] as PersonId]: GROUPS })).toBeUndefined();
    expect(openStage([{ from: [], count: 0 }], [], {})).toBeUndefined();
  });

  it('takes no name that every object has for a person', () => {
    const odd = 'constructor' as PersonId;
    const all = [{ from: ['dbas'], count: 1 }];
    expect(() => stageOf(all, [], odd, {})).not.toThrow();
    expect(stageOf(all, [], odd, {})).toBeUndefined();
  });
});

/* ------------------------------------------------------- presses, one by one */

interface Press {
  readonly by: PersonId;
  readonly now: Standings;
}
interface Reference {
  readonly given: readonly Approval[];
  readonly approved: boolean;
}

/** What should become of a press, told without the code: who still counts, what is open, may they, is it enough. */
function pressed(
  all: readonly Stage[],
  before: Reference,
  press: Press,
  requester: PersonId,
  at: number,
): Reference | 'no' {
  if (before.approved || press.by === requester) return 'no';
  const kept = before.given.filter(({ by, stage: index }) => isIn(by, all[index]?.from ?? [], press.now));
  if (kept.some(({ by }) => by === press.by)) return 'no';
  const open = missing(all, kept, press.now).findIndex((count) => count > 0);
  if (open === -1 || !isIn(press.by, all[open]?.from ?? [], press.now)) return 'no';
  const given = [...kept, { by: press.by, stage: open, at, evidence: evidence(`d-${press.by}`) }];
  return { given, approved: missing(all, given, press.now).every((count) => count === 0) };
}

describe('presses one after another, while people come and go', () => {
  it('end where fingers end', () => {
    let approvedRuns = 0;
    let voided = 0;
    fc.assert(
      fc.property(
        stages,
        standings,
        fc.array(fc.record({ by: person, change: fc.option(fc.tuple(person, groups, fc.boolean()), { freq: 3 }) }), {
          maxLength: 14,
          size: 'max',
        }),
        (all, first, presses) => {
          const requester = PEOPLE[0] as PersonId;
          const begin: Step<Parameters<typeof tryRequest>[1][1]>[] = [
            [0, submit({ requester })],
            [1, { type: 'open', ...opening({ stages: all }) }],
          ];
          let row: Played<NonNullable<ReturnType<typeof requestAfter>['row']>>['row'] = requestAfter(begin).row;
          let reference: Reference = { given: [], approved: false };
          let now = first;
          for (const [index, { by, change }] of presses.entries()) {
            if (change) now = moved(now, change);
            const seconds = 2 + index;
            const outcome = tryRequest(row, [seconds, approve(by, { standings: now, digest: DIGEST })]);
            const should = pressed(all, reference, { by, now }, requester, T0 + seconds * 1000);
            expect(outcome.refusal === undefined).toBe(should !== 'no');
            if (should === 'no') continue;
            voided += reference.given.length + 1 - should.given.length;
            reference = should;
            row = outcome.row;
            expect(row).toMatchObject({ approvals: should.given, status: should.approved ? 'approved' : 'pending' });
            if (should.approved) approvedRuns += 1;
          }
        },
      ),
      { seed: 8, numRuns: 3_000 },
    );
    expect(approvedRuns).toBeGreaterThan(500);
    expect(voided).toBeGreaterThan(250);
  });

  function moved(now: Standings, [who, into, isGone]: readonly [PersonId, string[], boolean]): Standings {
    const { [who]: _before, ...others } = now;
    return isGone ? others : { ...others, [who]: into };
  }

  it('count two accounts of one person once: accounts are people before anything is counted (B08)', () => {
    const all = [{ from: ['dbas'], count: 2 }];
    const ana = PEOPLE[1] as PersonId;
    const now = { [ana]: ['dbas'] };
    const slack = approve(ana, { standings: now });
    const teams = {
      ...slack,
      evidence: { ...slack.evidence, account: { platform: 'teams', tenant: 'T2', user: 'aad-1' } },
    };
    const { row } = requestAfter([
      [0, submit()],
      [1, { type: 'open', ...opening({ stages: all }) }],
      [2, slack],
    ]);
    expect(tryRequest(row, [3, teams]).refusal).toEqual({ code: 'already_approved' });
  });
});
