// The machine's clock, ids and randomness: the only file that asks for them, everybody else is handed a Clock or Ids.
import { randomBytes } from 'node:crypto';
import type { Clock, Ids, Instant } from '../ports/clock.ts';

// setTimeout overflows at 2^31 ms and then fires at once (a 30-day sleep ends after 10 ms). Work that is due later is a
// row with a due time, so nothing needs to sleep for longer than this.
const SLEEP_CAP_MS = 60_000;
const MIN_SECRET_BYTES = 8;

export const systemClock: Clock = { now: () => Date.now(), monotonic: () => performance.now(), sleep };

export const systemIds: Ids = idsFrom(
  () => Date.now(),
  (bytes) => randomBytes(bytes),
);

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const wake = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', wake); // a long-lived signal would gather one listener a sleep
      resolve();
    };
    const timer = setTimeout(wake, Math.min(Math.max(0, ms), SLEEP_CAP_MS));
    signal?.addEventListener('abort', wake, { once: true });
  });
}

/** Ids from a clock and a source of random bytes: exported so that a test can hold both still. */
export function idsFrom(now: () => Instant, bytes: (count: number) => Buffer): Ids {
  let last = 0n;
  return {
    next(prefix) {
      // Milliseconds, then 80 random bits, as in ULID; never less than the id before, whatever the clock does.
      const fresh = (BigInt(now()) << 80n) | BigInt(`0x${bytes(10).toString('hex')}`);
      last = fresh > last ? fresh : last + 1n;
      return `${prefix}_${crockford(last)}`;
    },
    secret(count) {
      if (!Number.isInteger(count) || count < MIN_SECRET_BYTES) throw new RangeError('a secret needs 8 bytes or more');
      return bytes(count).toString('base64url');
    },
    jitter: () => bytes(4).readUInt32BE() / 2 ** 32,
  };
}

// Base 32 without I, L, O and U: read aloud and typed from a card without mistakes. https://www.crockford.com/base32.html
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const ID_LENGTH = 26;

function crockford(value: bigint): string {
  let text = '';
  for (let rest = value; text.length < ID_LENGTH; rest >>= 5n) text = DIGITS.charAt(Number(rest & 31n)) + text;
  return text;
}
