// Faults that a test orders for the Web API: refusals, hangs, and the nastiest one, the answer that is lost
// after the effect was stored (chat.postMessage has no idempotency key).
import type { Clock, Instant } from '../../ports/clock.ts';

export type Fault =
  /** An HTTP status; 429 with `retry-after` (1 s by default). `applied`: the effect is stored all the same. */
  | { readonly status: number; readonly retryAfter?: number; readonly applied?: boolean }
  /** HTTP 200 with `{"ok":false,"error":…}`. */
  | { readonly error: string }
  /** Never answered. */
  | { readonly hang: true }
  /** The effect is stored, then the connection is cut. */
  | { readonly applyThenDrop: true };

export interface Faults {
  /** The fault for this call, used up where it was ordered by count. */
  take(method: string): Fault | undefined;
  failNext(method: string, times: number, fault: Fault): void;
  failFor(method: string, until: Instant, fault: Fault): void;
  clear(): void;
}

interface Order {
  readonly method: string;
  readonly fault: Fault;
  readonly until?: Instant;
  times: number;
}

/** `method` may be `*` for every method. Orders are used first come, first served. */
export function createFaults(clock: Clock): Faults {
  const orders: Order[] = [];
  const holds = (order: Order, method: string) =>
    (order.method === '*' || order.method === method) &&
    (order.until === undefined ? order.times > 0 : clock.now() < order.until);
  return {
    take(method) {
      const order = orders.find((candidate) => holds(candidate, method));
      if (order) order.times -= 1;
      return order?.fault;
    },
    failNext: (method, times, fault) => void orders.push({ method, times, fault }),
    failFor: (method, until, fault) => void orders.push({ method, times: 0, until, fault }),
    clear: () => void orders.splice(0),
  };
}

export function appliesEffect(fault: Fault): boolean {
  return 'applyThenDrop' in fault || ('status' in fault && fault.applied === true);
}
