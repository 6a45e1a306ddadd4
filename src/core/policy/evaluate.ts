// Judging an ask by all rules of its role. Default is no: a rule that cannot be evaluated refuses (law: fail closed).
import type { Role } from '../catalog.ts';
import type { Refusal } from '../refusal.ts';
import { rules } from './index.ts';
import type { AskFacts, Need, PolicyRule, Verdict } from './rule.ts';

export interface Judgement {
  readonly rule: string;
  readonly verdict: Verdict;
}

/** Every rule's verdict, for explanations. */
export function judgeAll(facts: AskFacts): readonly Judgement[] {
  const judged = rules.flatMap((rule: PolicyRule<never>) => {
    const settings = rule.settingsOf(facts.role);
    return settings === undefined ? [] : [{ rule: rule.name, verdict: rule.judge(facts, settings) }];
  });
  return [...judged, ...unheardOf(facts.role)];
}

/** A requirement that no rule knows cannot be judged; leaving it out silently would open the role (threat H07). */
function unheardOf(role: Role): readonly Judgement[] {
  const known: readonly string[] = rules.map((rule: PolicyRule<never>) => rule.name);
  const refusal = { code: 'facts_unavailable', what: 'policy' } as const;
  const unknown = role.requires.filter((name) => !known.includes(name));
  return unknown.map((rule) => ({ rule, verdict: { kind: 'unknown', refusal } }));
}

/** The first refusal, or `undefined` when everything is met. `unknown` tells operators apart from askers. */
export function firstRefusal(facts: AskFacts): { readonly refusal: Refusal; readonly unknown: boolean } | undefined {
  for (const { verdict } of judgeAll(facts)) {
    if (verdict.kind !== 'met') return { refusal: verdict.refusal, unknown: verdict.kind === 'unknown' };
  }
  return undefined;
}

/** What the form must ask for this role; the form grows from its rules. */
export function needsOf(role: Role): readonly Need[] {
  return rules.flatMap((rule: PolicyRule<never>) => {
    const settings = rule.settingsOf(role);
    return settings === undefined || !rule.needs ? [] : rule.needs(settings);
  });
}
