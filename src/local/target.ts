// The target of local mode: a real PostgreSQL 18 on loopback with a small web shop in it, a bot that may give two roles, and
// people without any rights. Each start takes back what an earlier one left granted. Must never be used in production.
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Client, escapeIdentifier, escapeLiteral, Pool } from 'pg';
import { systemClock, systemIds } from '../lib/system-clock.ts';
import type { Clock, Ids } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { canReach, embeddedPrograms, folderOutside, type ServerAccount, serverAccount } from './postgres-programs.ts';
import { FolderInUse, type PostgresServer, type ServerOptions, startServer } from './postgres-server.ts';
import { openQueryBox, type QueryOutcome } from './query-box.ts';
import { furnishShop, SHOP_ROLES } from './shop.ts';
import { completeKeys, type Keys, keepKeys, readKeys } from './target-keys.ts';
import { readState, type TargetSnapshot } from './target-state.ts';

export type { QueryOutcome } from './query-box.ts';
export type { TargetSnapshot } from './target-state.ts';

export interface LocalTargetOptions {
  /** Kept from start to start. A root user's database lies elsewhere when other accounts cannot get here. */
  readonly dataDir: string;
  /** The one it had before, or a free one, when absent. */
  readonly port?: number;
  readonly log: Log;
  /** Who has a login of their own: lower-case letters, digits and `_`. */
  readonly people: readonly { readonly login: string }[];
  readonly clock?: Clock;
  readonly ids?: Pick<Ids, 'secret'>;
}

export interface LocalTarget {
  /** For the adapter: the bot's own connection. Holds its password. */
  readonly url: string;
  readonly port: number;
  /** `PostgreSQL 18` */
  readonly product: string;
  /** As the person, in a session that stays open. Fails only for a login that is not one of `people`. */
  runQuery(login: string, sql: string, options?: { readonly asRole?: string }): Promise<QueryOutcome>;
  /** What the server itself says right now. */
  state(): Promise<TargetSnapshot>;
  /** To be pasted into a terminal; holds the person's password. */
  psqlCommand(login: string): string;
  stop(): Promise<void>;
}

const BOT = 'hallpass_bot';
const DATABASE = 'shop';
const PAGE_CLIENT = 'this page';

/** Throws an Error that names the remedy when PostgreSQL is not installed, or when another process uses the folder. */
export async function startLocalTarget(options: LocalTargetOptions): Promise<LocalTarget> {
  const { log, clock = systemClock, ids = systemIds, people } = options;
  const logins = people.map(({ login }) => checkedLogin(login));
  const account = serverAccount();
  const programs = await embeddedPrograms(account);
  const folder = folderFor(resolve(options.dataDir), account, log);
  const old = readKeys(folder);
  const keys = completeKeys(old, logins, ids);
  // Without its password a database that is there cannot be entered: it is a demo's, so it is made anew.
  if (old === undefined) await forget(folder);
  await keepKeys(folder, keys);
  const ports = options.port === undefined ? preferring(keys.port) : { port: options.port };
  const server = await startOrMakeAnew({ programs, account, folder, password: keys.superuser, ...ports }, log);
  const { port } = server;
  await keepKeys(folder, { ...keys, port });
  try {
    await furnish(urlFor('postgres', keys.superuser, port), keys);
  } catch (cause) {
    await server.stop();
    throw cause;
  }
  log.info('The demo database runs', { port, folder });
  return targetOn(server, keys, clock);
}

/** What a full disk, a cut power line or a newer PostgreSQL left cannot be started; there is nothing of worth in it. */
async function startOrMakeAnew(options: ServerOptions, log: Log): Promise<PostgresServer> {
  try {
    return await startServer(options);
  } catch (cause) {
    if (cause instanceof FolderInUse) throw cause;
    log.warn('The demo database does not start and is made anew', { err: cause });
    await forget(options.folder);
    return startServer(options);
  }
}

function targetOn(server: PostgresServer, keys: Keys, clock: Clock): LocalTarget {
  const { port } = server;
  const personUrl = (login: string): string => {
    const password = Object.hasOwn(keys.people, login) ? keys.people[login] : undefined;
    if (password === undefined) throw new RangeError('nobody here has that login');
    return urlFor(login, password, port);
  };
  const pool = new Pool({
    connectionString: urlFor('postgres', keys.superuser, port),
    max: 2,
    application_name: 'hallpass',
  });
  // A server that stops while a connection idles is no news, and unheard it would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const box = openQueryBox({ urlOf: personUrl, applicationName: PAGE_CLIENT, clock });
  return {
    url: urlFor(BOT, keys.bot, port),
    port,
    product: 'PostgreSQL 18',
    runQuery: async (login, sql, { asRole } = {}) => {
      personUrl(login);
      return box.run(login, sql, asRole);
    },
    state: () => readState(pool, Object.keys(keys.people)),
    psqlCommand: (login) => `psql '${personUrl(login)}'`,
    async stop() {
      await box.close();
      await pool.end();
      await server.stop();
    },
  };
}

/** Root's server runs as somebody else, who may not get into root's own folders. */
function folderFor(dataDir: string, account: ServerAccount, log: Log): string {
  if (canReach(dataDir, account)) {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    return dataDir;
  }
  const folder = folderOutside(`postgres-${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}`);
  log.info('PostgreSQL does not run as root, and no other account can get to the data folder: it lies elsewhere', {
    folder,
  });
  return folder;
}

async function forget(folder: string): Promise<void> {
  await rm(join(folder, 'cluster'), { recursive: true, force: true });
}

function preferring(port: number | undefined): { readonly preferredPort?: number } {
  return port === undefined ? {} : { preferredPort: port };
}

async function furnish(superuserUrl: string, keys: Keys): Promise<void> {
  await asSuperuser(superuserUrl.replace(/\/[^/]*$/, '/postgres'), async (client) => {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  });
  await asSuperuser(superuserUrl, async (client) => {
    await furnishShop(client);
    await makeBot(client, keys.bot);
    for (const [login, password] of Object.entries(keys.people)) await makePerson(client, login, password);
  });
}

async function asSuperuser(url: string, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

/** With just what src/grants/postgres/README.md tells operators to give it. */
async function makeBot(client: Client, password: string): Promise<void> {
  await makeLogin(client, BOT, password);
  for (const role of SHOP_ROLES) {
    await client.query(`GRANT ${role} TO ${BOT} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE`);
  }
  await client.query(`GRANT pg_signal_backend TO ${BOT}`);
}

async function makePerson(client: Client, login: string, password: string): Promise<void> {
  await makeLogin(client, login, password);
  // What an earlier start granted: its store began anew, so nobody else would take it back.
  for (const role of SHOP_ROLES) {
    for (const grantor of [BOT, 'postgres']) {
      await client.query(`REVOKE ${role} FROM ${escapeIdentifier(login)} GRANTED BY ${grantor}`);
    }
  }
}

async function makeLogin(client: Client, login: string, password: string): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [login]);
  const verb = rowCount === 0 ? 'CREATE' : 'ALTER';
  await client.query(`${verb} ROLE ${escapeIdentifier(login)} LOGIN PASSWORD ${escapeLiteral(password)}`);
}

function checkedLogin(login: string): string {
  if (!/^[a-z][a-z0-9_]{0,30}$/.test(login) || login === 'postgres' || login === BOT) {
    throw new RangeError('a login is lower-case letters, digits and _, and none of the demo database itself');
  }
  return login;
}

function urlFor(user: string, password: string, port: number): string {
  return `postgres://${user}:${password}@127.0.0.1:${port}/${DATABASE}`;
}
