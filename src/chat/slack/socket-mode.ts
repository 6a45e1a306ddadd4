// Keeps two Socket Mode connections alive, so that Slack's refreshes leave no gap (with one: 5.1 s without commands,
// measured), and notices when somebody else uses our app-level token (threat A15). Knows nothing of what is delivered.
import { WebAPIPlatformError } from '@slack/web-api';
import { backoffMs } from '../../lib/backoff.ts';
import type { Secret } from '../../lib/secret.ts';
import type { Clock, Ids, Instant } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { AlarmFacts } from './settings.ts';
import { type Connection, type Envelope, openConnection } from './socket-connection.ts';

/** Of one process. */
export const CONNECTIONS = 2;
export const RETRY = { baseMs: 1_000, capMs: 30_000 };
/** Some 15 s without getting in: people notice by now, so operators should too. */
export const ALARM_AFTER_FAILURES = 5;
/**
 * A restart leaves its old connections with Slack for a moment, so that too many are looked at once more before anybody
 * is woken; together with the first look this stays below a minute.
 */
const LOOK_AGAIN_MS = 30_000;
/** Timers may fire a little early by the wall clock. */
const TIMER_SLACK_MS = 1_000;

/** Slack will not let this token in, however often we ask. */
const HOPELESS = new Set([
  'not_authed',
  'invalid_auth',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'not_allowed_token_type',
  'missing_scope',
  'team_disabled',
  'user_removed_from_team',
]);

export interface SocketTools {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly onFatal: (reason: string) => void;
  readonly onAlarm: (code: string, facts: AlarmFacts) => void;
  readonly receive: (envelope: Envelope) => void;
}

export interface SocketMode {
  /** Resolves when both connections are up, or `stop` was called. Rejects when Slack refuses the token before that. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export function socketMode(
  settings: { readonly appToken: Secret; readonly apiUrl: string | undefined; readonly expected: number },
  tools: SocketTools,
): SocketMode {
  const { clock, log } = tools;
  const stopping = new AbortController();
  const open = new Set<Connection>();
  const closing = new Set<Promise<void>>();
  const suspicion = watchPeers(settings.expected, tools, stopping.signal);

  function retire(connection: Connection): Promise<void> {
    if (!open.delete(connection)) return Promise.resolve();
    const closed = connection.close().finally(() => closing.delete(closed));
    closing.add(closed);
    return closed;
  }

  async function keepOne(onUp: () => void): Promise<void> {
    for (let failures = 0; !stopping.signal.aborted; ) {
      try {
        const connection = await openConnection(settings, tools, tools.receive);
        open.add(connection);
        if (stopping.signal.aborted) return await retire(connection);
        failures = 0;
        onUp();
        const counting = suspicion(connection.peers).then(() => 'count again' as const);
        const why = await Promise.race([connection.ended, counting]);
        const closed = retire(connection);
        // To count again it must be gone first; after a goodbye its successor comes at once.
        if (why === 'count again') await closed;
      } catch (error) {
        if (isHopeless(error)) throw error;
        failures += 1;
        log.warn('Slack connection failed', { failures, error });
        if (failures === ALARM_AFTER_FAILURES) tools.onAlarm('slack_unreachable', { failures });
        await clock.sleep(backoffMs(failures, RETRY, tools.ids.jitter()), stopping.signal);
      }
    }
  }

  return {
    start() {
      const kept = Array.from({ length: CONNECTIONS }, () => {
        let up = false;
        return new Promise<void>((resolve, reject) => {
          keepOne(() => {
            up = true;
            resolve();
          }).then(resolve, (error: unknown) => {
            if (up) tools.onFatal(`Slack refused the app-level token (${wordOf(error)})`);
            reject(error);
          });
        });
      });
      return Promise.all(kept).then(() => undefined);
    },
    async stop() {
      stopping.abort();
      for (const connection of open) void retire(connection);
      await Promise.all(closing);
    },
  };
}

/**
 * Called with what each hello says. Resolves when the connection should be opened anew to count once more, which is
 * hardly ever. Alarms when there are too many still.
 */
function watchPeers(expected: number, tools: SocketTools, stopped: AbortSignal): (peers: number) => Promise<void> {
  let since: Instant | undefined;
  return async (peers) => {
    const now = tools.clock.now();
    if (peers <= expected) since = undefined;
    else if (since === undefined) {
      since = now;
      return tools.clock.sleep(LOOK_AGAIN_MS, stopped);
    } else if (now - since >= LOOK_AGAIN_MS - TIMER_SLACK_MS) {
      tools.onAlarm('slack_foreign_connection', { connections: peers, expected });
    }
    return new Promise<never>(() => undefined);
  };
}

function isHopeless(error: unknown): boolean {
  return error instanceof WebAPIPlatformError && HOPELESS.has(error.data.error);
}

function wordOf(error: unknown): string {
  return error instanceof WebAPIPlatformError ? error.data.error : 'unknown';
}
