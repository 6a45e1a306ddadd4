// What messages are made from in the tests, and how they read as plain text: *strong*, `code`, @person, <time>.
import type { Catalog } from '../../src/core/catalog.ts';
import type { GrantCommand } from '../../src/core/grant-command.ts';
import type { AccessRequest, Grant } from '../../src/core/model.ts';
import type { RequestCommand } from '../../src/core/request-command.ts';
import type { Names, RequestView, TargetWords } from '../../src/messages/view.ts';
import type { Card, Field, Form, Note, Rich, Span } from '../../src/ports/document.ts';
import { ANA, account, BEN, grantAfter, MIA, requestAfter, SAM, type Step, T0 } from '../core/scene.ts';

export const CATALOG: Catalog = {
  organization: 'acme',
  command: '/jit',
  auditChannel: { platform: 'slack', channel: 'C-AUDIT' },
  security: 'secops',
  groups: {},
  targets: { 'prod-db': { name: 'prod-db', adapter: 'postgres' } },
  roles: {
    'prod-db-readonly': {
      name: 'prod-db-readonly',
      title: 'Read production data',
      description: 'Reports and support, on the primary.',
      target: 'prod-db',
      entitlement: { role: 'readonly' },
      risk: 'medium',
      who: ['engineers'],
      duration: { minSeconds: 300, defaultSeconds: 3_600, maxSeconds: 14_400 },
      reviewers: { platform: 'slack', channel: 'C-REV' },
      stages: [
        { from: ['dbas'], count: 1 },
        { from: ['secops', 'leads'], count: 1 },
      ],
      pendingSeconds: 28_800,
      requires: ['reason'],
    },
  },
  policyVersion: 'policy-1',
};
export const ROLE = CATALOG.roles['prod-db-readonly'] as Catalog['roles'][string];

export const NAMES: Names = {
  [MIA]: { name: 'Mia', account: account('UMIA') },
  [ANA]: { name: 'Ana', account: account('UANA') },
  [BEN]: { name: 'Ben', account: undefined },
  [SAM]: { name: 'Sam', account: account('USAM') },
};

export const TARGET: TargetWords = {
  describes: 'member of the PostgreSQL role readonly',
  sessions: 'ended',
  sessionsNote: 'Ending this pass also ends all open sessions.',
  expiresItself: false,
};

export const request = (...steps: readonly Step<RequestCommand>[]) => requestAfter(steps).row as AccessRequest;
export const pass = (...steps: readonly Step<GrantCommand>[]) => grantAfter(steps).row as Grant;

export function view(of: AccessRequest, grants: readonly Grant[] = [], facts: Partial<RequestView> = {}): RequestView {
  return { catalog: CATALOG, request: of, grants, names: NAMES, target: TARGET, now: T0, ...facts };
}

/* --------------------------------------------------------------------- text */

export function text(rich: Rich): string {
  return rich.map(spanText).join('');
}

function spanText(span: Span): string {
  if (typeof span === 'string') return span;
  if ('strong' in span) return `*${span.strong}*`;
  if ('code' in span) return `\`${span.code}\``;
  if ('time' in span) return `<${clockText(span.time, span.show)}>`;
  return `@${span.name}`;
}

function clockText(time: number, show: 'time' | 'date_time'): string {
  const utc = new Date(time).toISOString();
  return show === 'time' ? utc.slice(11, 16) : utc.slice(0, 16).replace('T', ' ');
}

export function noteText(note: Note): string {
  return [...note.lines.map(text), ...(note.quote === undefined ? [] : [`> ${note.quote}`])].join('\n');
}

/** In the order in which it is drawn (threat C05). */
export function cardText(card: Card): string {
  return [
    `# ${card.title}`,
    text(card.status),
    ...card.facts.map(({ label, value }) => `${label}: ${text(value)}`),
    ...(card.quote ? [`> ${card.quote.label}: ${card.quote.text}`] : []),
    ...card.notes.map(text),
    `[${card.buttons.map(({ label }) => label).join('] [')}]`,
  ].join('\n');
}

export function formText(form: Form): string {
  return [
    `# ${form.title}`,
    ...form.intro.map(text),
    ...form.fields.map(fieldText),
    ...(form.submit === undefined ? [] : [`[${form.submit}]`]),
  ].join('\n');
}

function fieldText(field: Field): string {
  const hint = field.hint === undefined ? '' : ` (${field.hint})`;
  const options = field.type === 'choice' ? `: ${field.options.map(({ label }) => label).join(' | ')}` : '';
  return `${field.label}${hint}${options}`;
}
