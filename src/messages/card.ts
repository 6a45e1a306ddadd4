// The card: how a request and its pass stand now (law 6). Fixed facts first, the person's own words in a block of their
// own after them (threat C05), buttons only while they make sense.

import { buttonValue } from '../core/digest.ts';
import { formatDuration } from '../core/duration.ts';
import type { AccessRequest, Grant, Surface } from '../core/model.ts';
import type { Button, Card, Fact, Note, Rich, Tone } from '../ports/document.ts';
import { endReasonText, failureText, lagText, plural, stagesText } from './phrases.ts';
import { personSpan, type RequestView, roleTitle } from './view.ts';

export function requestCard(view: RequestView, audience: Surface['audience']): Card {
  const { request } = view;
  return {
    kind: 'card',
    title: title(view),
    tone: toneOf(view),
    status: statusOf(view),
    facts: factsOf(view),
    ...(request.reason === '' ? {} : { quote: { label: 'Reason', text: request.reason } }),
    notes: notesOf(view),
    buttons: audience === 'requester' ? ownButtons(view) : reviewButtons(view),
  };
}

/** The same card as a private note, for `/jit approve <id>`. */
export function cardNote(view: RequestView): Note {
  const card = requestCard(view, 'approver');
  const lines: Rich[] = [
    [{ strong: card.title }],
    card.status,
    ...card.facts.map((fact): Rich => [`${fact.label}: `, ...fact.value]),
    ...card.notes,
  ];
  return {
    kind: 'note',
    tone: card.tone,
    lines,
    buttons: card.buttons,
    ...(card.quote ? { quote: card.quote.text } : {}),
  };
}

function title(view: RequestView): string {
  const name = roleTitle(view.catalog, view.request.role);
  return view.request.purpose.kind === 'extension' ? `More time: ${name}` : name;
}

/** The pass this card speaks of; an extension's card speaks of the extension alone. */
function passOf(view: RequestView): Grant | undefined {
  return view.request.purpose.kind === 'access' ? view.grants[0] : undefined;
}

function toneOf(view: RequestView): Tone {
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

function statusOf(view: RequestView): Rich {
  const grant = passOf(view);
  return grant ? grantStatus(view, grant) : requestStatus(view, view.request);
}

function requestStatus(view: RequestView, request: AccessRequest): Rich {
  switch (request.status) {
    case 'evaluating':
      return ['Being checked.'];
    case 'pending': {
      const given = request.approvals.length;
      const so = given === 0 ? '' : ` ${plural(given, 'approval')} so far.`;
      return [
        { strong: 'Waiting for approval.' },
        `${so} Needs ${stagesText(request.stages)}, until `,
        { time: request.lapsesAt, show: 'time' },
        '.',
      ];
    }
    case 'approved':
      return request.purpose.kind === 'extension' ? extensionStatus(view) : [{ strong: 'Approved.' }];
    case 'denied':
      return [{ strong: 'Denied' }, ' by ', personSpan(view.names, request.by), '.'];
    case 'withdrawn':
    case 'withdrawn_early':
      return [{ strong: 'Withdrawn' }, ' by the requester.'];
    case 'lapsed':
      return [{ strong: 'Lapsed:' }, ' nobody decided in time. No access was given.'];
    case 'refused':
      return [{ strong: 'Refused.' }];
  }
}

function extensionStatus(view: RequestView): Rich {
  const grant = view.grants[0];
  if (grant?.status === 'extending' && view.request.id === grant.extension)
    return [{ strong: 'Approved;' }, ' being extended until ', { time: grant.until, show: 'time' }, '.'];
  return [{ strong: 'Approved.' }];
}

function grantStatus(view: RequestView, grant: Grant): Rich {
  switch (grant.status) {
    case 'scheduled':
      return [{ strong: 'Approved;' }, ' begins ', { time: grant.startsAt, show: 'date_time' }, '.'];
    case 'granting':
      return [{ strong: 'Approved;' }, ` access is being given in ${grant.offer.target}.`];
    case 'active':
      return [{ strong: 'Active' }, ' until ', { time: grant.expiresAt, show: 'time' }, '.'];
    case 'extending':
      return [
        { strong: 'Active' },
        ' until ',
        { time: grant.expiresAt, show: 'time' },
        '; being extended until ',
        { time: grant.until, show: 'time' },
        '.',
      ];
    case 'revoking':
      if (grant.ending.overdueSince === undefined)
        return [
          { strong: 'Ending:' },
          ` ${endReasonText(grant.ending.because)}. Access is being taken back and the target looked at.`,
        ];
      return [
        { strong: 'OVERDUE:' },
        ` ${grant.offer.target} has not let Hallpass take this back yet. It keeps trying. The security team should look now.`,
      ];
    case 'revoked':
      return endedStatus(view, grant);
    case 'force_closed':
      return [{ strong: 'Closed by hand' }, ' by two people with evidence; Hallpass could not prove the end itself.'];
    case 'failed':
      return [{ strong: 'Not given.' }, ` ${failureText(grant.code)}`];
  }
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

function factsOf(view: RequestView): readonly Fact[] {
  const { request, catalog, target, names } = view;
  const role = catalog.roles[request.role];
  const targetName = 'offer' in request ? request.offer.target : (role?.target ?? '');
  const gives = target ? ` · ${target.describes}` : '';
  return [
    { label: 'Role', value: [{ code: request.role }] },
    { label: 'Target', value: [`${targetName}${gives}`] },
    {
      label: 'Who',
      value: [
        personSpan(names, request.requester),
        ...('offer' in request ? [` as ${request.offer.principal.name}`] : []),
      ],
    },
    {
      label: request.purpose.kind === 'extension' ? 'More time' : 'How long',
      value: [formatDuration(request.durationSeconds)],
    },
    { label: 'Risk', value: [role?.risk ?? 'unknown'] },
    ...approvalFacts(view),
    { label: 'Request', value: [{ code: request.id }] },
  ];
}

function approvalFacts({ request, names }: RequestView): readonly Fact[] {
  if (!('approvals' in request) || request.approvals.length === 0) return [];
  const people = request.approvals.flatMap(
    (given, at): Rich => [...(at > 0 ? [', '] : []), personSpan(names, given.by)],
  );
  return [{ label: 'Approved by', value: people }];
}

function notesOf(view: RequestView): readonly Rich[] {
  const { request, target } = view;
  const notes: Rich[] = [];
  if (request.status === 'denied' && request.note !== '') notes.push([`Why denied: ${request.note}`]);
  const grant = passOf(view);
  const isAhead =
    request.status === 'pending' ||
    grant?.status === 'granting' ||
    grant?.status === 'active' ||
    grant?.status === 'extending';
  if (!isAhead || request.purpose.kind === 'extension') return notes;
  if (request.status === 'pending')
    notes.push(['Next: when approved, access is given at once and taken back by itself.']);
  if (target?.sessions === 'outlive') notes.push(['Sessions that are open at the end live on until they are closed.']);
  if (target?.sessionsNote) notes.push([target.sessionsNote]);
  notes.push([
    target?.expiresItself
      ? 'The target itself ends this at the deadline, even if Hallpass is down.'
      : 'Hallpass ends this at the deadline; the target does not do so by itself.',
  ]);
  return notes;
}

function reviewButtons({ request }: RequestView): readonly Button[] {
  if (request.status !== 'pending') return [button('details', 'Details', buttonValue(request.id, 0, '-'))];
  const value = buttonValue(request.id, request.revision, request.digest);
  return [
    { action: 'approve', label: 'Approve', value, style: 'primary' },
    { action: 'deny', label: 'Deny…', value, style: 'danger' },
    button('comment', 'Ask a question…', value),
    button('details', 'Details', value),
  ];
}

function ownButtons(view: RequestView): readonly Button[] {
  const { request } = view;
  const grant = passOf(view);
  if (grant?.status === 'active')
    return [...passButtons(grant), button('details', 'Details', buttonValue(request.id, 0, '-'))];
  const value = buttonValue(request.id, 0, '-');
  if (request.status !== 'pending') return [button('details', 'Details', value)];
  return [
    { action: 'withdraw', label: 'Withdraw', value, style: 'plain' },
    button('comment', 'Add a comment…', value),
    button('details', 'Details', value),
  ];
}

/** What a holder can do with a live pass; the same everywhere it is shown. */
export function passButtons(grant: Grant): readonly Button[] {
  const value = buttonValue(grant.id, 0, '-');
  const confirm = {
    title: 'Give it back now?',
    text: 'The access ends at once. You can ask again at any time.',
    yes: 'Give it back',
    no: 'Keep it',
  };
  return [
    { action: 'extend', label: 'Extend…', value, style: 'primary' },
    { action: 'return', label: 'Return now', value, style: 'plain', confirm },
  ];
}

function button(action: Button['action'], label: string, value: string): Button {
  return { action, label, value, style: 'plain' };
}
