// The whole product as it runs: the real Slack code over real HTTP or Socket Mode against the local workspace, a real
// PostgreSQL as target, SQLite as store; only the clock is moved by the test. Waiting is for conditions, never for time.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { openSlack } from '../../src/chat/slack/index.ts';
import { ABOUT_SHORTCUT } from '../../src/chat/slack/manifest.ts';
import { fromText } from '../../src/config/load-config.ts';
import { generateKey } from '../../src/core/ledger/note-key.ts';
import { adapters } from '../../src/grants/registry.ts';
import { openLog } from '../../src/lib/log.ts';
import { systemClock } from '../../src/lib/system-clock.ts';
import { BOT, CHANNELS, PEOPLE, USERGROUPS } from '../../src/local/people.ts';
import type { Message } from '../../src/local/slack/records.ts';
import { startWorkspace, type Workspace } from '../../src/local/slack/workspace.ts';
import { type Program, startProgram } from '../../src/program.ts';
import { checkpointsIn } from '../../src/start.ts';
import { type ManualClock, manualClock } from '../fakes/manual-clock.ts';
import { countingIds } from '../local/slack/support.ts';
import type { TestPostgres } from '../postgres-server.ts';

export type Transport = 'http' | 'socket';

export const MIA = 'U0MIA';
export const ANA = 'U0ANA';
export const SAM = 'U0SAM';
export const GUS = 'U0GUS';
export const REVIEW = 'C0DBREV';
export const AUDIT = 'C0AUDIT';

export interface Stage {
  readonly clock: ManualClock;
  readonly workspace: Workspace;
  readonly postgres: TestPostgres;
  readonly storeFile: string;
  readonly vkey: string;
  program: Program;
  readonly logLines: string[];
  /** Lets virtual seconds pass, with ticks, until `look` finds something; fails with `what` when it never does. */
  until<T>(
    what: string,
    look: () => T | undefined | null | false | Promise<T | undefined | null | false>,
    virtualSeconds?: number,
  ): Promise<T>;
  /** Virtual time passes in one go; then everything that fell due is under way. */
  pass(seconds: number): Promise<void>;
  /** Stops the program in order and starts it again on the same store. */
  restart(): Promise<void>;
  /** The card in the reviewer channel that is the last one posted. */
  card(): Message;
  /** Texts of the thread under the card, without the small print. */
  thread(): readonly string[];
  /** A session of a person in the target. */
  connect(login: string): Promise<Session>;
  isMember(login: string, role: string): Promise<boolean>;
  close(): Promise<void>;
}

const DEMO = new URL('../../src/local/demo.yaml', import.meta.url);

/** A live session; `ended` is the server's own code once it ended it. */
type Session = pg.Client & { ended?: string | undefined };

const HANGS_MS = 400;

/** A turn for sockets, the store and the target. */
function breathe(): Promise<void> {
  return systemClock.sleep(1);
}

export interface StageOptions {
  readonly transport?: Transport;
  /** Changes the demo configuration's text. */
  readonly edit?: (yaml: string) => string;
  readonly rateLimits?: boolean;
  /** Where the program reaches the target, when not directly. */
  readonly targetPort?: number;
}

export async function openStage(postgres: TestPostgres, options: StageOptions = {}): Promise<Stage> {
  const transport = options.transport ?? 'socket';
  const { readFileSync } = await import('node:fs');
  const clock = manualClock();
  const ids = countingIds(clock);
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-stage-'));
  const storeFile = join(folder, 'hallpass.db');
  const url = await prepareTarget(postgres);
  const workspace = await startWorkspace({
    clock,
    ids,
    mode: transport,
    users: PEOPLE.map(({ login: _login, ...user }) => user),
    channels: CHANNELS,
    usergroups: USERGROUPS,
    team: { id: 'T0ACME', name: 'Acme', domain: 'acme' },
    app: { name: 'Hallpass', botUserId: BOT, messageShortcuts: [ABOUT_SHORTCUT] },
    rateLimits: options.rateLimits ?? true,
    eventRetries: false,
  });
  const key = generateKey('hallpass/test');
  const env = {
    SLACK_BOT_TOKEN: workspace.botToken,
    SLACK_APP_TOKEN: workspace.appToken,
    SLACK_SIGNING_SECRET: workspace.signingSecret,
    HALLPASS_SIGNING_KEY: key.secret,
    SHOP_DB_URL: options.targetPort === undefined ? url : url.replace(/:\d+\//, `:${options.targetPort}/`),
  };
  const yaml = readFileSync(DEMO, 'utf8').replace('mode: socket', `mode: ${transport}`);
  const loaded = fromText('demo.yaml', options.edit?.(yaml) ?? yaml, env, { adapters, pagers: [] });
  if (!loaded.ok) throw new Error(loaded.report);
  const { config } = loaded;
  const logLines: string[] = [];
  const log = openLog({ destination: { write: (line) => void logLines.push(line) }, clock });

  async function boot(): Promise<Program> {
    const program = await startProgram({
      catalog: config.catalog,
      targets: Object.values(config.targets),
      adapters,
      store: `sqlite:${storeFile}`,
      http: { host: '127.0.0.1', port: 0 },
      signingKey: config.signingKey,
      openChat: (callbacks) =>
        openSlack({ ...config.slack, apiUrl: workspace.apiUrl }, { clock, ids, log, ...callbacks }),
      localFolder: folder,
      ...checkpointsIn(folder),
      clock,
      ids,
      log,
      onFatal: (reason) => {
        throw new Error(reason);
      },
    });
    if (transport === 'http') workspace.setRequestUrl(`http://127.0.0.1:${program.port}/slack/events`);
    if (!(await program.ready)) throw new Error('chat refused');
    return program;
  }

  /**
   * Virtual time stands still while calls are under way: it would run out on a machine that is merely busy. Calls that hang
   * get this long in real time, then virtual time moves and ends them.
   */
  async function quiet(): Promise<void> {
    for (let turn = 0; turn < 3; turn += 1) {
      stage.program.tools.poke();
      await breathe();
      const hangs = new AbortController();
      await Promise.race([stage.program.idle(), systemClock.sleep(HANGS_MS, hangs.signal)]);
      hangs.abort();
    }
  }

  const stage: Stage = {
    clock,
    workspace,
    postgres,
    storeFile,
    vkey: key.vkey,
    program: await boot(),
    logLines,
    async until(what, look, virtualSeconds = 120) {
      // A long wait goes in larger steps: what matters is what is there at its end.
      const step = virtualSeconds > 200 ? 5 : 0.5;
      for (let passed = 0; passed <= virtualSeconds; passed += step) {
        const found = await look();
        if (found) return found;
        await clock.advance(step * 1000);
        await stage.program.tick();
        await quiet();
      }
      throw new Error(
        `never came: ${what}\nthread:\n${safely(() => stage.thread().join('\n'))}\nlog:\n${logLines.slice(-15).join('')}`,
      );
    },
    async pass(seconds) {
      await clock.advance(seconds * 1000);
      await stage.program.tick();
      await quiet();
    },
    async restart() {
      await stage.program.stop();
      stage.program = await boot();
    },
    card() {
      const cards = workspace
        .messages(REVIEW)
        .filter((message) => message.thread_ts === undefined && message.user === BOT);
      const last = cards.at(-1);
      if (!last) throw new Error('no card was posted');
      return last;
    },
    thread() {
      const replies = workspace
        .thread(REVIEW, stage.card().ts)
        .slice(1)
        .filter((message) => message.user === BOT);
      return replies.map((message) => plain(message.text));
    },
    async connect(login) {
      const client: Session = new pg.Client({
        connectionString: postgres.url(login, `${login}-password`, databaseOf(url)),
      });
      client.on('error', (error: Error & { code?: string }) => {
        client.ended ??= error.code;
      });
      await client.connect();
      return client;
    },
    async isMember(login, role) {
      const rows = await postgres.query('select pg_has_role($1, $2, $3) as is', [login, role, 'member']);
      return rows[0]?.['is'] === true;
    },
    async close() {
      await stage.program.stop();
      await workspace.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return stage;
}

/** A message's text as people read it: names for ids, UTC times for Slack's local ones. */
export function plain(text: string): string {
  const named = text.replace(
    /<@(\w+)>/g,
    (_all, id: string) => `@${PEOPLE.find((person) => person.id === id)?.name ?? id}`,
  );
  return named.replace(/<!date\^\d+\^[^|]*\|([^>]*)>/g, '$1').replaceAll('*', '');
}

function safely(look: () => string): string {
  try {
    return look();
  } catch (error) {
    return String(error);
  }
}

function databaseOf(url: string): string {
  return new URL(url).pathname.slice(1);
}

/** Two roles with something to read, a bot with only the rights it needs, and a login for each person. */
async function prepareTarget(postgres: TestPostgres): Promise<string> {
  const database = databaseOf(await postgres.newDatabase());
  const exists = await postgres.query("select 1 from pg_roles where rolname = 'shop_readonly'");
  if (exists.length === 0) {
    await postgres.query(`
      create role shop_readonly nologin; create role shop_support nologin;
      create role hallpass_bot login password 'bot-password';
      grant shop_readonly to hallpass_bot with admin option; grant shop_support to hallpass_bot with admin option;
      grant pg_signal_backend to hallpass_bot`);
    for (const { login } of PEOPLE) {
      if (login !== undefined)
        await postgres.query(`create role ${login} login noinherit password '${login}-password'`);
    }
  }
  for (const role of ['shop_readonly', 'shop_support']) {
    // What an earlier test left behind must not look like access that was there before.
    await postgres.query(`revoke ${role} from mia, ana, ben, sam granted by hallpass_bot`);
  }
  await postgres.query(
    "create table orders (id int primary key, what text); insert into orders values (17, 'a kettle'); grant select on orders to shop_readonly",
    undefined,
    database,
  );
  return postgres.url('hallpass_bot', 'bot-password', database);
}
