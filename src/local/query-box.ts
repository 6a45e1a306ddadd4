// Queries as a person, for the page: one live session per login, kept open, so that one sees it being ended by the server.
// Must never be reachable from anywhere but this machine: whoever asks is not asked who they are.
import { Client, escapeIdentifier, Query, type QueryConfig } from 'pg';
import type { Clock } from '../ports/clock.ts';

export interface QueryOutcome {
  /** `SELECT`, `UPDATE` …; empty when it failed or there was nothing to do. */
  readonly command: string;
  readonly columns: readonly string[];
  /** At most 200; everything as the server writes it. */
  readonly rows: readonly (readonly (string | null)[])[];
  /** How many there were, or how many were changed. */
  readonly rowCount: number;
  /** The server's words. 57P01 means that the session was ended: the next query begins a new one. */
  readonly error?: { readonly message: string; readonly code: string };
}
export interface QueryBox {
  /** `asRole`: SET ROLE first; without it back to oneself, unless the session did SET ROLE by hand. */
  run(login: string, sql: string, asRole?: string): Promise<QueryOutcome>;
  close(): Promise<void>;
}
export interface QueryBoxOptions {
  readonly urlOf: (login: string) => string;
  /** Shown by the server as the session's client. */
  readonly applicationName: string;
  readonly clock: Clock;
  readonly timeoutMs?: number;
}

const ROWS_MAX = 200;
const TIMEOUT_MS = 5_000;
/** After the server's own timeout, for a session that switched it off. */
const GRACE_MS = 1_000;

interface Session {
  readonly client: Client;
  role: string | undefined;
  /** Set when the server ended the session while nobody was asking. */
  ended: unknown;
}

export function openQueryBox(options: QueryBoxOptions): QueryBox {
  const sessions = new Map<string, Session>();
  const queues = new Map<string, Promise<unknown>>();
  return {
    run(login, sql, asRole) {
      const before = queues.get(login) ?? Promise.resolve();
      const turn = before.then(() => ask(sessions, options, login, sql, asRole));
      queues.set(login, turn);
      return turn;
    },
    async close() {
      const open = [...sessions.values()];
      sessions.clear();
      await Promise.all(open.map(({ client }) => client.end().catch(() => undefined)));
    },
  };
}

async function ask(
  sessions: Map<string, Session>,
  options: QueryBoxOptions,
  login: string,
  sql: string,
  asRole: string | undefined,
): Promise<QueryOutcome> {
  try {
    const session = sessions.get(login) ?? (await openSession(sessions, options, login));
    if (session.ended !== undefined) {
      sessions.delete(login);
      return failed(session.ended);
    }
    await takeRole(session, asRole);
    return await inTime(session.client, sql, options);
  } catch (cause) {
    // Without a SQLSTATE, or with one that ends the session, the connection is not used again.
    if (!/^[0-9A-Z]{5}$/.test(codeOf(cause)) || codeOf(cause).startsWith('57P')) drop(sessions, login);
    return failed(cause);
  }
}

async function openSession(sessions: Map<string, Session>, options: QueryBoxOptions, login: string): Promise<Session> {
  const client = new Client({
    connectionString: options.urlOf(login),
    application_name: options.applicationName,
    statement_timeout: options.timeoutMs ?? TIMEOUT_MS,
    connectionTimeoutMillis: TIMEOUT_MS,
  });
  const session: Session = { client, role: undefined, ended: undefined };
  client.on('error', (cause) => {
    session.ended ??= cause;
  });
  await client.connect();
  sessions.set(login, session);
  return session;
}

function drop(sessions: Map<string, Session>, login: string): void {
  sessions
    .get(login)
    ?.client.end()
    .catch(() => undefined);
  sessions.delete(login);
}

async function takeRole(session: Session, asRole: string | undefined): Promise<void> {
  if (session.role === asRole) return;
  await session.client.query(asRole === undefined ? 'RESET ROLE' : `SET ROLE ${escapeIdentifier(asRole)}`);
  session.role = asRole;
}

/** Ends the session when the server's own timeout was switched off by hand. */
async function inTime(
  client: Client,
  sql: string,
  { clock, timeoutMs = TIMEOUT_MS }: QueryBoxOptions,
): Promise<QueryOutcome> {
  const done = new AbortController();
  void clock.sleep(timeoutMs + GRACE_MS, done.signal).then(() => {
    if (!done.signal.aborted) void client.end();
  });
  try {
    return await collect(client, sql);
  } finally {
    done.abort();
  }
}

/** Row by row: what is beyond the limit is counted by the server and never held here. */
function collect(client: Client, sql: string): Promise<QueryOutcome> {
  const how: QueryConfig & { rowMode: 'array'; queryMode: 'extended' } = {
    text: sql,
    rowMode: 'array',
    // The extended protocol takes one statement, so that there is one answer.
    queryMode: 'extended',
    types: { getTypeParser: () => (value: string) => value },
  };
  const rows: (string | null)[][] = [];
  const query = client.query(new Query<(string | null)[]>(how));
  return new Promise((resolve, reject) => {
    query.on('row', (row) => rows.length < ROWS_MAX && rows.push([...row]));
    query.on('error', reject);
    query.on('end', ({ command, fields, rowCount }) => {
      const columns = (fields ?? []).map(({ name }) => name);
      resolve({ command: command ?? '', columns, rows, rowCount: rowCount ?? 0 });
    });
  });
}

function failed(cause: unknown): QueryOutcome {
  const message = cause instanceof Error ? cause.message : 'the session ended';
  return { command: '', columns: [], rows: [], rowCount: 0, error: { message, code: codeOf(cause) } };
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : '';
}
