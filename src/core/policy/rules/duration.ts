// How long: within the role's shortest and longest duration, in whole seconds (threat C16).
import type { Role } from '../../catalog.ts';
import { defineRule, MET, notMet } from '../rule.ts';

export const duration = defineRule<Role['duration']>({
  name: 'duration',
  settingsOf: (role) => role.duration,
  needs: (limits) => [{ kind: 'duration', ...limits }],
  judge(facts, { minSeconds, maxSeconds }) {
    const asked = facts.durationSeconds;
    if (!Number.isSafeInteger(asked) || asked < minSeconds) return notMet({ code: 'duration_too_short', minSeconds });
    // This way round, a maximum that is no number lets nothing through.
    return asked <= maxSeconds ? MET : notMet({ code: 'duration_too_long', maxSeconds });
  },
});
