// The thread: one reply for each event that matters to people, in order (law 6). Small print: leaf number and short hash,
// so that the log and the thread witness each other.
import { formatDuration } from '../core/duration.ts';
import type { DomainEvent } from '../core/events.ts';
import type { Note, Rich, Span } from '../ports/document.ts';
import type { StoredEvent } from '../ports/store.ts';
import { endSpan, failureText, plural, timeSpan } from './phrases.ts';
import { aboutEnd, targetOf, type Words } from './thread-end.ts';
import { personSpan, type RequestView } from './view.ts';

/** `undefined`: the event is in the log but says nothing that people need. */
export function threadNote(stored: StoredEvent, view: RequestView): Note | undefined {
  const said = wordsFor(stored.event, view);
  if (!said) return undefined;
  const [tone, line, quote] = said;
  return { kind: 'note', tone, lines: [line], mark: markOf(stored), ...(quote ? { quote } : {}) };
}

export function markOf(stored: StoredEvent): string {
  return `#${stored.number} ${stored.hash.slice(0, 16)}`;
}

function wordsFor(event: DomainEvent, view: RequestView): Words | undefined {
  return aboutRequest(event, view) ?? aboutPass(event, view) ?? aboutEnd(event, view);
}

/** A request for more time is told in the thread of the pass it is about: then the event names that pass. */
function aboutRequest(event: DomainEvent, { names }: RequestView): Words | undefined {
  const isMore = event.subject.grant !== undefined;
  const request = isMore ? 'the request for more time' : 'the request';
  switch (event.type) {
    case 'request.submitted': {
      const who = personSpan(names, event.data.requester);
      const what = event.data.purpose.kind === 'extension' ? ' more time: ' : ' this for ';
      return [
        'plain',
        [who, ` asked for${what}${formatDuration(event.data.durationSeconds)}.`],
        extensionReason(event),
      ];
    }
    case 'request.refused':
      return ['bad', [`Hallpass refused ${request}; the requester was told why.`]];
    case 'request.revised':
      return [
        'waiting',
        [revisedText(event.data.why), ' Approvals so far do not count any more; please look at the card again.'],
      ];
    case 'approval.given': {
      const left = event.data.stillNeeded;
      return [
        'good',
        [
          personSpan(names, event.data.by),
          isMore ? ' approved more time' : ' approved',
          left === 0 ? '.' : `; ${plural(left, 'approval')} still needed.`,
        ],
      ];
    }
    case 'approval.voided':
      return [
        'waiting',
        [
          'The approval of ',
          personSpan(names, event.data.by),
          event.data.why === 'left_group'
            ? ' does not count any more: no longer in the approving group.'
            : ' does not count any more: no longer a full member of the organisation.',
        ],
      ];
    case 'request.denied':
      return ['bad', [personSpan(names, event.data.by), ` denied ${request}.`], event.text?.note];
    case 'request.withdrawn':
      return ['ended', [personSpan(names, event.data.by), ` withdrew ${request}.`]];
    case 'request.lapsed': {
      const so = isMore ? 'The pass keeps its end.' : 'No access was given.';
      return ['ended', [`Nobody decided in time: ${request} has lapsed. ${so}`]];
    }
    case 'request.commented':
      return ['plain', [personSpan(names, event.data.by), ' writes:'], event.text?.comment];
    case 'decision.refused':
      return refusedWords(event, names);
  }
  return undefined;
}

function refusedWords(
  event: Extract<DomainEvent, { type: 'decision.refused' }>,
  names: RequestView['names'],
): Words | undefined {
  if (event.data.action !== 'approve') return undefined;
  const who =
    event.actor.person === 'hallpass' ? 'Somebody who is not a member' : personSpan(names, event.actor.person);
  switch (event.data.code) {
    case 'own_request':
      return ['bad', [who, ' pressed Approve on their own request. It does not count.']];
    case 'not_a_member':
    case 'suspended':
    case 'not_an_approver':
      return ['bad', [who, ' pressed Approve but may not decide this. It does not count.']];
  }
  return undefined;
}

/** The first reason is on the card; that of an extension is news in the thread. */
function extensionReason(event: Extract<DomainEvent, { type: 'request.submitted' }>): string | undefined {
  return event.data.purpose.kind === 'extension' ? event.text?.reason || undefined : undefined;
}

function revisedText(why: 'edited' | 'policy_changed' | 'entitlement_changed' | 'approver_lost'): string {
  switch (why) {
    case 'edited':
      return 'The request was edited.';
    case 'policy_changed':
      return 'The policy for this role changed.';
    case 'entitlement_changed':
      return 'What this role gives in the target changed.';
    case 'approver_lost':
      return 'An approver left the approving group.';
  }
}

function aboutPass(event: DomainEvent, view: RequestView): Words | undefined {
  const target = targetOf(view);
  switch (event.type) {
    case 'grant.ordered': {
      const { startsAt } = event.data;
      if (startsAt === undefined) return ['waiting', [`Giving access in ${target}…`]];
      return ['waiting', [`Access in ${target} is planned for `, { time: startsAt, show: 'date_time' }, '.']];
    }
    case 'grant.started':
      return ['waiting', [`The time has come: giving access in ${target}…`]];
    case 'grant.confirmed':
      return ['good', [{ strong: 'Access is live' }, ` in ${target}: given, and seen there.`, ...endText(event, view)]];
    case 'grant.failed':
      return ['bad', [{ strong: 'No access was given.' }, ` ${failureText(event.data.code)}`]];
    case 'grant.warned':
      return ['waiting', ['The holder was told that the pass ends soon.']];
    case 'grant.extended':
      return ['good', [{ strong: 'Extended:' }, ' it now ends at ', clock(event.data.expiresAt, event, view), '.']];
    case 'grant.extension_failed':
      return ['bad', [`The access was not extended in ${target}; the old end holds.`]];
  }
  return undefined;
}

/** The end as it stands when this is told; nothing where the pass is ending or over by then. */
function endText(event: DomainEvent, view: RequestView): Rich {
  const grant = view.grants.find((candidate) => candidate.id === event.subject.grant);
  const isLive = grant?.status === 'active' || grant?.status === 'extending';
  return isLive ? [' It ends at ', endSpan(grant), '.'] : [];
}

function clock(at: number, event: DomainEvent, view: RequestView): Span {
  const grant = view.grants.find((candidate) => candidate.id === event.subject.grant);
  return timeSpan(at, grant?.orderedAt ?? event.at);
}
