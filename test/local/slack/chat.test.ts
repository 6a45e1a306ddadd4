// chat.* and conversations.*: who may post where, what is stored, what can be read back.
import { describe, expect, it } from 'vitest';
import { ANA, BEN, BOT, bench, long, many, mrkdwn, PRIVATE, REVIEW, STRANGER } from './support.ts';

const divider = [{ type: 'divider' }];
const metadata = { event_type: 'hallpass_post', event_payload: { key: 'k1' } };

describe('chat.postMessage', () => {
  it('stores what was sent, as it was sent', async () => {
    const { call, workspace, clock } = await bench();
    const text = 'a &amp; b <@U0ANA> *bold* <https://acme.test|x>';
    const { body } = await call('chat.postMessage', { channel: REVIEW, text, blocks: divider, metadata });
    expect(body).toMatchObject({
      ok: true,
      channel: REVIEW,
      message: { text, user: BOT, bot_id: 'B0HALLPASS', app_id: 'A0HALLPASS', metadata },
    });
    expect(Number.parseInt(String(body.ts), 10)).toBe(clock.now() / 1_000);
    expect(workspace.messages(REVIEW)).toMatchObject([{ ts: body.ts, text, blocks: [{ type: 'divider' }], metadata }]);
  });

  it('gives rising timestamps while the clock stands still, and ids to blocks and actions that have none', async () => {
    const { call, workspace } = await bench();
    const button = { type: 'button', text: { type: 'plain_text', text: 'x' } };
    await call('chat.postMessage', {
      channel: REVIEW,
      text: 'x',
      blocks: [{ type: 'actions', elements: [button, button] }],
    });
    await call('chat.postMessage', { channel: REVIEW, text: 'x', blocks: divider });
    const [first, second] = workspace.messages(REVIEW);
    expect(Number(second?.ts)).toBeGreaterThan(Number(first?.ts));
    const elements = first?.blocks?.[0]?.elements as { action_id: string }[];
    expect(new Set(elements.map(({ action_id }) => action_id)).size).toBe(2);
    expect(second?.blocks?.[0]?.block_id).toBeTruthy();
  });

  it.each([
    ['an unknown channel', { channel: 'C0NO', text: 'x' }, 'channel_not_found'],
    ['a channel by name', { channel: '#reviews', text: 'x' }, 'channel_not_found'],
    ['a private channel without the bot', { channel: 'C0HIDDEN', text: 'x' }, 'channel_not_found'],
    ['a public channel without the bot', { channel: 'C0ELSE', text: 'x' }, 'not_in_channel'],
    ['an archived channel', { channel: 'C0OLD', text: 'x' }, 'is_archived'],
    ['the deactivated', { channel: 'U0GONE', text: 'x' }, 'channel_not_found'],
    ['a stranger', { channel: STRANGER, text: 'x' }, 'channel_not_found'],
    ['itself', { channel: BOT, text: 'x' }, 'channel_not_found'],
    ['nothing to say', { channel: REVIEW }, 'no_text'],
    ['empty blocks', { channel: REVIEW, blocks: [] }, 'no_text'],
    ['blocks that are no list', { channel: REVIEW, text: 'x', blocks: {} }, 'invalid_blocks_format'],
    ['a thread that is not there', { channel: REVIEW, text: 'x', thread_ts: '1.1' }, 'thread_not_found'],
    [
      'metadata without payload',
      { channel: REVIEW, text: 'x', metadata: { event_type: 'a' } },
      'invalid_metadata_format',
    ],
    [
      'metadata that is large',
      { channel: REVIEW, text: 'x', metadata: { event_type: 'a', event_payload: { x: long(4_000) } } },
      'metadata_too_large',
    ],
    [
      '12,000 characters in blocks',
      { channel: REVIEW, text: 'x', blocks: many(5, () => ({ type: 'section', text: mrkdwn(long(2_401)) })) },
      'msg_blocks_too_long',
    ],
  ])('refuses %s', async (_name, args, error) => {
    const { call, workspace } = await bench();
    expect((await call('chat.postMessage', args)).body).toMatchObject({ ok: false, error });
    expect(workspace.messages(REVIEW)).toEqual([]);
  });

  it('refuses blocks with Slack’s own reasons', async () => {
    const { call } = await bench();
    const blocks = [{ type: 'section', text: mrkdwn(long(3_001)) }];
    const says = 'must be less than 3001 characters [json-pointer:/blocks/0/text/text]';
    expect((await call('chat.postMessage', { channel: REVIEW, text: 'x', blocks })).body).toEqual({
      ok: false,
      error: 'invalid_blocks',
      errors: [says],
      response_metadata: { messages: [`[ERROR] ${says}`] },
    });
  });

  it('cuts text over 40,000 characters and says so', async () => {
    const { call, workspace } = await bench();
    const { body } = await call('chat.postMessage', { channel: REVIEW, text: long(40_001) });
    expect(body).toMatchObject({ ok: true, response_metadata: { warnings: ['message_truncated'] } });
    expect(workspace.messages(REVIEW)[0]?.text).toHaveLength(40_000);
    expect((await call('chat.postMessage', { channel: REVIEW, text: long(40_000) })).body).not.toHaveProperty(
      'response_metadata',
    );
  });

  it('reaches a person by user id, always in the same direct message', async () => {
    const { call, workspace } = await bench();
    const first = await call('chat.postMessage', { channel: ANA, text: 'hello' });
    const second = await call('chat.postMessage', { channel: first.body.channel, text: 'again' });
    expect(String(first.body.channel)).toMatch(/^D/);
    expect(second.body.channel).toBe(first.body.channel);
    expect(workspace.directMessages(ANA).map(({ text }) => text)).toEqual(['hello', 'again']);
    expect(workspace.directMessages(BEN)).toEqual([]);
  });

  it('replies in threads, but not to replies', async () => {
    const { call, workspace } = await bench();
    const root = (await call('chat.postMessage', { channel: REVIEW, text: 'root' })).body.ts;
    const reply = (await call('chat.postMessage', { channel: REVIEW, text: 'one', thread_ts: root })).body.ts;
    expect((await call('chat.postMessage', { channel: REVIEW, text: 'two', thread_ts: reply })).body.error).toBe(
      'cannot_reply_to_message',
    );
    expect(workspace.thread(REVIEW, String(root)).map(({ text }) => text)).toEqual(['root', 'one']);
  });
});

describe('chat.update', () => {
  async function posted(args: object = {}) {
    const on = await bench();
    const { body } = await on.call('chat.postMessage', {
      channel: REVIEW,
      text: 'before',
      blocks: divider,
      metadata,
      ...args,
    });
    const ts = String(body.ts);
    return { ...on, ts, update: (more: object) => on.call('chat.update', { channel: REVIEW, ts, ...more }) };
  }

  it('replaces blocks without a trace, keeps metadata', async () => {
    const { update, workspace, ts } = await posted();
    await update({ text: 'after', blocks: [{ type: 'section', text: mrkdwn('new') }] });
    const message = workspace.message(REVIEW, ts);
    expect(message).toMatchObject({ text: 'after', blocks: [{ type: 'section' }], metadata });
    expect(message).not.toHaveProperty('edited');
  });

  it('takes the blocks away when only text is given, and marks it edited', async () => {
    const { update, workspace, ts } = await posted();
    await update({ text: 'after' });
    expect(workspace.message(REVIEW, ts)).not.toHaveProperty('blocks');
    expect(workspace.message(REVIEW, ts)).toMatchObject({ text: 'after', edited: { user: BOT } });
  });

  it('replaces and removes metadata', async () => {
    const { update, workspace, ts } = await posted();
    await update({ text: 'x', metadata: { event_type: 'other', event_payload: {} } });
    expect(workspace.message(REVIEW, ts)?.metadata).toMatchObject({ event_type: 'other' });
    await update({ text: 'x', metadata: {} });
    expect(workspace.message(REVIEW, ts)).not.toHaveProperty('metadata');
  });

  it.each([
    ['an unknown message', { ts: '1.1', text: 'x' }, 'message_not_found'],
    ['an unknown channel', { channel: 'C0NO', text: 'x' }, 'channel_not_found'],
    ['text over 4,000 characters', { text: long(4_001) }, 'msg_too_long'],
    ['nothing to say', {}, 'no_text'],
    ['51 blocks', { text: 'x', blocks: many(51, () => ({ type: 'divider' })) }, 'invalid_blocks'],
  ])('refuses %s', async (_name, args, error) => {
    const { update, workspace, ts } = await posted();
    expect((await update(args)).body.error).toBe(error);
    expect(workspace.message(REVIEW, ts)?.text).toBe('before');
  });

  it('takes text of 4,000 characters', async () => {
    const { update } = await posted();
    expect((await update({ text: long(4_000) })).body.ok).toBe(true);
  });

  it('refuses messages of others and those in archived channels', async () => {
    const { call, workspace, ts } = await posted();
    const said = workspace.say(ANA, REVIEW, 'mine');
    expect((await call('chat.update', { channel: REVIEW, ts: said.ts, text: 'x' })).body.error).toBe(
      'cant_update_message',
    );
    await workspace.changeChannel(REVIEW, { is_archived: true });
    expect((await call('chat.update', { channel: REVIEW, ts, text: 'x' })).body.error).toBe('is_inactive');
  });

  it('cannot touch ephemeral messages', async () => {
    const { call } = await bench();
    const { message_ts } = (await call('chat.postEphemeral', { channel: REVIEW, user: ANA, text: 'x' })).body;
    expect((await call('chat.update', { channel: REVIEW, ts: message_ts, text: 'y' })).body.error).toBe(
      'message_not_found',
    );
  });
});

describe('chat.postEphemeral', () => {
  it('is seen by one person and never in history', async () => {
    const { call, workspace } = await bench();
    await call('chat.postEphemeral', { channel: REVIEW, user: ANA, text: 'only you' });
    expect(workspace.ephemerals(ANA)).toMatchObject([{ channel: REVIEW, to: ANA, message: { text: 'only you' } }]);
    expect(workspace.ephemerals(BEN)).toEqual([]);
    expect((await call('conversations.history', { channel: REVIEW })).body.messages).toEqual([]);
  });

  it.each([
    ['somebody outside the channel', { channel: PRIVATE, user: ANA, text: 'x' }, 'user_not_in_channel'],
    ['an unknown channel', { channel: 'C0NO', user: ANA, text: 'x' }, 'channel_not_found'],
    ['a channel without the bot', { channel: 'C0ELSE', user: ANA, text: 'x' }, 'not_in_channel'],
    ['an archived channel', { channel: 'C0OLD', user: ANA, text: 'x' }, 'is_archived'],
    ['nothing to say', { channel: REVIEW, user: ANA }, 'no_text'],
    ['wrong blocks', { channel: REVIEW, user: ANA, text: 'x', blocks: [{ type: 'no' }] }, 'invalid_blocks'],
  ])('refuses %s', async (_name, args, error) => {
    const { call } = await bench();
    expect((await call('chat.postEphemeral', args)).body.error).toBe(error);
  });
});

describe('chat.getPermalink', () => {
  it('links to messages and replies', async () => {
    const { call } = await bench();
    const root = String((await call('chat.postMessage', { channel: REVIEW, text: 'a' })).body.ts);
    const reply = String((await call('chat.postMessage', { channel: REVIEW, text: 'b', thread_ts: root })).body.ts);
    const link = (ts: string) => call('chat.getPermalink', { channel: REVIEW, message_ts: ts });
    expect((await link(root)).body.permalink).toBe(
      `https://acme.slack.com/archives/${REVIEW}/p${root.replace('.', '')}`,
    );
    expect((await link(reply)).body.permalink).toContain(`?thread_ts=${root}&cid=${REVIEW}`);
    expect((await link('1.1')).body.error).toBe('message_not_found');
  });
});

describe('conversations', () => {
  it('tells what a channel is', async () => {
    const { call } = await bench();
    const info = async (channel: string) => (await call('conversations.info', { channel })).body;
    expect((await info(REVIEW)).channel).toMatchObject({
      id: REVIEW,
      name: 'reviews',
      is_private: false,
      is_member: true,
      is_archived: false,
      is_ext_shared: false,
    });
    expect((await info('C0SHARED')).channel).toMatchObject({ is_ext_shared: true, is_pending_ext_shared: false });
    expect((await info('C0ELSE')).channel).toMatchObject({ is_member: false });
    expect((await info('C0HIDDEN')).error).toBe('channel_not_found');
    const { channel } = (await call('chat.postMessage', { channel: ANA, text: 'x' })).body;
    expect((await info(String(channel))).channel).toMatchObject({ is_im: true, user: ANA });
  });

  it('pages members', async () => {
    const { call } = await bench();
    const first = (await call('conversations.members', { channel: REVIEW, limit: 2 })).body;
    const { next_cursor: cursor } = first.response_metadata as { next_cursor: string };
    const second = (await call('conversations.members', { channel: REVIEW, limit: 2, cursor })).body;
    expect([first.members, second.members]).toEqual([[ANA, BEN], [BOT]]);
    expect(second.response_metadata).toEqual({ next_cursor: '' });
    expect((await call('conversations.members', { channel: REVIEW, cursor: 'x' })).body.error).toBe('invalid_cursor');
  });

  it('reads history newest first, without replies, metadata only when asked', async () => {
    const { call, workspace } = await bench();
    const root = (await call('chat.postMessage', { channel: REVIEW, text: 'root', metadata })).body.ts;
    await call('chat.postMessage', { channel: REVIEW, text: 'reply', thread_ts: root });
    workspace.say(ANA, REVIEW, 'later');
    const bare = (await call('conversations.history', { channel: REVIEW })).body.messages;
    expect(bare).toMatchObject([{ text: 'later' }, { text: 'root', thread_ts: root, reply_count: 1 }]);
    expect(JSON.stringify(bare)).not.toContain('hallpass_post');
    const full = (await call('conversations.history', { channel: REVIEW, include_all_metadata: true })).body.messages;
    expect(full).toMatchObject([{}, { metadata }]);
  });

  it('reads history in a range, by pages', async () => {
    const { call, workspace, clock } = await bench();
    const said: string[] = [];
    for (const n of many(5, (index) => index)) {
      said.push(workspace.say(ANA, REVIEW, `m${n}`).ts);
      await clock.advance(1_000);
    }
    const texts = async (args: object) => {
      const { body } = await call('conversations.history', { channel: REVIEW, ...args });
      return { texts: (body.messages as { text: string }[]).map(({ text }) => text), body };
    };
    expect((await texts({ oldest: said[1], latest: said[3] })).texts).toEqual(['m2']);
    expect((await texts({ oldest: said[1], latest: said[3], inclusive: true })).texts).toEqual(['m3', 'm2', 'm1']);
    const { texts: page, body } = await texts({ limit: 3 });
    expect([page, body.has_more]).toEqual([['m4', 'm3', 'm2'], true]);
    const { next_cursor: cursor } = body.response_metadata as { next_cursor: string };
    expect((await texts({ limit: 3, cursor })).texts).toEqual(['m1', 'm0']);
  });

  it('reads a thread oldest first; the ts of a reply gives that reply alone', async () => {
    const { call } = await bench();
    const root = (await call('chat.postMessage', { channel: REVIEW, text: 'root' })).body.ts;
    const reply = (await call('chat.postMessage', { channel: REVIEW, text: 'reply', thread_ts: root, metadata })).body
      .ts;
    const read = async (ts: unknown) =>
      (await call('conversations.replies', { channel: REVIEW, ts, include_all_metadata: true })).body;
    expect((await read(root)).messages).toMatchObject([
      { text: 'root' },
      { text: 'reply', parent_user_id: BOT, metadata },
    ]);
    expect((await read(reply)).messages).toMatchObject([{ text: 'reply' }]);
    expect((await read('1.1')).error).toBe('thread_not_found');
  });

  it('reads nothing where the bot is not', async () => {
    const { call } = await bench();
    expect((await call('conversations.history', { channel: 'C0ELSE' })).body.error).toBe('not_in_channel');
    expect((await call('conversations.history', { channel: 'C0HIDDEN' })).body.error).toBe('channel_not_found');
  });
});
