// The card: how a request and its pass stand now (law 6). Fixed facts first, the person's own words in a block of their
// own after them (threat C05), buttons only while they make sense.
import { formatDuration } from '../core/duration.ts';
import type { Surface } from '../core/model.ts';
import type { Card, Fact, Note, Rich } from '../ports/document.ts';
import { ownButtons, reviewButtons } from './card-buttons.ts';
import { passOf, statusOf, toneOf } from './card-status.ts';
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
    buttons: audience === 'requester' ? ownButtons(request, passOf(view)) : reviewButtons(request),
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

function factsOf(view: RequestView): readonly Fact[] {
  const { request, catalog, target, names } = view;
  const role = catalog.roles[request.role];
  const targetName = 'offer' in request ? request.offer.target : (role?.target ?? '');
  const gives = target ? ` · ${target.describes}` : '';
  const as = 'offer' in request ? [` as ${request.offer.principal.name}`] : [];
  const extension = request.purpose.kind === 'extension';
  return [
    { label: 'Role', value: [{ code: request.role }] },
    { label: 'Target', value: [`${targetName}${gives}`] },
    { label: 'Who', value: [personSpan(names, request.requester), ...as] },
    { label: extension ? 'More time' : 'How long', value: [formatDuration(request.durationSeconds)] },
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
  if (request.purpose.kind === 'extension' || !isAhead(view)) return notes;
  if (request.status === 'pending')
    notes.push(['Next: when approved, access is given at once and taken back by itself.']);
  // Without its target in the configuration nobody knows what will happen there: say nothing rather than guess.
  return target ? [...notes, ...endNotes(target)] : notes;
}

/** The end is still to come, so that it is worth saying how it will go (law 9). */
function isAhead(view: RequestView): boolean {
  const status = passOf(view)?.status;
  if (status === undefined) return view.request.status === 'pending';
  return status === 'scheduled' || status === 'granting' || status === 'active' || status === 'extending';
}

function endNotes({ sessions, sessionsNote, expiresItself }: NonNullable<RequestView['target']>): readonly Rich[] {
  const outlive = 'Sessions that are open at the end live on until they are closed.';
  const said = sessions === 'outlive' ? outlive : sessions === 'ended' ? sessionsNote : undefined;
  const end = expiresItself
    ? 'The target itself ends this at the deadline, even if Hallpass is down.'
    : 'Hallpass ends this at the deadline; the target does not do so by itself.';
  return [...(said ? [[said]] : []), [end]];
}
