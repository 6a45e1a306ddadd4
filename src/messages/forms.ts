// Forms: what people fill in. The request form grows from the role's rules; each kind of need has its field here.
import type { Catalog, Role } from '../core/catalog.ts';
import { formatDuration } from '../core/duration.ts';
import type { Grant, Instant } from '../core/model.ts';
import { needsOf } from '../core/policy/evaluate.ts';
import type { Need } from '../core/policy/rule.ts';
import type { Field, Form, FormOption, Rich } from '../ports/document.ts';
import type { StoredEvent } from '../ports/store.ts';
import { requestCard } from './card.ts';
import { endSpan, stagesText } from './phrases.ts';
import { threadNote } from './thread.ts';
import type { RequestView } from './view.ts';

/** Slack's limit for a static select; above it people type to find (https://docs.slack.dev/reference/block-kit). */
export const LIST_MAX = 100;

export interface Filled {
  readonly context: string;
  readonly role?: Role;
  readonly durationSeconds?: number;
  readonly reason?: string;
}

export function requestForm(catalog: Catalog, filled: Filled): Form {
  const { role } = filled;
  return {
    kind: 'form',
    id: 'request',
    title: 'Ask for access',
    submit: 'Ask',
    context: filled.context,
    intro: role
      ? introOf(catalog, role)
      : [['Choose what you need. Then you see who decides, and for how long you can have it.']],
    fields: [roleField(catalog, role), ...(role ? needsOf(role).map((need) => needField(need, filled)) : [])],
  };
}

function introOf(catalog: Catalog, role: Role): readonly Rich[] {
  const about: Rich[] = role.description ? [[role.description]] : [];
  const target = catalog.targets[role.target]?.name ?? role.target;
  return [...about, [{ strong: target }, ` · risk ${role.risk} · needs ${stagesText(role.stages)}`]];
}

function roleField(catalog: Catalog, role: Role | undefined): Field {
  const options = Object.values(catalog.roles)
    .map(optionOf)
    .sort((a, b) => a.label.localeCompare(b.label, 'en'));
  const common = { name: 'role', label: 'What do you need?', redraws: true } as const;
  if (options.length > LIST_MAX)
    return { ...common, type: 'search', hint: 'Type to find a role.', ...(role ? { initial: optionOf(role) } : {}) };
  return { ...common, type: 'choice', options, ...(role ? { initial: role.name } : {}) };
}

function optionOf(role: Role): FormOption {
  return { value: role.name, label: role.title, description: `${role.name} · ${role.target}` };
}

function needField(need: Need, filled: Filled): Field {
  switch (need.kind) {
    case 'duration':
      return durationField(need, filled.durationSeconds ?? need.defaultSeconds);
    case 'reason':
      return {
        type: 'text',
        name: 'reason',
        label: 'Why?',
        hint: 'Approvers read this. Name the ticket or incident if there is one.',
        multiline: true,
        maxLength: need.maxLength,
        ...(filled.reason === undefined ? {} : { initial: filled.reason }),
      };
  }
}

const USUAL_MINUTES = [1, 2, 5, 10, 15, 30, 45, 60, 90, 120, 180, 240, 360, 480, 720, 1440];

function durationField(limits: { readonly minSeconds: number; readonly maxSeconds: number }, initial: number): Field {
  const within = USUAL_MINUTES.map((minutes) => minutes * 60).filter(
    (seconds) => seconds >= limits.minSeconds && seconds <= limits.maxSeconds,
  );
  const chosen = Math.min(Math.max(initial, limits.minSeconds), limits.maxSeconds);
  const all = [...new Set([...within, limits.maxSeconds, chosen])].sort((a, b) => a - b);
  const options = all.map((seconds) => ({ value: `${Math.round(seconds / 60)}m`, label: formatDuration(seconds) }));
  return {
    type: 'choice',
    name: 'duration',
    label: 'For how long?',
    hint: 'It ends by itself. You can give it back early or ask for more.',
    options,
    initial: `${Math.round(chosen / 60)}m`,
  };
}

export function denyForm(view: RequestView, context: string): Form {
  return wordsForm(view, context, {
    id: 'deny',
    title: 'Deny this request',
    submit: 'Deny',
    label: 'Why not?',
    hint: 'The requester reads this.',
  });
}

export function commentForm(view: RequestView, context: string): Form {
  return wordsForm(view, context, {
    id: 'comment',
    title: 'Write in the thread',
    submit: 'Send',
    label: 'What do you want to say?',
    hint: 'Requester and approvers read this.',
  });
}

function wordsForm(
  view: RequestView,
  context: string,
  words: { id: 'deny' | 'comment'; title: string; submit: string; label: string; hint: string },
): Form {
  const card = requestCard(view, 'approver');
  const { id, title, submit, label, hint } = words;
  const field: Field = { type: 'text', name: 'note', label, hint, multiline: true, maxLength: 1000 };
  return { kind: 'form', id, title, submit, context, intro: [[{ strong: card.title }], card.status], fields: [field] };
}

export function extendForm(grant: Grant, role: Role, now: Instant): Form {
  const left = Math.floor((grant.orderedAt + role.duration.maxSeconds * 1000 - grant.expiresAt) / 60_000) * 60;
  const limits = { minSeconds: role.duration.minSeconds, maxSeconds: left };
  if (grant.expiresAt <= now) return noMoreTime([[{ strong: role.title }, ' has ended. Ask for a new pass.']]);
  const ends: Rich = [{ strong: role.title }, ' ends at ', endSpan(grant), '.'];
  // The policy judges an extension by the role's shortest duration too: offer nothing that it would refuse.
  if (limits.maxSeconds < limits.minSeconds)
    return noMoreTime([ends, ['It has its longest time already. Ask for a new pass when it has ended.']]);
  const intro = [ends, ['More time needs a new approval. The present end holds until then.']];
  const duration = durationField(limits, role.duration.defaultSeconds);
  const why: Field = {
    type: 'text',
    name: 'reason',
    label: 'Why?',
    multiline: true,
    maxLength: 3000,
    optional: !role.requires.includes('reason'),
  };
  return {
    kind: 'form',
    id: 'extend',
    title: 'Extend',
    submit: 'Ask for more time',
    context: grant.id,
    intro,
    fields: [{ ...duration, label: 'How much longer?' }, why],
  };
}

function noMoreTime(intro: readonly Rich[]): Form {
  return { kind: 'form', id: 'details', title: 'Extend', context: '', intro, fields: [] };
}

const DETAILS_MAX = 40;

/** Everything about one request for reading: the facts, then what happened. */
export function detailsForm(view: RequestView, events: readonly StoredEvent[]): Form {
  const card = requestCard(view, 'approver');
  const told = events.flatMap((event): Rich[] => {
    const note = threadNote(event, view);
    return note
      ? [
          [
            { time: event.event.at, show: 'date_time' },
            ' ',
            ...(note.lines[0] ?? []),
            note.quote ? ` “${note.quote}”` : '',
          ],
        ]
      : [];
  });
  const facts = card.facts.map((fact): Rich => [{ strong: fact.label }, ': ', ...fact.value]);
  const reason: Rich[] = card.quote ? [[{ strong: card.quote.label }, `: ${card.quote.text}`]] : [];
  const older =
    told.length > DETAILS_MAX
      ? [[`${told.length - DETAILS_MAX} earlier entries are in the thread.`] satisfies Rich]
      : [];
  return {
    kind: 'form',
    id: 'details',
    title: 'Details',
    context: '',
    intro: [
      [{ strong: card.title }],
      card.status,
      ...facts,
      ...reason,
      ...card.notes,
      ...older,
      ...told.slice(-DETAILS_MAX),
    ],
    fields: [],
  };
}
