// How many Hallpass work on one store, and what that asks of the rest of the file.
import { type Finding, valueAt, wrong } from './finding.ts';
import type { StoreSetting } from './store-setting.ts';

export const REPLICAS_MAX = 16;
/** Socket Mode: one that Slack refreshes must leave another (src/chat/slack/socket-mode.ts). */
const CONNECTIONS_EACH = 2;
/** Of one app, however many processes open them (https://docs.slack.dev/apis/events-api/using-socket-mode). */
const CONNECTIONS_MAX = 10;
const PATH = ['replicas'];

/** More than these would be taken for somebody else with our app-level token (threat A15). */
export function connectionsOf(replicas: number): number {
  return replicas * CONNECTIONS_EACH;
}

/** `file` as it was read; `store` where its setting could be read. */
export function checkReplicas(file: unknown, store: StoreSetting | undefined): readonly Finding[] {
  const replicas = valueAt(file, PATH);
  if (!isCount(replicas)) return [];
  return [...sharedFile(store), ...tooManyConnections(file, replicas)];
}

/** Of several; anything else is one, or was found wrong already. */
function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 1 && Number(value) <= REPLICAS_MAX;
}

function sharedFile(store: StoreSetting | undefined): readonly Finding[] {
  if (store?.kind !== 'sqlite') return [];
  const says = 'only one Hallpass can work on a file of SQLite';
  const remedy = 'Set store to a PostgreSQL database that all of them reach (docs/replicas.md), or leave replicas out.';
  return [wrong(PATH, says, remedy)];
}

function tooManyConnections(file: unknown, replicas: number): readonly Finding[] {
  const mode = valueAt(file, ['chat', 'slack', 'mode']) ?? 'socket';
  if (mode !== 'socket' || connectionsOf(replicas) <= CONNECTIONS_MAX) return [];
  const most = CONNECTIONS_MAX / CONNECTIONS_EACH;
  const says = `in socket mode Slack allows ${CONNECTIONS_MAX} connections of an app, and each replica opens ${CONNECTIONS_EACH}`;
  return [wrong(PATH, says, `Run at most ${most}, or set chat.slack.mode to http, with a load balancer before them.`)];
}
