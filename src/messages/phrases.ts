// Small phrases that several messages share, so that one thing is called the same everywhere. Pure.
import { formatDuration } from '../core/duration.ts';
import { knowsGrant, knowsRequest } from '../core/known.ts';
import type { EndReason, Grant, GrantFailure, Instant, RequestStatus, Stage } from '../core/model.ts';
import type { Note, Rich, Span, Tone } from '../ports/document.ts';

export function note(tone: Tone, ...lines: readonly Rich[]): Note {
  return { kind: 'note', tone, lines };
}

/** Instead of a note that the platform would not draw. */
export function unshowableNote({ mark }: Note): Note {
  const bare = note('plain', ['A message could not be shown here. What it says is in the log.']);
  return mark === undefined ? bare : { ...bare, mark };
}

/** In place of a card that people of another organisation could see. */
export function withdrawnNote(): Note {
  return note('plain', ['This card was withdrawn, because the channel is shared with another organisation.']);
}

export function list(words: readonly string[], last: 'and' | 'or' = 'and'): string {
  if (words.length <= 1) return words[0] ?? 'nobody';
  return `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}

/** Whole characters only, with a mark where it was cut; for words whose full text stands elsewhere. */
export function shortened(words: string, most: number): string {
  const characters = [...words];
  return characters.length <= most ? words : `${characters.slice(0, most - 1).join('')}…`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

export function stagesText(stages: readonly Stage[]): string {
  if (stages.length === 0) return 'nobody';
  return stages.map((stage) => `${stage.count} of ${list(stage.from, 'or')}`).join(', then ');
}

/** How long after the deadline, or after the order to end, the access was seen gone; "late" from 6 seconds on. */
export function lagText(lagSeconds: number): string {
  return lagSeconds <= 5 ? `${plural(lagSeconds, 'second')} after it was due` : `${secondsText(lagSeconds)} late`;
}

/** To the second: lateness is never rounded. */
export function secondsText(seconds: number): string {
  return seconds < 60 ? plural(seconds, 'second') : formatDuration(seconds);
}

const CLOCK_TIME_SUFFICES_MS = 12 * 3_600_000;

/** A time to come, seen from `from`; with its date where the hour alone could be taken for another day's. */
export function timeSpan(at: Instant, from: Instant): Span {
  return { time: at, show: at - from > CLOCK_TIME_SUFFICES_MS ? 'date_time' : 'time' };
}

/** When a pass ends, as it stands now. */
export function endSpan(grant: Grant): Span {
  return timeSpan(grant.expiresAt, grant.orderedAt);
}

export function endReasonText(because: EndReason): string {
  switch (because) {
    case 'deadline':
      return 'its time is over';
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
    case 'orphan':
      return 'Hallpass gave it once and does not know it any more';
  }
}

/** Why there is no access, and what to do next; stands behind words that say that none was given. */
export function failureText(code: GrantFailure): string {
  switch (code) {
    case 'already_has_access':
      return 'The person has this access in the target already, and not from Hallpass, so Hallpass will not take it away either. If it should not stand for ever, remove it in the target, then ask again.';
    case 'target_refused':
      return 'The target refused. Ask an operator to run “hallpass check”, then ask again.';
    case 'timed_out':
      return 'The target did not confirm in time. Ask again later, or ask an operator to run “hallpass check”.';
    case 'withdrawn':
      return 'It was ended before anything was given. Ask again if it is still needed.';
    case 'entitlement_changed':
      return 'What this role gives in the target changed after the approval. Ask again, so that approvers see what it gives now.';
    case 'policy_changed':
      return 'The policy changed after the approval. Ask again under the new policy.';
  }
}

/** A newer version wrote it (see core/known.ts). */
export const UNKNOWN_STATUS = 'in a status that this version of Hallpass does not know';

export function requestStatusText(status: RequestStatus): string {
  if (!knowsRequest(status)) return UNKNOWN_STATUS;
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
    case 'adopted':
      return 'found in the target';
  }
}

export function grantStatusText(grant: Grant): string {
  if (!knowsGrant(grant.status)) return UNKNOWN_STATUS;
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
      return grant.ending.overdueSince === undefined ? 'being taken back' : 'OVERDUE: not proven gone yet';
    case 'revoked':
      return 'ended';
    case 'force_closed':
      return 'closed by hand';
    case 'failed':
      return 'not given';
  }
}
