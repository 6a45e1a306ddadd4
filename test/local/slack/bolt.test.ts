// A bare @slack/bolt 5 app, unchanged, over both transports: the whole conversation that the product has with Slack.
// With explicit time-outs and retries everywhere: Bolt's own defaults wait for ever and repeat a hundred times.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { App, type BlockAction, HTTPReceiver, SocketModeReceiver } from '@slack/bolt';
import type { AnyBlock, ModalView } from '@slack/types';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Workspace } from '../../../src/local/slack/workspace.ts';
import { ANA, BEN, bench, mrkdwn, never, option, plain, QUIET, REVIEW, STRANGER } from './support.ts';

type Mode = 'socket' | 'http';

async function boltApp(workspace: Workspace, mode: Mode): Promise<App> {
  const clientOptions = {
    slackApiUrl: workspace.apiUrl,
    timeout: 5_000,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: QUIET,
  };
  const receiver =
    mode === 'socket'
      ? new SocketModeReceiver({
          appToken: workspace.appToken,
          logger: QUIET,
          installerOptions: { clientOptions: { ...clientOptions } },
        })
      : new HTTPReceiver({
          signingSecret: workspace.signingSecret,
          endpoints: ['/slack/events'],
          logger: QUIET,
          unhandledRequestTimeoutMillis: 2_900,
        });
  const app = new App({ token: workspace.botToken, receiver, clientOptions, logger: QUIET, convoStore: false });
  listen(app);
  await (receiver instanceof HTTPReceiver ? serve(receiver, app, workspace) : app.start());
  if (mode === 'socket') onTestFinished(async () => void (await app.stop()));
  return app;
}

async function serve(receiver: HTTPReceiver, app: App, workspace: Workspace): Promise<void> {
  receiver.init(app);
  const server = createServer((req, res) => receiver.requestListener(req, res));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  workspace.setRequestUrl(`http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
}

const ROLES = ['prod-db', 'prod-web', 'staging-db'];
const form = (blocks: AnyBlock[] = []): ModalView => ({
  type: 'modal',
  callback_id: 'ask',
  notify_on_close: true,
  private_metadata: 'm1',
  title: plain('Ask'),
  submit: plain('Go'),
  blocks: [
    {
      type: 'input',
      block_id: 'role',
      label: plain('Role'),
      dispatch_action: true,
      element: { type: 'external_select', action_id: 'pick', min_query_length: 2 },
    },
    {
      type: 'input',
      block_id: 'time',
      label: plain('Time'),
      element: { type: 'static_select', action_id: 'v', options: [option('1h'), option('4h')] },
    },
    {
      type: 'input',
      block_id: 'why',
      label: plain('Why'),
      element: { type: 'plain_text_input', action_id: 'v', min_length: 5 },
    },
    ...blocks,
  ],
});
const card = (value: string) => [
  { type: 'section', text: mrkdwn('asks') },
  {
    type: 'actions',
    block_id: 'act',
    elements: [{ type: 'button', action_id: 'approve', text: plain('Approve'), value }],
  },
];

function listen(app: App): void {
  app.command('/jit', async ({ ack, command, client }) => {
    if (command.text === 'help') return ack('how it works');
    if (command.text === 'hang') return;
    await ack();
    await client.views.open({ trigger_id: command.trigger_id, view: form() });
  });
  app.options('pick', async ({ ack, options }) => {
    const found = ROLES.filter((role) => role.includes(options.value));
    await ack({ options: found.map((role) => ({ text: { type: 'plain_text', text: role }, value: role })) });
  });
  app.action('pick', async ({ ack, body, client }) => {
    await ack();
    if (body.type !== 'block_actions' || !body.view) return;
    const note = { type: 'context', block_id: 'note', elements: [mrkdwn('needs a ticket')] };
    await client.views.update({ view_id: body.view.id, hash: body.view.hash, view: form([note]) });
  });
  app.view('ask', async ({ ack, view, body, client }) => {
    const role = view.state.values.role?.pick?.selected_option?.value ?? '';
    if (role === 'staging-db') return ack({ response_action: 'errors', errors: { role: 'Not this one' } });
    await ack();
    const text = `${body.user.id} ${role} ${view.state.values.why?.v?.value} ${view.private_metadata}`;
    await client.chat.postMessage({ channel: REVIEW, text, blocks: card(role) });
  });
  app.view({ callback_id: 'ask', type: 'view_closed' }, async ({ ack, body, client }) => {
    await ack();
    await client.chat.postMessage({ channel: body.user.id, text: 'closed' });
  });
  app.action<BlockAction>('approve', async ({ ack, body, respond, client }) => {
    await ack();
    const ours = body.user.team_id === body.team?.id;
    if (!ours) return void (await respond({ text: 'not yours', replace_original: false }));
    const { channel, message } = { channel: body.channel?.id ?? '', message: body.message?.ts ?? '' };
    await client.chat.update({
      channel,
      ts: message,
      text: 'approved',
      blocks: [{ type: 'section', text: mrkdwn('approved') }],
    });
    await client.chat.postMessage({ channel, thread_ts: message, text: `by ${body.user.id}` });
  });
  app.shortcut({ callback_id: 'about', type: 'message_action' }, async ({ ack, shortcut, client }) => {
    await ack();
    const view = { ...form(), private_metadata: String(shortcut.type === 'message_action' && shortcut.message.text) };
    await client.views.open({ trigger_id: shortcut.trigger_id, view });
  });
  app.event('app_home_opened', async ({ event, client }) => {
    const elements = [{ type: 'button' as const, action_id: 'ask_home', text: plain('Ask') }];
    await client.views.publish({
      user_id: event.user,
      view: { type: 'home', blocks: [{ type: 'actions', elements }] },
    });
  });
  app.action<BlockAction>('ask_home', async ({ ack, body, client }) => {
    await ack();
    await client.views.open({ trigger_id: body.trigger_id, view: form() });
  });
  app.event('user_change', async ({ event, client }) => {
    await client.chat.postMessage({ channel: REVIEW, text: `${event.user.id} deleted ${event.user.deleted}` });
  });
}

describe.each<Mode>(['socket', 'http'])('a Bolt app over %s', (mode) => {
  async function started() {
    const messageShortcuts = [{ callbackId: 'about', name: 'Ask about this' }];
    // Bolt compares signatures with the machine's time, which the standing clock is not.
    const on = await bench({ mode, signedAt: () => Date.now(), app: { messageShortcuts }, ackMs: 1_000 });
    await boltApp(on.workspace, mode);
    const { workspace } = on;
    const view = () => workspace.until('a view', () => workspace.openView(ANA));
    const posted = (text: string) =>
      workspace.until(text, () => workspace.messages(REVIEW).find((message) => message.text.includes(text)));
    return { ...on, view, posted };
  }

  it('answers a command with words', async () => {
    const { workspace } = await started();
    expect(await workspace.slash(ANA, '/jit', 'help', REVIEW)).toMatchObject({ acked: true, status: 200 });
    expect(workspace.ephemerals(ANA)).toMatchObject([{ message: { text: 'how it works' } }]);
  });

  it('that does not answer: the person sees operation_timeout', async () => {
    const { workspace } = await started();
    expect(await workspace.slash(ANA, '/jit', 'hang', REVIEW)).toMatchObject({
      acked: false,
      failure: 'operation_timeout',
    });
    expect(workspace.ephemerals(ANA)).toMatchObject([
      { message: { user: 'USLACKBOT', text: '/jit failed with the error "operation_timeout"' } },
    ]);
  });

  it('goes from the command to the form to the card to the decision', async () => {
    const { workspace, view, posted } = await started();
    await workspace.slash(ANA, '/jit', '', REVIEW);
    await view();
    const suggested = await workspace.suggest(ANA, { blockId: 'role', actionId: 'pick', value: 'prod' });
    expect(suggested.options?.map(({ value }) => value)).toEqual(['prod-db', 'prod-web']);

    await workspace.clickInView(ANA, { actionId: 'pick', value: 'prod-db', values: { why: 'INC-42' } });
    await workspace.until('the note', () =>
      workspace.openView(ANA)?.blocks.some(({ block_id }) => block_id === 'note'),
    );
    expect(workspace.openView(ANA)?.values.why?.v?.value).toBe('INC-42');

    const submitted = await workspace.submitView(ANA, { time: '1h' });
    expect(submitted).toMatchObject({ acked: true, view: null });
    const { ts } = await posted('U0ANA prod-db INC-42 m1');

    await workspace.click(BEN, { channel: REVIEW, ts, actionId: 'approve' });
    await posted('by U0BEN');
    expect(workspace.thread(REVIEW, ts).map(({ text }) => text)).toEqual(['approved', 'by U0BEN']);
    await expect(workspace.click(BEN, { channel: REVIEW, ts, actionId: 'approve' })).rejects.toThrow('no_such_action');
    await workspace.click(BEN, { channel: REVIEW, ts, actionId: 'approve', stale: true });
    await workspace.until('the second', () => workspace.thread(REVIEW, ts).length === 3);
  });

  it('refuses a field, and the form stays', async () => {
    const { workspace, view } = await started();
    await workspace.slash(ANA, '/jit', '', REVIEW);
    await view();
    await workspace.suggest(ANA, { blockId: 'role', actionId: 'pick', value: 'staging' });
    const outcome = await workspace.submitView(ANA, { role: 'staging-db', time: '1h', why: 'because' });
    expect(outcome).toMatchObject({
      acked: true,
      fieldErrors: { role: 'Not this one' },
      view: { errors: { role: 'Not this one' } },
    });
  });

  it('hears that the form was closed', async () => {
    const { workspace, view } = await started();
    await workspace.slash(ANA, '/jit', '', REVIEW);
    await view();
    expect(await workspace.closeView(ANA)).toMatchObject({ acked: true, view: null });
    await workspace.until('closed', () => workspace.directMessages(ANA).some(({ text }) => text === 'closed'));
  });

  it('sees a stranger’s click as one', async () => {
    const { workspace, call } = await started();
    const ts = String((await call('chat.postMessage', { channel: 'C0SHARED', text: 'x', blocks: card('r') })).body.ts);
    await workspace.click(STRANGER, { channel: 'C0SHARED', ts, actionId: 'approve' });
    await workspace.until('the answer', () => workspace.ephemerals(STRANGER).at(-1)?.message.text === 'not yours');
    expect(workspace.message('C0SHARED', ts)?.text).toBe('x');
  });

  it('gets the message of a shortcut, without any history scope', async () => {
    const { workspace, view } = await started();
    const { ts } = workspace.say(BEN, REVIEW, 'the disk is full');
    await workspace.shortcut(ANA, 'about', { channel: REVIEW, ts });
    expect((await view()).private_metadata).toBe('the disk is full');
  });

  it('has a home with buttons', async () => {
    const { workspace, view } = await started();
    await workspace.openHome(ANA);
    await workspace.until('the home', () => workspace.home(ANA));
    await workspace.clickInHome(ANA, { actionId: 'ask_home' });
    expect((await view()).callback_id).toBe('ask');
  });

  it('hears that somebody left', async () => {
    const { workspace, posted } = await started();
    await workspace.changeUser(BEN, { deleted: true });
    expect((await posted('U0BEN deleted')).text).toBe('U0BEN deleted true');
  });

  it('gets the very same request twice', async () => {
    const { workspace } = await started();
    const { delivery } = await workspace.slash(ANA, '/jit', 'help', REVIEW);
    expect(await workspace.redeliver(delivery ?? never())).toMatchObject({
      acked: true,
      body: { text: 'how it works' },
    });
  });
});

describe('a Bolt app over http', () => {
  it('refuses a wrong signature and takes a right one', async () => {
    const { workspace } = await bench({ mode: 'http', signedAt: () => Date.now() });
    await boltApp(workspace, 'http');
    const headers = {
      'content-type': 'application/json',
      'x-slack-request-timestamp': String(Math.floor(Date.now() / 1_000)),
      'x-slack-signature': 'v0=00',
    };
    expect(await workspace.deliverRaw({ headers, body: '{}' })).toMatchObject({ status: 401 });
    expect((await workspace.slash(ANA, '/jit', 'help', REVIEW)).acked).toBe(true);
  });
});

describe('two Bolt apps over socket', () => {
  it('cover for each other while one is refreshed', async () => {
    const { workspace } = await bench();
    await boltApp(workspace, 'socket');
    await boltApp(workspace, 'socket');
    await workspace.until('both', () => workspace.connections() === 2);
    workspace.disconnect('refresh_requested', 1);
    expect(workspace.connections()).toBe(1);
    for (let n = 0; n < 10; n += 1) expect((await workspace.slash(ANA, '/jit', 'help', REVIEW)).acked).toBe(true);
  });
});
