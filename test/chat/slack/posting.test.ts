// Beyond the contract: what exactly is sent, whose messages are believed, how far is looked, and what every fault means.
import { describe, expect, it } from 'vitest';
import type { Identity } from '../../../src/chat/slack/identity.ts';
import { posting } from '../../../src/chat/slack/posting.ts';
import type { Web } from '../../../src/chat/slack/web.ts';
import type { ChatPlatform } from '../../../src/ports/chat-platform.ts';
import type { Note } from '../../../src/ports/document.ts';
import { ANA, ELSEWHERE, REVIEW, type Rig, rig, SCOPES, STRANGER, TEAM } from './rig.ts';

const ana = { platform: 'slack', tenant: TEAM, user: ANA };
const review = { kind: 'channel', channel: { platform: 'slack', channel: REVIEW } } as const;
const person = { kind: 'person', account: ana } as const;
const NOTE: Note = { kind: 'note', tone: 'plain', lines: [['hello']] };

const US: Identity = {
  teamId: TEAM,
  teamName: 'Acme',
  appId: 'A0',
  botId: 'B0',
  botUserId: 'U0',
  enterpriseId: undefined,
  orgInstall: false,
};

const metadata = (key: string) => ({ event_type: 'hallpass', event_payload: { key } });

/** Calls the API as another app of the workspace would: the bot token is all that tells them apart here. */
async function plant(on: Rig, args: Record<string, unknown>): Promise<void> {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(args))
    form.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  const headers = { authorization: `Bearer ${on.workspace.botToken}` };
  await fetch(`${on.workspace.apiUrl}chat.postMessage`, { method: 'POST', headers, body: form });
}

describe('what is sent', () => {
  it('carries the key in its metadata, unfurls nothing and makes no names into mentions (D14)', async () => {
    const on = await rig('socket');
    await on.platform.post(review, NOTE, 'k1');
    const [call] = on.workspace.callsOf('chat.postMessage');
    expect(call?.args).toMatchObject({
      channel: REVIEW,
      text: 'hello',
      parse: 'none',
      unfurl_links: 'false',
      unfurl_media: 'false',
    });
    expect(call?.args.metadata).toEqual(metadata('k1'));
    expect(call?.args).not.toHaveProperty('link_names');
    expect(JSON.stringify(call?.args.metadata)).not.toContain('hello');
  });

  it('as an update says parse: none, since Slack would take another default, and leaves the key alone', async () => {
    const on = await rig('socket');
    const { message } = await on.platform.post(review, NOTE, 'k1');
    await on.platform.update(message, { ...NOTE, lines: [['bye']] });
    const [call] = on.workspace.callsOf('chat.update');
    expect(call?.args).toMatchObject({ parse: 'none', text: 'bye' });
    expect(call?.args).not.toHaveProperty('metadata');
    expect(on.workspace.message(REVIEW, message.message)?.metadata).toEqual(metadata('k1'));
  });

  it('to a person goes to their id, without any right to open conversations', async () => {
    const on = await rig('socket');
    const { message } = await on.platform.post(person, NOTE, 'p1');
    expect(on.workspace.callsOf('chat.postMessage')[0]?.args.channel).toBe(ANA);
    expect(message.channel).toMatch(/^D/);
    expect(on.workspace.calls.map(({ method }) => method)).not.toContain('conversations.open');
  });
});

describe('who may be written to', () => {
  it('is nobody of another workspace: what is private stays here', async () => {
    const on = await rig('socket');
    const account = { platform: 'slack', tenant: 'T0OTHER', user: STRANGER };
    const refused = { fault: 'refused', code: 'foreign_account', sent: 'no' };
    await expect(on.platform.post({ kind: 'person', account }, NOTE, 'p1')).rejects.toMatchObject(refused);
    await expect(on.platform.publishHome(account, { intro: [], buttons: [], sections: [] })).rejects.toMatchObject(
      refused,
    );
    const teams = { platform: 'teams', tenant: TEAM, user: ANA };
    await expect(on.platform.post({ kind: 'person', account: teams }, NOTE, 'p1')).rejects.toMatchObject(refused);
    expect(on.workspace.callsOf('chat.postMessage')).toEqual([]);
  });

  it('is no message or channel of another place', async () => {
    const on = await rig('socket');
    const { message } = await on.platform.post(review, NOTE, 'k1');
    const invalid = { fault: 'invalid', sent: 'no' };
    for (const foreign of [
      { ...message, tenant: 'T0OTHER' },
      { ...message, platform: 'teams' },
    ]) {
      await expect(on.platform.update(foreign, NOTE)).rejects.toMatchObject(invalid);
      await expect(on.platform.post({ kind: 'thread', under: foreign }, NOTE, 'k2')).rejects.toMatchObject(invalid);
    }
    const channel = { platform: 'teams', channel: REVIEW };
    await expect(on.platform.post({ kind: 'channel', channel }, NOTE, 'k3')).rejects.toMatchObject(invalid);
    await expect(on.platform.channel(channel)).rejects.toMatchObject(invalid);
    await expect(on.platform.account({ ...ana, platform: 'teams' })).rejects.toMatchObject(invalid);
  });
});

describe('finding', () => {
  it('believes only our own bot, whatever metadata others write (C07)', async () => {
    const ours = { bot_id: 'B0', app_id: 'A0', metadata: metadata('k1') };
    const found = async (messages: readonly object[]) => {
      const web: Web = {
        read: async (call) => call({ conversations: { history: async () => ({ ok: true, messages }) } } as never),
        write: () => Promise.reject(new Error('nothing is written')),
      };
      return (await posting(web, async () => US).find(review, 'k1', 0))?.message.message;
    };
    const forged = [
      { ...ours, ts: '1', bot_id: 'B0OTHER' },
      { ...ours, ts: '2', app_id: 'A0OTHER' },
      { ...ours, ts: '3', bot_id: undefined, user: ANA },
      { ...ours, ts: '4', metadata: metadata('k2') },
      { ...ours, ts: '5', metadata: { ...metadata('k1'), event_type: 'other' } },
      { ...ours, ts: '6', metadata: { event_type: 'hallpass' } },
      { ...ours, ts: '7', metadata: undefined },
    ];
    expect(await found(forged)).toBeUndefined();
    expect(await found([...forged, { ...ours, ts: '8' }])).toBe('8');
    expect(await found([...forged, { ...ours, ts: '9', app_id: undefined }])).toBe('9');
  });

  it('looks page by page, from the time of the attempt on and not further back', async () => {
    const on = await rig('socket');
    await on.platform.post(review, NOTE, 'old');
    await on.clock.advance(600_000);
    const since = on.clock.now();
    for (let n = 0; n < 450; n += 1) await plant(on, { channel: REVIEW, text: `chatter ${n}` });
    await on.platform.post(review, NOTE, 'k1');
    for (let n = 0; n < 450; n += 1) await plant(on, { channel: REVIEW, text: `chatter ${n}` });
    expect(await on.platform.find(review, 'k1', since)).toBeDefined();
    expect(on.workspace.callsOf('conversations.history')).toHaveLength(3);
    expect(await on.platform.find(review, 'old', since)).toBeUndefined();
    expect(await on.platform.find(review, 'old', since - 600_000)).toBeDefined();
  });

  it('says that it has not looked rather than that there is nothing', async () => {
    const on = await rig('socket');
    const refused = { fault: 'refused', code: 'cannot_look', sent: 'no' };
    await expect(on.platform.find(person, 'p1', 0)).rejects.toMatchObject(refused);
    const beside = { kind: 'beside', account: ana, channel: review.channel } as const;
    await expect(on.platform.find(beside, 'p1', 0)).rejects.toMatchObject(refused);
    const { message: under } = await on.platform.post(person, NOTE, 'p1');
    await expect(on.platform.find({ kind: 'thread', under }, 'p1', 0)).rejects.toMatchObject(refused);
    on.workspace.failNext('conversations.history', 1, { status: 503 });
    await expect(on.platform.find(review, 'k1', 0)).rejects.toMatchObject({ fault: 'unreachable', sent: 'no' });
  });

  it('gives up beyond four thousand messages, and says so', async () => {
    const on = await rig('socket');
    for (let n = 0; n < 4_001; n += 1) on.workspace.say(ANA, REVIEW, 'chatter');
    await expect(on.platform.find(review, 'k1', 0)).rejects.toMatchObject({ fault: 'busy', code: 'too_much_history' });
  });

  it('names the right that is missing', async () => {
    const scopes = SCOPES.filter((scope) => scope !== 'channels:history');
    const on = await rig('socket', { workspace: { scopes } });
    await expect(on.platform.find(review, 'k1', 0)).rejects.toMatchObject({
      fault: 'refused',
      code: 'missing_scope:channels:history',
    });
  });
});

describe('beside a channel', () => {
  it('becomes a direct message where the bot is not, and stays an error where Slack is away', async () => {
    const on = await rig('socket');
    const channel = { platform: 'slack', channel: ELSEWHERE };
    const { message } = await on.platform.post({ kind: 'beside', account: ana, channel }, NOTE, 'b1');
    expect(message.channel).toMatch(/^D/);
    on.workspace.failNext('chat.postEphemeral', 1, { status: 500 });
    const away = on.platform.post({ kind: 'beside', account: ana, channel: review.channel }, NOTE, 'b2');
    await expect(away).rejects.toMatchObject({ fault: 'unreachable', sent: 'maybe' });
  });
});

describe('faults', () => {
  type Fault = Parameters<Rig['workspace']['failNext']>[2];
  const post = (platform: ChatPlatform) => platform.post(review, NOTE, 'k1');

  it.each<readonly [string, Fault, object]>([
    ['429', { status: 429, retryAfter: 11 }, { fault: 'busy', code: 'ratelimited', sent: 'no', retryAfterSeconds: 11 }],
    ['ratelimited in the answer', { error: 'ratelimited' }, { fault: 'busy', sent: 'no', retryAfterSeconds: 30 }],
    ['500', { status: 500 }, { fault: 'unreachable', code: 'http_500', sent: 'maybe' }],
    ['503 after it was stored', { status: 503, applied: true }, { fault: 'unreachable', sent: 'maybe' }],
    ['a cut connection', { applyThenDrop: true }, { fault: 'unreachable', sent: 'maybe' }],
    ['fatal_error', { error: 'fatal_error' }, { fault: 'unreachable', code: 'fatal_error', sent: 'maybe' }],
    ['internal_error', { error: 'internal_error' }, { fault: 'unreachable', sent: 'maybe' }],
    ['channel_not_found', { error: 'channel_not_found' }, { fault: 'gone', sent: 'no' }],
    ['not_in_channel', { error: 'not_in_channel' }, { fault: 'gone', code: 'not_in_channel', sent: 'no' }],
    ['is_archived', { error: 'is_archived' }, { fault: 'gone', sent: 'no' }],
    ['thread_not_found', { error: 'thread_not_found' }, { fault: 'gone', sent: 'no' }],
    ['invalid_blocks', { error: 'invalid_blocks' }, { fault: 'invalid', code: 'invalid_blocks', sent: 'no' }],
    ['msg_too_long', { error: 'msg_too_long' }, { fault: 'invalid', sent: 'no' }],
    ['msg_blocks_too_long', { error: 'msg_blocks_too_long' }, { fault: 'invalid', sent: 'no' }],
    ['invalid_auth', { error: 'invalid_auth' }, { fault: 'refused', code: 'invalid_auth', sent: 'no' }],
    ['restricted_action', { error: 'restricted_action' }, { fault: 'refused', sent: 'no' }],
    ['a code of tomorrow', { error: 'something_new' }, { fault: 'refused', code: 'something_new', sent: 'no' }],
    [
      'a code that is none',
      { error: '<html>proxy</html>' },
      { fault: 'unreachable', code: 'unreadable_answer', sent: 'maybe' },
    ],
  ])('%s', async (_, fault, expected) => {
    const on = await rig('socket');
    on.workspace.failNext('chat.postMessage', 1, fault);
    await expect(post(on.platform)).rejects.toMatchObject({ name: 'ChatError', ...expected });
    expect(on.workspace.callsOf('chat.postMessage')).toHaveLength(1);
  });

  it('a message that is gone', async () => {
    const on = await rig('socket');
    const { message } = await on.platform.post(review, NOTE, 'k1');
    on.workspace.deleteMessage(REVIEW, message.message);
    const gone = { fault: 'gone', code: 'message_not_found', sent: 'no' };
    await expect(on.platform.update(message, NOTE)).rejects.toMatchObject(gone);
  });

  it('a missing right, by its name', async () => {
    const scopes = SCOPES.filter((scope) => scope !== 'chat:write');
    const on = await rig('socket', { workspace: { scopes } });
    await expect(post(on.platform)).rejects.toMatchObject({ fault: 'refused', code: 'missing_scope:chat:write' });
  });

  it('nobody there at all: certainly not sent', async () => {
    const on = await rig('http');
    await on.workspace.stop();
    // The first call finds its kept connection cut, and nobody can tell when.
    await expect(post(on.platform)).rejects.toMatchObject({ fault: 'unreachable', sent: 'maybe' });
    await expect(post(on.platform)).rejects.toMatchObject({ fault: 'unreachable', code: 'ECONNREFUSED', sent: 'no' });
  });

  it('do not hold up other calls: a post that waits blocks no question about a person', async () => {
    const on = await rig('socket');
    on.workspace.failNext('chat.postMessage', 1, { status: 429, retryAfter: 60 });
    const [posted, facts] = await Promise.allSettled([post(on.platform), on.platform.account(ana)]);
    expect(posted).toMatchObject({ status: 'rejected' });
    expect(facts).toMatchObject({ status: 'fulfilled' });
  });

  it('never carry a token', async () => {
    const on = await rig('socket');
    for (const fault of [
      { status: 500 },
      { error: 'invalid_auth' },
      { applyThenDrop: true },
      { status: 429 },
    ] as const) {
      on.workspace.failNext('chat.postMessage', 1, fault);
      const error: unknown = await post(on.platform).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(Error);
      expect(String((error as Error).message)).not.toContain('xoxb');
    }
    expect(JSON.stringify(on.log.lines)).not.toContain(on.workspace.botToken);
    expect(JSON.stringify(on.log.lines)).not.toContain(on.workspace.appToken);
  });
});
