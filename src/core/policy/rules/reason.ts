// Why: a reason in the person's own words, for people to read and never for rules to match (threat C18).
import { defineRule, MET, notMet } from '../rule.ts';

/** Slack's own limit for a text field; longer text is refused, never cut. */
export const REASON_MAX_CHARACTERS = 3000;

/** Something that can be seen: blanks and characters that draw nothing are no reason. */
const READABLE = /[^\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/u;

export const reason = defineRule<{ readonly maxLength: number }>({
  name: 'reason',
  settingsOf: (role) => (role.requires.includes('reason') ? { maxLength: REASON_MAX_CHARACTERS } : undefined),
  needs: ({ maxLength }) => [{ kind: 'reason', maxLength }],
  judge(facts, { maxLength }) {
    const text = facts.reason.trim();
    if (!READABLE.test(text)) return notMet({ code: 'reason_missing' });
    return text.length > maxLength ? notMet({ code: 'reason_too_long', limit: maxLength, length: text.length }) : MET;
  },
});
