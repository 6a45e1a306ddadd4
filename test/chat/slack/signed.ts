// Requests as Slack signs them, and with everything that can be wrong about them.
import { createHmac } from 'node:crypto';
import type { RawRequest } from '../../../src/local/slack/deliver-http.ts';
import { ANA, REVIEW, TEAM } from './rig.ts';

export const FORM = 'application/x-www-form-urlencoded';
export const JSON_TYPE = 'application/json';

export interface Signing {
  readonly secret: string;
  /** Unix seconds, as written into the header. */
  readonly stamp: number | string;
  /** What is signed, when it is not the body itself. */
  readonly over?: string | Buffer;
  readonly type?: string;
  /** Instead of, or (undefined) without, what would be right. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>;
}

export function signature(secret: string, stamp: number | string, body: string | Buffer): string {
  return `v0=${createHmac('sha256', secret).update(`v0:${stamp}:`).update(body).digest('hex')}`;
}

export function signed(body: string | Buffer, signing: Signing): RawRequest {
  const { secret, stamp, over = body, type = FORM, headers = {} } = signing;
  const all: Record<string, string | readonly string[]> = {
    'content-type': type,
    'x-slack-request-timestamp': String(stamp),
    'x-slack-signature': signature(secret, stamp, over),
  };
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) delete all[name];
    else all[name] = value;
  }
  return { headers: all, body };
}

/** A command of Ana's, as plain fields. */
export function slashFields(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    token: 'old-verification-token',
    team_id: TEAM,
    channel_id: REVIEW,
    user_id: ANA,
    command: '/jit',
    text: 'prod-db 2h fix INC-42',
    api_app_id: 'A0HALLPASS',
    trigger_id: 'trigger.1',
    ...more,
  };
}

export function form(fields: Readonly<Record<string, string>>): string {
  return new URLSearchParams(fields).toString();
}

/** A press of Ana's on a button that says approve. */
export function pressPayload(more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    type: 'block_actions',
    token: 'old-verification-token',
    api_app_id: 'A0HALLPASS',
    team: { id: TEAM, domain: 'acme' },
    enterprise: null,
    user: { id: ANA, team_id: TEAM },
    container: { type: 'message', message_ts: '1.000001', channel_id: REVIEW, is_ephemeral: false },
    channel: { id: REVIEW, name: 'reviews' },
    trigger_id: 'trigger.2',
    actions: [{ type: 'button', action_id: 'approve', block_id: 'b', value: 'rq_1.1.abc', action_ts: '1.2' }],
    ...more,
  };
}

export function eventBody(
  event: Readonly<Record<string, unknown>>,
  more: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  return {
    token: 'old-verification-token',
    type: 'event_callback',
    team_id: TEAM,
    api_app_id: 'A0HALLPASS',
    event_id: 'Ev1',
    event_time: 1,
    authorizations: [{ enterprise_id: null, team_id: TEAM, user_id: 'U0HALLPASS', is_bot: true }],
    event,
    ...more,
  };
}
