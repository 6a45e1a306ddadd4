// What PostgreSQL's errors mean for whoever runs the store, each with its remedy. Names the server by its address, never by
// its URL: that holds the password. https://www.postgresql.org/docs/current/errcodes-appendix.html
import { DatabaseError } from 'pg';
import { StoreError, type StoreFault } from './store-error.ts';

/** A StoreError for what the database or the network threw; anything else is a mistake of ours and comes back as it is. */
export function postgresFault(error: unknown, server: string): unknown {
  if (error instanceof StoreError || !(error instanceof Error)) return error;
  if (!(error instanceof DatabaseError) && !isNetworkError(error)) return error;
  const [code, text] = described(error, server);
  const state = error instanceof DatabaseError && error.code ? `${error.code}: ` : '';
  return new StoreError(code, `${text} (${state}${error.message})`, { cause: error });
}

/** The connection went while the commit was under way: it may be done, or not. */
export function unknownOutcome(error: unknown, server: string): StoreError {
  return new StoreError(
    'unknown_outcome',
    `The connection to ${server} was lost during a commit, which may be done or not. Load what it changed and decide again.`,
    { cause: error },
  );
}

/** Two transactions could not both go on; the same again may well succeed. */
export function isCollision(error: unknown): boolean {
  return error instanceof DatabaseError && (error.code === '40001' || error.code === '40P01');
}

/** The server will do nothing more on this connection; what was not committed is undone. */
export function isLoss(error: unknown): boolean {
  // What was judged already is not judged again: a commit of unknown outcome must never be taken for one that was undone.
  if (!(error instanceof Error) || error instanceof StoreError) return false;
  if (!(error instanceof DatabaseError)) return isNetworkError(error);
  return error.severity === 'FATAL' || error.severity === 'PANIC' || /^(08|57P0[1-5]|25P03)/.test(error.code ?? '');
}

/** Undone by the server or the network, and worth trying again at once. */
export function isPassing(error: unknown): boolean {
  if (isCollision(error)) return true;
  if (!isLoss(error) || !(error instanceof Error)) return false;
  const refused = error instanceof DatabaseError && /^(28|3D|42)/.test(error.code ?? '');
  return !refused && !/time(d )?out|SSL|certificate/i.test(error.message);
}

/** node-postgres throws plain errors for these, told apart by their words alone. */
const NETWORK_WORDS =
  /^(Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|Client has encountered a connection error|Client was closed|The server does not support SSL)/;

function isNetworkError(error: Error): boolean {
  return 'syscall' in error || ('code' in error && typeof error.code === 'string') || NETWORK_WORDS.test(error.message);
}

type Described = readonly [code: StoreFault, text: string];

function described(error: Error, server: string): Described {
  if (!(error instanceof DatabaseError)) return describedLoss(error, server);
  const code = error.code ?? '';
  return BY_CODE[code]?.(server) ?? BY_CLASS[code.slice(0, 2)]?.(server) ?? refused(server);
}

function describedLoss(error: Error, server: string): Described {
  if (/SSL|certificate|self-signed/i.test(error.message)) {
    return ['unreachable', `${server} cannot be spoken to over TLS. Give sslrootcert=<file> or sslmode in the URL.`];
  }
  return ['unreachable', `${server} does not answer. Start PostgreSQL, or correct the address; nothing was changed.`];
}

const refused = (server: string): Described => [
  'refused',
  `${server} would not take what it was given. Report this as a bug.`,
];
const unreachable = (server: string): Described => [
  'unreachable',
  `${server} ended the connection. It is starting, stopping or failing over: nothing was changed.`,
];
const busy = (server: string): Described => [
  'busy',
  `Something keeps ${server} from answering in time. Look for long transactions in pg_stat_activity.`,
];
const denied = (server: string): Described => [
  'denied',
  `${server} refuses this user. Check user, password and pg_hba.conf, and that the user may create tables in its schema.`,
];

const BY_CODE: Readonly<Record<string, (server: string) => Described>> = {
  '53100': (server) => ['full', `No room to write on ${server}. Free space on its disk; nothing was changed.`],
  '53300': (server) => ['busy', `${server} has no connection left. Raise max_connections, or close others.`],
  '55P03': busy,
  '57014': busy,
  '40001': busy,
  '40P01': busy,
  '25P03': unreachable,
  '25006': (server) => ['read_only', `${server} is open for reading only. Point the URL at the primary server.`],
  '3D000': (server) => ['bad_url', `There is no such database on ${server}. Create it, or correct the URL.`],
  '42501': denied,
  '42P01': (server) => [
    'outdated',
    `${server} holds no store, or one of an older version. Start Hallpass once: it brings the store up to date.`,
  ],
};
const BY_CLASS: Readonly<Record<string, (server: string) => Described>> = {
  '08': unreachable,
  '28': denied,
  '53': busy,
  '57': unreachable,
  '58': (server) => ['io', `${server} cannot read or write its files. Look at its log; nothing was changed.`],
  XX: (server) => ['damaged', `${server} found its data damaged. Stop, keep them, and restore the last backup.`],
};
