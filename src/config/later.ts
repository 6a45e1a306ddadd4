// Settings that Hallpass is going to have and does not have yet. They are refused by name: a rule that is written down and
// silently not applied is worse than one that is missing.
import type { Path } from './finding.ts';

/** `*` is any name or any place in a list. */
const LATER_KEYS: { readonly [path: string]: string } = {
  'chat.teams': 'Microsoft Teams',
  'roles.*.approval.*.within': 'escalation',
  'roles.*.approval.*.then': 'escalation',
  'roles.*.approval.*.on_call': 'on-call approvers',
  'roles.*.auto_approve': 'automatic approval',
  'roles.*.breakglass': 'break-glass access',
  'roles.*.conditions': 'conditions',
  'roles.*.hours': 'hours',
  'roles.*.step_up': 'step-up authentication',
  'roles.*.ticket': 'ticket checks',
  'roles.*.on_call': 'on-call approvers',
  'roles.*.review': 'access reviews',
  'roles.*.tags': 'tags',
  'groups.*.teams_group': 'Microsoft Teams',
  'groups.*.on_call': 'on-call approvers',
  breakglass: 'break-glass access',
  delegation: 'delegation',
  sinks: 'audit sinks',
  signals: 'signals that end access early',
  tickets: 'ticket checks',
  on_call: 'on-call approvers',
  step_up: 'step-up authentication',
  agents: 'requests by agents',
};

const LATER_REQUIREMENTS: { readonly [word: string]: string } = {
  ticket: 'ticket checks',
  step_up: 'step-up authentication',
  passkey: 'step-up authentication',
  hours: 'hours',
};

/** What a key that is not known yet will be for; `undefined` for keys that are simply wrong. */
export function laterKey(path: Path): string | undefined {
  return Object.entries(LATER_KEYS).find(([pattern]) => matches(pattern.split('.'), path))?.[1];
}

/** The same for a value. */
export function laterValue(path: Path, value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  if (matches(['roles', '*', 'requires', '*'], path)) return ownWord(LATER_REQUIREMENTS, value);
  return /^teams:/i.test(value) && /(?:^audit_channel|\.reviewers)$/.test(path.join('.'))
    ? 'Microsoft Teams'
    : undefined;
}

function ownWord(words: { readonly [word: string]: string }, word: string): string | undefined {
  return Object.hasOwn(words, word) ? words[word] : undefined;
}

function matches(pattern: readonly string[], path: Path): boolean {
  return pattern.length === path.length && pattern.every((part, index) => part === '*' || part === path[index]);
}
