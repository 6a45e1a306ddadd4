// What a configuration in order becomes.
import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { CONNECTIONS } from '../../src/chat/slack/socket-mode.ts';
import { type Config, type ConfigSource, readConfig } from '../../src/config/read-config.ts';
import { localFolder, storeUrl } from '../../src/config/store-setting.ts';
import { reveal } from '../../src/lib/secret.ts';
import { changed, ENVIRONMENT, SHORT, sourceOf } from './sources.ts';

function read(text: string, changes: Partial<ConfigSource> = {}): Config {
  const result = readConfig(sourceOf(text, changes));
  if (!result.ok) throw new Error(JSON.stringify(result.problems, null, 2));
  return result.config;
}

function version(text: string, changes: Partial<ConfigSource> = {}): string {
  return read(text, changes).catalog.policyVersion;
}

/** Every plain object and list below a value. */
function plainParts(value: unknown): readonly object[] {
  if (typeof value !== 'object' || value === null) return [];
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) return [];
  return [value, ...Object.values(value).flatMap(plainParts)];
}

describe('readConfig', () => {
  it('makes the catalog', () => {
    const { catalog, warnings } = read(
      changed(
        [
          '    who:',
          '    description: All tables\n    risk: high\n    reviewers: slack:C0DBREV\n    pending: 2h\n    who:',
        ],
        [
          'members: [ana@acme.test, ben@acme.test]',
          'members: [Ana@Acme.test, ben@acme.test], slack_usergroup: S0DBA12',
        ],
        ['from: [dbas]', 'from: [dbas, secops], count: 2'],
      ),
    );
    expect(warnings).toEqual([]);
    expect(catalog).toEqual({
      organization: 'acme',
      command: '/jit',
      auditChannel: { platform: 'slack', channel: 'C0AUDIT' },
      security: 'secops',
      groups: {
        engineers: { name: 'engineers', members: [], platformGroups: [{ platform: 'slack', id: 'S012AB3CD' }] },
        dbas: {
          name: 'dbas',
          members: ['ana@acme.test', 'ben@acme.test'],
          platformGroups: [{ platform: 'slack', id: 'S0DBA12' }],
        },
        secops: { name: 'secops', members: [], platformGroups: [{ platform: 'slack', id: 'S034CD5EF' }] },
      },
      targets: { 'prod-db': { name: 'prod-db', adapter: 'postgres' } },
      roles: {
        readonly: {
          name: 'readonly',
          title: 'Read production data',
          description: 'All tables',
          target: 'prod-db',
          entitlement: { role: 'readonly' },
          risk: 'high',
          who: ['engineers'],
          duration: { minSeconds: 300, defaultSeconds: 3_600, maxSeconds: 14_400 },
          reviewers: { platform: 'slack', channel: 'C0DBREV' },
          stages: [{ from: ['dbas', 'secops'], count: 2 }],
          pendingSeconds: 7_200,
          requires: ['reason'],
        },
      },
      policyVersion: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
  });

  it('fills in what was left out', () => {
    const config = read(SHORT);
    expect(config).toMatchObject({
      path: 'hallpass.yaml',
      slack: { mode: 'socket', command: '/jit' },
      store: { kind: 'sqlite', file: './data/hallpass.db' },
      http: { host: '127.0.0.1', port: 3000 },
      internal: { host: '127.0.0.1', port: 9464 },
      replicas: 1,
      logLevel: 'info',
      warnings: [],
    });
    expect('baseUrl' in config).toBe(false);
    expect(config.catalog.roles.readonly).toMatchObject({
      risk: 'medium',
      requires: ['reason'],
      pendingSeconds: 28_800,
      duration: { minSeconds: 300 },
    });
    expect(read(changed(['default: 1h', 'default: 2m'])).catalog.roles.readonly?.duration.minSeconds).toBe(120);
    expect(read(changed(['default: 1h', 'min: 1m, default: 1h'])).catalog.roles.readonly?.duration.minSeconds).toBe(60);
    expect(read(changed(['    who:', '    requires: []\n    who:'])).catalog.roles.readonly?.requires).toEqual([]);
  });

  it('takes all settings of Slack, the web server and the log', () => {
    const slack =
      'mode: http, command: /access, api_url: "https://slack-gov.com/api/", app_id: A012345, team_id: T012345';
    const rest =
      'store: sqlite:/var/lib/hallpass.db\nhttp: { host: 0.0.0.0, port: 0 }\nbase_url: https://h.acme.test\n';
    const config = read(changed(['mode: socket', slack], ['roles:', `${rest}log: { level: debug }\nroles:`]), {
      env: { ...ENVIRONMENT, SLACK_APP_TOKEN: undefined, SLACK_SIGNING_SECRET_PREVIOUS: 'd'.repeat(32) },
    });
    expect(config).toMatchObject({
      catalog: { command: '/access' },
      slack: {
        mode: 'http',
        command: '/access',
        apiUrl: 'https://slack-gov.com/api/',
        appId: 'A012345',
        teamId: 'T012345',
      },
      store: { kind: 'sqlite', file: '/var/lib/hallpass.db' },
      http: { host: '0.0.0.0', port: 0 },
      baseUrl: 'https://h.acme.test',
      logLevel: 'debug',
    });
    expect(Object.keys(config.slack)).not.toContain('appToken');
    expect(config.slack.previousSigningSecret && reveal(config.slack.previousSigningSecret)).toBe('d'.repeat(32));
  });

  it.each([1, 2, 5])('counts the Socket Mode connections of %i replicas as they are opened', (replicas) => {
    const config = read(changed(['roles:', `replicas: ${replicas}\nstore: postgres://u@h/db\nroles:`]));
    expect(config).toMatchObject({ replicas, slack: { expectedConnections: replicas * CONNECTIONS }, warnings: [] });
  });

  it('allows as many replicas as there may be where Slack calls them', () => {
    const many = changed(['mode: socket', 'mode: http'], ['roles:', 'replicas: 16\nstore: postgres://u@h/db\nroles:']);
    expect(read(many)).toMatchObject({ replicas: 16, slack: { mode: 'http' } });
  });

  it('takes a PostgreSQL server as the store: by itself, or from the environment when it holds a password', () => {
    const store = (text: string, env = {}) =>
      read(changed(['roles:', `store: ${text}\nroles:`]), { env: { ...ENVIRONMENT, ...env } });
    const urlOf = ({ store: found }: Config) => (found.kind === 'postgres' ? reveal(found.url) : found);
    expect(urlOf(store('postgres://hallpass@db/hallpass?sslmode=verify-full'))).toContain('@db/hallpass');
    const secret = 'postgresql://hallpass:pa%24%24word-of-the-store@db/hallpass';
    const config = store('$HALLPASS_STORE', { HALLPASS_STORE: secret });
    expect(urlOf(config)).toBe(secret);
    expect(config.secrets.map(reveal)).toEqual(expect.arrayContaining([secret, 'pa$$word-of-the-store']));
    expect(inspect(config, { depth: 9 })).not.toContain('word-of-the-store');
    expect(storeUrl(config.store)).toBe(secret);
    expect(localFolder(config.store)).toBe('./data');
    const file = store('$WHERE', { WHERE: 'sqlite:/var/lib/hallpass/hallpass.db' });
    expect([storeUrl(file.store), localFolder(file.store)]).toEqual([
      'sqlite:/var/lib/hallpass/hallpass.db',
      '/var/lib/hallpass',
    ]);
  });

  it('holds secrets as secrets, wherever they come from', () => {
    const files: { readonly [path: string]: string } = {
      '/run/bot': `\n ${ENVIRONMENT.SLACK_BOT_TOKEN} \n`,
      '/run/url': `${ENVIRONMENT.PROD_DB_URL}\r\n`,
    };
    const env = {
      ...ENVIRONMENT,
      SLACK_BOT_TOKEN: undefined,
      SLACK_BOT_TOKEN_FILE: '/run/bot',
      PROD_DB_URL: undefined,
      PROD_DB_URL_FILE: '/run/url',
    };
    const config = read(SHORT, { env, readFile: (path) => files[path] ?? '' });
    expect(reveal(config.slack.botToken)).toBe(ENVIRONMENT.SLACK_BOT_TOKEN);
    expect(config.slack.appToken && reveal(config.slack.appToken)).toBe(ENVIRONMENT.SLACK_APP_TOKEN);
    expect(config.slack.signingSecret && reveal(config.slack.signingSecret)).toBe(ENVIRONMENT.SLACK_SIGNING_SECRET);
    expect(reveal(config.signingKey)).toBe(ENVIRONMENT.HALLPASS_SIGNING_KEY);
    expect(config.secrets.map(reveal)).toEqual([ENVIRONMENT.PROD_DB_URL]);
    const printed = JSON.stringify(config);
    for (const secret of Object.values(ENVIRONMENT)) expect(printed).not.toContain(secret);
    expect(config.targets['prod-db']).toMatchObject({
      name: 'prod-db',
      adapter: 'postgres',
      config: { sessions: 'end' },
    });
  });

  it('takes references in lists and blocks of a target too', () => {
    const config = read(
      changed(['people: "{mail.local}"', 'people: { ana@acme.test: $ANA }\n    replicas: [$ONE, two]']),
      {
        env: { ...ENVIRONMENT, ANA: 'ana_ro', ONE: 'first' },
      },
    );
    expect(config.targets['prod-db']?.config).toMatchObject({
      people: { kind: 'list', names: { 'ana@acme.test': 'ana_ro' } },
      replicas: ['first', 'two'],
    });
  });

  it('is frozen all through, and names reach no prototype', () => {
    const config = read(SHORT);
    const parts = plainParts(config);
    expect(parts.length).toBeGreaterThan(20);
    expect(parts.filter((part) => !Object.isFrozen(part))).toEqual([]);
    for (const map of [config.catalog.roles, config.catalog.groups, config.catalog.targets, config.targets]) {
      for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) expect(map[name]).toBeUndefined();
    }
  });

  it('takes durations that are equal', () => {
    const { catalog } = read(changed(['default: 1h, max: 4h', 'min: 1h, default: 1h, max: 60m']));
    expect(catalog.roles.readonly?.duration).toEqual({ minSeconds: 3_600, defaultSeconds: 3_600, maxSeconds: 3_600 });
    expect(read(changed(['max: 4h', 'max: 24h'])).warnings).toEqual([]);
  });

  it('tells warnings and starts nevertheless', () => {
    const { warnings } = read(changed(['max: 4h', 'max: 2d']));
    expect(warnings).toMatchObject([{ level: 'warning', line: 20, column: 35, path: 'roles.readonly.duration.max' }]);
  });

  it('tells warnings together with errors', () => {
    const result = readConfig(sourceOf(changed(['max: 4h', 'max: 2d'], ['organization: acme', 'organization: 5'])));
    expect(result).toMatchObject({
      ok: false,
      problems: [
        { level: 'error', line: 1 },
        { level: 'warning', line: 20 },
      ],
    });
  });

  it('tells all problems at once, in the order of the file', () => {
    const text = changed(
      ['organization: acme', 'organization: 5'],
      ['mode: socket', 'mode: sokcet'],
      ['security: secops', 'security: secop'],
      ['ana@acme.test', 'ana'],
      ['people: "{mail.local}"', 'peeple: "{mail.local}"'],
      ['target: prod-db', 'target: prod-bd'],
      ['role: readonly', 'role: *any'],
      ['who: [engineers]', 'who: []'],
      ['default: 1h', 'default: 9h'],
      ['from: [dbas]', 'from: [dbas], within: 30m'],
    );
    const result = readConfig(sourceOf(text, { env: {} }));
    expect(result.ok ? [] : result.problems.map(({ line, path }) => `${line} ${path}`)).toEqual([
      '0 ',
      '1 organization',
      '2 chat.slack',
      '2 chat.slack',
      '2 chat.slack.mode',
      '4 security',
      '7 groups.dbas.members[0]',
      '10 targets.prod-db.people',
      '12 targets.prod-db.url',
      '13 targets.prod-db.peeple',
      '17 roles.readonly.target',
      '18 roles.readonly.grant.role',
      '19 roles.readonly.who',
      '20 roles.readonly.duration.default',
      '21 roles.readonly.approval[0].within',
    ]);
  });
});

describe('the version of a policy', () => {
  it('stays while nothing that decides changes', () => {
    const before = version(SHORT);
    expect(version(`# a comment\n${SHORT}\n`)).toBe(before);
    expect(version(changed(['default: 1h', 'default: 60m'], ['{ role: readonly }', '\n      role: "readonly"']))).toBe(
      before,
    );
    expect(version(changed(['organization: acme', 'organization: Acme Inc']))).toBe(before);
    expect(version(changed(['roles:', 'log: { level: debug }\nroles:']))).toBe(before);
  });

  it('does not depend on secrets', () => {
    const other = { ...ENVIRONMENT, PROD_DB_URL: 'postgres://other:password-of-tomorrow@db/app' };
    expect(version(SHORT, { env: other })).toBe(version(SHORT));
  });

  it.each([
    ['who may ask', changed(['who: [engineers]', 'who: [engineers, dbas]'])],
    ['who approves', changed(['from: [dbas]', 'from: [secops]'])],
    ['how many approve', changed(['from: [dbas]', 'from: [dbas, secops], count: 2'])],
    ['a member', changed(['ben@acme.test', 'eve@acme.test'])],
    ['a user group', changed(['S012AB3CD', 'S099ZZ9ZZ'])],
    ['the security group', changed(['security: secops', 'security: dbas'])],
    ['a duration', changed(['max: 4h', 'max: 5h'])],
    ['the grant', changed(['role: readonly', 'role: owner'])],
    ['a setting of the target', changed(['people: "{mail.local}"', 'people: "{mail}"'])],
    ['the secret that is used', changed(['$PROD_DB_URL', '$OTHER_URL'])],
    ['what is required', changed(['    who:', '    requires: []\n    who:'])],
  ])('changes with %s', (_, text) => {
    const env = { ...ENVIRONMENT, OTHER_URL: ENVIRONMENT.PROD_DB_URL };
    expect(version(text, { env })).not.toBe(version(SHORT));
  });
});

describe('the example', () => {
  const example = readFileSync(new URL('../../hallpass.example.yaml', import.meta.url), 'utf8');

  it('is in order, without a warning', () => {
    const config = read(example);
    expect(config.warnings).toEqual([]);
    expect(Object.keys(config.catalog.roles)).toEqual(['prod-db-readonly', 'prod-db-admin']);
  });

  it('names every variable that it needs', () => {
    for (const name of Object.keys(ENVIRONMENT)) expect(example).toContain(name);
  });
});
