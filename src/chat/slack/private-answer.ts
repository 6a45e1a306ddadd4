// Tells one person something at once, outside the outbox: an answer to what they just did. Through the `response_url` of
// the click where there is one, else as a direct message. Never throws: the deed itself is stored already.
import type { AccountRef } from '../../core/model.ts';
import type { ChatPlatform } from '../../ports/chat-platform.ts';
import type { Note } from '../../ports/document.ts';
import type { Log } from '../../ports/log.ts';
import { CALL_TIMEOUT_MS } from './client-settings.ts';
import type { Home } from './mrkdwn.ts';
import { renderMessage } from './render.ts';

/** The person and the ways to reach them alone. `responseUrl` was checked when the delivery came in (threat A19). */
export interface Hearer {
  readonly account: AccountRef;
  readonly delivery: string;
  readonly responseUrl: string | undefined;
  readonly thread: string | undefined;
}

export type TellPrivately = (hearer: Hearer, note: Note) => Promise<void>;

export function privateAnswers(post: ChatPlatform['post'], home: Home, log: Log): TellPrivately {
  return async (hearer, note) => {
    if (await whisper(hearer, note, home, log)) return;
    try {
      await post({ kind: 'person', account: hearer.account }, note, `answer:${hearer.delivery}`);
    } catch (error) {
      log.warn('A private answer could not be given', { error });
    }
  };
}

/** As an ephemeral message; an answer to a command that is more than its acknowledgement goes the same way. */
async function whisper({ responseUrl, thread }: Hearer, note: Note, home: Home, log: Log): Promise<boolean> {
  if (responseUrl === undefined) return false;
  try {
    const response = await fetch(responseUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({
        ...ephemeral(note, home),
        replace_original: false,
        ...(thread !== undefined && { thread_ts: thread }),
      }),
      redirect: 'error',
      signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
    });
    if (!response.ok) log.warn('Slack refused a private answer', { status: response.status });
    return response.ok;
  } catch (error) {
    log.warn('A private answer did not get through', { error });
    return false;
  }
}

export type Ephemeral = ReturnType<typeof ephemeral>;

export function ephemeral(note: Note, home: Home) {
  const quiet = { response_type: 'ephemeral', unfurl_links: false, unfurl_media: false } as const;
  return { ...quiet, ...renderMessage(note, home) };
}

export function plainNote(line: string): Note {
  return { kind: 'note', tone: 'plain', lines: [[line]] };
}
