// One Socket Mode connection from hello to goodbye. Does not reconnect: socket-mode 3.1's own reconnecting rejects into
// the void when the token was revoked or the network is down, and that ends the process (read in its source; tried).
// https://docs.slack.dev/apis/events-api/using-socket-mode
import { SocketModeClient } from '@slack/socket-mode';
import { reveal, type Secret } from '../../lib/secret.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { callSettings } from './client-settings.ts';
import type { AckBody } from './dispatch.ts';
import { libraryLog } from './library-log.ts';
import { type Fields, isFields } from './strict-body.ts';
import { within } from './within.ts';

/** From apps.connections.open to hello; Slack needs well below one second. */
const HELLO_MS = 10_000;
/** For Slack's half of the closing handshake; the library itself would wait for 30 s. */
const GOODBYE_MS = 2_000;

export interface Envelope {
  readonly id: string;
  readonly type: string;
  readonly body: Fields;
  /** Rejects when this connection has closed meanwhile: then Slack shows the person an error, and they try again. */
  answer(response: AckBody): Promise<void>;
}

export interface Connection {
  /** How many connections this app had when ours was welcomed, ours included (threat A15). */
  readonly peers: number;
  /** Resolves when Slack says goodbye or the line is cut. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

/** Rejects with the library's error when Slack does not let us in, or with ours when it keeps silent. */
export async function openConnection(
  settings: { readonly appToken: Secret; readonly apiUrl: string | undefined },
  tools: { readonly clock: Clock; readonly log: Log },
  receive: (envelope: Envelope) => void,
): Promise<Connection> {
  const client = new SocketModeClient({
    appToken: reveal(settings.appToken),
    autoReconnectEnabled: false,
    logger: libraryLog(tools.log),
    // A fresh object each time: the client writes its own retry settings into what it is given.
    clientOptions: callSettings(settings.apiUrl),
  });
  const frames = watch(client);
  const close = async () => void (await within(tools.clock, GOODBYE_MS, client.disconnect()));
  client.on('slack_event', (event: unknown) => {
    const envelope = envelopeOf(event);
    if (envelope) receive(envelope);
  });
  try {
    if ((await within(tools.clock, HELLO_MS, client.start())) === 'late') throw new Error('Slack did not say hello');
  } catch (error) {
    await close();
    throw error ?? new Error('Slack closed the connection before it said hello');
  }
  return { peers: frames.peers(), ended: frames.ended, close };
}

/** Reads the frames that the library keeps to itself: how many we are, and that Slack is about to close. */
function watch(client: SocketModeClient): { readonly peers: () => number; readonly ended: Promise<void> } {
  let peers = 1;
  const ended = new Promise<void>((resolve) => {
    client.once('disconnected', () => resolve());
    client.on('ws_message', (data: unknown) => {
      const frame = frameOf(data);
      if (frame?.type === 'hello' && typeof frame.num_connections === 'number') peers = frame.num_connections;
      if (frame?.type === 'disconnect') resolve();
    });
  });
  return { peers: () => peers, ended };
}

function frameOf(data: unknown): Fields | undefined {
  // Only the two short frames are of interest; deliveries are parsed by the library.
  if (typeof data !== 'string' || !/"type"\s*:\s*"(?:hello|disconnect)"/.test(data.slice(0, 200))) return undefined;
  try {
    const frame: unknown = JSON.parse(data);
    return isFields(frame) ? frame : undefined;
  } catch {
    return undefined;
  }
}

function envelopeOf(event: unknown): Envelope | undefined {
  if (!isFields(event)) return undefined;
  const { envelope_id: id, type, body, ack } = event;
  if (typeof id !== 'string' || typeof type !== 'string' || !isFields(body) || typeof ack !== 'function')
    return undefined;
  return { id, type, body, answer: async (response) => void (await ack(response)) };
}
