// A page as a plain text mail. Pure. Nothing in it can become a header, an address or an attachment, whatever its words are.
import { createHash } from 'node:crypto';
import { oneLine } from '../../lib/plain-text.ts';
import type { Page } from '../../ports/pager.ts';
import type { SmtpConfig } from './schema.ts';

const SUBJECT_MAX_CHARACTERS = 180;
const LINE_MAX_CHARACTERS = 2_000;

export interface Mail {
  readonly from: { readonly name: string; readonly address: string };
  readonly to: readonly { readonly name: string; readonly address: string }[];
  readonly subject: string;
  readonly text: string;
  readonly date: Date;
  readonly messageId: string;
  readonly inReplyTo: string;
  readonly references: readonly string[];
  readonly priority: 'high';
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * A page that is sent again after a lost answer has the same Message-ID, so that mail systems show it once. A repeat of the
 * matter has an ID of its own, or they would swallow it, and refers to one made of the key alone: so they make one thread.
 * https://www.rfc-editor.org/rfc/rfc5322#section-3.6.4
 */
export function mailOf(page: Page, { from, to }: Pick<SmtpConfig, 'from' | 'to'>, deployment: string): Mail {
  const domain = from.slice(from.lastIndexOf('@') + 1);
  const id = (...parts: readonly (string | number)[]) => `<${hashOf(deployment, ...parts)}@${domain}>`;
  const thread = id('thread', page.key);
  return {
    from: { name: 'Hallpass', address: from },
    to: to.map((address) => ({ name: '', address })),
    subject: oneLine(`[${page.organization}] ${page.title}`, SUBJECT_MAX_CHARACTERS),
    text: [...page.lines.map((line) => oneLine(line, LINE_MAX_CHARACTERS)), '', ...footOf(page)].join('\n'),
    date: new Date(page.at),
    messageId: id('page', page.key, page.at),
    inReplyTo: thread,
    references: [thread],
    priority: 'high',
    // No out-of-office answers: https://www.rfc-editor.org/rfc/rfc3834#section-5
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Hallpass-Alarm': page.code.replace(/[^a-z0-9-]/g, '') },
  };
}

function footOf({ at, runBook, organization }: Page): readonly string[] {
  return [
    `It happened at ${new Date(at).toISOString()}.`,
    oneLine(`What to do: ${runBook}`, LINE_MAX_CHARACTERS),
    oneLine(
      `Sent by Hallpass of ${organization}, beside the chat. Answers to this mail are read by nobody.`,
      LINE_MAX_CHARACTERS,
    ),
  ];
}

function hashOf(...parts: readonly (string | number)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 40);
}
