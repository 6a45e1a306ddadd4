// What went wrong with an HTTP call, in the words of the adapter port: by the status, or by how the connection was lost.
// Must never put a body, a header, a path or a query into a message: tokens live there (threats I01, I02).
import { AdapterError, type AdapterFault } from '../ports/grant-adapter.ts';

/** As much of a call as its failures need. */
export interface Asked {
  /** What messages call the other side: 'Okta'. */
  readonly system: string;
  /** The call changes something over there: an unknown outcome then counts as `changed: 'maybe'` (law 3). */
  readonly changes: boolean;
  /** Statuses besides 2xx that the caller understands and reads itself. */
  readonly accept?: readonly number[];
}
export interface Said {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
}

const RETRY_AFTER_MAX_SECONDS = 300;
/** Failures of dialling and of the TLS handshake: not one byte of the request had left. */
const NEVER_SENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** The fault that a status means; undefined when the caller reads the answer itself. */
export function faultOfStatus(said: Said, call: Asked): AdapterError | undefined {
  const { status } = said;
  if ((status >= 200 && status < 300) || call.accept?.includes(status)) return undefined;
  const { fault, sure, why } = verdictOn(status);
  return new AdapterError(
    fault,
    `${call.system} answered ${status}: ${why}`,
    sure ? 'no' : unsure(call),
    retryOf(said),
  );
}

export function faultOfLoss(cause: unknown, call: Asked, limit: AbortSignal): AdapterError {
  const code = limit.aborted ? 'no answer in time' : codeOf(cause);
  const changed = NEVER_SENT.has(code) ? 'no' : unsure(call);
  // The cause itself is left out: the platform's messages quote header values, and a token is one of them.
  return new AdapterError('unreachable', `${call.system} cannot be reached (${code})`, changed);
}

interface Verdict {
  readonly fault: AdapterFault;
  /** The call was certainly not carried out. */
  readonly sure: boolean;
  readonly why: string;
}

/**
 * A 4xx is a definite no, but for these: 408 and 425 (not known how far it got) and 409, which may mean "already so" as
 * well as "no" and has to be looked at (threat G14).
 */
function verdictOn(status: number): Verdict {
  if (status === 401 || status === 403) {
    return {
      fault: 'refused',
      sure: true,
      why: 'check the credentials and their rights in the settings of this target',
    };
  }
  if (status === 404 || status === 410) return { fault: 'missing', sure: true, why: 'there is no such thing there' };
  if (status === 429) return { fault: 'busy', sure: true, why: 'too many calls' };
  if (status === 408 || status === 425) return { fault: 'busy', sure: false, why: 'it gave up waiting' };
  if (status === 409) return { fault: 'busy', sure: false, why: 'something else is happening to it' };
  if (status === 503) return { fault: 'busy', sure: false, why: 'not available for now' };
  if (status >= 500) return { fault: 'unreachable', sure: false, why: 'it failed' };
  if (status >= 400) return { fault: 'invalid', sure: true, why: 'it did not understand the call' };
  return { fault: 'invalid', sure: false, why: 'a redirect, which is never followed; configure the final address' };
}

/** A lost outcome of a call that changes something is doubt, and doubt means revoke (law 3). */
export function unsure(call: Asked): 'no' | 'maybe' {
  return call.changes ? 'maybe' : 'no';
}

/** Retry-After as seconds; its other form is a date, which is counted from the answer's own Date. */
function retryOf(sent: Said): { retryAfterSeconds?: number } {
  const text = sent.headers.get('retry-after');
  if (text === null) return {};
  const seconds = /^\d{1,6}$/.test(text)
    ? Number(text)
    : (Date.parse(text) - Date.parse(sent.headers.get('date') ?? '')) / 1000;
  if (!Number.isFinite(seconds) || seconds < 0) return {};
  return { retryAfterSeconds: Math.min(Math.ceil(seconds), RETRY_AFTER_MAX_SECONDS) };
}

/** 'ECONNREFUSED' and its like, from wherever the platform hides it; never its message. */
function codeOf(cause: unknown): string {
  for (let at = cause; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(at.code)) return at.code;
  }
  return 'connection lost';
}
