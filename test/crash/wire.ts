// What the killed program and the process that holds the truth say to each other. Errors cross as plain data and become
// what the ports throw again on the other side.
import { ChatError } from '../../src/ports/chat-platform.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { AdapterError } from '../../src/ports/grant-adapter.ts';

export type FromProgram =
  | { readonly kind: 'ready' }
  /** So many seconds of its own clock have passed while it was up. */
  | { readonly kind: 'beat' }
  | { readonly kind: 'error'; readonly message: string }
  /** What the store made of a claim, or of a write of somebody who holds a job. */
  | {
      readonly kind: 'held';
      readonly what: 'claimed' | 'accepted' | 'fenced';
      readonly subject: string;
      readonly epoch: number;
      /** When the claim was answered, or the write sent. */
      readonly at: number;
    }
  | {
      readonly kind: 'call';
      readonly id: number;
      readonly port: 'chat' | 'target';
      readonly method: string;
      readonly args: readonly unknown[];
    }
  | { readonly kind: 'done'; readonly id: number; readonly value?: unknown };

export type ToProgram =
  | { readonly kind: 'answer'; readonly id: number; readonly value?: unknown; readonly fault?: Fault }
  | { readonly kind: 'do'; readonly id: number; readonly act: 'command' | 'press' | 'jobs'; readonly event?: unknown }
  | { readonly kind: 'stop' };

export interface Fault {
  readonly of: 'chat' | 'target' | 'bug';
  readonly fault: string;
  readonly code: string;
  readonly maybe: 'no' | 'maybe';
  readonly retryAfterSeconds?: number | undefined;
}

export function faultOf(error: unknown): Fault {
  if (error instanceof ChatError) {
    const { fault, code, sent: maybe, retryAfterSeconds } = error;
    return { of: 'chat', fault, code, maybe, retryAfterSeconds };
  }
  if (error instanceof AdapterError) {
    const { fault, message: code, changed: maybe, retryAfterSeconds } = error;
    return { of: 'target', fault, code, maybe, retryAfterSeconds };
  }
  return { of: 'bug', fault: 'bug', code: String(error), maybe: 'maybe' };
}

export function errorOf({ of, fault, code, maybe, retryAfterSeconds }: Fault): Error {
  const more = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  if (of === 'chat') return new ChatError(fault as ChatError['fault'], code, maybe, more);
  if (of === 'target') return new AdapterError(fault as AdapterError['fault'], code, maybe, more);
  return new Error(code);
}

/** Time goes faster here than outside, and goes on while no program runs: leases and deadlines are waited for in moments. */
export const SPEED = 40;
export const BEAT_SECONDS = 4;

export function fastClock(since: number): Clock {
  return {
    now: () => since + (Date.now() - since) * SPEED,
    monotonic: () => performance.now() * SPEED,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const wake = () => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', wake);
          resolve();
        };
        const timer = setTimeout(wake, ms / SPEED);
        signal?.addEventListener('abort', wake, { once: true });
      }),
  };
}
