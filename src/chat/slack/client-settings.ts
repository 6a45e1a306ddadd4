// How every call to Slack's Web API is made. All of it explicit: the library's defaults wait for ever on a silent server,
// retry 10 times (100 in Socket Mode) and let one 429 hold up all other methods (measured).
import type { WebClientOptions } from '@slack/web-api';

export const CALL_TIMEOUT_MS = 10_000;
const RETRY_AFTER_SECONDS = 30;

/** A new object with new parts each time: Slack's clients write into what they are given. */
export function callSettings(apiUrl: string | undefined): WebClientOptions {
  return {
    ...(apiUrl !== undefined && { slackApiUrl: apiUrl }),
    timeout: CALL_TIMEOUT_MS,
    // Posting again is the outbox's decision: a lost answer may hide a message that is there (threat D05).
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    fetch: fetchSlack,
  };
}

/** A 429 without a readable Retry-After would end as an error without a type; it gets one. */
const fetchSlack: NonNullable<WebClientOptions['fetch']> = async (url, init) => {
  const response = await fetch(url, init);
  if (response.status !== 429 || /^\d+$/.test(response.headers.get('retry-after') ?? '')) return response;
  return new Response(null, { status: 429, headers: { 'retry-after': String(RETRY_AFTER_SECONDS) } });
};
