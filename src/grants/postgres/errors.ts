// What the driver throws, in the words of the adapter port: whose fault, what to do, and whether anything may have changed.
// Must never pass on what a message of the driver says of the connection: only codes are repeated.
import { AdapterError, type AdapterFault } from '../../ports/grant-adapter.ts';

interface Meaning {
  readonly fault: AdapterFault;
  readonly text: string;
  readonly retryAfterSeconds?: number;
}

const STARTING_SECONDS = 5;
const LOGIN: Meaning = {
  fault: 'refused',
  text: "refused the bot's login: check user and password in this target's url, and the server's pg_hba.conf",
};
const LOCKED: Meaning = { fault: 'busy', text: 'is busy with another change to the same roles' };
const FULL: Meaning = { fault: 'busy', text: 'has no connection or memory free', retryAfterSeconds: STARTING_SECONDS };
const READ_ONLY: Meaning = {
  fault: 'refused',
  text: "takes no changes here: it is a replica or read-only. Put the primary's address into this target's url",
};
const STOPPING: Meaning = { fault: 'unreachable', text: 'is shutting down' };

// https://www.postgresql.org/docs/current/errcodes-appendix.html
const MEANINGS: Readonly<Record<string, Meaning>> = {
  '28P01': LOGIN,
  '28000': LOGIN,
  '3D000': { fault: 'missing', text: "does not have the database named in this target's url" },
  '42501': {
    fault: 'refused',
    text: 'says the bot lacks a right: give it the role WITH ADMIN OPTION, and pg_signal_backend to end sessions',
  },
  '42704': { fault: 'missing', text: 'does not have that role any more' },
  '0LP01': { fault: 'refused', text: 'does not allow that membership: the two roles may be members of each other' },
  '2BP01': {
    fault: 'refused',
    text: 'keeps the membership because another grant hangs on it: somebody passed the role on',
  },
  '25006': READ_ONLY,
  // BEGIN READ WRITE on a replica. Nothing else here uses what a server may not have.
  '0A000': READ_ONLY,
  '40001': LOCKED,
  '40P01': LOCKED,
  '55P03': LOCKED,
  '57014': LOCKED,
  // "tuple concurrently updated": two GRANTs met. PostgreSQL reports that as an internal error.
  XX000: LOCKED,
  '57P03': { fault: 'busy', text: 'is starting up', retryAfterSeconds: STARTING_SECONDS },
  '57P01': STOPPING,
  '57P02': STOPPING,
  '57P05': STOPPING,
};

const CERTIFICATE_CODES: ReadonlySet<string> = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_HAS_EXPIRED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'ENOENT',
]);

/** `changed` is the caller's to say: it knows whether COMMIT had been sent. `server` is host and port. */
export function faultOf(cause: unknown, server: string, changed: 'no' | 'maybe'): AdapterError {
  if (cause instanceof AdapterError) return cause;
  const code = codeOf(cause);
  const { fault, text, retryAfterSeconds } = meaningOf(code, cause);
  const message = `PostgreSQL at ${server} ${text}${code === '' ? '' : ` (${code})`}.`;
  return new AdapterError(
    fault,
    message,
    changed,
    retryAfterSeconds === undefined ? { cause } : { cause, retryAfterSeconds },
  );
}

/** A five-character SQLSTATE, or a code of the operating system or of TLS; empty when the driver gives none. */
export function codeOf(cause: unknown): string {
  for (let at = cause; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string' && /^[A-Z0-9_]{2,60}$/.test(at.code)) return at.code;
  }
  return '';
}

function meaningOf(code: string, cause: unknown): Meaning {
  const known = Object.hasOwn(MEANINGS, code) ? MEANINGS[code] : undefined;
  if (known !== undefined) return known;
  if (CERTIFICATE_CODES.has(code)) {
    return {
      fault: 'refused',
      text: 'does not show a certificate that can be verified: give sslrootcert=<file> in the url',
    };
  }
  if (code.startsWith('53')) return FULL;
  if (cause instanceof Error && cause.message === 'The server does not support SSL connections') {
    return { fault: 'refused', text: 'does not speak TLS: switch it on there, or write sslmode=disable into the url' };
  }
  // Of what is left, five characters with a digit are a SQLSTATE: the server did answer. 08 is its class for lost connections.
  const answered = /^[0-9A-Z]{5}$/.test(code) && /\d/.test(code) && !code.startsWith('08');
  return answered
    ? { fault: 'invalid', text: 'answered with an error that is not known here' }
    : { fault: 'unreachable', text: 'cannot be reached' };
}
