// A secret that cannot be printed by accident: whatever writes it out writes `[secret]`. The value is held in this file
// alone and `reveal` is the only way to it, so that a search for `reveal(` shows each place where a secret is used.
import { createHash, timingSafeEqual } from 'node:crypto';
import { inspect } from 'node:util';

declare const brand: unique symbol;

/** An opaque token, branded so that a plain object or string is not taken for one. */
export interface Secret {
  readonly [brand]: 'secret';
}

const SHOWN = '[secret]';
const MIN_HIDDEN_LENGTH = 10;

// Inherited and not own: a spread or Object.assign copies nothing.
const face = Object.freeze({
  toString: () => SHOWN,
  toJSON: () => SHOWN,
  [Symbol.toPrimitive]: () => SHOWN,
  [inspect.custom]: () => SHOWN,
});

const values = new WeakMap<Secret, string>();
const living = new Set<WeakRef<Secret>>();

/** Throws a TypeError for blank text: an empty signing secret lets anyone sign (GO-2026-5410). */
export function secretOf(value: string): Secret {
  if (value.trim() === '') throw new TypeError('a secret must not be blank');
  const secret: Secret = Object.freeze(Object.create(face));
  values.set(secret, value);
  living.add(new WeakRef(secret));
  return secret;
}

/** The value. Throws a TypeError for anything that `secretOf` did not make. */
export function reveal(secret: Secret): string {
  const value = values.get(secret);
  if (value === undefined) throw new TypeError('not a secret');
  return value;
}

/** Compares in a time that tells nothing about where the two differ; hashing first hides the lengths too. */
export function sameSecret(a: Secret | string, b: Secret | string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

function digest(secret: Secret | string): Buffer {
  const value = typeof secret === 'string' ? secret : reveal(secret);
  return createHash('sha256').update(value).digest();
}

/**
 * `text` without the values of all secrets still in use, also where they are written as in JSON or a URL. For the log: a
 * driver's error message may quote a password that no pattern would recognise. Short ones are left: hiding every
 * `postgres` would tell the reader what the password is.
 */
export function hideSecrets(text: string): string {
  let hidden = text;
  for (const reference of living) {
    const secret = reference.deref();
    if (!secret) living.delete(reference);
    else for (const form of writtenForms(reveal(secret))) hidden = hidden.replaceAll(form, SHOWN);
  }
  return hidden;
}

function writtenForms(value: string): Set<string> {
  if (value.length < MIN_HIDDEN_LENGTH) return new Set();
  const wellFormed = Buffer.from(value).toString(); // encodeURIComponent throws at half a surrogate pair
  return new Set([value, JSON.stringify(value).slice(1, -1), encodeURIComponent(wellFormed)]);
}
