// Requests as Slack sends them, each valid, signed now, and unlike every other one: another trigger, another person.
import { encodeDelivery, slackSignature } from '../src/local/slack/deliver-http.ts';
import { APP, APPROVERS, ASKERS, REVIEW, ROLES, roleName, TEAM } from './world.ts';

export type What = 'list' | 'ask' | 'press';

/** What is pressed on: a card as it lies in the reviewer channel, and the values of the Approve buttons of many such. */
export interface Cards {
  readonly message: Readonly<Record<string, unknown>>;
  readonly values: readonly string[];
}
export interface Signed {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** People who asked before the measurement begins: they have something to list, and their cards are pressed. */
export const EARLY_ASKERS = 30;
export const EARLY_ROLES = 2;

export function signedRequest(what: What, number: number, cards: Cards, url: string, secret: string): Signed {
  const raw =
    what === 'press'
      ? encodeDelivery('interactive', press(number, cards, url))
      : encodeDelivery('slash_commands', slash(what, number, url));
  const body = String(raw.body);
  const stamp = String(Math.floor(Date.now() / 1000));
  return {
    body,
    headers: {
      ...(raw.headers as Record<string, string>),
      'content-length': String(Buffer.byteLength(body)),
      'x-slack-request-timestamp': stamp,
      'x-slack-signature': slackSignature(secret, stamp, body),
    },
  };
}

/** Nothing else makes two deliveries of one kind different ones to the program. */
export function triggerOf(what: What, number: number): string {
  return `${number}.${TEAM}.${what === 'press' ? 'press' : 'slash'}`;
}

/** What is typed, and by whom. */
export function commandOf(what: 'list' | 'ask', number: number): { readonly user: string; readonly text: string } {
  return what === 'list' ? { user: ASKERS[number % EARLY_ASKERS] ?? '', text: 'list' } : ask(number);
}

/** Every ask is somebody's first for that role; the early ones come first. */
function ask(number: number) {
  const early = EARLY_ASKERS * EARLY_ROLES;
  const [person, role] =
    number < early
      ? [number % EARLY_ASKERS, Math.floor(number / EARLY_ASKERS)]
      : [EARLY_ASKERS + Math.floor((number - early) / ROLES), number];
  const asker = ASKERS[person];
  if (asker === undefined) throw new Error(`there is nobody left to ask for the ${number}th time`);
  return { user: asker, text: `${roleName(role)} 10m repair the gate after INC-${number}` };
}

function slash(what: 'list' | 'ask', number: number, url: string) {
  const { user, text } = commandOf(what, number);
  return {
    token: 'old-verification-token',
    team_id: TEAM,
    team_domain: 'bench',
    channel_id: REVIEW,
    channel_name: 'db-access',
    user_id: user,
    user_name: user.toLowerCase(),
    command: '/jit',
    text,
    api_app_id: APP,
    is_enterprise_install: 'false',
    response_url: `${url}/commands/${number}`,
    trigger_id: triggerOf('ask', number),
  };
}

function press(number: number, { message, values }: Cards, url: string) {
  const user = APPROVERS[number % APPROVERS.length] ?? '';
  return {
    type: 'block_actions',
    user: { id: user, username: user.toLowerCase(), name: user.toLowerCase(), team_id: TEAM },
    api_app_id: APP,
    token: 'old-verification-token',
    container: { type: 'message', message_ts: message.ts, channel_id: REVIEW, is_ephemeral: false },
    trigger_id: triggerOf('press', number),
    team: { id: TEAM, domain: 'bench' },
    enterprise: null,
    is_enterprise_install: false,
    channel: { id: REVIEW, name: 'db-access' },
    message,
    state: { values: {} },
    response_url: `${url}/actions/${number}`,
    actions: [
      {
        action_id: 'approve',
        block_id: 'b1',
        text: { type: 'plain_text', text: 'Approve', emoji: false },
        value: values[number % values.length],
        style: 'primary',
        type: 'button',
        action_ts: '1763776000.000100',
      },
    ],
  };
}
