// What the Slack side needs to know and to have. Secrets stay sealed until the moment of use.
import type { Secret } from '../../lib/secret.ts';
import type { Clock, Ids } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';

export interface SlackSettings {
  readonly mode: 'socket' | 'http';
  /** With its slash, as the app was given it: `/jit`. Slack does not tell commands of two apps apart; the last one wins. */
  readonly command: string;
  /** A Slack-compatible API instead of Slack's, ending in `/api/`. */
  readonly apiUrl?: string;
  readonly botToken: Secret;
  /** Needed for `socket`. */
  readonly appToken?: Secret;
  /** Needed for `http`: 32 characters or more. */
  readonly signingSecret?: Secret;
  /** The one before it, while it is being replaced. */
  readonly previousSigningSecret?: Secret;
  /** Asked from Slack when left out; when given, Slack must agree. */
  readonly appId?: string;
  readonly teamId?: string;
  /** Socket Mode connections that this app opens in all: two for each replica. 2 when left out. */
  readonly expectedConnections?: number;
}

export interface AlarmFacts {
  readonly [name: string]: string | number;
}

export interface SlackTools {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** Slack will never let us in again with this token: end the process, so that a supervisor and an operator see it. */
  readonly onFatal: (reason: string) => void;
  /** `slack_foreign_connection`: somebody else uses our app-level token (A15). `slack_unreachable`: we do not get in. */
  readonly onAlarm: (code: string, facts: AlarmFacts) => void;
}
