// Only full members of the organisation ask: no guests, strangers, bots, deactivated or suspended accounts (law 8).
import { defineRule, MET, notMet } from '../rule.ts';

export const standing = defineRule<true>({
  name: 'standing',
  settingsOf: () => true,
  judge(facts) {
    if (facts.standing !== 'member') return notMet({ code: 'not_a_member', standing: facts.standing });
    return facts.suspended ? notMet({ code: 'suspended' }) : MET;
  },
});
