// Every kind of problem with the exact place, sentence and remedy that people get to read.
import { describe, expect, it } from 'vitest';
import type { ConfigSource } from '../../src/config/read-config.ts';
import { changed, ENVIRONMENT, problemsOf, SHORT } from './sources.ts';

interface Fixture {
  readonly name: string;
  readonly text: string;
  readonly changes?: Partial<ConfigSource>;
  /** `line:column level path: sentence → remedy` */
  readonly says: readonly string[];
}

const FIXTURES: readonly Fixture[] = [
  {
    name: 'missing keys',
    text: changed(['organization: acme\n', ''], ['security: secops\n', '']),
    says: [
      '1:1 error organization: this key is missing → Name shown to people. For example: organization: acme',
      '1:1 error security: this key is missing → The group that may revoke, freeze, verify and report. For example: security: secops',
    ],
  },
  {
    name: 'a key without a value',
    text: changed(['organization: acme', 'organization:']),
    says: [
      '1:14 error organization: the value is missing: a text belongs here → Name shown to people. For example: organization: acme',
    ],
  },
  {
    name: 'a number for a text',
    text: changed(['organization: acme', 'organization: 5']),
    says: [
      '1:15 error organization: this is a number, and a text belongs here → Name shown to people. For example: organization: acme',
    ],
  },
  {
    name: 'an empty text',
    text: changed(['organization: acme', 'organization: ""']),
    says: ['1:15 error organization: it is empty → Name shown to people. For example: organization: acme'],
  },
  {
    name: 'a title that no list can show',
    text: changed(['Read production data', 'x'.repeat(76)]),
    says: [
      '16:12 error roles.readonly.title: at most 75 characters → What people read and pick from the list. For example: title: Read production data',
    ],
  },
  {
    name: 'invisible characters',
    text: changed(['Read production data', '"a\\u202Eb"']),
    says: [
      '16:12 error roles.readonly.title: it holds characters that cannot be seen → What people read and pick from the list. For example: title: Read production data',
    ],
  },
  {
    name: 'a mistyped key at the top',
    text: changed(['organization: acme', 'organisation: acme']),
    says: [
      '1:1 error organization: this key is missing → Name shown to people. For example: organization: acme',
      '1:1 error organisation: unknown key "organisation" → Did you mean "organization"?',
    ],
  },
  {
    name: 'a mistyped key of a role',
    text: changed(['    who:', '    whom:']),
    says: [
      '15:3 error roles.readonly.who: this key is missing → Groups whose members may ask. For example: who: [engineers]',
      '19:5 error roles.readonly.whom: unknown key "whom" → Did you mean "who"?',
    ],
  },
  {
    name: 'a key like no other',
    text: changed(['    who: [engineers]', '    who: [engineers]\n    colour: red']),
    says: [
      '20:5 error roles.readonly.colour: unknown key "colour" → Known here: approval, description, duration, grant, pending, requires, reviewers, risk, target, title, who.',
    ],
  },
  {
    name: 'a mistyped key of Slack',
    text: changed(['mode: socket', 'mode: socket, comand: /x']),
    says: ['2:32 error chat.slack.comand: unknown key "comand" → Did you mean "command"?'],
  },
  {
    name: 'an unknown word',
    text: changed(['mode: socket', 'mode: sockets']),
    says: [
      '2:24 error chat.slack.mode: "sockets" is none of the words that belong here → Did you mean "socket"? How Slack reaches Hallpass: socket needs no public address (SLACK_APP_TOKEN), http needs one (SLACK_SIGNING_SECRET). One of socket or http. For example: mode: socket',
    ],
  },
  {
    name: 'a command without its slash',
    text: changed(['mode: socket', 'mode: socket, command: jit']),
    says: [
      '2:41 error chat.slack.command: a command begins with / and has 2 to 32 lower-case letters, digits, dashes and underscores → The slash command, as in the Slack app. For example: command: /jit',
    ],
  },
  {
    name: 'a command in capitals',
    text: changed(['mode: socket', 'mode: socket, command: /JIT']),
    says: [
      '2:41 error chat.slack.command: a command begins with / and has 2 to 32 lower-case letters, digits, dashes and underscores → The slash command, as in the Slack app. For example: command: /jit',
    ],
  },
  {
    name: 'a command of 33 characters',
    text: changed(['mode: socket', `mode: socket, command: /${'a'.repeat(32)}`]),
    says: [
      '2:41 error chat.slack.command: a command begins with / and has 2 to 32 lower-case letters, digits, dashes and underscores → The slash command, as in the Slack app. For example: command: /jit',
    ],
  },
  {
    name: 'tokens in clear text',
    text: changed(['mode: socket', 'mode: socket, api_url: "http://evil.test/api/"']),
    says: [
      '2:41 error chat.slack.api_url: it has to be https:// and to end in /api/ → Address of the Web API when it is not slack.com, such as GovSlack. For example: api_url: https://slack-gov.com/api/',
    ],
  },
  {
    name: 'app and workspace by name',
    text: changed(['mode: socket', 'mode: socket, app_id: hallpass, team_id: acme']),
    says: [
      '2:40 error chat.slack.app_id: an app id begins with A → The Slack app, from its Basic Information page; events of other apps are refused. For example: app_id: A0123456789',
      '2:59 error chat.slack.team_id: a workspace id begins with T, an organisation id with E → The workspace or organisation; events of others are refused. For example: team_id: T0123456789',
    ],
  },
  {
    name: 'a channel by name',
    text: changed(['slack:C0AUDIT', '"#audit"']),
    says: [
      '3:16 error audit_channel: a channel is written slack: and its id, which begins with C → Channel where everything is told. To copy the id: open the channel in Slack, click its name at the top, and copy the Channel ID at the bottom of the About tab. For example: audit_channel: slack:C0AUDIT',
    ],
  },
  {
    name: 'a channel id alone',
    text: changed(['slack:C0AUDIT', 'C0AUDIT']),
    says: [
      '3:16 error audit_channel: a channel is written slack: and its id, which begins with C → Channel where everything is told. To copy the id: open the channel in Slack, click its name at the top, and copy the Channel ID at the bottom of the About tab. For example: audit_channel: slack:C0AUDIT',
    ],
  },
  {
    name: 'a channel name after slack:',
    text: changed(['slack:C0AUDIT', 'slack:audit']),
    says: [
      '3:16 error audit_channel: a channel is written slack: and its id, which begins with C → Channel where everything is told. To copy the id: open the channel in Slack, click its name at the top, and copy the Channel ID at the bottom of the About tab. For example: audit_channel: slack:C0AUDIT',
    ],
  },
  {
    name: 'a Teams channel',
    text: changed(['slack:C0AUDIT', 'teams:19x']),
    says: [
      '3:16 error audit_channel: "teams:19x" is not in this version yet → Remove it: Microsoft Teams will come with a later version, and until then nothing would be done about it.',
    ],
  },
  {
    name: 'a user group by handle',
    text: changed(['S012AB3CD', '"@eng"']),
    says: [
      '6:33 error groups.engineers.slack_usergroup: a Slack user group is given by its id, which begins with S → Id of a Slack user group. To copy it: More → People → User groups, open the group, ⋮ → Copy group ID. For example: slack_usergroup: S012AB3CD',
    ],
  },
  {
    name: 'a member without address',
    text: changed(['ana@acme.test', 'ana']),
    says: [
      '7:21 error groups.dbas.members[0]: this is not an e-mail address → E-mail addresses, as in their Slack profiles. For example: members: [ana@acme.test]',
    ],
  },
  {
    name: 'a member twice',
    text: changed(['ben@acme.test', 'ANA@acme.test']),
    says: ['7:36 warning groups.dbas.members[1]: "ANA@acme.test" is listed twice → Remove one: a person counts once.'],
  },
  {
    name: 'a name in capitals',
    text: changed(['  dbas:', '  DBAs:'], ['from: [dbas]', 'from: [DBAs]']),
    says: [
      '7:3 error groups.DBAs: "DBAs" cannot be a name → Use lower-case letters, digits, dots, dashes and underscores, begin with a letter or digit, and stay within 64.',
    ],
  },
  {
    name: 'a mistyped target',
    text: changed(['target: prod-db', 'target: prod-bd']),
    says: ['17:13 error roles.readonly.target: there is no target "prod-bd" → Did you mean "prod-db"?'],
  },
  {
    name: 'a target like no other',
    text: changed(['target: prod-db', 'target: other']),
    says: [
      '17:13 error roles.readonly.target: there is no target "other" → Add it under targets, or use one of these: prod-db.',
    ],
  },
  {
    name: 'a mistyped group of requesters',
    text: changed(['who: [engineers]', 'who: [enginers]']),
    says: ['19:11 error roles.readonly.who[0]: there is no group "enginers" → Did you mean "engineers"?'],
  },
  {
    name: 'the word security for its group',
    text: changed(['from: [dbas]', 'from: [security]']),
    says: [
      '21:25 error roles.readonly.approval[0].from[0]: there is no group "security" → The security group is called "secops" here.',
    ],
  },
  {
    name: 'an unknown security group',
    text: changed(['security: secops', 'security: root']),
    says: [
      '4:11 error security: there is no group "root" → Add it under groups, or use one of these: engineers, dbas, secops.',
    ],
  },
  {
    name: 'a mistyped adapter',
    text: changed(['adapter: postgres', 'adapter: postgress']),
    says: [
      '11:14 error targets.prod-db.adapter: "postgress" is none of the words that belong here → Did you mean "postgres"? Kind of system. One of postgres, webhook or broken. For example: adapter: postgres',
    ],
  },
  {
    name: 'a target without adapter',
    text: changed(['    adapter: postgres\n', '']),
    says: [
      '10:3 error targets.prod-db.adapter: this key is missing → Kind of system. One of postgres, webhook or broken. For example: adapter: postgres',
    ],
  },
  {
    name: 'what the adapter refuses',
    text: changed(['people: "{mail.local}"', 'people: "{mail.loc}"\n    sesions: end\n    replicas: [1]']),
    says: [
      "13:13 error targets.prod-db.people: write {mail.local} or {mail} once, with nothing around it but letters, digits and . _ @ + - → How a person's own login role is found.",
      '14:5 error targets.prod-db.sesions: unknown key "sesions" → Did you mean "sessions"?',
      '15:16 error targets.prod-db.replicas[0]: this is a number, and a text belongs here → Compare it with hallpass.example.yaml.',
    ],
  },
  {
    name: 'entries of a list that the adapter refuses',
    text: changed(['people: "{mail.local}"', 'people: { ana: x, ben@acme.test: "" }']),
    says: [
      "13:15 error targets.prod-db.people.ana: write an e-mail address, in plain ASCII → How a person's own login role is found.",
      "13:38 error targets.prod-db.people.ben@acme.test: it is empty → How a person's own login role is found.",
    ],
  },
  {
    name: 'none of the forms that the adapter takes',
    text: changed(['people: "{mail.local}"', 'people: 5']),
    says: [
      "13:13 error targets.prod-db.people: this is not of the form that belongs here → How a person's own login role is found.",
    ],
  },
  {
    name: 'a grant that the adapter refuses',
    text: changed(['role: readonly', 'role: Read-Only, more: 1']),
    says: [
      '18:20 error roles.readonly.grant.role: role names have lower-case letters and underscores → The role.',
      '18:31 error roles.readonly.grant.more: unknown key "more" → Known here: role.',
    ],
  },
  {
    name: 'a role without grant',
    text: changed(['    grant: { role: readonly }\n', '']),
    says: [
      "15:3 error roles.readonly.grant: this key is missing → What is granted there, in the words of the target's adapter. For example: grant: { role: readonly }",
    ],
  },
  {
    name: 'the grant of another kind of target',
    text: changed(['role: readonly', 'right: x']),
    says: [
      '18:5 error roles.readonly.grant.role: this key is missing → The role.',
      '18:14 error roles.readonly.grant.right: unknown key "right" → Known here: role.',
    ],
  },
  {
    name: 'a default above the maximum',
    text: changed(['default: 1h, max: 4h', 'default: 5h, max: 4h']),
    says: [
      '20:26 error roles.readonly.duration.default: the default is longer than the maximum of 4 h → Lower it, or raise max.',
    ],
  },
  {
    name: 'a minimum above the default',
    text: changed(['default: 1h', 'min: 2h, default: 1h']),
    says: [
      '20:22 error roles.readonly.duration.min: the minimum is longer than the default of 1 h → Lower it, or raise default.',
    ],
  },
  {
    name: 'a maximum of days',
    text: changed(['max: 4h', 'max: 2d']),
    says: [
      '20:35 warning roles.readonly.duration.max: access may last 2 d → Privileges for more than a day are nearly standing ones: consider 24h or less.',
    ],
  },
  {
    name: 'durations of the wrong form',
    text: changed(['default: 1h, max: 4h', 'default: 1.5h, max: 4']),
    says: [
      '20:26 error roles.readonly.duration.default: durations have no fractions: 1.5h is written 1h30m → Duration when none is asked for. For example: default: 1h',
      '20:37 error roles.readonly.duration.max: this is a number, and a text belongs here → Longest duration that can be asked for. For example: max: 4h',
    ],
  },
  {
    name: 'a missing default',
    text: changed(['default: 1h, ', '']),
    says: [
      '20:5 error roles.readonly.duration.default: this key is missing → Duration when none is asked for. For example: default: 1h',
    ],
  },
  {
    name: 'an empty list of requesters',
    text: changed(['who: [engineers]', 'who: []']),
    says: [
      '19:10 error roles.readonly.who: the list is empty, and empty means nobody → Groups whose members may ask. For example: who: [engineers]',
    ],
  },
  {
    name: 'only empty groups may ask',
    text: changed(['engineers: { slack_usergroup: S012AB3CD }', 'engineers: {}']),
    says: [
      '6:3 warning groups.engineers: nobody is in this group → List members, or give a slack_usergroup.',
      '19:10 error roles.readonly.who: nobody is in these groups, so nobody could ask → Name a group that has members.',
    ],
  },
  {
    name: 'no stage of approval',
    text: changed(['approval: [{ from: [dbas] }]', 'approval: []']),
    says: [
      '21:15 error roles.readonly.approval: the list is empty, and empty means nobody → Who has to approve, stage by stage. For example: approval: [{ from: [dbas], count: 1 }]',
    ],
  },
  {
    name: 'an empty list of approvers',
    text: changed(['from: [dbas]', 'from: []']),
    says: [
      '21:24 error roles.readonly.approval[0].from: the list is empty, and empty means nobody → Groups whose members may approve at this stage. For example: from: [dbas]',
    ],
  },
  {
    name: 'only empty groups approve',
    text: changed(['members: [ana@acme.test, ben@acme.test]', 'members: []']),
    says: [
      '7:3 warning groups.dbas: nobody is in this group → List members, or give a slack_usergroup.',
      '21:24 error roles.readonly.approval[0].from: nobody is in these groups, so nobody could approve → Name a group that has members.',
    ],
  },
  {
    name: 'more approvals than approvers',
    text: changed(['from: [dbas]', 'from: [dbas], count: 3']),
    says: [
      '21:39 error roles.readonly.approval[0].count: 3 have to approve, and these groups have 2 members → Lower count, or name groups with more members.',
    ],
  },
  {
    name: 'no approvals needed',
    text: changed(['from: [dbas]', 'from: [dbas], count: 0']),
    says: [
      '21:39 error roles.readonly.approval[0].count: at least 1 → How many different people have to approve. For example: count: 1',
    ],
  },
  {
    name: 'half an approval',
    text: changed(['from: [dbas]', 'from: [dbas], count: 1.5']),
    says: [
      '21:39 error roles.readonly.approval[0].count: this is a number, and a whole number belongs here → How many different people have to approve. For example: count: 1',
    ],
  },
  {
    name: 'a number in quotes',
    text: changed(['from: [dbas]', 'from: [dbas], count: "2"']),
    says: [
      '21:39 error roles.readonly.approval[0].count: this is a text, and a number belongs here → How many different people have to approve. For example: count: 1',
    ],
  },
  {
    name: 'an empty security group',
    text: changed(['secops: { slack_usergroup: S034CD5EF }', 'secops: {}']),
    says: [
      '4:11 error security: nobody is in the group "secops", so nobody could revoke or freeze → List members, or give a slack_usergroup.',
    ],
  },
  {
    name: 'the only approver is the only requester',
    text: changed(
      ['who: [engineers]', 'who: [dbas]'],
      ['members: [ana@acme.test, ben@acme.test]', 'members: [ana@acme.test]'],
    ),
    says: [
      '21:24 warning roles.readonly.approval[0].from: everybody who may ask is needed as an approver, so nobody could ever get this role → Nobody approves their own request: add approvers.',
    ],
  },
  {
    name: 'some requesters are needed as approvers',
    text: changed(['who: [engineers]', 'who: [engineers, dbas]'], ['from: [dbas]', 'from: [dbas], count: 2']),
    says: [
      '21:24 warning roles.readonly.approval[0].from: ana@acme.test, ben@acme.test could never get this role → Nobody approves their own request: add approvers.',
    ],
  },
  {
    name: 'two roles with one title',
    text: changed([
      'roles:\n',
      'roles:\n  other:\n    title: read  production data\n    target: prod-db\n    grant: { role: readonly }\n    who: [engineers]\n    duration: { default: 1h, max: 4h }\n    approval: [{ from: [dbas] }]\n',
    ]),
    says: [
      '23:12 error roles.readonly.title: the role "other" is called the same → Give each role a title of its own, which is no other role’s name either.',
    ],
  },
  {
    name: 'a role called like a command',
    text: changed(['  readonly:', '  list:']),
    says: [
      '15:3 warning roles.list: "list" is also a command → People can type "request list" or its title in quotes; another name would be simpler.',
    ],
  },
  {
    name: 'a role called like a duration',
    text: changed(['  readonly:', '  2h:']),
    says: ['15:3 error roles.2h: "2h" would be read as a duration → Choose another name for the role.'],
  },
  {
    name: 'no roles',
    text: `${SHORT.slice(0, SHORT.indexOf('roles:'))}roles: {}\n`,
    says: ['14:1 warning roles: there are no roles, so nobody can ask for anything → Add a role.'],
  },
  {
    name: 'a password in a URL',
    text: changed(['$PROD_DB_URL', 'postgres://hallpass:hunter2hunter2@db/x']),
    says: [
      '12:10 error targets.prod-db.url: a secret stands in the file itself → Set PROD_DB_URL in the environment (or PROD_DB_URL_FILE to a file that holds it) and write url: $PROD_DB_URL. Then replace the secret: whoever saw this file knows it.',
    ],
  },
  {
    name: 'a Slack token',
    text: changed(['mode: socket', 'mode: socket, bot_token: xoxb-123456789012']),
    says: [
      '2:43 error chat.slack.bot_token: a secret stands in the file itself → Set SLACK_BOT_TOKEN in the environment (or SLACK_BOT_TOKEN_FILE to a file that holds it) and remove this line. Then replace the secret: whoever saw this file knows it.',
    ],
  },
  {
    name: 'a token where none belongs',
    text: changed(['organization: acme', 'organization: xoxb-123456789012']),
    says: [
      '1:15 error organization: a secret stands in the file itself → Remove it: no secret belongs here. Then replace the secret: whoever saw this file knows it.',
    ],
  },
  {
    name: 'a secret by the name of its key',
    text: changed([
      'adapter: postgres\n    url: $PROD_DB_URL\n    people: "{mail.local}"',
      'adapter: webhook\n    url: https://x.test/\n    secret: abcdefgh',
    ]),
    says: [
      '13:13 error targets.prod-db.secret: a secret stands in the file itself → Set PROD_DB_SECRET in the environment (or PROD_DB_SECRET_FILE to a file that holds it) and write secret: $PROD_DB_SECRET. Then replace the secret: whoever saw this file knows it.',
      '18:5 error roles.readonly.grant.right: this key is missing → Compare it with hallpass.example.yaml.',
      '18:14 error roles.readonly.grant.role: unknown key "role" → Known here: right.',
    ],
  },
  {
    name: 'a reference outside of targets',
    text: changed(['organization: acme', 'organization: $ORG']),
    says: [
      '1:15 error organization: references such as $NAME are taken in targets, in alarms and for the store → Write the value itself.',
    ],
  },
  {
    name: 'a reference in braces',
    text: changed(['$PROD_DB_URL', '\u0024{PROD_DB_URL}']),
    says: [
      '12:10 error targets.prod-db.url: this form of reference is not known → Write $NAME, in capitals and without braces.',
    ],
  },
  {
    name: 'a reference to nothing',
    text: changed(['$PROD_DB_URL', '$OTHER_URL']),
    says: [
      '12:10 error targets.prod-db.url: OTHER_URL is not set → Set OTHER_URL in the environment, or OTHER_URL_FILE to the path of a file that holds it.',
    ],
  },
  {
    name: 'a value of the environment that the adapter refuses',
    text: changed(['$PROD_DB_URL', '$BAD_URL']),
    changes: { env: { ...ENVIRONMENT, BAD_URL: 'mysql://u:pppppppppppppp@x' } },
    says: ['12:10 error targets.prod-db.url: write postgres://user:password@host/database → Address of the database.'],
  },
  {
    name: 'a store on PostgreSQL without its database',
    text: changed(['roles:', 'store: postgres://u@h\nroles:']),
    says: [
      '14:8 error store: the address of the store is wrong: name the database after the host: …@host:5432/database → A PostgreSQL store is postgres://user:password@host:5432/database, percent-encoded.',
    ],
  },
  {
    name: 'a store that the environment does not name',
    text: changed(['roles:', 'store: $HALLPASS_STORE\nroles:']),
    says: [
      '14:8 error store: HALLPASS_STORE is not set → Set HALLPASS_STORE in the environment, or HALLPASS_STORE_FILE to the path of a file that holds it.',
    ],
  },
  {
    name: 'a store of the environment that is none',
    text: changed(['roles:', 'store: $HALLPASS_STORE\nroles:']),
    changes: { env: { ...ENVIRONMENT, HALLPASS_STORE: 'mysql://u:pppppppp@h/db' } },
    says: [
      '14:8 error store: the address of the store is wrong: start it with postgres:// → A PostgreSQL store is postgres://user:password@host:5432/database, percent-encoded.',
    ],
  },
  {
    name: 'a password in the store',
    text: changed(['roles:', 'store: postgres://u:pppppppp@h/db\nroles:']),
    says: [
      '14:8 error store: a secret stands in the file itself → Set HALLPASS_STORE in the environment (or HALLPASS_STORE_FILE to a file that holds it) and write store: $HALLPASS_STORE. Then replace the secret: whoever saw this file knows it.',
    ],
  },
  {
    name: 'a password in the store that looks like a port',
    text: changed(['roles:', 'store: postgres://u:5432@h/db\nroles:']),
    says: [
      '14:8 error store: a secret stands in the file itself → Set HALLPASS_STORE in the environment (or HALLPASS_STORE_FILE to a file that holds it) and write store: $HALLPASS_STORE. Then replace the secret: whoever saw this file knows it.',
    ],
  },
  {
    name: 'several replicas on a file',
    text: changed(['roles:', 'replicas: 2\nroles:']),
    says: [
      '14:11 error replicas: only one Hallpass can work on a file of SQLite → Set store to a PostgreSQL database that all of them reach (docs/replicas.md), or leave replicas out.',
    ],
  },
  {
    name: 'more replicas than Slack has connections for, and a file under them',
    text: changed(['roles:', 'replicas: 6\nstore: sqlite:/x.db\nroles:']),
    says: [
      '14:11 error replicas: in socket mode Slack allows 10 connections of an app, and each replica opens 2 → Run at most 5, or set chat.slack.mode to http, with a load balancer before them.',
      '14:11 error replicas: only one Hallpass can work on a file of SQLite → Set store to a PostgreSQL database that all of them reach (docs/replicas.md), or leave replicas out.',
    ],
  },
  ...(
    [
      ['0', 'at least 1'],
      ['17', 'at most 16'],
    ] as const
  ).map(([replicas, says]) => ({
    name: `${replicas} replicas`,
    text: changed(['roles:', `replicas: ${replicas}\nroles:`]),
    says: [
      `14:11 error replicas: ${says} → How many Hallpass work on this store at most, each with this same file. More than one needs a PostgreSQL store. For example: replicas: 2`,
    ],
  })),
  {
    name: 'a store that is only a path',
    text: changed(['roles:', 'store: /data/x.db\nroles:']),
    says: [
      '14:8 error store: the store is written sqlite: and a file, or $NAME, which is a postgres:// address in the environment → Where requests, passes and the log are kept: a file for one process, or a PostgreSQL database of its own for several. An address with a password is taken from the environment. For example: store: sqlite:./data/hallpass.db',
    ],
  },
  {
    name: 'a port and an address that are none',
    text: changed(['roles:', 'http: { port: 70000, host: "a b" }\nroles:']),
    says: [
      '14:15 error http.port: at most 65535 → Port to listen on. For example: port: 3000',
      '14:28 error http.host: this is neither an address nor a host name → Address to listen on; 0.0.0.0 for all. For example: host: 127.0.0.1',
    ],
  },
  {
    name: 'clear text and an unknown log level',
    text: changed(['roles:', 'base_url: http://x.test\nlog: { level: trace }\nroles:']),
    says: [
      '14:11 error base_url: it has to begin with https:// → Address under which people reach the web server. For example: base_url: https://hallpass.acme.test',
      '15:15 error log.level: "trace" is none of the words that belong here → The least important thing that is logged. One of debug, info, warn or error. For example: level: info',
    ],
  },
  {
    name: 'an alias',
    text: changed(['who: [engineers]', 'who: *all']),
    says: [
      '19:10 error roles.readonly.who: YAML aliases (*name) are not taken → Write the value out in each place where it is needed.',
    ],
  },
  {
    name: 'an anchor',
    text: changed(['who: [engineers]', 'who: &all [engineers]']),
    says: [
      '19:15 error roles.readonly.who: YAML anchors (&name) are not taken → Write the value out in each place where it is needed.',
    ],
  },
  {
    name: 'a tag',
    text: changed(['who: [engineers]', 'who: !!set [engineers]']),
    says: [
      '19:16 error roles.readonly.who: YAML tags (!name) are not taken → Leave the tag away: the kind of each value is known.',
    ],
  },
  {
    name: 'a merge key',
    text: changed(['    who: [engineers]', '    <<: { who: [engineers] }']),
    says: [
      '19:5 error roles.readonly: the YAML merge key (<<) is not taken → Write the value out in each place where it is needed.',
    ],
  },
  {
    name: 'a key twice',
    text: changed(['security: secops', 'security: secops\nsecurity: dbas']),
    says: [
      '5:1 error security: the key "security" stands here a second time → Keep one of the two: the other would silently be lost.',
    ],
  },
  {
    name: 'a key of JavaScript',
    text: changed(['organization: acme', '__proto__: { isAdmin: true }\norganization: acme']),
    says: [
      '1:1 error __proto__: this key has a meaning of its own in JavaScript and is not taken → Choose another name.',
    ],
  },
  {
    name: 'a directive',
    text: `%YAML 1.1\n---\n${SHORT}`,
    says: ['1:1 error : YAML directives (lines that begin with %) are not taken → Remove the line.'],
  },
  {
    name: 'a tab',
    text: changed(['  prod-db:', '\tprod-db:']),
    says: ['10:1 error : tabs cannot indent → Indent with two spaces for each level, and all keys of one level alike.'],
  },
  {
    name: 'a quote that is never closed',
    text: changed(['title: Read', 'title: "Read']),
    says: [
      '16:12 error : a quote, bracket, brace, comma or space is missing → Close every bracket, brace and quote, and put a comma between the items of a list in one line.',
    ],
  },
  {
    name: 'a colon in a text',
    text: changed(['title: Read', 'title: Read: all']),
    says: [
      '16:12 error : there are two keys on one line, or a text with ": " in it → Put the text in quotes: key: "text"',
    ],
  },
  {
    name: 'two documents',
    text: `${SHORT}---\na: 1\n`,
    says: ['22:1 error : a second document begins here → Remove the line ---: the configuration is one document.'],
  },
  {
    name: 'an empty file',
    text: '',
    says: ['1:1 error : the file is empty → Start from hallpass.example.yaml.'],
  },
  {
    name: 'a file of comments',
    text: '# nothing\n',
    says: ['1:1 error : the file is empty → Start from hallpass.example.yaml.'],
  },
  {
    name: 'a text for a file',
    text: 'hello',
    says: ['1:1 error : this is a text, and a block of keys belongs here → Compare it with hallpass.example.yaml.'],
  },
  {
    name: 'a list for a file',
    text: '- a\n',
    says: ['1:1 error : this is a list, and a block of keys belongs here → Compare it with hallpass.example.yaml.'],
  },
  {
    name: 'null for a file',
    text: '~',
    says: ['1:1 error : the value is missing: a block of keys belongs here → Compare it with hallpass.example.yaml.'],
  },
  {
    name: 'nesting without end',
    text: changed(['role: readonly', `role: ${'['.repeat(30)}${']'.repeat(30)}`]),
    says: [
      '18:20 error roles.readonly.grant.role: this is a list, and a text belongs here → The role.',
      '18:37 error roles.readonly.grant.role[0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0]: this is nested more than 20 levels deep → Check the indentation of the lines above.',
    ],
  },
  {
    name: 'a file of a megabyte',
    text: '#'.repeat(1_100_000),
    says: [
      '1:1 error : the file is larger than 1 MB → A configuration is some kilobytes: check that this is the right file.',
    ],
  },
  {
    name: 'half a character',
    text: changed(['organization: acme', 'organization: "\\uD800"']),
    says: [
      '1:15 error organization: this text holds half a character → Write the character itself instead of its \\u escapes.',
    ],
  },
  {
    name: 'a key that is a list',
    text: changed(['organization: acme', '? [a]\n: b\norganization: acme']),
    says: ['1:3 error : this key is not a text → Write one key and its value on each line: key: value'],
  },
  {
    name: 'an adapter that makes no JSON',
    text: changed(
      ['adapter: postgres\n    url: $PROD_DB_URL\n    people: "{mail.local}"', 'adapter: broken'],
      ['role: readonly', 'since: now'],
    ),
    says: [
      '16:5 error roles.readonly.grant: the adapter broken made something of this block that cannot be kept → This is a mistake in the adapter: report it to its author.',
    ],
  },
  {
    name: 'an empty environment',
    text: SHORT,
    changes: { env: {} },
    says: [
      '0:0 error : HALLPASS_SIGNING_KEY is not set → Set HALLPASS_SIGNING_KEY in the environment, or HALLPASS_SIGNING_KEY_FILE to the path of a file that holds it. To make one: npx hallpass keygen',
      '2:9 error chat.slack: SLACK_APP_TOKEN is not set → Set SLACK_APP_TOKEN in the environment, or SLACK_APP_TOKEN_FILE to the path of a file that holds it. It stands under Basic Information → App-Level Tokens of your app on api.slack.com/apps, and needs connections:write.',
      '2:9 error chat.slack: SLACK_BOT_TOKEN is not set → Set SLACK_BOT_TOKEN in the environment, or SLACK_BOT_TOKEN_FILE to the path of a file that holds it. It stands under OAuth & Permissions of your app on api.slack.com/apps.',
      '12:10 error targets.prod-db.url: PROD_DB_URL is not set → Set PROD_DB_URL in the environment, or PROD_DB_URL_FILE to the path of a file that holds it.',
    ],
  },
  {
    name: 'an environment of wrong values',
    text: SHORT,
    changes: {
      env: {
        SLACK_BOT_TOKEN: 'xapp-1',
        SLACK_APP_TOKEN: 'xoxb-1',
        SLACK_SIGNING_SECRET: 'short',
        HALLPASS_SIGNING_KEY: 'x',
        PROD_DB_URL: '  ',
      },
    },
    says: [
      '0:0 error : HALLPASS_SIGNING_KEY is not a signing key → To make one: npx hallpass keygen',
      '2:9 error chat.slack: SLACK_APP_TOKEN does not begin with xapp- → It stands under Basic Information → App-Level Tokens of your app on api.slack.com/apps, and needs connections:write.',
      '2:9 error chat.slack: SLACK_BOT_TOKEN does not begin with xoxb- → It stands under OAuth & Permissions of your app on api.slack.com/apps.',
      '2:9 error chat.slack: SLACK_SIGNING_SECRET is shorter than 32 characters → It stands under Basic Information → Signing Secret of your app on api.slack.com/apps.',
      '12:10 error targets.prod-db.url: PROD_DB_URL is blank → Set PROD_DB_URL in the environment, or PROD_DB_URL_FILE to the path of a file that holds it.',
    ],
  },
  {
    name: 'a value twice in the environment',
    text: SHORT,
    changes: { env: { ...ENVIRONMENT, PROD_DB_URL_FILE: '/x' } },
    says: [
      '12:10 error targets.prod-db.url: both PROD_DB_URL and PROD_DB_URL_FILE are set → Set one of them only, so that it is clear which counts.',
    ],
  },
  {
    name: 'a file that is not there',
    text: SHORT,
    changes: { env: { ...ENVIRONMENT, PROD_DB_URL: undefined, PROD_DB_URL_FILE: '/x' } },
    says: [
      '12:10 error targets.prod-db.url: the file of PROD_DB_URL_FILE cannot be read (ENOENT) → Check the path and who may read it.',
    ],
  },
  {
    name: 'HTTP mode without signing secret',
    text: changed(['mode: socket', 'mode: http']),
    changes: { env: { SLACK_BOT_TOKEN: 'xoxb-1' } },
    says: [
      '0:0 error : HALLPASS_SIGNING_KEY is not set → Set HALLPASS_SIGNING_KEY in the environment, or HALLPASS_SIGNING_KEY_FILE to the path of a file that holds it. To make one: npx hallpass keygen',
      '2:9 error chat.slack: SLACK_SIGNING_SECRET is not set → Set SLACK_SIGNING_SECRET in the environment, or SLACK_SIGNING_SECRET_FILE to the path of a file that holds it. It stands under Basic Information → Signing Secret of your app on api.slack.com/apps.',
      '12:10 error targets.prod-db.url: PROD_DB_URL is not set → Set PROD_DB_URL in the environment, or PROD_DB_URL_FILE to the path of a file that holds it.',
    ],
  },
];

describe('problems of a configuration', () => {
  it.each(FIXTURES)('$name', ({ text, changes, says }) => {
    expect(problemsOf(text, changes)).toEqual(says);
  });

  it('has nothing to say about a file that is in order', () => {
    expect(problemsOf(SHORT)).toEqual([]);
  });
});
