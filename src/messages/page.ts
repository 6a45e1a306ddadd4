// An alarm as plain text, for those who are reached beside the chat: made of the very note that the audit channel shows, so that
// the two say the same. Pure.
import type { Catalog } from '../core/catalog.ts';
import type { DomainEvent } from '../core/events.ts';
import type { Instant } from '../core/model.ts';
import type { Rich, Span } from '../ports/document.ts';
import type { Page } from '../ports/pager.ts';
import { alarmNote } from './alarm.ts';
import { secondsText } from './phrases.ts';

/** Pages about one matter have one key: `matter` is what is at stake, where that is not what the event is about. */
export function pageOf(event: DomainEvent, catalog: Catalog, matter?: string): Page | undefined {
  const note = alarmNote(event, catalog);
  if (!note) return undefined;
  const lines = note.lines.map(plainText);
  const { grant, person, request } = event.subject;
  const code = entryOf(lines.at(-1) ?? '');
  const about = grant ?? person ?? request;
  return {
    key: `${code}:${matter ?? about ?? catalog.organization}`,
    code,
    title: [plainText(note.lines[0]?.slice(0, 1) ?? []), ...(grant ? [`Pass ${grant}.`] : [])].join(' '),
    lines,
    at: event.at,
    organization: catalog.organization,
    runBook: `docs/run-book.md#${code}`,
  };
}

/** Every alarm ends with the name of its entry; a test of the run-book holds that. */
function entryOf(line: string): string {
  return /Run-book: ([a-z-]+)\.$/.exec(line)?.[1] ?? 'alarm';
}

function plainText(rich: Rich): string {
  return rich.map(spanText).join('');
}

function spanText(span: Span): string {
  if (typeof span === 'string') return span;
  if ('strong' in span) return span.strong;
  if ('code' in span) return span.code;
  if ('name' in span) return span.name;
  return `${new Date(span.time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

const NAMED_MAX = 10;

/** What is overdue in one target, when it is more than one pass: one matter, told once. */
export function overdueLine(target: string, passes: readonly string[]): string {
  const named = passes.slice(0, NAMED_MAX).join(', ');
  const rest = passes.length > NAMED_MAX ? `, and ${passes.length - NAMED_MAX} more` : '';
  return `In all ${passes.length} passes are overdue in ${target}: ${named}${rest}.`;
}

export function lateLine(pager: string, seconds: number): string {
  return `This page is ${secondsText(seconds)} late: ${pager} did not take it before.`;
}

export const ENDED_LINE = 'By now this pass has ended: its access was seen gone.';

/** For whoever wants to see whether pages arrive. */
export function testPage(organization: string, at: Instant): Page {
  return {
    key: 'test',
    code: 'test',
    title: 'This is a test of Hallpass. Nothing is wrong.',
    lines: ['Somebody ran “hallpass check --page” to see whether pages arrive here. They do.'],
    at,
    organization,
    runBook: 'docs/run-book.md',
  };
}
