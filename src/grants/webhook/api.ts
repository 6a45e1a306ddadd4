// One signed call to the receiver. Knows nothing of what the calls mean; every failure is an AdapterError.
import type { z } from 'zod';
import type { JsonObject } from '../../core/model.ts';
import { callHttp, type HttpCall, readAnswer, type Send } from '../../lib/http.ts';
import { reveal } from '../../lib/secret.ts';
import { messageId, signedHeaders } from '../../lib/standard-webhooks.ts';
import type { Clock } from '../../ports/clock.ts';
import type { WebhookConfig } from './schema.ts';

type CallType =
  | 'access.resolve'
  | 'access.check'
  | 'access.grant'
  | 'access.inspect'
  | 'access.revoke'
  | 'access.end_sessions';

interface Message {
  readonly type: CallType;
  readonly data: JsonObject;
  /** What a repeated call has in common with the first. Without it every call is a message of its own. */
  readonly repeatable?: string;
}

export type Ask = <Answer>(schema: z.ZodType<Answer>, message: Message, signal: AbortSignal) => Promise<Answer>;

export function openApi(config: WebhookConfig, send: Send, clock: Clock, deployment: string): Ask {
  let count = 0;
  return async (schema, message, signal) => {
    count += 1;
    const now = clock.now();
    const body = JSON.stringify({
      type: message.type,
      timestamp: new Date(now).toISOString(),
      data: { deployment, ...message.data },
    });
    const id = messageId(deployment, message.type, message.repeatable ?? `${now}/${count}/${body}`);
    const call: HttpCall = {
      system: 'The webhook receiver',
      method: 'POST',
      url: reveal(config.url),
      headers: { 'content-type': 'application/json', ...signedHeaders(config.secret, id, now, body) },
      body,
      changes: CHANGES[message.type],
      timeoutMs: config.timeout,
    };
    return readAnswer(schema, await callHttp(send, call, signal), call);
  };
}

const CHANGES: Readonly<Record<CallType, boolean>> = {
  'access.resolve': false,
  'access.check': false,
  'access.grant': true,
  'access.inspect': false,
  'access.revoke': true,
  'access.end_sessions': true,
};
