// The doctor's Slack part: each thing that can be wrong is made wrong once, found, and named with a remedy.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { SlackSettings } from '../../../src/chat/slack/index.ts';
import { secretOf } from '../../../src/lib/secret.ts';
import type { WorkspaceOptions } from '../../../src/local/slack/workspace-types.ts';
import type { Finding } from '../../../src/ports/chat-platform.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { ARCHIVED, ELSEWHERE, type Mode, platformFor, REVIEW, SCOPES, SHARED, workspaceOn } from './rig.ts';

const channel = (id: string) => ({ platform: 'slack', channel: id });

/** The doctor compares our time with that of the workspace's HTTP server, which is the machine's. */
function machine(offMs = 0): Clock {
  return { now: () => Date.now() + offMs, sleep: () => new Promise(() => undefined) };
}

interface Patient {
  readonly mode?: Mode;
  readonly workspace?: Partial<WorkspaceOptions>;
  readonly settings?: Partial<SlackSettings>;
  readonly offMs?: number;
  readonly channels?: readonly string[];
  readonly groups?: readonly string[];
  readonly fail?: readonly [method: string, fault: { readonly error: string } | { readonly status: number }];
}

interface Expected {
  readonly what: string;
  readonly state: Finding['state'];
  readonly says: RegExp;
  readonly remedy: RegExp;
}
type Sickness = readonly [name: string, patient: Patient, expected: Expected];

async function examine(patient: Patient): Promise<readonly Finding[]> {
  const { mode = 'socket', channels = [], groups = [] } = patient;
  const workspace = await workspaceOn(machine(), mode, patient.workspace);
  const { platform } = await platformFor(workspace, mode, machine(patient.offMs), {
    start: false,
    ...(patient.settings && { settings: patient.settings }),
  });
  if (patient.fail) workspace.failNext(patient.fail[0], 10, patient.fail[1]);
  return platform.check(channels.map(channel), groups);
}

describe('the doctor', () => {
  it.each(['socket', 'http'] as const)('finds nothing wrong over %s where nothing is', async (mode) => {
    const findings = await examine({ mode, channels: [REVIEW, 'C0PRIVATE'], groups: ['S0DBAS'] });
    expect(findings.filter(({ state }) => state !== 'ok')).toEqual([]);
    expect(findings.map(({ what }) => what)).toEqual([
      'Slack bot token',
      mode === 'socket' ? 'Slack app-level token' : 'Slack signing secret',
      'Slack bot token',
      'Slack scopes',
      'Clock',
      ...(mode === 'socket' ? ['Slack app-level token'] : []),
      `Slack channel ${REVIEW}`,
      'Slack channel C0PRIVATE',
      'Slack user group S0DBAS',
    ]);
  });

  it.each<Sickness>([
    [
      'a bot token of the wrong kind',
      { settings: { botToken: secretOf('xoxp-1-user-token') } },
      { what: 'Slack bot token', state: 'wrong', says: /right kind/, remedy: /Bot User OAuth Token/ },
    ],
    [
      'a bot token with a line end',
      { settings: { botToken: secretOf('xoxb-token\n') } },
      { what: 'Slack bot token', state: 'wrong', says: /line ends/, remedy: /without them/ },
    ],
    [
      'a signing secret with a line end',
      { mode: 'http', settings: { signingSecret: secretOf(`${'x'.repeat(32)}\n`) } },
      { what: 'Slack signing secret', state: 'wrong', says: /line ends/, remedy: /without them/ },
    ],
    [
      'a bot token that Slack refuses',
      { settings: { botToken: secretOf('xoxb-wrong') } },
      { what: 'Slack bot token', state: 'wrong', says: /invalid_auth/, remedy: /SLACK_BOT_TOKEN/ },
    ],
    [
      'Slack away',
      { fail: ['auth.test', { status: 503 }] },
      { what: 'Slack bot token', state: 'wrong', says: /did not answer \(http_503\)/, remedy: /network/ },
    ],
    [
      'an app-level token of the wrong kind',
      { settings: { appToken: secretOf('xoxb-not-this-one') } },
      { what: 'Slack app-level token', state: 'wrong', says: /xapp-/, remedy: /SLACK_APP_TOKEN/ },
    ],
    [
      'an app-level token that Slack refuses',
      { settings: { appToken: secretOf('xapp-1-wrong') } },
      { what: 'Slack app-level token', state: 'wrong', says: /invalid_auth/, remedy: /SLACK_APP_TOKEN/ },
    ],
    [
      'an app-level token that may not open connections',
      { fail: ['apps.connections.open', { error: 'missing_scope' }] },
      { what: 'Slack app-level token', state: 'wrong', says: /connections:write/, remedy: /App-Level Token/ },
    ],
    [
      'a token of another workspace',
      { settings: { teamId: 'T0OTHER' } },
      { what: 'Slack workspace', state: 'wrong', says: /T0LOCAL.*T0OTHER/, remedy: /team_id/ },
    ],
    [
      'a token of another app',
      { settings: { appId: 'A0OTHER' } },
      { what: 'Slack app', state: 'wrong', says: /A0HALLPASS.*A0OTHER/, remedy: /app_id/ },
    ],
    [
      'an app that cannot be read',
      { settings: { appId: 'A0HALLPASS' }, fail: ['bots.info', { error: 'bot_not_found' }] },
      { what: 'Slack app', state: 'wrong', says: /bot_not_found/, remedy: /manifest/ },
    ],
    ...SCOPES.filter((scope) => scope !== 'usergroups:read').map(
      (scope): Sickness => [
        `the scope ${scope} missing`,
        { workspace: { scopes: SCOPES.filter((one) => one !== scope) } },
        {
          what: 'Slack scopes',
          state: 'wrong',
          says: new RegExp(`^${scope} is missing`),
          remedy: /manifest\/slack\.json/,
        },
      ],
    ),
    ...[
      'chat:write.customize',
      'chat:write.public',
      'im:history',
      'mpim:history',
      'im:write',
      'admin',
      'admin.users:read',
      'files:read',
    ].map(
      (scope): Sickness => [
        `the scope ${scope} too many`,
        { workspace: { scopes: [...SCOPES, scope] } },
        {
          what: 'Slack scopes',
          state: 'warning',
          says: new RegExp(`^${scope} is granted, but `),
          remedy: new RegExp(`remove ${scope}`),
        },
      ],
    ),
    [
      'a clock that is three seconds off',
      { offMs: 3_500 },
      { what: 'Clock', state: 'warning', says: /s off Slack's/, remedy: /NTP/ },
    ],
    [
      'a clock that is three minutes off',
      { offMs: -180_000 },
      { what: 'Clock', state: 'wrong', says: /^is 180 s off|^is 181 s off|^is 179 s off/, remedy: /NTP/ },
    ],
    [
      'a channel that is not there',
      { channels: ['C0NOWHERE'] },
      { what: 'Slack channel C0NOWHERE', state: 'wrong', says: /not there/, remedy: /\/invite @hallpass/ },
    ],
    [
      'a channel that the bot is not in',
      { channels: [ELSEWHERE] },
      { what: `Slack channel ${ELSEWHERE}`, state: 'wrong', says: /not in #elsewhere/, remedy: /\/invite @hallpass/ },
    ],
    [
      'a channel that is shared',
      { channels: [SHARED] },
      { what: `Slack channel ${SHARED}`, state: 'wrong', says: /shared with other/, remedy: /your own/ },
    ],
    [
      'a channel that is archived',
      { channels: [ARCHIVED] },
      { what: `Slack channel ${ARCHIVED}`, state: 'wrong', says: /archived/, remedy: /unarchive/ },
    ],
    [
      'a channel whose history cannot be read (D09)',
      { channels: [REVIEW], fail: ['conversations.history', { error: 'not_allowed_token_type' }] },
      {
        what: `Slack channel ${REVIEW}`,
        state: 'wrong',
        says: /history.*not_allowed_token_type/,
        remedy: /channels:history/,
      },
    ],
    [
      'a channel that cannot be looked at',
      { channels: [REVIEW], workspace: { scopes: SCOPES.filter((one) => one !== 'channels:read') } },
      {
        what: `Slack channel ${REVIEW}`,
        state: 'wrong',
        says: /missing_scope:channels:read/,
        remedy: /grant channels:read/,
      },
    ],
    [
      'a channel while Slack is away',
      { channels: [REVIEW], fail: ['conversations.info', { status: 500 }] },
      { what: `Slack channel ${REVIEW}`, state: 'wrong', says: /http_500/, remedy: /try again/ },
    ],
    [
      'a group that is not there',
      { groups: ['S0NONE'] },
      { what: 'Slack user group S0NONE', state: 'wrong', says: /not there/, remedy: /id \(S…\)/ },
    ],
    [
      'a group that is empty',
      { groups: ['S0EMPTY'], workspace: { usergroups: [{ id: 'S0EMPTY', handle: 'empty', users: [] }] } },
      { what: 'Slack user group S0EMPTY', state: 'wrong', says: /empty/, remedy: /add people/ },
    ],
    [
      'groups that the plan does not have',
      { groups: ['S0DBAS'], fail: ['usergroups.users.list', { error: 'plan_upgrade_required' }] },
      { what: 'Slack user group S0DBAS', state: 'wrong', says: /paid Slack plan/, remedy: /list members/ },
    ],
    [
      'groups without the right to read them',
      { groups: ['S0DBAS'], workspace: { scopes: SCOPES.filter((one) => one !== 'usergroups:read') } },
      { what: 'Slack user group S0DBAS', state: 'wrong', says: /usergroups:read/, remedy: /grant usergroups:read/ },
    ],
  ])('finds %s', async (_, patient, { what, state, says, remedy }) => {
    const findings = await examine(patient);
    const found = findings.filter((one) => one.what === what && one.state === state);
    expect(found, JSON.stringify(findings)).not.toEqual([]);
    expect(
      found.some((one) => says.test(one.says) && remedy.test(one.remedy ?? '')),
      JSON.stringify(found),
    ).toBe(true);
    // Nothing else is blamed but what follows from it.
    for (const one of findings) if (one.state !== 'ok') expect(one.remedy).toMatch(/\w{3}/);
  });

  it('asks for user groups only when a group is used', async () => {
    const scopes = SCOPES.filter((one) => one !== 'usergroups:read');
    const findings = await examine({ workspace: { scopes } });
    expect(findings.filter(({ state }) => state !== 'ok')).toEqual([]);
  });

  it('says when Slack tells neither its scopes nor its time', async () => {
    const server = createServer((request, response) => {
      response.sendDate = false;
      request.resume();
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({ ok: true, team_id: 'T0LOCAL', bot_id: 'B0', user_id: 'U0', url: 'ws://127.0.0.1:1' }),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`;
    const findings = await examine({ settings: { apiUrl } });
    expect(findings.filter(({ state }) => state === 'warning').map(({ what }) => what)).toEqual([
      'Slack scopes',
      'Clock',
    ]);
  });

  it('shows no secret', async () => {
    const botToken = 'xoxb-canary-123456';
    const findings = await examine({ settings: { botToken: secretOf(botToken), appToken: secretOf('xapp-canary') } });
    expect(JSON.stringify(findings)).not.toContain('canary');
  });
});
