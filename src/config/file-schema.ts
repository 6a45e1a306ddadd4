// The whole configuration file as one schema: every key with its meaning, so that editors can help and the reader can say
// what belongs where. What a target or a grant holds is its adapter's to say; what names what is checked in references.ts.
import { z } from 'zod';
import { type DurationProblem, parseDuration } from '../core/duration.ts';

const DURATION_WORDS: { readonly [problem in DurationProblem]: string } = {
  empty: 'the duration is empty',
  negative: 'a duration cannot be negative',
  fraction: 'durations have no fractions: 1.5h is written 1h30m',
  no_unit: 'the unit is missing: 90 minutes are written 90m',
  unknown_unit: 'durations have days, hours and minutes only: 1d2h30m',
  repeated_unit: 'the same unit stands there twice',
  wrong_order: 'days come first, then hours, then minutes: 1d2h30m',
  zero: 'the duration is zero',
  too_long: 'nothing lasts longer than 365 days',
  not_a_duration: 'this is not a duration',
};
const DURATION_PATTERN = '^([0-9]+ ?[a-zA-Z]+ ?)+$';
const PRINTABLE = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u;
const UNSEEN = 'it holds characters that cannot be seen';
/** Slack shows at most 75 characters of an option: https://docs.slack.dev/reference/block-kit/composition-objects/option-object */
const TITLE_MAX_CHARACTERS = 75;
const DEFAULT_PENDING_SECONDS = 8 * 3_600;
export const DEFAULT_STORE = 'sqlite:./data/hallpass.db';

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
const GroupName = z.string();
const Line = z.string().trim().min(1, 'it is empty').regex(PRINTABLE, UNSEEN);

const Duration = z.string().transform((text, ctx): number => {
  const parsed = parseDuration(text);
  if (parsed.ok) return parsed.seconds;
  ctx.addIssue({ code: 'custom', message: DURATION_WORDS[parsed.problem] });
  return z.NEVER;
});
function duration(description: string, ...examples: string[]) {
  return Duration.meta({ description, examples, pattern: DURATION_PATTERN });
}

/** Ids and never names: a name can be given to another channel, an id cannot. */
const Channel = z
  .string()
  .regex(/^slack:[CG][A-Z0-9]{5,}$/, 'a channel is written slack: and its id, which begins with C')
  .transform((text) => ({ platform: 'slack', channel: text.slice('slack:'.length) }));
const CHANNEL_ID =
  'To copy the id: open the channel in Slack, click its name at the top, and copy the Channel ID at the bottom of the About tab';

const Email = z
  .string()
  .max(254)
  .regex(/^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/, 'this is not an e-mail address')
  .transform((text) => text.toLowerCase());

const Group = z
  .strictObject({
    members: z
      .array(Email)
      .optional()
      .meta({ description: 'E-mail addresses, as in their Slack profiles', examples: [['ana@acme.test']] }),
    slack_usergroup: z
      .string()
      .regex(/^S[A-Z0-9]{4,}$/, 'a Slack user group is given by its id, which begins with S')
      .optional()
      .meta({
        description:
          'Id of a Slack user group. To copy it: More → People → User groups, open the group, ⋮ → Copy group ID',
        examples: ['S012AB3CD'],
      }),
  })
  .describe('A set of people: those listed and those in the Slack user group. A group without any is nobody');

const Stage = z
  .strictObject({
    from: z
      .array(GroupName)
      .min(1)
      .meta({ description: 'Groups whose members may approve at this stage', examples: [['dbas']] }),
    count: z
      .int()
      .min(1)
      .max(20)
      .default(1)
      .meta({ description: 'How many different people have to approve', examples: [1] }),
  })
  .describe('One stage of approval. Stages are passed in order');

const Role = z
  .strictObject({
    title: Line.max(TITLE_MAX_CHARACTERS).meta({
      description: 'What people read and pick from the list',
      examples: ['Read production data'],
    }),
    description: z
      .string()
      .trim()
      .max(300)
      .regex(/^[^\p{Cf}]*$/u, UNSEEN)
      .optional()
      .meta({ description: 'One or two sentences about what it is for', examples: ['Read-only login to all tables'] }),
    target: z.string().meta({ description: 'Name of the target that access is given in', examples: ['prod-db'] }),
    grant: z.looseObject({}).meta({
      description: "What is granted there, in the words of the target's adapter",
      examples: [{ role: 'readonly' }],
    }),
    risk: z
      .enum(['low', 'medium', 'high', 'critical'])
      .default('medium')
      .meta({ description: 'Shown on the card', examples: ['medium'] }),
    who: z
      .array(GroupName)
      .min(1)
      .meta({ description: 'Groups whose members may ask', examples: [['engineers']] }),
    duration: z
      .strictObject({
        min: duration('Shortest duration that can be asked for; 5m when left out', '5m').optional(),
        default: duration('Duration when none is asked for', '1h'),
        max: duration('Longest duration that can be asked for', '4h'),
      })
      .meta({ description: 'How long access may last', examples: [{ default: '1h', max: '4h' }] }),
    reviewers: Channel.optional().meta({
      description: `Channel where cards are posted; without it approvers are told privately. ${CHANNEL_ID}`,
      examples: ['slack:C0DBREV'],
    }),
    approval: z
      .array(Stage)
      .min(1)
      .meta({ description: 'Who has to approve, stage by stage', examples: [[{ from: ['dbas'], count: 1 }]] }),
    pending: duration('A request that nobody decided lapses after this long; 8h when left out', '8h').default(
      DEFAULT_PENDING_SECONDS,
    ),
    requires: z
      .array(z.enum(['reason']))
      .default(['reason'])
      .meta({ description: 'What a request has to bring besides approval', examples: [['reason']] }),
  })
  .describe('A catalog entry that people can ask for');

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
        /^(?:https:\/\/|http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])[:/])\S+$/,
        'only https:// can be trusted with tokens',
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

/** `kinds` are the adapters there are. */
export function fileSchema(kinds: readonly string[]) {
  const Target = z
    .looseObject({ adapter: z.enum(kinds).meta({ description: 'Kind of system', examples: kinds.slice(0, 1) }) })
    .describe('A system that access is given in. A value such as $PROD_DB_URL is taken from the environment');
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
      .regex(/^sqlite:\S.*$/, 'the store is written sqlite: and a file')
      .default(DEFAULT_STORE)
      .meta({ description: 'Where requests, passes and the log are kept', examples: [DEFAULT_STORE] }),
    groups: named(Group, 'Sets of people, by name', { dbas: { members: ['ana@acme.test'] } }),
    targets: named(Target, 'Systems that access is given in, by name', { 'prod-db': { adapter: kinds[0] } }),
    roles: named(Role, 'What people can ask for, by the name they type'),
    http: z
      .strictObject({
        host: z
          .string()
          .regex(/^[A-Za-z0-9.:-]+$/, 'this is neither an address nor a host name')
          .default('127.0.0.1')
          .meta({ description: 'Address to listen on; 0.0.0.0 for all', examples: ['127.0.0.1'] }),
        port: z
          .int()
          .min(0)
          .max(65_535)
          .default(3_000)
          .meta({ description: 'Port to listen on', examples: [3000] }),
      })
      .prefault({})
      .describe('The web server for health, metrics and, in http mode, Slack'),
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
