// What Slack's libraries have to say, in our log. Only their first argument and only when it is text: they also hand over
// whole payloads and errors, which carry people's words (threat I01). Debug output is dropped for the same reason.
import { type Logger, LogLevel } from '@slack/bolt';
import type { Log } from '../../ports/log.ts';

const TEXT_MAX = 300;

export function libraryLog(log: Log): Logger {
  const said = (message: unknown) => ({
    said: typeof message === 'string' ? message.slice(0, TEXT_MAX) : typeof message,
  });
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: (message) => log.debug('Slack library warns', said(message)),
    error: (message) => log.warn('Slack library reports an error', said(message)),
    setLevel: () => undefined,
    getLevel: () => LogLevel.WARN,
    setName: () => undefined,
  };
}
