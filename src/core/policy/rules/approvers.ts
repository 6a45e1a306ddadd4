// Enough people could say yes: each stage has its count of approvers besides the requester. Without this a request
// would wait for nobody. No stages at all means that nobody may approve, not that nobody has to.

import type { Stage } from '../../model.ts';
import { defineRule, MET, notMet } from '../rule.ts';

export const approvers = defineRule<readonly Stage[]>({
  name: 'approvers',
  settingsOf: (role) => role.stages,
  judge(facts, stages) {
    const groups = [...new Set(stages.flatMap((stage) => stage.from))];
    if (stages.length === 0) return notMet({ code: 'nobody_can_approve', groups });
    if (facts.candidates.some((count) => count === undefined)) {
      return { kind: 'unknown', refusal: { code: 'facts_unavailable', what: 'group' } };
    }
    const enough = stages.every((stage, at) => stage.count >= 1 && (facts.candidates[at] ?? 0) >= stage.count);
    return enough ? MET : notMet({ code: 'nobody_can_approve', groups });
  },
});
