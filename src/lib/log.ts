// The log: one line of JSON an event, on standard output. The only file that knows pino.
// Nothing that looks like a secret leaves here, and nothing written here can look like a second line.
import { pino } from 'pino';
import type { Clock } from '../ports/clock.ts';
import type { Facts, Log } from '../ports/log.ts';
import { plainFacts, plainText } from './plain-facts.ts';
import { scrub } from './scrub.ts';
import { systemClock } from './system-clock.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

export interface LogSettings {
  readonly level?: LogLevel;
  /** Receives each whole line, its line end included. Standard output when absent. */
  readonly destination?: { write(line: string): void };
  readonly clock?: Clock;
}

/**
 * A line is `{"level","time","facts"?,"msg"}`. Facts stand under a key of their own: a fact called `level` or `msg`
 * would otherwise overrule the real one in most readers.
 */
export function openLog({ level = 'info', destination, clock = systemClock }: LogSettings = {}): Log {
  const out = destination ?? pino.destination({ dest: 1, sync: true }); // sync: the last lines before a crash matter most
  const logger = pino(
    {
      level,
      base: null,
      formatters: { level: (label) => ({ level: label }) },
      timestamp: () => `,"time":"${new Date(clock.now()).toISOString()}"`,
    },
    { write: (line) => void out.write(oneLine(scrub(line))) },
  );
  const write = (at: 'debug' | 'info' | 'warn' | 'error') => (message: string, facts?: Facts) => {
    if (logger.isLevelEnabled(at)) logger[at](facts && { facts: plainFacts(facts) }, plainText(message));
  };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

// JSON leaves these as they are, and terminals and log viewers obey them: C1 controls (0x9B begins an ANSI sequence), line
// and paragraph separators (a new line to some readers), marks that turn the direction of text (Trojan Source).
const UNSEEN = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

function oneLine(json: string): string {
  return json.replace(UNSEEN, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
