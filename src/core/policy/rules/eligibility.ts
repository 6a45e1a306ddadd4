// Who may ask: members of the role's groups. An empty list means nobody (threat B16).
import { defineRule, MET, notMet } from '../rule.ts';

export const eligibility = defineRule<readonly string[]>({
  name: 'eligibility',
  settingsOf: (role) => role.who,
  judge(facts, who) {
    if (who.some((group) => facts.groups.includes(group))) return MET;
    return notMet({ code: 'not_eligible', role: facts.role.name, groups: who });
  },
});
