// "Can I ask, which rule decides, who can say yes": the policy run dry with fresh facts. Used by `/jit why` and the
// command line; grants nothing, remembers nothing.
import type { Role } from '../core/catalog.ts';
import type { AccountRef, Person } from '../core/model.ts';
import { type Judgement, judgeAll } from '../core/policy/evaluate.ts';
import { candidatesFor, groupsOf } from './membership.ts';
import type { Tools } from './tools.ts';

export interface Explanation {
  readonly role: Role;
  readonly groups: readonly string[];
  readonly judgements: readonly Judgement[];
  readonly approvers: readonly (readonly AccountRef[] | undefined)[];
}

export async function explain(tools: Tools, role: Role, person: Person): Promise<Explanation> {
  const groups = await groupsOf(tools, person, role.who);
  const approvers = await candidatesFor(tools, role.stages, person);
  const judgements = judgeAll({
    asOf: await tools.store.now(),
    role,
    standing: 'member',
    suspended: person.suspended !== undefined,
    groups: groups ?? [],
    // Stands for what the form will ask, so that only people and groups are judged here.
    reason: 'asked on the form',
    durationSeconds: role.duration.defaultSeconds,
    candidates: approvers.map((accounts) => accounts?.length),
  });
  return { role, groups: groups ?? [], judgements: groups ? judgements : judgements.map(groupless), approvers };
}

/** A group that cannot be read is not a group that somebody is not in. */
function groupless(judgement: Judgement): Judgement {
  if (judgement.rule !== 'eligibility' || judgement.verdict.kind === 'met') return judgement;
  const refusal = { code: 'facts_unavailable', what: 'group' } as const;
  return { rule: judgement.rule, verdict: { kind: 'unknown', refusal } };
}
