// Small phrases that several messages share, so that one thing is called the same everywhere. Pure.
import { formatDuration } from '../core/duration.ts';
import type { EndReason, Grant, GrantFailure, RequestStatus, Stage } from '../core/model.ts';
import type { Note, Rich, Tone } from '../ports/document.ts';

export function note(tone: Tone, ...lines: readonly Rich[]): Note {
  return { kind: 'note', tone, lines };
}

export function list(words: readonly string[], last: 'and' | 'or' = 'and'): string {
  if (words.length <= 1) return words[0] ?? 'nobody';
  return `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

export function stagesText(stages: readonly Stage[]): string {
  if (stages.length === 0) return 'nobody';
  return stages.map((stage) => `${stage.count} of ${list(stage.from, 'or')}`).join(', then ');
}

/** Lag in words: "on time" within 5 seconds, else how late. */
export function lagText(lagSeconds: number): string {
  return lagSeconds <= 5 ? `${plural(lagSeconds, 'second')} after it was due` : `${secondsText(lagSeconds)} late`;
}

export function secondsText(seconds: number): string {
  return seconds < 60 ? plural(seconds, 'second') : formatDuration(Math.ceil(seconds / 60) * 60);
}

export function endReasonText(because: EndReason): string {
  switch (because) {
    case 'deadline':
      return 'the time is over';
    case 'returned':
      return 'it was given back';
    case 'revoked':
      return 'security ended it';
    case 'frozen':
      return 'access is frozen';
    case 'signal':
      return 'a security signal came in';
    case 'drift':
      return 'the target no longer matches the log';
    case 'uncertain':
      return 'it is not certain whether the target gave it';
    case 'reappeared':
      return 'it came back after it was revoked';
    case 'late_grant':
      return 'the target gave it too late';
  }
}

export function failureText(code: GrantFailure): string {
  switch (code) {
    case 'already_has_access':
      return 'The person has this access in the target already, given by somebody else. Hallpass gives nothing and will take nothing. If it should end, remove it in the target, then ask again.';
    case 'target_refused':
      return 'The target refused. No access was given. An operator should run “hallpass check”; then ask again.';
    case 'timed_out':
      return 'The target did not answer within 5 minutes. No access was given. Ask again later, or tell an operator to run “hallpass check”.';
    case 'withdrawn':
      return 'It was ended before the target was called. No access was given.';
    case 'entitlement_changed':
      return 'What this role gives in the target changed after it was approved. No access was given. Ask again, so that approvers see what it gives now.';
    case 'policy_changed':
      return 'The policy changed after it was approved. No access was given. Ask again under the new policy.';
  }
}

export function requestStatusText(status: RequestStatus): string {
  switch (status) {
    case 'evaluating':
      return 'being checked';
    case 'refused':
      return 'refused';
    case 'pending':
      return 'waiting for approval';
    case 'approved':
      return 'approved';
    case 'denied':
      return 'denied';
    case 'withdrawn':
    case 'withdrawn_early':
      return 'withdrawn';
    case 'lapsed':
      return 'lapsed';
  }
}

export function grantStatusText(grant: Grant): string {
  switch (grant.status) {
    case 'scheduled':
      return 'scheduled';
    case 'granting':
      return 'being given';
    case 'active':
      return 'active';
    case 'extending':
      return 'active, being extended';
    case 'revoking':
      return grant.ending.overdueSince === undefined ? 'being taken back' : 'OVERDUE: could not be taken back yet';
    case 'revoked':
      return 'ended';
    case 'force_closed':
      return 'closed by hand';
    case 'failed':
      return 'not given';
  }
}
