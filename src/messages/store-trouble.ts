// What is said while the store cannot be written: straight to the audit channel and to the second path, since nothing that
// waits in the store could be sent.
import type { Instant } from '../core/model.ts';
import type { Note } from '../ports/document.ts';
import type { Page } from '../ports/pager.ts';
import { note, plural } from './phrases.ts';

/** What came of ending access meanwhile. */
export interface EndedMeanwhile {
  readonly ended: number;
  /** Should be gone, and was not seen gone. */
  readonly open: number;
}

export function storeTroubleNote(since: Instant, done: EndedMeanwhile): Note {
  return note(
    'alarm',
    [{ strong: 'ALARM: the store cannot be written' }, ' since ', { time: since, show: 'date_time' }, '.'],
    ['Nobody can ask or approve meanwhile. Access whose time is over is ended nevertheless.', ` ${doneText(done)}`],
    ['Bring the store back now. Run-book: store-unwritable.'],
  );
}

export function storeTroublePage(since: Instant, done: EndedMeanwhile, at: Instant, organization: string): Page {
  return {
    key: `store-unwritable:${since}`,
    code: 'store-unwritable',
    title: `Hallpass (${organization}) cannot write its store`,
    lines: [
      `Since ${new Date(since).toISOString()}. Nobody can ask or approve; access whose time is over is ended nevertheless.`,
      doneText(done),
    ],
    at,
    organization,
    runBook: 'docs/run-book.md#store-unwritable',
  };
}

function doneText({ ended, open }: EndedMeanwhile): string {
  if (open > 0) return `${plural(open, 'pass', 'passes')} should be gone and could not be seen gone; ${ended} ended.`;
  return ended === 0 ? 'None fell due yet.' : `${plural(ended, 'pass', 'passes')} ended so far, none is open.`;
}
