// A postgres:// URL, taken apart by rules of our own: the driver's reading of sslmode differs from libpq's and changes with
// its versions, and what it finds missing it takes from the environment. Must never repeat the URL: it holds the password.
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { type Secret, secretOf } from './secret.ts';

export interface Address extends Door {
  readonly password: Secret;
}
/** Where a server is and how it is spoken to; how it knows us may be its own affair (a certificate, PGPASSFILE). */
export interface Door {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password?: Secret;
  readonly database: string;
  /** 'verify' checks the server's certificate and its name; 'unverified' encrypts and trusts whoever answers. */
  readonly tls: 'off' | 'verify' | 'unverified';
  /** File with the certificates to trust instead of the machine's. */
  readonly rootCertificate?: string;
}

const DEFAULT_PORT = 5432;
const KNOWN_PARAMETERS: ReadonlySet<string> = new Set(['sslmode', 'sslrootcert']);

/** The address in `text`, or a sentence that says what is wrong with it. */
export function readAddress(text: string): Address | { readonly problem: string } {
  const door = readDoor(text);
  if ('problem' in door) return door;
  const { password, ...rest } = door;
  if (password === undefined) return { problem: 'give the password, percent-encoded: postgres://user:password@…' };
  return { ...rest, password };
}

/** As `readAddress`, where a server may be opened without a password. */
export function readDoor(text: string): Door | { readonly problem: string } {
  try {
    return doorIn(new URL(text));
  } catch (cause) {
    return { problem: cause instanceof Problem ? cause.message : 'write postgres://user:password@host:5432/database' };
  }
}

/** What the driver takes as `ssl`. Rejects when the file of certificates cannot be read. */
export async function tlsOptions({
  tls,
  rootCertificate,
}: Door): Promise<false | { rejectUnauthorized: boolean; ca?: string }> {
  switch (tls) {
    case 'off':
      return false;
    case 'unverified':
      return { rejectUnauthorized: false };
    case 'verify':
      if (rootCertificate === undefined) return { rejectUnauthorized: true };
      return { rejectUnauthorized: true, ca: await readFile(rootCertificate, 'utf8') };
  }
}

/** What tells this server from others, never a secret. Roles belong to the whole server, so the database is no part of it. */
export function serverKey({ host, port }: Door): string {
  return `${isLoopback(host) ? 'localhost' : host}:${port}`;
}

class Problem extends Error {}

function doorIn(url: URL): Door {
  if (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:') throw new Problem('start it with postgres://');
  const host = decodeURIComponent(url.hostname)
    .replace(/^\[|\]$/g, '')
    .toLowerCase();
  const database = decodeURIComponent(url.pathname.slice(1));
  if (host === '' || host.includes(','))
    throw new Problem('name one host: Hallpass has to speak to the primary itself');
  if (url.username === '') throw new Problem('name the user: postgres://user:…');
  if (database === '' || database.includes('/'))
    throw new Problem('name the database after the host: …@host:5432/database');
  refuseUnknown(url.searchParams);
  const rootCertificate = url.searchParams.get('sslrootcert');
  return {
    host,
    port: url.port === '' ? DEFAULT_PORT : Number(url.port),
    user: decodeURIComponent(url.username),
    ...(url.password === '' ? {} : { password: secretOf(decodeURIComponent(url.password)) }),
    database,
    tls: tlsOf(url.searchParams.get('sslmode'), host),
    ...(rootCertificate === null ? {} : { rootCertificate }),
  };
}

function refuseUnknown(parameters: URLSearchParams): void {
  for (const name of parameters.keys()) {
    if (!KNOWN_PARAMETERS.has(name)) throw new Problem('only sslmode and sslrootcert may follow the question mark');
    if (parameters.getAll(name).length > 1) throw new Problem(`${name} is given twice`);
  }
}

// libpq's `prefer` and `allow` fall back to clear text when somebody on the wire asks for it, so they are not offered.
// Its `require` would not check who answers; here it does, as with node-postgres.
function tlsOf(mode: string | null, host: string): Address['tls'] {
  switch (mode) {
    case null:
      return isLoopback(host) ? 'off' : 'verify';
    case 'disable':
      return 'off';
    case 'no-verify':
      return 'unverified';
    case 'require':
    case 'verify-ca':
    case 'verify-full':
      return 'verify';
    default:
      throw new Problem('sslmode is one of disable, no-verify, require, verify-ca, verify-full');
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
