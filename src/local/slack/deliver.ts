// Brings payloads to the app over the transport that is in use, repeats events that were not taken, and remembers
// everything. What the app's answer means to the person is decided in acts.
import type { Instant } from '../../ports/clock.ts';
import { byHttp, bySocket, type Carried, type CarrySettings, type Parcel } from './carry.ts';
import { type RawRequest, sendRaw } from './deliver-http.ts';
import type { Fields } from './fields.ts';
import { EVENT_RETRY_MS } from './limits.ts';
import { eventPayload } from './payloads.ts';
import type { Delivery } from './records.ts';
import type { SocketMode } from './socket.ts';
import { noticed, type State } from './state.ts';

export interface DeliverySettings extends CarrySettings {
  readonly eventRetries: boolean;
  /** Ends waiting retries. */
  readonly signal: AbortSignal;
}

export interface Deliverer {
  deliver(parcel: Parcel): Promise<Delivery>;
  /** Only when the app subscribes to that event type; retried in the background when it is not taken. */
  deliverEvent(event: Fields): Promise<Delivery | undefined>;
  /** The very same bytes (same signature, same envelope id) once more. */
  redeliver(delivery: Delivery): Promise<Delivery>;
  /** Bytes of the caller's choice to the request URL. */
  deliverRaw(raw: RawRequest): ReturnType<typeof sendRaw>;
}

type Carry = (delivery: Delivery) => Promise<Carried>;

export function createDeliverer(state: State, socketMode: SocketMode, settings: DeliverySettings): Deliverer {
  const sent = new WeakMap<Delivery, { readonly parcel: Parcel; readonly carry: Carry }>();

  async function run(parcel: Parcel, carry: Carry): Promise<Delivery> {
    const delivery = begin(state, parcel);
    sent.set(delivery, { parcel, carry });
    finish(state, delivery, await carry(delivery));
    return delivery;
  }

  function deliver(parcel: Parcel): Promise<Delivery> {
    const http = state.mode === 'http';
    return run(parcel, http ? byHttp(state, settings, parcel) : bySocket(state, socketMode, settings, parcel));
  }

  async function retryEvent(payload: Fields, first: Delivery): Promise<void> {
    let last = first;
    for (const [index, wait] of EVENT_RETRY_MS.entries()) {
      await until(state, first.at + wait, settings.signal);
      if (settings.signal.aborted || last.acked || last.noRetry) return;
      const retry = { num: index + 1, reason: retryReason(state.mode, last) };
      last = await deliver({ type: 'events_api', payload, takesAnswer: false, retry });
    }
  }

  return {
    deliver,
    async deliverEvent(event) {
      if (!state.app.events.includes(String(event.type))) return undefined;
      const payload = eventPayload(state, event);
      const first = await deliver({ type: 'events_api', payload, takesAnswer: false });
      if (!first.acked && settings.eventRetries) void retryEvent(payload, first);
      return first;
    },
    async redeliver(delivery) {
      const before = sent.get(delivery);
      if (!before) throw new Error('that delivery is not of this workspace');
      return run(before.parcel, before.carry);
    },
    async deliverRaw(raw) {
      if (state.requestUrl === undefined) throw new Error('no request URL is set');
      return sendRaw(state.requestUrl, raw, settings.ackMs);
    },
  };
}

function begin(state: State, { type, payload, retry }: Parcel): Delivery {
  const running = { status: 'running', acked: false, noRetry: false, body: undefined, ms: 0 } as const;
  const delivery: Delivery = { type, payload, at: state.clock.now(), ...running, ...(retry && { retry }) };
  state.deliveries.push(delivery);
  return delivery;
}

function finish(state: State, delivery: Delivery, { status, body, noRetry }: Carried): void {
  delivery.status = status;
  delivery.acked = typeof status === 'number' && status >= 200 && status < 300;
  delivery.noRetry = noRetry ?? false;
  delivery.body = body;
  delivery.ms = state.clock.now() - delivery.at;
  noticed(state);
}

/** The clock sleeps 60 s at most in one go. */
async function until(state: State, due: Instant, signal: AbortSignal): Promise<void> {
  for (let left = due - state.clock.now(); left > 0 && !signal.aborted; left = due - state.clock.now())
    await state.clock.sleep(Math.min(left, 60_000), signal);
}

function retryReason(mode: State['mode'], { status }: Delivery): string {
  if (mode === 'socket') return 'timeout';
  if (typeof status === 'number') return 'http_error';
  return status === 'timeout' ? 'http_timeout' : 'connection_failed';
}
