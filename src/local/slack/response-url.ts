// Response URLs: 5 uses within 30 minutes, for the channel and person of one click or command.
// docs.slack.dev/interactivity/handling-user-interaction
import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from './api-arguments.ts';
import { byBot, eraseMessage, messageAt, post, replaceMessage, whisper } from './conversations.ts';
import { type Fields, flagOf, isFields, textOf } from './fields.ts';
import { readBody, sendText } from './http-io.ts';
import { API_BODY_BYTES, RESPONSE_URL_MINUTES, RESPONSE_URL_USES } from './limits.ts';
import { readContent } from './message-content.ts';
import type { Message, ResponseUrl } from './records.ts';
import { changed, type State } from './state.ts';

export function issueResponseUrl(state: State, given: Omit<ResponseUrl, 'at' | 'uses'>): string {
  const key = state.ids.secret(24);
  state.responseUrls.set(key, { ...given, at: state.clock.now(), uses: 0 });
  return `${state.base}/hooks/${key}`;
}

export async function serveResponseUrl(
  state: State,
  req: IncomingMessage,
  res: ServerResponse,
  key: string,
): Promise<void> {
  const known = state.responseUrls.get(key);
  if (!known) return sendText(res, 404, 'invalid_token');
  const age = state.clock.now() - known.at;
  if (age > RESPONSE_URL_MINUTES * 60_000) return sendText(res, 404, 'expired_url');
  if (known.uses >= RESPONSE_URL_USES) return sendText(res, 404, 'used_url');
  const body = json((await readBody(req, API_BODY_BYTES)).toString('utf8'));
  if (!isFields(body)) return sendText(res, 400, 'invalid_payload');
  const error = respond(state, known, body);
  if (error !== undefined) return sendText(res, 400, error);
  state.responseUrls.set(key, { ...known, uses: known.uses + 1 });
  sendText(res, 200, 'ok');
}

/** Slack's error code, or `undefined` when it is done. Also used for what a command's acknowledgement says. */
export function respond(state: State, to: ResponseUrl, body: Fields): string | undefined {
  if (flagOf(body, 'delete_original')) return remove(state, to);
  const content = readContent(state, body);
  if ('refusal' in content) return String(content.refusal.error);
  const { cut: _, ...stored } = content;
  if (flagOf(body, 'replace_original') && to.source) return replace(state, to, stored);
  const thread = textOf(body, 'thread_ts');
  const draft = { ...byBot(state), ...stored, ...(thread !== undefined && { thread_ts: thread }) };
  if (body.response_type === 'in_channel') post(state, to.channel, draft);
  else whisper(state, to.channel, to.user, draft);
  return undefined;
}

function remove(state: State, { channel, source }: ResponseUrl): string | undefined {
  if (!source) return 'message_not_found';
  if (!source.ephemeral) eraseMessage(state, channel, source.ts);
  const index = ephemeralIndex(state, source.ts);
  if (index >= 0) state.ephemerals.splice(index, 1);
  changed(state);
  return undefined;
}

/** An ephemeral message stays one: `response_type: in_channel` changes nothing about that. */
function replace(state: State, { channel, source }: ResponseUrl, stored: Partial<Message>): string | undefined {
  const index = ephemeralIndex(state, source?.ts);
  const whispered = state.ephemerals[index];
  const before = whispered?.message ?? messageAt(state, channel, source?.ts ?? '');
  if (!before) return 'message_not_found';
  const { blocks: _, ...shared } = before;
  const next = { ...shared, ...stored };
  if (whispered) state.ephemerals[index] = { ...whispered, message: next };
  else replaceMessage(state, channel, next);
  changed(state);
  return undefined;
}

function ephemeralIndex(state: State, ts: string | undefined): number {
  return state.ephemerals.findIndex(({ message }) => message.ts === ts);
}
