// What people can do and cannot do, and the payloads that come of it, field by field as Slack documents them.
import { describe, expect, it } from 'vitest';
import type { Fields } from '../../../src/local/slack/fields.ts';
import { withApp } from './listening-app.ts';
import { ANA, BEN, bench, many, mrkdwn, option, PRIVATE, plain, REVIEW, STRANGER } from './support.ts';

const button = (action_id: string, extra: object = {}) => ({ type: 'button', action_id, text: plain('Go'), ...extra });
const actions = (...elements: object[]) => ({ type: 'actions', block_id: 'act', elements });
const input = (block_id: string, element: object, extra: object = {}) => ({
  type: 'input',
  block_id,
  label: plain('L'),
  element,
  ...extra,
});
const text = (extra: object = {}) => ({ type: 'plain_text_input', action_id: 'v', ...extra });
const modal = (blocks: object[], extra: object = {}) => ({
  type: 'modal',
  callback_id: 'ask',
  private_metadata: 'meta',
  title: plain('Ask'),
  submit: plain('Go'),
  blocks,
  ...extra,
});

async function started(messageShortcuts = [{ callbackId: 'about', name: 'About' }]) {
  const on = await withApp({ app: { messageShortcuts } });
  const { call, app, workspace } = on;
  return {
    ...on,
    /** The last payload that the app was sent. */
    last: (): Fields => app.received.at(-1)?.payload ?? {},
    async card(blocks: object[], channel = REVIEW): Promise<string> {
      return String((await call('chat.postMessage', { channel, text: 'card', blocks })).body.ts);
    },
    async open(view: object, user = ANA): Promise<void> {
      const { delivery } = await workspace.slash(user, '/jit', '', REVIEW);
      const { body } = await call('views.open', { trigger_id: delivery?.payload.trigger_id, view });
      expect(body.ok).toBe(true);
    },
  };
}

const COMMON = {
  api_app_id: 'A0HALLPASS',
  team: { id: 'T0LOCAL', domain: 'acme' },
  enterprise: null,
  is_enterprise_install: false,
  trigger_id: expect.any(String),
};

describe('a slash command', () => {
  it('is a form of these fields', async () => {
    const { workspace, last } = await started();
    await workspace.slash(ANA, '/jit', 'prod-db 2h', REVIEW);
    expect(last()).toEqual({
      token: expect.any(String),
      team_id: 'T0LOCAL',
      team_domain: 'acme',
      channel_id: REVIEW,
      channel_name: 'reviews',
      user_id: ANA,
      user_name: 'ana',
      command: '/jit',
      text: 'prod-db 2h',
      api_app_id: 'A0HALLPASS',
      is_enterprise_install: 'false',
      response_url: expect.stringContaining('/hooks/'),
      trigger_id: expect.any(String),
    });
  });

  it('is named after the kind of place', async () => {
    const { workspace, last } = await started();
    await workspace.slash(BEN, '/jit', '', PRIVATE);
    expect(last().channel_name).toBe('privategroup');
    await workspace.slash(ANA, '/jit', '', workspace.snapshot(ANA).direct.id);
    expect(last().channel_name).toBe('directmessage');
  });

  it('escapes control characters and resolves names', async () => {
    const { workspace, last } = await started();
    await workspace.slash(ANA, '/jit', 'revoke @ben <!channel> a&b in #reviews @nobody x@ben', REVIEW);
    expect(last().text).toBe('revoke <@U0BEN|ben> &lt;!channel&gt; a&amp;b in <#C0REVIEW|reviews> @nobody x@ben');
  });

  it('may be answered with words, blocks, or for all', async () => {
    const { workspace, app } = await started();
    app.answer = () => ({ body: 'plain words' });
    await workspace.slash(ANA, '/jit', '', REVIEW);
    app.answer = () => ({ body: { text: 'x', blocks: [{ type: 'divider' }] } });
    await workspace.slash(ANA, '/jit', '', REVIEW);
    app.answer = () => ({ body: { text: 'for all', response_type: 'in_channel' } });
    await workspace.slash(ANA, '/jit', '', REVIEW);
    expect(workspace.ephemerals(ANA)).toMatchObject([
      { message: { text: 'plain words' } },
      { message: { blocks: [{ type: 'divider' }] } },
    ]);
    expect(workspace.messages(REVIEW)).toMatchObject([{ text: 'for all' }]);
    app.answer = () => ({ body: { blocks: [{ type: 'no' }] } });
    expect(await workspace.slash(ANA, '/jit', '', REVIEW)).toMatchObject({ acked: true, failure: 'invalid_blocks' });
  });

  it.each([
    ['an unknown command', '/other', REVIEW, 'invalid_command'],
    ['an archived channel', '/jit', 'C0OLD', 'is_archived'],
  ])('is not sent: %s', async (_name, command, channel, failure) => {
    const { workspace, app } = await started();
    expect(await workspace.slash(ANA, command, '', channel)).toMatchObject({ status: 'not_sent', failure });
    expect(app.received).toEqual([]);
  });

  it.each([
    ['nobody', 'U0NO', REVIEW, 'unknown_user'],
    ['the deactivated', 'U0GONE', REVIEW, 'user_deactivated'],
    ['the bot', 'U0HALLPASS', REVIEW, 'unknown_user'],
    ['a stranger', STRANGER, 'C0SHARED', 'not_available_to_guests_of_other_companies'],
    ['somebody who does not see the channel', ANA, PRIVATE, 'channel_not_found'],
    ['a guest outside their channels', 'U0GUEST', REVIEW, 'channel_not_found'],
  ])('cannot be given by %s', async (_name, user, channel, code) => {
    const { workspace } = await started();
    await expect(workspace.slash(user, '/jit', '', channel)).rejects.toMatchObject({ code });
  });
});

describe('a click on a message', () => {
  it('carries the message, the button and a response URL', async () => {
    const { workspace, card, last } = await started();
    const ts = await card([actions(button('approve', { value: 'r1', style: 'primary' }), button('deny'))]);
    await workspace.click(BEN, { channel: REVIEW, ts, actionId: 'approve' });
    expect(last()).toMatchObject({
      ...COMMON,
      type: 'block_actions',
      user: { id: BEN, username: 'ben', name: 'ben', team_id: 'T0LOCAL' },
      container: { type: 'message', message_ts: ts, channel_id: REVIEW, is_ephemeral: false },
      channel: { id: REVIEW, name: 'reviews' },
      message: { ts, text: 'card', user: 'U0HALLPASS', bot_id: 'B0HALLPASS', blocks: [{ block_id: 'act' }] },
      state: { values: {} },
      response_url: expect.stringContaining('/hooks/'),
    });
    expect(last().actions).toEqual([
      {
        type: 'button',
        action_id: 'approve',
        block_id: 'act',
        text: plain('Go'),
        value: 'r1',
        style: 'primary',
        action_ts: expect.any(String),
      },
    ]);
  });

  it('shows no metadata to anybody', async () => {
    const { workspace, call, last } = await started();
    const metadata = { event_type: 'e', event_payload: { id: 'secret-key' } };
    const { ts } = (
      await call('chat.postMessage', { channel: REVIEW, text: 'x', blocks: [actions(button('a'))], metadata })
    ).body;
    await workspace.click(BEN, { channel: REVIEW, ts: String(ts), actionId: 'a' });
    expect(JSON.stringify(last())).not.toContain('secret-key');
    expect(JSON.stringify(workspace.snapshot(ANA))).not.toContain('secret-key');
  });

  it('chooses from menus only what they offer', async () => {
    const { workspace, card, last } = await started();
    const menu = {
      type: 'static_select',
      action_id: 'pick',
      option_groups: [{ label: plain('G'), options: [option('a'), option('b')] }],
    };
    const more = { type: 'overflow', action_id: 'more', options: [option('x'), option('y')] };
    const ts = await card([actions(menu, more)]);
    await workspace.click(BEN, { channel: REVIEW, ts, actionId: 'pick', value: 'b' });
    expect(last()).toMatchObject({
      actions: [{ type: 'static_select', selected_option: option('b') }],
      state: { values: { act: { pick: { selected_option: option('b') } } } },
    });
    await workspace.click(BEN, { channel: REVIEW, ts, actionId: 'more', value: 'y' });
    expect(last()).toMatchObject({ actions: [{ type: 'overflow', selected_option: option('y') }] });
    for (const value of ['c', undefined])
      for (const actionId of ['pick', 'more'])
        await expect(
          workspace.click(BEN, { channel: REVIEW, ts, actionId, ...(value && { value }) }),
        ).rejects.toMatchObject({ code: 'invalid_answer' });
  });

  it('on an ephemeral message comes without the message', async () => {
    const { workspace, call, last } = await started();
    const { message_ts } = (
      await call('chat.postEphemeral', { channel: REVIEW, user: ANA, text: 'x', blocks: [actions(button('a'))] })
    ).body;
    const target = { channel: REVIEW, ts: String(message_ts), actionId: 'a' };
    await workspace.click(ANA, target);
    expect(last()).toMatchObject({ container: { is_ephemeral: true, message_ts } });
    expect(last()).not.toHaveProperty('message');
    await expect(workspace.click(BEN, target)).rejects.toMatchObject({ code: 'message_not_found' });
  });

  it('by a stranger shows another team', async () => {
    const { workspace, card, last } = await started();
    const ts = await card([actions(button('a'))], 'C0SHARED');
    await workspace.click(STRANGER, { channel: 'C0SHARED', ts, actionId: 'a' });
    expect(last()).toMatchObject({ user: { id: STRANGER, team_id: 'T0OTHER' }, team: { id: 'T0LOCAL' } });
  });

  it('in a thread tells which', async () => {
    const { workspace, call, last, card } = await started();
    const thread_ts = await card([{ type: 'divider' }]);
    const { ts } = (
      await call('chat.postMessage', { channel: REVIEW, text: 'x', thread_ts, blocks: [actions(button('a'))] })
    ).body;
    await workspace.click(BEN, { channel: REVIEW, ts: String(ts), actionId: 'a' });
    expect(last()).toMatchObject({ container: { thread_ts }, message: { thread_ts } });
  });

  it('finds the button by block where two have the same id', async () => {
    const { workspace, card, last } = await started();
    const ts = await card([
      actions(button('a', { value: '1' })),
      { ...actions(button('a', { value: '2' })), block_id: 'other' },
    ]);
    await workspace.click(BEN, { channel: REVIEW, ts, actionId: 'a', blockId: 'other' });
    expect(last()).toMatchObject({ actions: [{ block_id: 'other', value: '2' }] });
  });

  it('of a button that is gone: only by a client that has not refreshed', async () => {
    const { workspace, card, call, last } = await started();
    const ts = await card([actions(button('a', { value: 'old' }))]);
    await call('chat.update', { channel: REVIEW, ts, text: 'done', blocks: [{ type: 'divider' }] });
    await call('chat.update', { channel: REVIEW, ts, text: 'done' });
    const target = { channel: REVIEW, ts, actionId: 'a' };
    await expect(workspace.click(BEN, target)).rejects.toMatchObject({ code: 'no_such_action' });
    await workspace.click(BEN, { ...target, stale: true });
    expect(last()).toMatchObject({ actions: [{ value: 'old' }], message: { text: 'done' } });
    await expect(workspace.click(BEN, { ...target, actionId: 'b', stale: true })).rejects.toMatchObject({
      code: 'no_such_action',
    });
  });

  it('can be changed on its way, as a manipulated client could', async () => {
    const { workspace, card, last } = await started();
    const ts = await card([actions(button('a'))]);
    await workspace.click(
      BEN,
      { channel: REVIEW, ts, actionId: 'a' },
      { alter: (payload) => ({ ...payload, api_app_id: 'A0EVIL' }) },
    );
    expect(last().api_app_id).toBe('A0EVIL');
  });
});

describe('a form', () => {
  const fields = [
    input('why', text({ min_length: 3, max_length: 5 })),
    input('time', {
      type: 'static_select',
      action_id: 'v',
      options: [option('1h'), option('4h')],
      initial_option: option('1h'),
    }),
    input('note', text(), { optional: true }),
  ];

  it('is submitted with everything that its fields hold', async () => {
    const { workspace, open, last } = await started();
    await open(modal(fields));
    expect(await workspace.submitView(ANA, { why: 'four' })).toMatchObject({ acked: true, view: null });
    expect(last()).toMatchObject({
      ...COMMON,
      type: 'view_submission',
      user: { id: ANA, team_id: 'T0LOCAL' },
      response_urls: [],
      view: {
        type: 'modal',
        callback_id: 'ask',
        private_metadata: 'meta',
        app_id: 'A0HALLPASS',
        app_installed_team_id: 'T0LOCAL',
        team_id: 'T0LOCAL',
        bot_id: 'B0HALLPASS',
        hash: expect.any(String),
        state: {
          values: {
            why: { v: { type: 'plain_text_input', value: 'four' } },
            time: { v: { type: 'static_select', selected_option: option('1h') } },
            note: { v: { type: 'plain_text_input', value: null } },
          },
        },
      },
    });
  });

  it.each([
    ['empty', {}, 'Please complete this required field.'],
    ['emptied', { why: null }, 'Please complete this required field.'],
    ['too short', { why: 'no' }, 'Must be at least 3 characters.'],
    ['too long', { why: 'longer' }, 'Must be at most 5 characters.'],
  ])('is not sent while a field is %s', async (_name, values, says) => {
    const { workspace, open, app } = await started();
    await open(modal(fields));
    const sent = app.received.length;
    expect(await workspace.submitView(ANA, values)).toMatchObject({ status: 'not_sent', fieldErrors: { why: says } });
    expect(app.received).toHaveLength(sent);
    expect(workspace.snapshot(ANA).views[0]?.errors).toEqual({ why: says });
  });

  it.each([
    ['number_input', { is_decimal_allowed: false, min_value: '1', max_value: '9' }, 'x', 'Enter a number.'],
    ['number_input', { is_decimal_allowed: false }, '1.5', 'Enter a whole number.'],
    [
      'number_input',
      { is_decimal_allowed: true, min_value: '1', max_value: '9' },
      '9.5',
      'The number is out of range.',
    ],
    ['email_text_input', {}, 'ana', 'Enter a valid e-mail address.'],
    ['url_text_input', {}, 'acme', 'Enter a valid URL.'],
  ])('checks %s', async (type, extra, value, says) => {
    const { workspace, open } = await started();
    await open(modal([input('f', { type, action_id: 'v', ...extra })]));
    expect(await workspace.submitView(ANA, { f: value })).toMatchObject({ fieldErrors: { f: says } });
  });

  it.each([
    ['multi_static_select', { options: [option('a'), option('b')] }, ['b'], { selected_options: [option('b')] }],
    [
      'checkboxes',
      { options: [option('a'), option('b')] },
      ['a', 'b'],
      { selected_options: [option('a'), option('b')] },
    ],
    ['radio_buttons', { options: [option('a')] }, 'a', { selected_option: option('a') }],
    ['users_select', {}, ANA, { selected_user: ANA }],
    ['multi_users_select', {}, [ANA], { selected_users: [ANA] }],
    ['conversations_select', {}, REVIEW, { selected_conversation: REVIEW }],
    ['channels_select', {}, REVIEW, { selected_channel: REVIEW }],
    ['datepicker', {}, '2026-11-22', { selected_date: '2026-11-22' }],
    ['timepicker', {}, '09:30', { selected_time: '09:30' }],
    ['datetimepicker', {}, '1790000000', { selected_date_time: 1_790_000_000 }],
  ])('holds the answer of a %s as Slack does', async (type, extra, value, held) => {
    const { workspace, open, last } = await started();
    await open(modal([input('f', { type, action_id: 'v', ...extra })]));
    await workspace.submitView(ANA, { f: value });
    expect((last().view as { state: { values: Fields } }).state.values).toEqual({ f: { v: { type, ...held } } });
  });

  it.each([
    ['an option that is not offered', 'time', '2h'],
    ['a list where one belongs', 'time', ['1h']],
    ['a field that is not there', 'other', 'x'],
  ])('takes no %s', async (_name, field, value) => {
    const { workspace, open } = await started();
    await open(modal(fields));
    await expect(workspace.submitView(ANA, { [field]: value })).rejects.toMatchObject({ code: 'invalid_answer' });
  });

  it('keeps what was typed when it was refused', async () => {
    const { workspace, open } = await started();
    await open(modal(fields));
    await workspace.submitView(ANA, { why: 'no', note: 'kept' });
    expect(workspace.openView(ANA)?.values).toMatchObject({ note: { v: { value: 'kept' } } });
  });

  it.each([
    ['update', { response_action: 'update', view: modal([{ type: 'divider' }], { title: plain('Next') }) }, ['Next']],
    [
      'push',
      { response_action: 'push', view: modal([{ type: 'divider' }], { title: plain('Next') }) },
      ['Ask', 'Next'],
    ],
    ['clear', { response_action: 'clear' }, []],
  ])('goes on with %s', async (_name, body, titles) => {
    const { workspace, open, app } = await started();
    await open(modal(fields));
    app.answer = () => ({ body });
    await workspace.submitView(ANA, { why: 'four' });
    expect(workspace.snapshot(ANA).views.map(({ title }) => title.text)).toEqual(titles);
  });

  it.each([
    ['an unknown action', { response_action: 'open' }, 'invalid_response_action'],
    ['errors of no input', { response_action: 'errors', errors: { nowhere: 'x' } }, 'invalid_errors'],
    ['no errors', { response_action: 'errors', errors: {} }, 'invalid_errors'],
    ['a view that Slack refuses', { response_action: 'update', view: modal([{ type: 'no' }]) }, 'invalid_arguments'],
    ['no view', { response_action: 'push' }, 'invalid_arguments'],
  ])('stays open after %s', async (_name, body, failure) => {
    const { workspace, open, app } = await started();
    await open(modal(fields));
    app.answer = () => ({ body });
    expect(await workspace.submitView(ANA, { why: 'four' })).toMatchObject({ acked: true, failure });
    expect(workspace.openView(ANA)?.title).toEqual(plain('Ask'));
  });

  it('stays open when the app does not answer', async () => {
    const { workspace, open, app } = await started();
    await open(modal(fields));
    app.answer = () => ({ status: 500 });
    expect(await workspace.submitView(ANA, { why: 'four' })).toMatchObject({
      acked: false,
      failure: 'dispatch_failed',
    });
    expect(workspace.openView(ANA)).toBeDefined();
  });

  it('cannot be pushed onto more than twice', async () => {
    const { workspace, open, app } = await started();
    await open(modal(fields));
    app.answer = () => ({ body: { response_action: 'push', view: modal([input('why', text())]) } });
    const failures: (string | undefined)[] = [];
    for (const _ of many(3, () => 0)) failures.push((await workspace.submitView(ANA, { why: 'four' })).failure);
    expect(failures).toEqual([undefined, undefined, 'push_limit_reached']);
  });

  it('can be submitted with values that it does not offer, by a manipulated client', async () => {
    const { workspace, open, last } = await started();
    await open(modal(fields));
    const alter = (payload: Fields): Fields => ({
      ...payload,
      view: { ...(payload.view as Fields), private_metadata: 'forged' },
    });
    await workspace.submitView(ANA, { why: 'four' }, { alter });
    expect(last()).toMatchObject({ view: { private_metadata: 'forged' } });
  });

  it('is there to be submitted or closed', async () => {
    const { workspace } = await started();
    await expect(workspace.submitView(ANA, {})).rejects.toMatchObject({ code: 'no_open_view' });
    await expect(workspace.closeView(ANA)).rejects.toMatchObject({ code: 'no_open_view' });
  });
});

describe('pressing in a form', () => {
  const blocks = [
    input('role', { type: 'static_select', action_id: 'pick', options: [option('a')] }, { dispatch_action: true }),
    input('why', text()),
    actions(button('help', { value: 'h' })),
  ];

  it('carries the view with all that was typed so far', async () => {
    const { workspace, open, last } = await started();
    await open(modal(blocks));
    await workspace.clickInView(ANA, { actionId: 'pick', value: 'a', values: { why: 'half' } });
    expect(last()).toMatchObject({
      ...COMMON,
      type: 'block_actions',
      container: { type: 'view', view_id: workspace.openView(ANA)?.id },
      view: { state: { values: { role: { pick: { selected_option: option('a') } }, why: { v: { value: 'half' } } } } },
      actions: [{ action_id: 'pick', block_id: 'role', selected_option: option('a') }],
    });
    expect(last()).not.toHaveProperty('response_url');
    await workspace.clickInView(ANA, { actionId: 'help' });
    expect(last()).toMatchObject({ actions: [{ type: 'button', value: 'h' }] });
  });

  it('is silent for fields without dispatch_action', async () => {
    const { workspace, open } = await started();
    await open(modal(blocks));
    await expect(workspace.clickInView(ANA, { actionId: 'v', value: 'x' })).rejects.toMatchObject({
      code: 'no_such_action',
    });
  });
});

describe('typing into an external menu', () => {
  const menu = (extra: object = {}) => input('role', { type: 'external_select', action_id: 'pick', ...extra });
  const asked = { blockId: 'role', actionId: 'pick' };

  it('asks the app and offers what it says', async () => {
    const { workspace, open, app, last } = await started();
    await open(modal([menu({ min_query_length: 0 })]));
    app.answer = () => ({ body: { options: [option('prod')] } });
    expect(await workspace.suggest(ANA, { ...asked, value: '' })).toMatchObject({ options: [option('prod')] });
    expect(last()).toMatchObject({
      type: 'block_suggestion',
      action_id: 'pick',
      block_id: 'role',
      value: '',
      user: { id: ANA },
      container: { type: 'view' },
      view: { callback_id: 'ask' },
    });
    await expect(workspace.submitView(ANA, { role: 'other' })).rejects.toMatchObject({ code: 'invalid_answer' });
    app.answer = () => ({});
    expect((await workspace.submitView(ANA, { role: 'prod' })).acked).toBe(true);
  });

  it('offers groups too', async () => {
    const { workspace, open, app } = await started();
    await open(modal([menu({ min_query_length: 0 })]));
    const option_groups = [{ label: plain('G'), options: [option('prod')] }];
    app.answer = () => ({ body: { option_groups } });
    expect(await workspace.suggest(ANA, { ...asked, value: '' })).toMatchObject({ optionGroups: option_groups });
    app.answer = () => ({});
    expect((await workspace.submitView(ANA, { role: 'prod' })).acked).toBe(true);
  });

  it('asks nothing below min_query_length, which is 3 by default', async () => {
    const { workspace, open, app } = await started();
    await open(modal([menu()]));
    const sent = app.received.length;
    expect(await workspace.suggest(ANA, { ...asked, value: 'pr' })).toMatchObject({
      status: 'not_sent',
      failure: 'query_too_short',
    });
    expect(app.received).toHaveLength(sent);
  });

  it.each([
    ['101 options', { options: many(101, (n) => option(`${n}`)) }],
    ['neither options nor groups', {}],
    ['nothing', undefined],
  ])('gets nothing from %s', async (_name, body) => {
    const { workspace, open, app } = await started();
    await open(modal([menu({ min_query_length: 0 })]));
    app.answer = () => ({ ...(body && { body }) });
    expect(await workspace.suggest(ANA, { ...asked, value: '' })).toMatchObject({
      acked: true,
      failure: 'invalid_options',
    });
  });

  it('works on a message as well', async () => {
    const { workspace, card, app, last } = await started();
    const ts = await card([actions({ type: 'external_select', action_id: 'pick', min_query_length: 1 })]);
    app.answer = () => ({ body: { options: [] } });
    await workspace.suggest(BEN, { blockId: 'act', actionId: 'pick', value: 'x', channel: REVIEW, ts });
    expect(last()).toMatchObject({
      container: { type: 'message', message_ts: ts, channel_id: REVIEW },
      message: { ts },
    });
  });

  it('needs such a menu', async () => {
    const { workspace, open } = await started();
    await open(modal([input('role', text())]));
    await expect(workspace.suggest(ANA, { blockId: 'role', actionId: 'v', value: 'abc' })).rejects.toMatchObject({
      code: 'no_such_action',
    });
  });
});

describe('closing', () => {
  const notified = (extra: object = {}) => modal([{ type: 'divider' }], { notify_on_close: true, ...extra });

  it('is told to the app that wants to know', async () => {
    const { workspace, open, last } = await started();
    await open(notified());
    expect(await workspace.closeView(ANA)).toMatchObject({ acked: true, view: null });
    expect(last()).toMatchObject({
      type: 'view_closed',
      is_cleared: false,
      view: { callback_id: 'ask' },
      user: { id: ANA },
    });
  });

  it('is not told to others', async () => {
    const { workspace, open, app } = await started();
    await open(modal([{ type: 'divider' }]));
    const sent = app.received.length;
    expect(await workspace.closeView(ANA)).toMatchObject({ status: 'not_sent', view: null });
    expect(app.received).toHaveLength(sent);
  });

  it('of the whole stack tells of each view, cleared', async () => {
    const { workspace, open, app, call } = await started();
    await open(notified());
    const { delivery } = await workspace.slash(ANA, '/jit', '', REVIEW);
    await call('views.push', { trigger_id: delivery?.payload.trigger_id, view: notified() });
    const sent = app.received.length;
    await workspace.closeView(ANA, true);
    const closed = app.received.slice(sent).map(({ payload }) => [payload.type, payload.is_cleared]);
    expect(closed).toEqual([
      ['view_closed', true],
      ['view_closed', true],
    ]);
    expect(workspace.openView(ANA)).toBeUndefined();
  });

  it('of a view with clear_on_close takes the whole stack', async () => {
    const { workspace, open, call } = await started();
    await open(modal([{ type: 'divider' }]));
    const { delivery } = await workspace.slash(ANA, '/jit', '', REVIEW);
    await call('views.push', {
      trigger_id: delivery?.payload.trigger_id,
      view: modal([{ type: 'divider' }], { clear_on_close: true }),
    });
    await workspace.closeView(ANA);
    expect(workspace.openView(ANA)).toBeUndefined();
  });
});

describe('shortcuts and home', () => {
  it('a message shortcut carries the message', async () => {
    const { workspace, last } = await started();
    const { ts } = workspace.say(BEN, REVIEW, 'disk full');
    await workspace.shortcut(ANA, 'about', { channel: REVIEW, ts });
    expect(last()).toMatchObject({
      ...COMMON,
      type: 'message_action',
      callback_id: 'about',
      message_ts: ts,
      message: { type: 'message', text: 'disk full', user: BEN },
      channel: { id: REVIEW },
      response_url: expect.any(String),
      action_ts: expect.any(String),
    });
    await expect(workspace.shortcut(ANA, 'other', { channel: REVIEW, ts })).rejects.toMatchObject({
      code: 'no_such_shortcut',
    });
    await expect(workspace.shortcut(ANA, 'about', { channel: REVIEW, ts: '1.1' })).rejects.toMatchObject({
      code: 'message_not_found',
    });
  });

  it('a home shows itself with the next opening', async () => {
    const { workspace, call, last } = await started();
    await expect(workspace.clickInHome(ANA, { actionId: 'ask' })).rejects.toMatchObject({ code: 'no_home' });
    await workspace.openHome(ANA);
    expect(last().event).not.toHaveProperty('view');
    await call('views.publish', { user_id: ANA, view: { type: 'home', blocks: [actions(button('ask'))] } });
    await workspace.openHome(ANA);
    expect(last().event).toMatchObject({ tab: 'home', view: { type: 'home' } });
    await workspace.openHome(ANA, 'messages');
    expect(last().event).toMatchObject({ tab: 'messages' });
    await workspace.clickInHome(ANA, { actionId: 'ask' });
    expect(last()).toMatchObject({
      container: { type: 'view' },
      view: { type: 'home' },
      actions: [{ action_id: 'ask' }],
    });
  });

  it('neither is for strangers', async () => {
    const { workspace } = await started();
    const { ts } = workspace.say(STRANGER, 'C0SHARED', 'hi');
    const code = 'not_available_to_guests_of_other_companies';
    await expect(workspace.shortcut(STRANGER, 'about', { channel: 'C0SHARED', ts })).rejects.toMatchObject({ code });
    await expect(workspace.openHome(STRANGER)).rejects.toMatchObject({ code });
  });
});

describe('saying something', () => {
  it('is stored with mentions, and the app hears nothing', async () => {
    const { workspace, app } = await started();
    const root = workspace.say(ANA, REVIEW, 'hello @ben <b>');
    workspace.say(BEN, REVIEW, 'yes', root.ts);
    expect(workspace.thread(REVIEW, root.ts).map(({ text: said }) => said)).toEqual([
      'hello <@U0BEN> &lt;b&gt;',
      'yes',
    ]);
    expect(app.received).toEqual([]);
  });

  it.each([
    ['where one is no member', BEN, 'C0ELSE', 'not_in_channel'],
    ['where one sees nothing', ANA, PRIVATE, 'channel_not_found'],
    ['in the archive', ANA, 'C0OLD', 'is_archived'],
  ])('is not possible %s', async (_name, user, channel, code) => {
    const { workspace } = await bench();
    expect(() => workspace.say(user, channel, 'x')).toThrow(code);
  });

  it('needs the thread it replies to', async () => {
    const { workspace } = await bench();
    expect(() => workspace.say(ANA, REVIEW, 'x', '1.1')).toThrow('message_not_found');
  });
});

it('mrkdwn in a section survives a round trip untouched', async () => {
  const { card, workspace } = await started();
  const said = '*b* <@U0ANA> &lt;x&gt; `c` <!date^1^{date}|x>';
  const ts = await card([{ type: 'section', text: mrkdwn(said) }]);
  expect(workspace.message(REVIEW, ts)?.blocks).toMatchObject([{ text: { text: said } }]);
});
