// Local mode: the whole story on one machine and without any account. A Slack-compatible workspace on loopback with its
// page, a real PostgreSQL as the target, and between them Hallpass as it runs anywhere else, with an ordinary configuration.
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSlack } from './chat/slack/index.ts';
import { ABOUT_SHORTCUT } from './chat/slack/manifest.ts';
import { type Environment, fromText } from './config/load-config.ts';
import { generateKey } from './core/ledger/note-key.ts';
import { adapters } from './grants/registry.ts';
import { openLog } from './lib/log.ts';
import { systemClock, systemIds } from './lib/system-clock.ts';
import { pageRoutes } from './local/page-routes.ts';
import { demoTarget } from './local/page-target.ts';
import { BOT, CHANNELS, PEOPLE, USERGROUPS } from './local/people.ts';
import { FolderInUse } from './local/postgres-server.ts';
import { startWorkspace, type Workspace } from './local/slack/workspace.ts';
import { type LocalTarget, startLocalTarget } from './local/target.ts';
import { welcomeText } from './local/welcome.ts';
import type { Log } from './ports/log.ts';
import { type Program, startProgram } from './program.ts';
import { CHECKPOINT_FILE, checkpointsIn } from './start.ts';

/** Everything local mode keeps; may be deleted at any time while it is not running. */
const LOCAL_FOLDER = '.local';
const DEFAULT_PORT = 3210;

export interface LocalOptions {
  readonly folder: string;
  readonly env: Environment;
  readonly onFatal: (log: Log, reason: string) => void;
}

export type LocalStarted =
  | {
      readonly ok: true;
      readonly program: Program;
      readonly workspace: Workspace;
      readonly target: LocalTarget;
      readonly log: Log;
      readonly welcome: string;
      stop(): Promise<void>;
    }
  | { readonly ok: false; readonly report: string };

export async function startLocalMode(options: LocalOptions): Promise<LocalStarted> {
  const port = portOf(options.env);
  if (port === undefined)
    return {
      ok: false,
      report: 'HALLPASS_PORT is not a port\n  → Give a number from 0 to 65535, or leave it out for 3210.',
    };
  const home = join(options.folder, LOCAL_FOLDER);
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const log = openLog({ destination: lineFile(join(home, 'hallpass.log')) });
  let target: LocalTarget;
  try {
    const people = PEOPLE.flatMap(({ login }) => (login === undefined ? [] : [{ login }]));
    target = await startLocalTarget({ dataDir: join(home, 'postgres'), log, people });
  } catch (error) {
    if (!(error instanceof FolderInUse)) throw error;
    return {
      ok: false,
      report: `Local mode is running here already.\n  → Open its page, or stop it first. (${error.message})`,
    };
  }
  try {
    // Only now: the target's folder is ours alone, so no other local mode is running on this store.
    freshStart(home);
    return await startAround(options, home, port, target, log);
  } catch (error) {
    await target.stop();
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') {
      return {
        ok: false,
        report: `Port ${port} is taken.\n  → Stop the other program, or choose another port: HALLPASS_PORT=3211 npm start`,
      };
    }
    throw error;
  }
}

async function startAround(
  options: LocalOptions,
  home: string,
  port: number,
  target: LocalTarget,
  log: Log,
): Promise<LocalStarted> {
  let program: Program | undefined;
  const pageTarget = demoTarget(target, 'shop-db', systemClock, async () => {
    const live = await program?.tools.store.liveGrants({}, 200);
    return (
      live?.map(({ row }) => ({
        login: row.offer.principal.name,
        role: String(row.offer.entitlement['role']),
        endsAt: row.expiresAt,
      })) ?? []
    );
  });
  const workspace = await startWorkspace({
    clock: systemClock,
    ids: systemIds,
    users: PEOPLE.map(({ login: _login, ...user }) => user),
    channels: CHANNELS,
    usergroups: USERGROUPS,
    team: { id: 'T0ACME', name: 'Acme', domain: 'acme' },
    app: {
      name: 'Hallpass',
      botUserId: BOT,
      commands: [{ command: '/jit', hint: '[role] [duration] [reason]', description: 'Ask for access for a while' }],
      messageShortcuts: [ABOUT_SHORTCUT],
    },
    port,
    extraRoutes: pageRoutes({ target: pageTarget }),
  });
  const env = {
    SLACK_BOT_TOKEN: workspace.botToken,
    SLACK_APP_TOKEN: workspace.appToken,
    SLACK_SIGNING_SECRET: workspace.signingSecret,
    HALLPASS_SIGNING_KEY: generateKey('hallpass/local').secret,
    SHOP_DB_URL: target.url,
  };
  const demo = new URL('./local/demo.yaml', import.meta.url);
  const loaded = fromText('demo.yaml', readFileSync(demo, 'utf8'), env, { adapters, pagers: [] });
  if (!loaded.ok) throw new Error(`the configuration of local mode is wrong:\n${loaded.report}`);
  const { config } = loaded;
  program = await startProgram({
    catalog: config.catalog,
    targets: Object.values(config.targets),
    adapters,
    store: `sqlite:${join(home, 'hallpass.db')}`,
    http: { host: '127.0.0.1', port: 0 },
    signingKey: config.signingKey,
    openChat: (callbacks) =>
      openSlack(
        { ...config.slack, apiUrl: workspace.apiUrl },
        { clock: systemClock, ids: systemIds, log, ...callbacks },
      ),
    localFolder: home,
    ...checkpointsIn(home),
    clock: systemClock,
    ids: systemIds,
    log,
    onFatal: (reason) => options.onFatal(log, reason),
  });
  await program.ready;
  writeFileSync(join(home, 'vkey.txt'), `${program.vkey}\n`);
  return {
    ok: true,
    program,
    workspace,
    target,
    log,
    welcome: welcomeText(workspace.url, join(LOCAL_FOLDER, 'hallpass.log')),
    async stop() {
      await workspace.stop();
      await target.stop();
    },
  };
}

/** Each line is in the file when `write` returns: the last lines before a crash matter most. */
function lineFile(path: string): { write(line: string): void } {
  return { write: (line) => appendFileSync(path, line, { mode: 0o600 }) };
}

function portOf(env: Environment): number | undefined {
  const text = env['HALLPASS_PORT'] ?? String(DEFAULT_PORT);
  const port = Number(text);
  return /^[0-9]{1,5}$/.test(text) && port <= 65_535 ? port : undefined;
}

/**
 * The workspace lives in memory, so each start begins a new story: a store that remembers cards which are gone would only
 * confuse. The target's memberships are taken back by `startLocalTarget`.
 */
function freshStart(home: string): void {
  const store = ['hallpass.db', 'hallpass.db-wal', 'hallpass.db-shm', 'obligations.json', 'spool.jsonl'];
  for (const name of [...store, CHECKPOINT_FILE, 'hallpass.log']) rmSync(join(home, name), { force: true });
}
