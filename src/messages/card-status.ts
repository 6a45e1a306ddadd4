// How a request and its pass stand now, as one line and a tone (law 6). Only from what is stored: never what is hoped for.
import { knowsGrant, knowsRequest } from '../core/known.ts';
import type { AccessRequest, Grant } from '../core/model.ts';
import type { Rich, Tone } from '../ports/document.ts';
import {
  endReasonText,
  endSpan,
  failureText,
  lagText,
  plural,
  stagesText,
  timeSpan,
  UNKNOWN_STATUS,
} from './phrases.ts';
import { personSpan, type RequestView } from './view.ts';

/** The pass this card speaks of; an extension's card speaks of the extension alone. */
export function passOf(view: RequestView): Grant | undefined {
  return view.request.purpose.kind === 'extension' ? undefined : view.grants[0];
}

export function toneOf(view: RequestView): Tone {
  const grant = passOf(view);
  if (grant?.status === 'active' || grant?.status === 'extending') return 'good';
  if (grant?.status === 'failed') return 'bad';
  if (grant?.status === 'revoking') return grant.ending.overdueSince === undefined ? 'waiting' : 'alarm';
  if (grant?.status === 'revoked' || grant?.status === 'force_closed') return 'ended';
  const { status } = view.request;
  if (status === 'denied' || status === 'refused') return 'bad';
  if (status === 'approved') return view.request.purpose.kind === 'extension' ? 'good' : 'waiting';
  return status === 'pending' || status === 'evaluating' ? 'waiting' : 'ended';
}

export function statusOf(view: RequestView): Rich {
  const grant = passOf(view);
  if (!(grant ? knowsGrant(grant.status) : knowsRequest(view.request.status))) return [`This is ${UNKNOWN_STATUS}.`];
  return grant ? grantStatus(view, grant) : requestStatus(view, view.request);
}

function requestStatus(view: RequestView, request: AccessRequest): Rich {
  switch (request.status) {
    case 'evaluating':
      return ['Being checked.'];
    case 'pending':
      return pendingStatus(request);
    case 'approved':
      return request.purpose.kind === 'extension' ? extensionStatus(view) : [{ strong: 'Approved.' }];
    case 'denied':
      return [{ strong: 'Denied' }, ' by ', personSpan(view.names, request.by), '.'];
    case 'withdrawn':
    case 'withdrawn_early':
      return [{ strong: 'Withdrawn' }, ' by the requester.'];
    case 'lapsed':
      return [{ strong: 'Lapsed:' }, ` nobody decided in time. ${unchangedText(request)}`];
    case 'refused':
      return [{ strong: 'Refused' }, ' before anybody was asked.'];
    case 'adopted':
      return [
        { strong: 'Found' },
        ' in the target with the mark of Hallpass; what was asked for is not known any more.',
      ];
  }
}

function pendingStatus(request: Extract<AccessRequest, { status: 'pending' }>): Rich {
  const given = request.approvals.length;
  const so = given === 0 ? '' : ` ${plural(given, 'approval')} so far.`;
  return [
    { strong: 'Waiting for approval.' },
    `${so} Needs ${stagesText(request.stages)}, until `,
    timeSpan(request.lapsesAt, request.submittedAt),
    '.',
  ];
}

/** What a request that came to nothing leaves behind. */
function unchangedText(request: AccessRequest): string {
  return request.purpose.kind === 'extension' ? 'The pass keeps its end.' : 'No access was given.';
}

/** Whether the target took the new end is told by the card of the pass: this one knows only what was decided. */
function extensionStatus(view: RequestView): Rich {
  const grant = view.grants[0];
  if (grant?.status === 'extending' && view.request.id === grant.extension)
    return [{ strong: 'Approved;' }, ' being extended until ', timeSpan(grant.until, grant.orderedAt), '.'];
  return [{ strong: 'Approved.' }, ' The card of the pass shows its end.'];
}

function grantStatus(view: RequestView, grant: Grant): Rich {
  switch (grant.status) {
    case 'scheduled':
      return [{ strong: 'Approved;' }, ' begins ', { time: grant.startsAt, show: 'date_time' }, '.'];
    case 'granting':
      return [{ strong: 'Approved;' }, ` access is being given in ${grant.offer.target}.`];
    case 'active':
      return [{ strong: 'Active' }, ' until ', endSpan(grant), '.'];
    case 'extending':
      return [
        { strong: 'Active' },
        ' until ',
        endSpan(grant),
        '; being extended until ',
        timeSpan(grant.until, grant.orderedAt),
        '.',
      ];
    case 'revoking':
      return endingStatus(grant);
    case 'revoked':
      return endedStatus(view, grant);
    case 'force_closed':
      return [{ strong: 'Closed by hand' }, ' by two people with evidence; Hallpass could not prove the end itself.'];
    case 'failed':
      return [{ strong: 'Not given.' }, ` ${failureText(grant.code)}`];
  }
}

function endingStatus(grant: Extract<Grant, { status: 'revoking' }>): Rich {
  if (grant.ending.overdueSince !== undefined)
    return [
      { strong: 'OVERDUE:' },
      ` this should have ended, and it is not proven gone from ${grant.offer.target} yet. Hallpass keeps trying. The security team should look now.`,
    ];
  return [
    { strong: 'Ending:' },
    ` ${endReasonText(grant.ending.because)}. Access is being taken back, and the target is looked at twice.`,
  ];
}

function endedStatus(view: RequestView, grant: Extract<Grant, { status: 'revoked' }>): Rich {
  const due = grant.ending.because === 'deadline' ? grant.expiresAt : grant.ending.since;
  const lag = Math.max(0, Math.ceil((grant.revokedAt - due) / 1000));
  const who: Rich = grant.ending.by === 'hallpass' ? [] : [' by ', personSpan(view.names, grant.ending.by)];
  return [
    { strong: 'Ended' },
    ...who,
    ': ',
    `${endReasonText(grant.ending.because)}. Seen gone in ${grant.offer.target}, ${lagText(lag)}.`,
  ];
}
