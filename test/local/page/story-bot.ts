// A small bot in the real one's place: takes signed HTTP from the workspace and answers over its Web API. It tells the
// shortest whole story: form, card, approval, thread, end. What it posts can be anything, for hostile texts too.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Workspace } from '../../../src/local/slack/workspace-types.ts';
import { mrkdwn, option, plain } from '../slack/support.ts';
import type { StoryTarget } from './story-target.ts';

type Json = Readonly<Record<string, unknown>>;

export interface StoryBot {
  readonly url: string;
  /** One call of the Web API as the bot; throws what Slack would refuse. */
  call(method: string, args: Json): Promise<{ readonly ts: string }>;
  /** Options that the next search is answered with. */
  options: readonly Json[];
  /** Every request that arrived: `command`, or the payload's type and action. */
  readonly heard: readonly string[];
  stop(): Promise<void>;
}

export const REVIEW = 'C0REVIEWS';
const ROLES = ['prod-db-readonly', 'prod-db-admin', 'billing-export'];

/** `submit` of the form needs ten characters of reason, so that its errors can be seen. */
export async function startStoryBot(workspace: () => Workspace, target: StoryTarget): Promise<StoryBot> {
  const heard: string[] = [];
  const server = createServer((req, res) => {
    void bodyOf(req).then(async (form) => {
      const answer = await handle(form);
      if (answer === 'never') return;
      const text = answer === undefined ? '' : JSON.stringify(answer);
      res.writeHead(200, { 'content-type': 'application/json' }).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const bot = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`,
    options: ROLES.map(option) as readonly Json[],
    heard,
    call,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return bot;

  async function call(method: string, args: Json): Promise<{ readonly ts: string }> {
    const { apiUrl, botToken } = workspace();
    const headers = { authorization: `Bearer ${botToken}`, 'content-type': 'application/json; charset=utf-8' };
    const response = await fetch(`${apiUrl}${method}`, { method: 'POST', headers, body: JSON.stringify(args) });
    const reply = (await response.json()) as { ok: boolean; error?: string; ts: string };
    if (!reply.ok) throw new Error(`${method}: ${JSON.stringify(reply)}`);
    return reply;
  }

  async function handle(form: Json): Promise<unknown> {
    if (typeof form.command === 'string') return command(form);
    if (form.type === 'event_callback') return event(form.event as Json);
    switch (form.type) {
      case 'view_submission':
        return submitted(form);
      case 'block_suggestion':
        heard.push('suggest');
        return { options: bot.options.filter((one) => JSON.stringify(one).includes(String(form.value))) };
      case 'block_actions':
        return pressed(form);
      case 'message_action':
        return openForm(form, 'asked from a message');
    }
    heard.push(String(form.type));
    return undefined;
  }

  async function command(form: Json): Promise<unknown> {
    heard.push(`${form.command} ${form.text}`.trim());
    if (form.text === 'slow') return 'never';
    if (form.text === 'list') return { response_type: 'ephemeral', text: 'You have *no* passes.' };
    return openForm(form, String(form.text));
  }

  async function openForm(form: Json, reason: string): Promise<undefined> {
    await call('views.open', { trigger_id: form.trigger_id, view: formView(reason, '1h') });
  }

  async function event(happened: Json): Promise<undefined> {
    heard.push(String(happened.type));
    if (happened.type !== 'app_home_opened' || happened.tab !== 'home') return;
    await call('views.publish', { user_id: happened.user, view: homeView() });
  }

  async function submitted(form: Json): Promise<unknown> {
    const view = form.view as { state: { values: Record<string, Record<string, Json>> } };
    const reason = String(view.state.values.reason?.field?.value ?? '');
    heard.push(`submit ${reason}`);
    if (reason.length < 10)
      return { response_action: 'errors', errors: { reason: 'Say why, in 10 characters or more.' } };
    const { id } = form.user as { id: string };
    const { ts } = await call('chat.postMessage', { channel: REVIEW, ...card(id, reason, 'waiting') });
    await call('chat.postMessage', {
      channel: REVIEW,
      thread_ts: ts,
      text: `<@${id}> asked for \`prod-db-readonly\`.`,
    });
    return undefined;
  }

  async function pressed(form: Json): Promise<undefined> {
    const [action] = form.actions as { action_id: string; value?: string }[];
    heard.push(`press ${action?.action_id}`);
    const view = form.view as { id: string; type: string } | undefined;
    if (view?.type === 'modal')
      return void (await call('views.update', { view_id: view.id, view: formView('', '4h') }));
    const message = form.message as { ts: string } | undefined;
    if (!message || !action) return;
    await decide(message.ts, action.action_id, action.value ?? '', (form.user as { id: string }).id);
  }

  async function decide(ts: string, action: string, requester: string, by: string): Promise<void> {
    if (action === 'approve') target.grant(requester);
    if (action === 'return') target.revoke(requester);
    const state = action === 'approve' ? 'live' : action === 'return' ? 'ended' : 'denied';
    await call('chat.update', { channel: REVIEW, ts, ...card(requester, 'INC-42: replica lag on orders', state) });
    await call('chat.postMessage', { channel: REVIEW, thread_ts: ts, text: `${action} by <@${by}>` });
  }
}

async function bodyOf(req: IncomingMessage): Promise<Json> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(Buffer.from(chunk));
  const text = Buffer.concat(chunks).toString('utf8');
  if (req.headers['content-type'] === 'application/json') return JSON.parse(text) as Json;
  const form = Object.fromEntries(new URLSearchParams(text));
  return typeof form.payload === 'string' ? (JSON.parse(form.payload) as Json) : form;
}

function input(blockId: string, label: string, element: Json, more: Json = {}): Json {
  return {
    type: 'input',
    block_id: blockId,
    label: plain(label),
    element: { action_id: 'field', ...element },
    ...more,
  };
}

function formView(reason: string, longest: string): Json {
  const durations = ['30m', '1h', longest === '1h' ? '2h' : '4h'];
  return {
    type: 'modal',
    callback_id: 'request',
    title: plain('Ask for access'),
    submit: plain('Ask'),
    close: plain('Cancel'),
    blocks: [
      { type: 'section', text: mrkdwn('Access ends by itself. You can return it *any time*.') },
      input(
        'role',
        'Role',
        { type: 'external_select', min_query_length: 0, placeholder: plain('Search roles') },
        { dispatch_action: true },
      ),
      input(
        'duration',
        'How long',
        { type: 'static_select', options: durations.map(option), initial_option: option('1h') },
        { hint: plain('At most 4 hours for this role.') },
      ),
      input('reason', 'Reason', {
        type: 'plain_text_input',
        multiline: true,
        max_length: 300,
        ...(reason === '' ? {} : { initial_value: reason }),
      }),
      input(
        'urgency',
        'Urgency',
        { type: 'radio_buttons', options: [option('can wait'), option('now')] },
        { optional: true },
      ),
      input(
        'notify',
        'Tell as well',
        { type: 'checkboxes', options: [option('team'), option('on-call')] },
        { optional: true },
      ),
    ],
  };
}

const STATES = {
  waiting: [
    '⏳ Read production data',
    '*Waiting for approval.* Needs 1 of dbas, until <!date^1767227400^{time}|00:30 UTC>.',
  ],
  live: ['✅ Read production data', '*Live* until <!date^1767229200^{time}|01:00 UTC>. Sessions end when it ends.'],
  ended: ['🏁 Read production data', '*Ended*: returned early. The target was looked at: the access is gone.'],
  denied: ['⛔ Read production data', '*Denied.*'],
} as const;

export function card(requester: string, reason: string, state: keyof typeof STATES): Json {
  const [title, status] = STATES[state];
  const button = (action: string, label: string, style: string, more: Json = {}) => ({
    type: 'button',
    action_id: action,
    text: plain(label),
    value: requester,
    ...(style === 'plain' ? {} : { style }),
    ...more,
  });
  const ask = {
    title: plain('Deny this?'),
    text: plain('The requester is told.'),
    confirm: plain('Deny'),
    deny: plain('Back'),
    style: 'danger',
  };
  const buttons = {
    waiting: [
      button('approve', 'Approve', 'primary'),
      button('deny', 'Deny', 'danger', { confirm: ask }),
      button('details', 'Details', 'plain'),
    ],
    live: [button('return', 'Return', 'plain'), button('extend', 'Extend', 'plain')],
    ended: [],
    denied: [],
  }[state];
  return {
    text: `${title} for <@${requester}>`,
    blocks: [
      { type: 'header', text: plain(title) },
      { type: 'section', text: mrkdwn(status) },
      {
        type: 'section',
        fields: [`*Who*\n<@${requester}>`, '*Target*\n`prod-db`', '*How long*\n1 h', '*Risk*\nmedium'].map(mrkdwn),
      },
      {
        type: 'rich_text',
        elements: [
          { type: 'rich_text_section', elements: [{ type: 'text', text: 'Reason', style: { bold: true } }] },
          { type: 'rich_text_quote', elements: [{ type: 'text', text: reason }] },
        ],
      },
      { type: 'context', elements: [mrkdwn('request `R7K2` · leaf 41 · `9f86d081`')] },
      ...(buttons.length > 0 ? [{ type: 'actions', elements: buttons }] : []),
    ],
  };
}

function homeView(): Json {
  return {
    type: 'home',
    blocks: [
      { type: 'section', text: mrkdwn('Nobody keeps standing privileges. *Ask when you need it.*') },
      {
        type: 'actions',
        elements: [{ type: 'button', action_id: 'ask', style: 'primary', text: plain('Ask for access') }],
      },
      { type: 'header', text: plain('Your passes') },
      { type: 'section', text: mrkdwn('You have none.') },
    ],
  };
}
