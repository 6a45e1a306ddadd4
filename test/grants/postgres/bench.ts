// The bench for the PostgreSQL adapter: roles of its own in a real server for each case, so that cases never meet.
import { createServer, type Server } from 'node:net';
import { Client } from 'pg';
import type { JsonObject, Principal } from '../../../src/core/model.ts';
import { postgres } from '../../../src/grants/postgres/index.ts';
import type { PostgresConfig, PostgresTarget } from '../../../src/grants/postgres/schema.ts';
import { systemClock } from '../../../src/lib/system-clock.ts';
import { freePort } from '../../../src/local/postgres-server.ts';
import type { AdapterBench, SilentServer } from '../../contracts/grant-adapter-bench.ts';
import type { TestPostgres } from '../../postgres-server.ts';

/** Names of one case: they differ from case to case, within one server. */
export interface Cast {
  readonly bot: string;
  readonly weakBot: string;
  readonly ana: string;
  readonly ben: string;
  readonly role: string;
  readonly otherRole: string;
  readonly table: string;
}
export interface PostgresBench extends AdapterBench<PostgresConfig, PostgresTarget> {
  readonly server: TestPostgres;
  readonly cast: Cast;
  /** A connection of a person, ended with the bench. */
  connectAs(login: string): Promise<Client>;
}

const PASSWORDS = {
  bot: 'canary-b0t/p@ss:w?rd#1',
  wrong: 'canary-wr0ng/p@ss',
  person: 'canary-pers0n',
} as const;
let cases = 0;

export async function postgresBench(server: TestPostgres): Promise<PostgresBench> {
  cases += 1;
  const cast = castOf(`c${cases}`);
  await makeCast(server, cast);
  const clients: Client[] = [];
  const logged: string[] = [];
  const silent = await silentServer(server, cast);
  const deadPort = await freePort();
  const write = (message: string, facts: unknown): void => {
    logged.push(`${message} ${JSON.stringify(facts ?? {})}`);
  };
  const config = (user: string, password: string): JsonObject => ({
    url: server.url(user, password),
    people: '{mail.local}',
  });
  const person = (login: string) => ({ id: `per_${login}`, name: login, email: `${login}@acme.test` });
  const connectAs = async (login: string): Promise<Client> => {
    const client = new Client({ connectionString: server.url(login, PASSWORDS.person) });
    client.on('error', () => undefined);
    await client.connect();
    clients.push(client);
    return client;
  };
  return {
    server,
    cast,
    connectAs,
    adapter: postgres,
    tools: {
      fetch: globalThis.fetch,
      clock: systemClock,
      log: { debug: write, info: write, warn: write, error: write },
      deploymentId: 'dep_test',
    },
    rawConfig: config(cast.bot, PASSWORDS.bot),
    rawTarget: { role: cast.role },
    rawOtherTarget: { role: cast.otherRole },
    rawMissingTarget: { role: `${cast.role}_missing` },
    person: person(cast.ana),
    otherPerson: person(cast.ben),
    stranger: person(`${cast.ana}_stranger`),
    world: {
      has: (principal, { role }) => hasRole(server, principal, role),
      give: async (principal, { role }) => {
        await server.query(`GRANT "${role}" TO "${principal.name}"`);
      },
      // Whoever granted it: an administrator cleans up everything.
      take: async (principal, { role }) => {
        const bot = server.version >= 16 ? ` GRANTED BY "${cast.bot}"` : '';
        await server.query(
          `REVOKE "${role}" FROM "${principal.name}"; REVOKE "${role}" FROM "${principal.name}"${bot}`,
        );
      },
      strengthen: async ({ role }) => {
        await server.query(`GRANT UPDATE ON ${cast.table} TO "${role}"`);
      },
      picture: () => picture(server),
      openSession: async (principal, { role }) => {
        const client = await connectAs(principal.name);
        await client.query(`SET ROLE "${role}"`);
        await client.query(`SELECT * FROM ${cast.table}`);
        return { alive: () => isAlive(client, cast.table) };
      },
    },
    broken: {
      deadServer: {
        ...config(cast.bot, PASSWORDS.bot),
        url: server.url(cast.bot, PASSWORDS.bot).replace(`:${server.port}/`, `:${deadPort}/`),
      },
      silentServer: silent,
      wrongCredentials: config(cast.bot, PASSWORDS.wrong),
      credentialsRemedy: /user and password/,
      tooFewRights: { rawConfig: config(cast.weakBot, PASSWORDS.bot), remedy: /WITH ADMIN OPTION/ },
    },
    hostileTarget: (role) => ({ role }),
    settle: async () => undefined,
    canaries: Object.values(PASSWORDS),
    logged: () => logged.join('\n'),
    close: async () => {
      await silent.close();
      await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
    },
  };
}

function castOf(tag: string): Cast {
  return {
    bot: `bot_${tag}`,
    weakBot: `weakbot_${tag}`,
    ana: `ana_${tag}`,
    ben: `ben_${tag}`,
    role: `readonly_${tag}`,
    otherRole: `support_${tag}`,
    table: `orders_${tag}`,
  };
}

/** The rights of the bot are made exactly as README.md tells operators to make them. */
async function makeCast(server: TestPostgres, cast: Cast): Promise<void> {
  const login = (name: string, password: string) => `CREATE ROLE ${name} LOGIN PASSWORD '${password}';`;
  const admin = server.version >= 16 ? 'WITH ADMIN TRUE, INHERIT FALSE, SET FALSE' : 'WITH ADMIN OPTION';
  await server.query(`
    ${login(cast.bot, PASSWORDS.bot)} ${login(cast.weakBot, PASSWORDS.bot)}
    ${login(cast.ana, PASSWORDS.person)} ${login(cast.ben, PASSWORDS.person)}
    CREATE ROLE ${cast.role} NOLOGIN; CREATE ROLE ${cast.otherRole} NOLOGIN;
    CREATE TABLE ${cast.table} (id int); GRANT SELECT ON ${cast.table} TO ${cast.role}, ${cast.otherRole};
    GRANT ${cast.role}, ${cast.otherRole} TO ${cast.bot} ${admin};
    GRANT pg_signal_backend TO ${cast.bot};`);
}

async function hasRole(server: TestPostgres, { id }: Principal, role: string): Promise<boolean> {
  const rows = await server.query(
    "SELECT pg_has_role(m.oid, r.oid, 'MEMBER') AS yes FROM pg_roles m, pg_roles r WHERE m.oid = $1::oid AND r.rolname = $2",
    [id, role],
  );
  return rows[0]?.yes === true;
}

/** All roles, memberships and rights in the server; oids of memberships change with each grant and say nothing. */
async function picture(server: TestPostgres): Promise<string> {
  const rows = await server.query(`
    SELECT 'role ' || (to_jsonb(r) - 'rolpassword')::text AS line FROM pg_roles r
    UNION ALL SELECT 'member ' || (to_jsonb(am) - 'oid')::text FROM pg_auth_members am
    UNION ALL SELECT 'table ' || oid || coalesce(relacl::text, '') FROM pg_class WHERE relnamespace = 'public'::regnamespace
    ORDER BY 1`);
  return rows.map((row) => String(row.line)).join('\n');
}

async function isAlive(client: Client, table: string): Promise<boolean> {
  return client.query(`SELECT * FROM ${table}`).then(
    () => true,
    () => false,
  );
}

interface Silent extends SilentServer {
  close(): Promise<void>;
}

/** Takes connections and never says a word. */
async function silentServer(server: TestPostgres, cast: Cast): Promise<Silent> {
  let calls = 0;
  let wake: (() => void) | undefined;
  const silent: Server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.resume();
    calls += 1;
    wake?.();
  });
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const address = silent.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const url = server.url(cast.bot, PASSWORDS.bot).replace(`:${server.port}/`, `:${address.port}/`);
  return {
    rawConfig: { url, people: '{mail.local}' },
    contacted: async () => {
      if (calls === 0) await new Promise<void>((resolve) => (wake = resolve));
      calls -= 1;
    },
    close: () => new Promise((resolve) => silent.close(() => resolve())),
  };
}
