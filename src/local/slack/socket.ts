// Socket Mode: up to ten WebSocket connections, each payload to any one of them, answers by envelope id.
// docs.slack.dev/apis/events-api/using-socket-mode. Knows nothing of what it carries.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { json } from './api-arguments.ts';
import { isFields, textOf } from './fields.ts';
import { API_BODY_BYTES, CONNECTION_SECONDS, SERVER_PING_MS, SOCKET_CONNECTIONS } from './limits.ts';
import { noticed, type State } from './state.ts';

export type DisconnectReason = 'warning' | 'refresh_requested' | 'link_disabled' | 'too_many_websockets';

export interface Envelope {
  readonly envelope_id: string;
  readonly [field: string]: unknown;
}

export interface SocketMode {
  /** For the HTTP server's `upgrade`: only with an unused ticket of apps.connections.open. */
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** The connection that gets it, counted from 1; `undefined` when none is live. `answered` gets the app's answer. */
  send(envelope: Envelope, answered: (payload: unknown) => void): number | undefined;
  /** Nobody waits for this envelope any longer: its answer is ignored. */
  forget(envelopeId: string): void;
  /** All connections, or the one with that number. Except after `warning` they get no further payloads. */
  disconnect(reason: DisconnectReason, connection?: number): void;
  /** Cuts the TCP connections without a word. */
  cut(): void;
  live(): number;
  close(): void;
}

interface Connection {
  readonly number: number;
  readonly socket: WebSocket;
  readonly waiting: Map<string, (payload: unknown) => void>;
  retired: boolean;
}

export function createSocketMode(state: State): SocketMode {
  const server = new WebSocketServer({ noServer: true, maxPayload: API_BODY_BYTES });
  const connections = new Set<Connection>();
  let count = 0;
  const usable = () => [...connections].filter(({ retired, socket }) => !retired && socket.readyState === socket.OPEN);

  return {
    upgrade(req, socket, head) {
      const ticket = new URL(req.url ?? '/', state.base).searchParams.get('ticket') ?? '';
      if (!state.tickets.delete(ticket))
        return void socket.end('HTTP/1.1 401 Unauthorized\r\nconnection: close\r\n\r\n');
      server.handleUpgrade(req, socket, head, (ws) => {
        ws.on('error', () => ws.terminate());
        if (usable().length >= SOCKET_CONNECTIONS) return turnAway(ws);
        count += 1;
        const connection: Connection = { number: count, socket: ws, waiting: new Map(), retired: false };
        keep(state, connections, connection);
        ws.send(JSON.stringify(hello(state, usable().length)));
        noticed(state);
      });
    },
    send(envelope, answered) {
      const all = usable();
      const chosen = all[Math.floor(state.ids.jitter() * all.length)];
      chosen?.waiting.set(envelope.envelope_id, answered);
      chosen?.socket.send(JSON.stringify(envelope));
      return chosen?.number;
    },
    forget(envelopeId) {
      for (const { waiting } of connections) waiting.delete(envelopeId);
    },
    disconnect(reason, which) {
      for (const connection of usable().filter(({ number }) => which === undefined || number === which)) {
        connection.retired = reason !== 'warning';
        connection.socket.send(JSON.stringify(farewell(reason)));
      }
    },
    cut() {
      for (const { socket } of connections) socket.terminate();
    },
    live: () => usable().length,
    close() {
      for (const { socket } of connections) socket.terminate();
      server.close();
    },
  };
}

function turnAway(socket: WebSocket): void {
  socket.send(JSON.stringify(farewell('too_many_websockets')));
  socket.close();
}

function keep(state: State, connections: Set<Connection>, connection: Connection): void {
  const { socket } = connection;
  const pings = setInterval(() => socket.ping('Ping from local'), SERVER_PING_MS).unref();
  connections.add(connection);
  socket.on('message', (data) => receive(connection, data.toString()));
  socket.on('close', () => {
    clearInterval(pings);
    connections.delete(connection);
    noticed(state);
  });
}

/** Answers count only on the connection that got the envelope, while somebody waits for them. */
function receive({ waiting }: Connection, text: string): void {
  const frame = json(text);
  if (!isFields(frame)) return;
  waiting.get(textOf(frame, 'envelope_id') ?? '')?.(frame.payload);
}

function hello(state: State, connections: number): unknown {
  return {
    type: 'hello',
    num_connections: connections,
    connection_info: { app_id: state.app.id },
    debug_info: { host: 'applink-local', build_number: 1, approximate_connection_time: CONNECTION_SECONDS },
  };
}

function farewell(reason: DisconnectReason): unknown {
  return { type: 'disconnect', reason, debug_info: { host: 'applink-local' } };
}
