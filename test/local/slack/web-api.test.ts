// The front of the Web API: names, encodings, tokens, scopes, rate limits; and the methods about people.
import { describe, expect, it } from 'vitest';
import { METHODS } from '../../../src/local/slack/web-api-methods.ts';
import { ANA, BEN, BOT, bench, many, PRIVATE, REVIEW, STRANGER } from './support.ts';

const OFFERED = [
  'auth.test',
  'bots.info',
  'apps.connections.open',
  'chat.postMessage',
  'chat.update',
  'chat.postEphemeral',
  'chat.getPermalink',
  'conversations.info',
  'conversations.members',
  'conversations.history',
  'conversations.replies',
  'users.info',
  'users.lookupByEmail',
  'usergroups.list',
  'usergroups.users.list',
  'views.open',
  'views.update',
  'views.push',
  'views.publish',
  'files.getUploadURLExternal',
  'files.completeUploadExternal',
  'team.info',
];

describe('methods', () => {
  it('offers exactly these', () => {
    expect([...METHODS.keys()].sort()).toEqual([...OFFERED].sort());
  });

  it.each(['conversations.open', 'users.list', 'chat.delete', 'chat.scheduleMessage', 'toString', ''])(
    'does not know %s',
    async (name) => {
      const { call } = await bench();
      expect((await call(name)).body).toEqual({ ok: false, error: 'unknown_method', req_method: name });
    },
  );

  it('remembers each call without its token', async () => {
    const { call, workspace, clock } = await bench();
    await call('users.info', { user: ANA, token: workspace.botToken });
    expect(workspace.calls).toEqual([{ method: 'users.info', args: { user: ANA }, at: clock.now(), outcome: 'ok' }]);
  });
});

describe('encodings', () => {
  const post = (url: string, token: string, body: string, type?: string) =>
    fetch(url, {
      method: 'POST',
      body,
      headers: { authorization: `Bearer ${token}`, ...(type && { 'content-type': type }) },
    });

  it.each([
    [
      'JSON',
      'application/json; charset=utf-8',
      JSON.stringify({ channel: REVIEW, text: 'x', blocks: [{ type: 'divider' }] }),
    ],
    [
      'a form',
      'application/x-www-form-urlencoded',
      `channel=${REVIEW}&text=x&blocks=${encodeURIComponent('[{"type":"divider"}]')}`,
    ],
  ])('takes %s', async (_name, type, body) => {
    const { workspace } = await bench();
    const answer = await post(`${workspace.apiUrl}chat.postMessage`, workspace.botToken, body, type);
    expect(await answer.json()).toMatchObject({ ok: true, message: { blocks: [{ type: 'divider' }] } });
  });

  it.each([
    ['broken JSON', 'application/json', '{', 'invalid_json'],
    ['a JSON list', 'application/json', '[]', 'json_not_object'],
    ['plain text', 'text/plain', 'x', 'invalid_post_type'],
    ['broken blocks in a form', 'application/x-www-form-urlencoded', 'blocks=%5B', 'invalid_blocks_format'],
    ['a broken view in a form', 'application/x-www-form-urlencoded', 'view=%7B', 'invalid_arguments'],
  ])('refuses %s', async (_name, type, body, error) => {
    const { workspace } = await bench();
    const answer = await post(`${workspace.apiUrl}chat.postMessage`, workspace.botToken, body, type);
    expect(await answer.json()).toMatchObject({ ok: false, error });
  });

  it('refuses GET and a body over 1 MiB', async () => {
    const { workspace } = await bench();
    expect((await fetch(`${workspace.apiUrl}auth.test`)).status).toBe(405);
    const big = await post(
      `${workspace.apiUrl}auth.test`,
      workspace.botToken,
      'x'.repeat(1_048_577),
      'application/json',
    );
    expect(big.status).toBe(413);
  });
});

describe('tokens', () => {
  it('tells who the bot is', async () => {
    const { call } = await bench();
    expect((await call('auth.test')).body).toMatchObject({
      ok: true,
      user_id: BOT,
      bot_id: 'B0HALLPASS',
      team_id: 'T0LOCAL',
    });
  });

  it.each([
    ['no token', '', 'not_authed'],
    ['a made-up token', 'xoxb-other', 'invalid_auth'],
  ])('refuses %s', async (_name, token, error) => {
    const { call } = await bench();
    expect((await call('auth.test', {}, token)).body).toEqual({ ok: false, error });
  });

  it('refuses the token of the other kind', async () => {
    const { call, workspace } = await bench();
    expect((await call('auth.test', {}, workspace.appToken)).body.error).toBe('not_allowed_token_type');
    expect((await call('apps.connections.open')).body.error).toBe('not_allowed_token_type');
  });

  it('refuses revoked tokens', async () => {
    const { call, workspace } = await bench();
    workspace.revokeTokens();
    expect((await call('auth.test')).body.error).toBe('token_revoked');
  });
});

describe('scopes', () => {
  const scopes = ['chat:write', 'channels:read'];

  it.each([
    ['users.info', { user: ANA }, 'users:read'],
    ['users.lookupByEmail', { email: 'ana@acme.test' }, 'users:read.email'],
    ['usergroups.list', {}, 'usergroups:read'],
    ['conversations.info', { channel: PRIVATE }, 'groups:read'],
    ['conversations.history', { channel: REVIEW }, 'channels:history'],
    ['conversations.replies', { channel: PRIVATE, ts: '1.1' }, 'groups:history'],
    ['files.getUploadURLExternal', { filename: 'a', length: 1 }, 'files:write'],
    ['team.info', {}, 'team:read'],
  ])('%s needs its own', async (method, args, needed) => {
    const { call } = await bench({ scopes });
    const { body, headers } = await call(method, args);
    expect(body).toEqual({ ok: false, error: 'missing_scope', needed, provided: 'chat:write,channels:read' });
    expect(headers.get('x-oauth-scopes')).toBe('chat:write,channels:read');
    expect(headers.get('x-accepted-oauth-scopes')).toBe(needed);
  });

  it('needs the scope of direct messages for them', async () => {
    const { call } = await bench({ scopes });
    const { body } = await call('chat.postMessage', { channel: ANA, text: 'x' });
    expect((await call('conversations.history', { channel: body.channel })).body.needed).toBe('im:history');
  });

  it('lists what the token has', async () => {
    const { call, workspace } = await bench();
    expect((await call('auth.test')).headers.get('x-oauth-scopes')).toContain('chat:write');
    const opened = await call('apps.connections.open', {}, workspace.appToken);
    expect(opened.headers.get('x-oauth-scopes')).toBe('connections:write');
  });
});

describe('rate limits', () => {
  it.each([
    ['usergroups.list', {}, 20],
    ['users.lookupByEmail', { email: 'ana@acme.test' }, 50],
    ['users.info', { user: ANA }, 100],
  ])('%s: its tier a minute', async (method, args, tier) => {
    const { call, clock } = await bench({ rateLimits: true });
    for (let sent = 0; sent < tier; sent += 1) expect((await call(method, args)).status).toBe(200);
    await clock.advance(10_000);
    const refused = await call(method, args);
    expect(refused).toMatchObject({ status: 429, body: { ok: false, error: 'ratelimited' } });
    expect(refused.headers.get('retry-after')).toBe('50');
    await clock.advance(50_000);
    expect((await call(method, args)).status).toBe(200);
  });

  it('counts each method by itself', async () => {
    const { call } = await bench({ rateLimits: true });
    await Promise.all(many(21, () => call('usergroups.list')));
    expect((await call('usergroups.list')).status).toBe(429);
    expect((await call('usergroups.users.list', { usergroup: 'S0DBAS' })).status).toBe(200);
  });

  it('does not count what it refused', async () => {
    const { call, clock } = await bench({ rateLimits: true });
    await Promise.all(many(20, () => call('usergroups.list')));
    await clock.advance(30_000);
    await Promise.all(many(20, () => call('usergroups.list')));
    await clock.advance(30_000);
    expect((await call('usergroups.list')).status).toBe(200);
  });

  it('chat.postMessage: 1 a second for each channel, with a short burst', async () => {
    const { call, clock } = await bench({ rateLimits: true });
    const post = (channel: string) => call('chat.postMessage', { channel, text: 'x' });
    for (const _ of many(5, () => 0)) expect((await post(REVIEW)).status).toBe(200);
    expect((await post(REVIEW)).status).toBe(429);
    expect((await post(PRIVATE)).status).toBe(200);
    await clock.advance(5_000);
    expect((await post(REVIEW)).status).toBe(200);
  });

  it('allows ten Socket Mode connections at once', async () => {
    const { call, workspace } = await bench({ rateLimits: true });
    const open = () => call('apps.connections.open', {}, workspace.appToken);
    for (const _ of many(10, () => 0)) expect((await open()).status).toBe(200);
    expect((await open()).status).toBe(429);
  });

  it('treats a distributed app as Slack does: history once a minute, 15 messages', async () => {
    const { call, workspace } = await bench({ rateLimits: true, distributed: true });
    for (let n = 0; n < 20; n += 1) workspace.say(ANA, REVIEW, `m${n}`);
    expect((await call('conversations.history', { channel: REVIEW, limit: 100 })).body.messages).toHaveLength(15);
    expect((await call('conversations.history', { channel: REVIEW })).headers.get('retry-after')).toBe('60');
  });
});

describe('people', () => {
  it('shows a member with zone, e-mail and, when asked, locale', async () => {
    const { call } = await bench();
    const { body } = await call('users.info', { user: ANA, include_locale: true });
    expect(body.user).toMatchObject({
      id: ANA,
      team_id: 'T0LOCAL',
      name: 'ana',
      real_name: 'Ana Nowak',
      deleted: false,
      is_bot: false,
      is_restricted: false,
      is_ultra_restricted: false,
      tz: 'Europe/Berlin',
      tz_offset: 3_600,
      locale: 'de-DE',
      profile: { email: 'ana@acme.test', real_name: 'Ana Nowak' },
    });
    expect(body.user).not.toHaveProperty('is_stranger');
    expect((await call('users.info', { user: ANA })).body.user).not.toHaveProperty('locale');
    expect((await call('users.info', { user: BEN })).body.user).toMatchObject({ tz_offset: -18_000 });
  });

  it('shows a stranger without e-mail and locale, of another team', async () => {
    const { call } = await bench();
    const { user } = (await call('users.info', { user: STRANGER, include_locale: true })).body;
    expect(user).toMatchObject({ is_stranger: true, team_id: 'T0OTHER' });
    expect(user).not.toHaveProperty('locale');
    expect(user).not.toHaveProperty('profile.email');
  });

  it('shows guests, bots and the deactivated as what they are', async () => {
    const { call } = await bench();
    expect((await call('users.info', { user: 'U0GUEST' })).body.user).toMatchObject({ is_restricted: true });
    expect((await call('users.info', { user: BOT })).body.user).toMatchObject({ is_bot: true });
    expect((await call('users.info', { user: 'U0GONE' })).body.user).toMatchObject({ deleted: true });
    expect((await call('users.info', { user: 'U0NOBODY' })).body.error).toBe('user_not_found');
  });

  it('keeps e-mail from a token without users:read.email', async () => {
    const { call } = await bench({ scopes: ['users:read'] });
    expect((await call('users.info', { user: ANA })).body.user).not.toHaveProperty('profile.email');
  });

  it.each([
    ['a member, in any case', 'ANA@acme.test', { ok: true }],
    ['nobody', 'x@acme.test', { ok: false, error: 'users_not_found' }],
    ['the deactivated', 'gone@acme.test', { ok: false, error: 'users_not_found' }],
    ['a stranger', 'eve@other.test', { ok: false, error: 'users_not_found' }],
  ])('looks up %s by e-mail', async (_name, email, expected) => {
    const { call } = await bench();
    expect((await call('users.lookupByEmail', { email })).body).toMatchObject(expected);
  });

  it('lists user groups and their members', async () => {
    const { call } = await bench();
    const { usergroups } = (await call('usergroups.list', { include_users: true, include_count: true })).body;
    expect(usergroups).toMatchObject([{ id: 'S0DBAS', handle: 'dbas', users: [BEN], user_count: 1 }]);
    expect((await call('usergroups.users.list', { usergroup: 'S0DBAS' })).body.users).toEqual([BEN]);
    expect((await call('usergroups.users.list', { usergroup: 'S0NO' })).body.error).toBe('no_such_subteam');
  });

  it('says which app a bot belongs to', async () => {
    const { call } = await bench();
    const { body } = await call('bots.info', { bot: 'B0HALLPASS' });
    expect(body.bot).toMatchObject({ app_id: 'A0HALLPASS', user_id: BOT });
    expect((await call('bots.info', { bot: 'B0OTHER' })).body.error).toBe('bot_not_found');
  });

  it('names the team', async () => {
    const { call } = await bench();
    expect((await call('team.info')).body.team).toMatchObject({ id: 'T0LOCAL', domain: 'acme' });
  });
});

it.each([
  ['users.info', 'user'],
  ['users.lookupByEmail', 'email'],
  ['usergroups.users.list', 'usergroup'],
  ['chat.postMessage', 'channel'],
  ['conversations.info', 'channel'],
  ['conversations.members', 'channel'],
  ['conversations.history', 'channel'],
  ['views.open', 'trigger_id'],
  ['views.publish', 'user_id'],
  ['files.completeUploadExternal', 'files'],
])('%s without %s is an invalid argument', async (method, field) => {
  const { call } = await bench();
  const messages = [`[ERROR] missing required field: ${field}`];
  expect((await call(method)).body).toMatchObject({ error: 'invalid_arguments', response_metadata: { messages } });
});

describe('seeds', () => {
  it.each([
    [
      'a stranger of the own team',
      { users: [{ id: 'U1', name: 'x', is_stranger: true }], channels: [] },
      'needs a team_id',
    ],
    [
      'a person twice',
      {
        users: [
          { id: 'U1', name: 'x' },
          { id: 'U1', name: 'y' },
        ],
        channels: [],
      },
      'twice',
    ],
    ['a member who is nobody', { channels: [{ id: 'C1', name: 'c', members: ['U9'] }] }, 'who is no user'],
    [
      'a channel twice',
      {
        channels: [
          { id: 'C1', name: 'c', members: [] },
          { id: 'C1', name: 'd', members: [] },
        ],
      },
      'twice',
    ],
  ])('refuse %s', async (_name, options, says) => {
    await expect(bench(options)).rejects.toThrow(says);
  });
});
