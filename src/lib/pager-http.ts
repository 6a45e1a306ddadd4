// One HTTP call of a pager: the same limits and the same silence about tokens as a call to a target, in a pager's own words.
import { AdapterError } from '../ports/grant-adapter.ts';
import { PagerError, type PagerFault } from '../ports/pager.ts';
import { callHttp, type HttpAnswer, type HttpCall, type Send } from './http.ts';

/** Well below the 20 s that a page is given, so that it ends by itself and says why. */
const TIMEOUT_MS = 10_000;

export type PagerCall = Pick<HttpCall, 'system' | 'url' | 'headers' | 'body'>;

/** Posts; answers 2xx, throws PagerError for everything else. */
export async function postPage(send: Send, call: PagerCall, signal: AbortSignal): Promise<HttpAnswer> {
  return asPager(() => callHttp(send, { ...call, method: 'POST', changes: true, timeoutMs: TIMEOUT_MS }, signal));
}

export async function asPager<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    const { retryAfterSeconds } = error;
    throw new PagerError(faultOf(error), error.message, { retryAfterSeconds, cause: error });
  }
}

/** An address where nobody takes pages is a setting of ours, like a wrong key. */
function faultOf({ fault }: AdapterError): PagerFault {
  return fault === 'missing' ? 'refused' : fault;
}
