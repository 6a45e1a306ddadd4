// The audit channel: one line for every event, and the signed heads of the log. Ids and codes rather than prose, and no
// personal words: those are in the thread.
import type { Catalog } from '../core/catalog.ts';
import type { DomainEvent } from '../core/events.ts';
import { knowsEvent } from '../core/known.ts';
import type { Note, Rich, Span } from '../ports/document.ts';
import type { StoredEvent } from '../ports/store.ts';
import { markOf } from './thread.ts';
import { type Names, personSpan } from './view.ts';

/** `undefined` only for events about our own messages: telling of those would never end. */
export function auditLine(stored: StoredEvent, _catalog: Catalog, names: Names): Rich | undefined {
  const { event } = stored;
  if (event.type === 'chat.posted') return undefined;
  const about = aboutOf(event);
  const actor: Span = event.actor.account
    ? { person: event.actor.account, name: nameOf(event, names) }
    : nameOf(event, names);
  return [
    { code: markOf(stored) },
    ' ',
    { time: event.at, show: 'date_time' },
    ' ',
    { strong: event.type },
    ' ',
    actor,
    ...(about === undefined ? [] : [' ', { code: about }]),
    detailOf(event),
  ];
}

/** What happened to a pass names the pass; everything else the request, even where it is about more time on a pass. */
function aboutOf({ type, subject: { request, grant, person } }: DomainEvent): string | undefined {
  const isPass = type.startsWith('grant.') || type.startsWith('revoke.');
  return (isPass ? grant : request) ?? grant ?? person;
}

function nameOf(event: DomainEvent, names: Names): string {
  const span = personSpan(names, event.actor.person);
  if (typeof span === 'string') return `${span} (${event.actor.via})`;
  if ('name' in span) return span.name;
  return event.actor.person;
}

/** The few facts that make a line worth reading at a glance. */
function detailOf(event: DomainEvent): string {
  // A newer version wrote it: that it happened is told, what it says is not guessed.
  if (!knowsEvent(event.type)) return ' (an event that this version does not know)';
  switch (event.type) {
    case 'request.submitted':
      return ` role=${event.data.role} seconds=${event.data.durationSeconds}`;
    case 'request.refused':
      return ` code=${event.data.code}`;
    case 'decision.refused':
      return ` action=${event.data.action} code=${event.data.code}`;
    case 'approval.given':
      return ` still_needed=${event.data.stillNeeded}`;
    case 'grant.failed':
      return ` code=${event.data.code}`;
    case 'grant.attempt_failed':
      return ` fault=${event.data.fault} changed=${event.data.changed}`;
    case 'revoke.ordered':
      return ` because=${event.data.because}`;
    case 'revoke.attempt_failed':
      return ` attempt=${event.data.attempt} fault=${event.data.fault}`;
    case 'revoke.overdue':
      return ` late_seconds=${event.data.lateSeconds} fault=${event.data.fault}`;
    case 'grant.revoked':
      return ` lag_seconds=${event.data.lagSeconds} sessions_ended=${event.data.sessionsEnded}`;
    case 'revoke.spooled':
      return ` seen=${event.data.seen} attempts=${event.data.attempts}`;
    case 'log.rolled_back':
      return ` size=${event.data.size} seen=${event.data.seen} where=${event.data.where}`;
    case 'access.held':
    case 'access.released':
      return ` target=${event.data.target} why=${event.data.why}`;
    case 'found.decided':
      return ` target=${event.data.target} role=${event.data.role} principal=${event.data.principal.name} choice=${event.data.choice}`;
    case 'request.adopted':
      return ` role=${event.data.role} target=${event.data.target}`;
    case 'grant.adopted':
      return ` role=${event.data.offer.role} target=${event.data.offer.target} principal=${event.data.offer.principal.name}`;
    case 'alarm.raised':
      return ` code=${event.data.code}`;
    case 'ingress.refused':
      return ` code=${event.data.code} count=${event.data.count}`;
    case 'config.loaded':
      return ` policy=${event.data.policyVersion}`;
  }
  return '';
}

export function auditNote(lines: readonly Rich[]): Note {
  return { kind: 'note', tone: 'plain', lines };
}

/** The signed head as it is: anybody can verify it with the public key. */
export function checkpointNote(note: string, size: number): Note {
  return {
    kind: 'note',
    tone: 'plain',
    lines: [
      [{ strong: `Signed head of the log, ${size} entries` }],
      ...note
        .trimEnd()
        .split('\n')
        .map((line): Rich => [{ code: line === '' ? ' ' : line }]),
    ],
  };
}
