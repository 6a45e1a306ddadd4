// What a policy rule is: a pure judgement over facts, and the input it needs from the form. A rule never fetches.
import type { Role } from '../catalog.ts';
import type { Instant } from '../model.ts';
import type { Refusal } from '../refusal.ts';

/** Facts about one ask, each fetched at most 60 s before `asOf`. */
export interface AskFacts {
  readonly asOf: Instant;
  readonly role: Role;
  readonly standing: 'member' | 'guest' | 'stranger' | 'bot' | 'deactivated';
  readonly suspended: boolean;
  /** Groups of the catalog the requester is in. */
  readonly groups: readonly string[];
  readonly reason: string;
  readonly durationSeconds: number;
  /** For each stage: how many people other than the requester could say yes. `undefined`: could not be found out. */
  readonly candidates: readonly (number | undefined)[];
}

/** "Not met" is a person's business; "unknown" is the operators': it is refused, and reported to them. */
export type Verdict =
  | { readonly kind: 'met'; readonly says?: string }
  | { readonly kind: 'not_met'; readonly refusal: Refusal }
  | { readonly kind: 'unknown'; readonly refusal: Refusal };

/** Input that a rule wants from the form; each kind has its field in messages/, or it does not compile. */
export type Need =
  | { readonly kind: 'reason'; readonly maxLength: number }
  | {
      readonly kind: 'duration';
      readonly minSeconds: number;
      readonly defaultSeconds: number;
      readonly maxSeconds: number;
    };

export interface PolicyRule<Settings> {
  readonly name: string;
  /** This rule's settings for a role; `undefined` when the role does not use the rule. */
  settingsOf(role: Role): Settings | undefined;
  needs?(settings: Settings): readonly Need[];
  judge(facts: AskFacts, settings: Settings): Verdict;
}

export const MET: Verdict = { kind: 'met' };

export function notMet(refusal: Refusal): Verdict {
  return { kind: 'not_met', refusal };
}

/** Keeps a rule's settings type inside the rule, so that the registry can hold them all. */
export function defineRule<Settings>(rule: PolicyRule<Settings>): PolicyRule<never> {
  return rule as PolicyRule<never>;
}
