// One payload over one transport: signed HTTP or a Socket Mode envelope. Prepared once, so that sending it again
// sends the very same bytes. Waits in real time, because the app does.
import { json } from './api-arguments.ts';
import type { Undelivered } from './control-api.ts';
import { encodeDelivery, sendRaw, slackSignature } from './deliver-http.ts';
import type { Fields } from './fields.ts';
import type { Delivery } from './records.ts';
import type { Envelope, SocketMode } from './socket.ts';
import type { State } from './state.ts';

export interface Parcel {
  readonly type: Delivery['type'];
  readonly payload: Fields;
  /** Socket Mode's `accepts_response_payload`. */
  readonly takesAnswer: boolean;
  readonly retry?: { readonly num: number; readonly reason: string };
}

export interface Carried {
  readonly status: number | Undelivered;
  readonly body: unknown;
  readonly noRetry?: boolean;
}

export interface CarrySettings {
  readonly signingSecret: string;
  /** How long the app has got, in real milliseconds. */
  readonly ackMs: number;
  /** The unix milliseconds that go into signatures. */
  readonly signedAt: () => number;
}

export function byHttp(state: State, settings: CarrySettings, parcel: Parcel): () => Promise<Carried> {
  const raw = encodeDelivery(parcel.type, parcel.payload);
  const timestamp = String(Math.floor(settings.signedAt() / 1_000));
  const { retry } = parcel;
  const headers = {
    ...raw.headers,
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': slackSignature(settings.signingSecret, timestamp, raw.body),
    ...(retry && { 'x-slack-retry-num': String(retry.num), 'x-slack-retry-reason': retry.reason }),
  };
  return async () => {
    if (state.requestUrl === undefined) return { status: 'no_connection', body: undefined };
    const answer = await sendRaw(state.requestUrl, { ...raw, headers }, settings.ackMs);
    const body = answer.body === '' ? undefined : (json(answer.body) ?? { text: answer.body });
    return { status: answer.status, body, noRetry: answer.headers['x-slack-no-retry'] === '1' };
  };
}

export function bySocket(
  state: State,
  socketMode: SocketMode,
  settings: CarrySettings,
  { type, payload, takesAnswer, retry }: Parcel,
): (delivery: Delivery) => Promise<Carried> {
  const envelope: Envelope = {
    envelope_id: state.ids.secret(16),
    type,
    payload,
    accepts_response_payload: takesAnswer,
    ...(retry && { retry_attempt: retry.num, retry_reason: retry.reason }),
  };
  return (delivery) =>
    new Promise((resolve) => {
      const give = (carried: Carried) => {
        clearTimeout(timer);
        socketMode.forget(envelope.envelope_id);
        resolve(carried);
      };
      const timer = setTimeout(give, settings.ackMs, { status: 'timeout', body: undefined });
      const answered = (body: unknown) => give({ status: 200, body: takesAnswer ? body : undefined });
      const connection = socketMode.send(envelope, answered);
      if (connection === undefined) give({ status: 'no_connection', body: undefined });
      else delivery.connection = connection;
    });
}
