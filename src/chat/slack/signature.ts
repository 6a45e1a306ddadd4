// Slack's v0 signature over the raw bytes, checked before anything is parsed (threats A03, A05, A07–A09, A12).
// Own code ahead of Bolt's: bolt 5.1 accepts a timestamp of the future and does not refuse an empty secret.
// https://docs.slack.dev/authentication/verifying-requests-from-slack
import { createHmac, timingSafeEqual } from 'node:crypto';
import { reveal, type Secret } from '../../lib/secret.ts';
import type { Instant } from '../../ports/clock.ts';
import type { RawRequest } from '../../ports/route.ts';

/** Slack's window, on both sides of now. */
const SKEW_SECONDS = 300;
/** Slack's secrets have 32 characters; a shorter one is a placeholder or a mistake (GO-2026-5410: an empty one let all in). */
export const SECRET_MIN_BYTES = 32;

export type SignatureVerdict = { readonly signature: string } | { readonly refused: SignatureFault };
type SignatureFault = 'bad_timestamp' | 'stale_timestamp' | 'bad_signature';

/** The current secret first, then the one before it while a rotation is under way. Throws when one is too short. */
export function signatureCheck(secrets: readonly Secret[]): (request: RawRequest, now: Instant) => SignatureVerdict {
  if (secrets.length === 0) throw new TypeError('a Slack signing secret is needed');
  for (const secret of secrets) {
    if (Buffer.byteLength(reveal(secret).trim()) < SECRET_MIN_BYTES)
      throw new TypeError(`a Slack signing secret has at least ${SECRET_MIN_BYTES} characters`);
  }
  return (request, now) => judge(secrets, request, now);
}

function judge(secrets: readonly Secret[], request: RawRequest, now: Instant): SignatureVerdict {
  const stamp = only(request.headers['x-slack-request-timestamp']);
  const signature = only(request.headers['x-slack-signature']);
  // Ten digits and nothing else: `1e9`, ` 1531420618`, `0x5b…`, `1531420618.0` are spellings that parsers disagree on.
  if (stamp === undefined || !/^[0-9]{10}$/.test(stamp)) return { refused: 'bad_timestamp' };
  if (Math.abs(Math.floor(now / 1000) - Number(stamp)) > SKEW_SECONDS) return { refused: 'stale_timestamp' };
  if (signature === undefined || !/^v0=[0-9a-f]{64}$/.test(signature)) return { refused: 'bad_signature' };
  // Every secret is tried, so that the time taken does not tell which of them fits.
  const fits = secrets.filter((secret) => equal(signature, expected(secret, stamp, request.body)));
  return fits.length > 0 ? { signature } : { refused: 'bad_signature' };
}

function expected(secret: Secret, stamp: string, body: Buffer): string {
  return `v0=${createHmac('sha256', reveal(secret)).update(`v0:${stamp}:`).update(body).digest('hex')}`;
}

function equal(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** A header that came twice is none: two readers could take a different one. */
function only(values: readonly string[] | undefined): string | undefined {
  return values?.length === 1 ? values[0] : undefined;
}
