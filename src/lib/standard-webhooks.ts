// Signatures by the Standard Webhooks convention, so that a receiver verifies them with a library it did not write.
// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
import { createHash, createHmac } from 'node:crypto';
import type { Instant } from '../ports/clock.ts';
import { reveal, type Secret } from './secret.ts';

const PREFIX = 'whsec_';
const KEY_MIN_BYTES = 24;
const KEY_MAX_BYTES = 64;

/** The key in a `whsec_…` text, or undefined when it is none of 24 to 64 bytes. */
export function keyIn(text: string): Buffer | undefined {
  if (!text.startsWith(PREFIX)) return undefined;
  const base64 = text.slice(PREFIX.length);
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64) || base64.length % 4 !== 0) return undefined;
  const key = Buffer.from(base64, 'base64');
  return key.length >= KEY_MIN_BYTES && key.length <= KEY_MAX_BYTES ? key : undefined;
}

/** The three headers that identify and sign `body`. */
export function signedHeaders(secret: Secret, id: string, now: Instant, body: string): Record<string, string> {
  const timestamp = String(Math.floor(now / 1000));
  const key = keyIn(reveal(secret)) ?? Buffer.alloc(0);
  // An empty key would let anyone sign; the settings refuse one, and this is the last moment to notice.
  if (key.length === 0) throw new TypeError('the webhook secret holds no key');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}

/** A message id out of what makes the message the one it is. No full stop in it: that is what separates the signed parts. */
export function messageId(...parts: readonly (string | number)[]): string {
  return `msg_${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)}`;
}
