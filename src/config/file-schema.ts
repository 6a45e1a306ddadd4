// The whole configuration file as one schema: every key with its meaning, so that editors can help and the reader can say
// what belongs where. What a target or a grant holds is its adapter's to say; what names what is checked in references.ts.
import { z } from 'zod';
import { listener } from './listeners.ts';
import { REPLICAS_MAX } from './replicas.ts';
import { Group, Role } from './role-schema.ts';
import { STORE_RULE } from './store-setting.ts';
import { CHANNEL_ID, Channel, Line } from './text-schema.ts';

const DEFAULT_STORE = 'sqlite:./data/hallpass.db';

/** The name of a group, target or role. */
export const NAME_RULE = /^[a-z0-9][a-z0-9._-]{0,63}$/;
/**
 * Entries by name. The names are checked with the other things that concern several entries: a record schema does not look
 * into an entry whose name is wrong, and every problem is to be told at once.
 */
function named<Value extends z.ZodType>(value: Value, description: string, example?: object) {
  const examples = example === undefined ? [] : [example];
  return z.record(z.string(), value).meta({ description, examples, propertyNames: { pattern: NAME_RULE.source } });
}

const Slack = z
  .strictObject({
    mode: z
      .enum(['socket', 'http'])
      .default('socket')
      .meta({
        description:
          'How Slack reaches Hallpass: socket needs no public address (SLACK_APP_TOKEN), http needs one (SLACK_SIGNING_SECRET)',
        examples: ['socket'],
      }),
    command: z
      .string()
      .regex(
        /^\/[a-z0-9_-]{1,31}$/,
        'a command begins with / and has 2 to 32 lower-case letters, digits, dashes and underscores',
      )
      .default('/jit')
      .meta({ description: 'The slash command, as in the Slack app', examples: ['/jit'] }),
    api_url: z
      .string()
      .regex(
        /^(?:https:\/\/[^\s/]+|http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?)\/(?:\S*\/)?api\/$/,
        'it has to be https:// and to end in /api/',
      )
      .optional()
      .meta({
        description: 'Address of the Web API when it is not slack.com, such as GovSlack',
        examples: ['https://slack-gov.com/api/'],
      }),
    app_id: z
      .string()
      .regex(/^A[A-Z0-9]{5,}$/, 'an app id begins with A')
      .optional()
      .meta({
        description: 'The Slack app, from its Basic Information page; events of other apps are refused',
        examples: ['A0123456789'],
      }),
    team_id: z
      .string()
      .regex(/^[TE][A-Z0-9]{5,}$/, 'a workspace id begins with T, an organisation id with E')
      .optional()
      .meta({ description: 'The workspace or organisation; events of others are refused', examples: ['T0123456789'] }),
  })
  .describe('Slack. Tokens come from the environment: SLACK_BOT_TOKEN, SLACK_APP_TOKEN, SLACK_SIGNING_SECRET');

const ALARMS_MAX = 10;
/** Keys of a target that are not its adapter's. */
export const TARGET_KEYS = ['adapter', 'owner'];

/** `kinds` are the adapters there are, `pagers` the kinds of pagers. */
export function fileSchema(kinds: readonly string[], pagers: readonly string[]) {
  const Target = z
    .looseObject({
      adapter: z.enum(kinds).meta({ description: 'Kind of system', examples: kinds.slice(0, 1) }),
      owner: z
        .string()
        .optional()
        .meta({
          description: 'The group whose members are told privately when access cannot be ended there',
          examples: ['dbas'],
        }),
    })
    .describe('A system that access is given in. A value such as $PROD_DB_URL is taken from the environment');
  const Alarm = z
    .looseObject({
      pager: z.enum(pagers).meta({ description: 'Kind of pager', examples: pagers.slice(0, 1) }),
      name: z
        .string()
        .regex(NAME_RULE, 'a name has lower-case letters, digits, dots, dashes and underscores')
        .optional()
        .meta({ description: 'What the pager is called where there are several', examples: ['oncall'] }),
    })
    .describe('A way to people beside the chat. A value such as $PAGERDUTY_KEY is taken from the environment');
  return z.strictObject({
    organization: Line.max(60).meta({ description: 'Name shown to people', examples: ['acme'] }),
    chat: z
      .strictObject({ slack: Slack.meta({ examples: [{ mode: 'socket', command: '/jit' }] }) })
      .meta({ description: 'Where people ask and approve', examples: [{ slack: { mode: 'socket' } }] }),
    audit_channel: Channel.meta({
      description: `Channel where everything is told. ${CHANNEL_ID}`,
      examples: ['slack:C0AUDIT'],
    }),
    security: z.string().meta({
      description: 'The group that may revoke, freeze, verify and report',
      examples: ['secops'],
    }),
    store: z
      .string()
      .regex(
        STORE_RULE,
        'the store is written sqlite: and a file, or $NAME, which is a postgres:// address in the environment',
      )
      .default(DEFAULT_STORE)
      .meta({
        description:
          'Where requests, passes and the log are kept: a file for one process, or a PostgreSQL database of its own for several. An address with a password is taken from the environment',
        examples: [DEFAULT_STORE, '$HALLPASS_STORE'],
      }),
    replicas: z
      .int()
      .min(1)
      .max(REPLICAS_MAX)
      .default(1)
      .meta({
        description:
          'How many Hallpass work on this store at most, each with this same file. More than one needs a PostgreSQL store',
        examples: [2],
      }),
    groups: named(Group, 'Sets of people, by name', { dbas: { members: ['ana@acme.test'] } }),
    targets: named(Target, 'Systems that access is given in, by name', { 'prod-db': { adapter: kinds[0] } }),
    roles: named(Role, 'What people can ask for, by the name they type'),
    alarms: z
      .array(Alarm)
      .max(ALARMS_MAX)
      .default([])
      .meta({
        description: 'Where alarms go besides the audit channel: the chat may be what is down',
        examples: [[{ pager: pagers[0] }]],
      }),
    http: listener(3_000, 'The web server that Slack calls in http mode; not opened in socket mode'),
    internal: listener(9_464, 'The internal web server: /live, /ready and /metrics, for your monitoring alone'),
    base_url: z
      .string()
      .regex(
        /^(?:https:\/\/|http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?:[:/]|$))\S*$/,
        'it has to begin with https://',
      )
      .optional()
      .meta({
        description: 'Address under which people reach the web server',
        examples: ['https://hallpass.acme.test'],
      }),
    control_socket: z
      .string()
      .regex(/^[\x20-\x7e]{1,103}$/, 'the path of a socket has 1 to 103 plain characters: a relative one is shorter')
      .optional()
      .meta({
        description:
          'Socket by which the command line reaches the process that runs here; hallpass.sock beside the store, or in ./data, unless given. Each process needs one of its own',
        examples: ['./data/hallpass.sock'],
      }),
    log: z
      .strictObject({
        level: z
          .enum(['debug', 'info', 'warn', 'error'])
          .default('info')
          .meta({ description: 'The least important thing that is logged', examples: ['info'] }),
      })
      .prefault({})
      .describe('Logging'),
  });
}

export type FileInput = z.output<ReturnType<typeof fileSchema>>;
