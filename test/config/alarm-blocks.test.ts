// The pagers of a configuration: what is read, and every problem with its place and a remedy.
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/read-config.ts';
import { reveal } from '../../src/lib/secret.ts';
import { changed, problemsOf, SHORT, sourceOf } from './sources.ts';

const withAlarms = (...lines: readonly string[]) =>
  [SHORT, 'alarms:\n', ...lines.map((line) => `  - ${line}\n`)].join('');

function configOf(text: string) {
  const result = readConfig(sourceOf(text));
  if (!result.ok) throw new Error(result.problems.map(({ says }) => says).join('; '));
  return result.config;
}

describe('pagers', () => {
  it('are none where none are written', () => {
    expect(configOf(SHORT).alarms).toEqual([]);
    expect(configOf(`${SHORT}alarms: []\n`).alarms).toEqual([]);
  });

  it('are called by their kind, or by the name they are given, and have their secrets from the environment', () => {
    const config = configOf(
      withAlarms('{ pager: pagerduty, key: $PAGERDUTY_KEY }', '{ pager: smtp, name: mail-2, to: [a@acme.test] }'),
    );
    expect(config.alarms).toMatchObject([
      { name: 'pagerduty', pager: 'pagerduty' },
      { name: 'mail-2', pager: 'smtp', config: { to: ['a@acme.test'] } },
    ]);
    expect(reveal((config.alarms[0] as { config: { key: never } }).config.key)).toBe('ABCD1234');
    expect(config.secrets.map(reveal)).toContain('ABCD1234');
    expect(JSON.stringify(config)).not.toContain('ABCD1234');
  });

  it('change nothing that was approved, and neither does who owns a target', () => {
    const { policyVersion } = configOf(SHORT).catalog;
    expect(configOf(withAlarms('{ pager: smtp, to: [a@acme.test] }')).catalog.policyVersion).toBe(policyVersion);
    const owned = configOf(changed(['adapter: postgres', 'adapter: postgres\n    owner: dbas']));
    expect(owned.catalog.policyVersion).toBe(policyVersion);
    expect(owned.catalog.targets['prod-db']).toEqual({ name: 'prod-db', adapter: 'postgres', owner: 'dbas' });
    expect(owned.targets['prod-db']?.config).not.toHaveProperty('owner');
  });
});

describe('a problem', () => {
  it.each([
    [
      'an unknown kind',
      ['{ pager: pigeon }'],
      [
        '23:14 error alarms[0].pager: "pigeon" is none of the words that belong here → Kind of pager. One of pagerduty or smtp. For example: pager: pagerduty',
      ],
    ],
    [
      'no kind',
      ['{ key: $PAGERDUTY_KEY }'],
      [
        '23:5 error alarms[0].pager: this key is missing → Kind of pager. One of pagerduty or smtp. For example: pager: pagerduty',
      ],
    ],
    [
      'a mistyped key',
      ['{ pager: smtp, too: [a@acme.test], to: [a@acme.test] }'],
      ['23:20 error alarms[0].too: unknown key "too" → Did you mean "to"?'],
    ],
    [
      'a key of another kind',
      ['{ pager: smtp, to: [a@acme.test], key: $PAGERDUTY_KEY }'],
      ['23:39 error alarms[0].key: unknown key "key" → Known here: to.'],
    ],
    ['a missing key', ['{ pager: pagerduty }'], ['23:5 error alarms[0].key: this key is missing → Integration key.']],
    [
      'nothing in the environment',
      ['{ pager: pagerduty, key: $OTHER_KEY }'],
      [
        '23:30 error alarms[0].key: OTHER_KEY is not set → Set OTHER_KEY in the environment, or OTHER_KEY_FILE to the path of a file that holds it.',
      ],
    ],
    [
      'a secret in the file',
      ['{ pager: pagerduty, token: correct-horse-battery }'],
      [
        '23:5 error alarms[0].key: this key is missing → Integration key.',
        '23:32 error alarms[0].token: a secret stands in the file itself → Set ALARMS_0_TOKEN in the environment (or ALARMS_0_TOKEN_FILE to a file that holds it) and write token: $ALARMS_0_TOKEN. Then replace the secret: whoever saw this file knows it.',
      ],
    ],
    [
      'a reference for the name',
      ['{ pager: smtp, name: $NAME, to: [a@acme.test] }'],
      [
        '23:26 error alarms[0].name: references such as $NAME are taken in targets, in alarms and for the store → Write the value itself.',
      ],
    ],
    [
      'two of one name',
      [
        '{ pager: smtp, to: [a@acme.test] }',
        '{ pager: smtp, to: [b@acme.test] }',
        '{ pager: pagerduty, name: smtp, key: $PAGERDUTY_KEY }',
      ],
      [
        '24:14 error alarms[1].pager: another pager is called "smtp" → Give it a name of its own.',
        '25:31 error alarms[2].name: another pager is called "smtp" → Give it a name of its own.',
      ],
    ],
  ])('%s', (_, lines, problems) => {
    expect(problemsOf(withAlarms(...lines))).toEqual(problems);
  });

  it('a block instead of a list', () => {
    expect(problemsOf(`${SHORT}alarms: { pager: smtp, to: [a@acme.test] }\n`)).toEqual([
      expect.stringContaining('22:9 error alarms: this is a block of keys, and a list belongs here'),
    ]);
  });

  it('an owner that is no group', () => {
    expect(problemsOf(changed(['adapter: postgres', 'adapter: postgres\n    owner: dba']))).toEqual([
      '12:12 error targets.prod-db.owner: there is no group "dba" → Did you mean "dbas"?',
    ]);
  });

  it('an owner from the environment', () => {
    expect(problemsOf(changed(['adapter: postgres', 'adapter: postgres\n    owner: $PROD_DB_URL']))).toEqual([
      expect.stringContaining('references such as $NAME are taken in targets, in alarms and for the store'),
    ]);
  });
});
