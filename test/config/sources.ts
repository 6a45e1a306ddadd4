// What the tests of the configuration read: adapters with small schemas, an environment that is in order, and a short file.
import { z } from 'zod';
import { type ConfigSource, readConfig } from '../../src/config/read-config.ts';
import { generateKey } from '../../src/core/ledger/note-key.ts';
import { People } from '../../src/lib/people-map.ts';
import { secretOf } from '../../src/lib/secret.ts';
import { defineAdapter, type GrantAdapter } from '../../src/ports/grant-adapter.ts';
import { definePager, type PagerKind } from '../../src/ports/pager.ts';

const Url = z
  .string()
  .regex(/^postgres:\/\/[^:@]+:[^@]+@/, 'write postgres://user:password@host/database')
  .transform((url) => ({ url: secretOf(url) }));

function refuse(): never {
  throw new Error('nothing is connected in these tests');
}

const database = defineAdapter({
  kind: 'postgres',
  title: 'PostgreSQL',
  config: z.strictObject({
    url: Url.describe('Address of the database'),
    people: People.describe("How a person's own login role is found"),
    replicas: z.array(z.string()).optional(),
    sessions: z.enum(['end', 'leave']).default('end').describe('What happens to sessions'),
  }),
  target: z.strictObject({
    role: z
      .string()
      .regex(/^[a-z_]+$/, 'role names have lower-case letters and underscores')
      .describe('The role'),
  }),
  expiresItself: false,
  sessions: 'ended',
  settleSeconds: 0,
  targetKey: (_, target) => target.role,
  describe: (target) => target.role,
  connect: refuse,
});

const hook = defineAdapter({
  kind: 'webhook',
  title: 'Webhook',
  config: z.strictObject({ url: z.url(), secret: z.string().min(8, 'give at least 8 characters') }),
  target: z.strictObject({ right: z.string() }),
  expiresItself: false,
  sessions: 'none',
  settleSeconds: 0,
  targetKey: (_, target) => target.right,
  describe: (target) => target.right,
  connect: refuse,
});

/** What its target schema makes is no JSON: a mistake of the adapter's author. */
const broken = defineAdapter({
  kind: 'broken',
  title: 'Broken',
  config: z.strictObject({}),
  target: z.strictObject({ since: z.string().transform((text) => new Map([['since', text]])) }),
  expiresItself: false,
  sessions: 'none',
  settleSeconds: 0,
  targetKey: () => 'broken',
  describe: () => 'broken',
  connect: refuse,
});

export const ADAPTERS: readonly GrantAdapter[] = [database, hook, broken];

const pager = definePager({
  kind: 'pagerduty',
  title: 'PagerDuty',
  config: z.strictObject({
    key: z
      .string()
      .regex(/^[A-Z0-9]{8}$/, 'a key has 8 characters')
      .transform(secretOf)
      .describe('Integration key'),
  }),
  open: refuse,
});
const mailer = definePager({
  kind: 'smtp',
  title: 'E-mail',
  config: z.strictObject({ to: z.array(z.string()).min(1).describe('Recipients') }),
  open: refuse,
});
export const PAGERS: readonly PagerKind[] = [pager, mailer];

export const ENVIRONMENT: { readonly [name: string]: string | undefined } = {
  SLACK_BOT_TOKEN: `xoxb-${'1'.repeat(12)}`,
  SLACK_APP_TOKEN: `xapp-${'2'.repeat(12)}`,
  SLACK_SIGNING_SECRET: 'c'.repeat(32),
  HALLPASS_SIGNING_KEY: generateKey('hallpass').secret,
  PAGERDUTY_KEY: 'ABCD1234',
  PROD_DB_URL: 'postgres://hallpass:hunter2-and-more@db.acme.test:5432/app',
};

export function sourceOf(text: string, changes: Partial<ConfigSource> = {}): ConfigSource {
  return {
    path: 'hallpass.yaml',
    text,
    env: ENVIRONMENT,
    readFile: (path) => {
      throw Object.assign(new Error(`no such file: ${path}`), { code: 'ENOENT' });
    },
    adapters: ADAPTERS,
    pagers: PAGERS,
    ...changes,
  };
}

/** Each problem as one line: `line:column level path: sentence → remedy`. */
export function problemsOf(text: string, changes: Partial<ConfigSource> = {}): readonly string[] {
  const result = readConfig(sourceOf(text, changes));
  const problems = result.ok ? result.config.warnings : result.problems;
  return problems.map(
    ({ line, column, level, path, says, remedy }) => `${line}:${column} ${level} ${path}: ${says} → ${remedy}`,
  );
}

/** In order, and as short as it gets: lines are numbered from 1. */
export const SHORT = `organization: acme
chat: { slack: { mode: socket } }
audit_channel: slack:C0AUDIT
security: secops
groups:
  engineers: { slack_usergroup: S012AB3CD }
  dbas: { members: [ana@acme.test, ben@acme.test] }
  secops: { slack_usergroup: S034CD5EF }
targets:
  prod-db:
    adapter: postgres
    url: $PROD_DB_URL
    people: "{mail.local}"
roles:
  readonly:
    title: Read production data
    target: prod-db
    grant: { role: readonly }
    who: [engineers]
    duration: { default: 1h, max: 4h }
    approval: [{ from: [dbas] }]
`;

/** The short file with some of its text replaced; throws when there is nothing to replace. */
export function changed(...changes: readonly (readonly [from: string, to: string])[]): string {
  return changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`not in the file: ${from}`);
    return text.replace(from, () => to);
  }, SHORT);
}
