// How many different people out of which groups have said yes, and how many are still missing. Pure counting;
// stages are passed in order, a person counts once in the whole request (threats C13, B08).
import type { Approval, PersonId, Stage } from './model.ts';

/** Groups each person is in, by facts read now. A person who is absent is no full member any more and counts for nothing. */
export type Standings = { readonly [person: PersonId]: readonly string[] };

/** The person's groups; `undefined` for whoever is no full member (not even one named like what every object has). */
export function groupsNow(standings: Standings, person: PersonId): readonly string[] | undefined {
  return Object.hasOwn(standings, person) ? standings[person] : undefined;
}

function counts(stage: Stage, person: PersonId, standings: Standings): boolean {
  const groups = groupsNow(standings, person);
  return groups !== undefined && stage.from.some((group) => groups.includes(group));
}

function met(stages: readonly Stage[], approvals: readonly Approval[], standings: Standings, index: number): number {
  const stage = stages[index];
  if (!stage) return 0;
  const people = new Set(approvals.filter((a) => a.stage === index && counts(stage, a.by, standings)).map((a) => a.by));
  return Math.min(people.size, stage.count);
}

/** The first stage that still lacks approvals; only this one is open. `undefined`: none is, or there are no stages. */
export function openStage(
  stages: readonly Stage[],
  approvals: readonly Approval[],
  standings: Standings,
): number | undefined {
  const index = stages.findIndex((stage, at) => met(stages, approvals, standings, at) < stage.count);
  return index === -1 ? undefined : index;
}

/** The open stage, if this person may fill it. */
export function stageOf(
  stages: readonly Stage[],
  approvals: readonly Approval[],
  person: PersonId,
  standings: Standings,
): number | undefined {
  const index = openStage(stages, approvals, standings);
  const stage = index === undefined ? undefined : stages[index];
  return stage && counts(stage, person, standings) ? index : undefined;
}

/** Approvals still missing over all stages. */
export function stillNeeded(stages: readonly Stage[], approvals: readonly Approval[], standings: Standings): number {
  return stages.reduce((sum, stage, at) => sum + stage.count - met(stages, approvals, standings, at), 0);
}
