// What went wrong with a call to Slack, in the words of the chat port. The library's error stays out of the message:
// its texts quote addresses and arguments (threat I01).
import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';
import { ChatError } from '../../ports/chat-platform.ts';

const DEFAULT_RETRY_SECONDS = 30;

// Slack's codes by what they mean to us; every other one is a refusal. docs.slack.dev/reference/methods, per method.
const GONE = new Set([
  'channel_not_found',
  'not_in_channel',
  'is_archived',
  'is_inactive',
  'message_not_found',
  'thread_not_found',
  'user_not_found',
  'users_not_found',
  'user_not_in_channel',
  'user_disabled',
  'no_such_subteam',
  'not_found',
]);
const INVALID = new Set([
  'invalid_blocks',
  'invalid_blocks_format',
  'msg_too_long',
  'msg_blocks_too_long',
  'no_text',
  'invalid_arguments',
  'invalid_arg_name',
  'invalid_form_data',
  'invalid_json',
  'metadata_too_large',
  'invalid_metadata_format',
  'invalid_metadata_schema',
  'view_too_large',
  'invalid_cursor',
]);
const BUSY = new Set(['ratelimited', 'rate_limited']);
/** Slack on these: "it's possible some aspect of the operation succeeded before the error was raised". */
const LOST = new Set(['fatal_error', 'internal_error', 'service_unavailable', 'request_timeout']);

/** The connection was never made, so nothing can have arrived. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

/** `writes`: the call changes something over there, so that without a clear answer it may have happened. */
export function chatErrorOf(error: unknown, writes: boolean): ChatError {
  if (error instanceof ChatError) return error;
  if (error instanceof WebAPIRateLimitedError)
    return new ChatError('busy', 'ratelimited', 'no', { retryAfterSeconds: error.retryAfter });
  if (error instanceof WebAPIPlatformError) return refusalOf(error, writes);
  if (error instanceof WebAPIHTTPError) return lost(`http_${error.statusCode}`, writes);
  const cause = error instanceof WebAPIRequestError ? error.original : error;
  const code = codeOf(cause);
  return lost(code, writes && !NEVER_SENT.has(code));
}

function refusalOf({ data }: WebAPIPlatformError, writes: boolean): ChatError {
  const code = data.error;
  // Anything may stand in `error` when the answer was no JSON at all; only words are repeated.
  if (!/^[a-z][a-z0-9_]{1,60}$/.test(code)) return lost('unreadable_answer', writes);
  if (LOST.has(code)) return lost(code, writes);
  if (BUSY.has(code)) return new ChatError('busy', code, 'no', { retryAfterSeconds: DEFAULT_RETRY_SECONDS });
  if (GONE.has(code)) return new ChatError('gone', code, 'no');
  if (INVALID.has(code)) return new ChatError('invalid', code, 'no');
  const needed = 'needed' in data ? wordOf(data.needed) : 'unknown';
  return new ChatError('refused', code === 'missing_scope' ? `missing_scope:${needed}` : code, 'no');
}

function lost(code: string, maybe: boolean): ChatError {
  return new ChatError('unreachable', code, maybe ? 'maybe' : 'no');
}

function wordOf(value: unknown): string {
  return typeof value === 'string' && /^[a-z:._,]{1,100}$/.test(value) ? value : 'unknown';
}

/** 'ECONNREFUSED' and its like, from wherever the platform hides it. */
function codeOf(cause: unknown): string {
  for (let at = cause; at instanceof Error; at = at.cause) {
    if (at.name === 'TimeoutError' || at.name === 'AbortError') return 'timeout';
    if ('code' in at && typeof at.code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(at.code)) return at.code;
  }
  return 'connection_lost';
}
