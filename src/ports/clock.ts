// Time, ids and randomness come from outside, so that every test can hold them still.
// Nothing else in src may ask the machine for the time, an id or a random number.

/** Milliseconds since 1970-01-01T00:00:00Z, always an integer. */
export type Instant = number;

export interface Clock {
  now(): Instant;
  /**
   * Milliseconds from some moment on, never fewer than before, whatever is done to the clock on the wall. It may stand still
   * while the machine sleeps, and the clock on the wall does not: only the two together tell how long ago something was.
   * Absent: not known.
   */
  monotonic?(): number;
  /** Resolves after `ms` milliseconds, or at once when `signal` aborts. Never rejects. At most 60 s is slept in one go. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Ids {
  /** A new id: `prefix_` and 26 characters of Crockford base32 that sort by time. */
  next(prefix: string): string;
  /** Bytes nobody can guess, as base64url. Salts and nonces come from here. */
  secret(bytes: number): string;
  /** A number in [0, 1) for jitter; never for secrets. */
  jitter(): number;
}
