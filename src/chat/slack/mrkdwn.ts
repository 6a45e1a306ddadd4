// Rich text → Slack's mrkdwn, in parts that fit. Markup is made here and only here, from spans; strings are escaped.
import type { Rich, Span } from '../../ports/document.ts';
import { escaped } from './safe-text.ts';

/** Whose workspace it is: only its own people are mentioned, an id of another workspace may be somebody else here. */
export interface Home {
  readonly teamId: string;
}

/** Longer ones lose their markup, so that they can be split like any text. */
const MARKED_MAX = 300;

/** The line in parts of at most `most` characters; mentions and dates are never cut in two. Blank parts are left out. */
export function mrkdwnParts(rich: Rich, home: Home, most: number): readonly string[] {
  const parts = [''];
  for (const piece of rich.map((span) => pieceOf(span, home))) {
    for (let rest = piece.text; rest !== ''; ) {
      const part = parts.at(-1) ?? '';
      const at = partOf(piece, rest, most - part.length);
      // Nothing of it fits any more: a new part. In an empty one something must be taken, or this would not end.
      if (at === 0 && part !== '') parts.push('');
      else {
        const taken = at === 0 ? most : at;
        parts[parts.length - 1] = part + rest.slice(0, taken);
        rest = rest.slice(taken);
      }
    }
  }
  return parts.filter((part) => part.trim() !== '');
}

interface Piece {
  readonly text: string;
  /** Markup: may not be cut. */
  readonly whole: boolean;
}

/** How much of `rest` goes into the `room` that is left. */
function partOf(piece: Piece, rest: string, room: number): number {
  if (rest.length <= room) return rest.length;
  return piece.whole ? 0 : cutBefore(rest, room);
}

function pieceOf(span: Span, home: Home): Piece {
  if (typeof span === 'string') return { text: escaped(span), whole: false };
  if ('strong' in span) return marked('*', span.strong);
  // A backtick inside would end the code; its lookalike says the same to a reader.
  if ('code' in span) return marked('`', span.code.replaceAll('`', 'ˋ'));
  if ('time' in span) return { text: dateOf(span.time, span.show), whole: true };
  return mentionOf(span.person, home) ?? { text: escaped(span.name), whole: false };
}

function marked(mark: string, text: string): Piece {
  const inner = escaped(text).replaceAll('\n', ' ').trim();
  if (inner === '' || inner.length > MARKED_MAX) return { text: inner, whole: false };
  return { text: `${mark}${inner}${mark}`, whole: true };
}

function mentionOf(person: Extract<Span, { name: string }>['person'], home: Home): Piece | undefined {
  if (person?.platform !== 'slack' || person.tenant !== home.teamId) return undefined;
  return /^[UW][A-Z0-9]{2,20}$/.test(person.user) ? { text: `<@${person.user}>`, whole: true } : undefined;
}

/** In the reader's own zone; the text behind the bar is for clients that cannot. */
function dateOf(time: number, show: 'time' | 'date_time'): string {
  const utc = new Date(time).toISOString();
  const [format, fallback] =
    show === 'time'
      ? ['{time}', `${utc.slice(11, 16)} UTC`]
      : ['{date_short_pretty} at {time}', `${utc.slice(0, 10)} ${utc.slice(11, 16)} UTC`];
  return `<!date^${Math.floor(time / 1000)}^${format}|${fallback}>`;
}

/** Where to cut `text` so that the first part has at most `room` characters: at a line end, else a blank, else anywhere. */
function cutBefore(text: string, room: number): number {
  if (room <= 0) return 0;
  const line = text.lastIndexOf('\n', room - 1) + 1;
  if (line > room / 2) return line;
  const blank = text.lastIndexOf(' ', room - 1) + 1;
  if (blank > room / 2) return blank;
  return notInside(text, room);
}

/** Not in the middle of `&amp;` and not between the halves of one character. */
function notInside(text: string, at: number): number {
  const entity = text.lastIndexOf('&', at - 1);
  if (entity >= 0 && entity > at - 5 && text.indexOf(';', entity) >= at) return entity;
  return /[\uDC00-\uDFFF]/.test(text.charAt(at)) ? at - 1 : at;
}
