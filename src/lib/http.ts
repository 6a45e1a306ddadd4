// One HTTP call to a target: a timeout, a cap on the answer, no redirects, and every failure as an AdapterError.
// Must never put a body, a header, a path or a query into a message: tokens live there (threats I01, I02).
import type { z } from 'zod';
import { AdapterError } from '../ports/grant-adapter.ts';
import { type Asked, faultOfLoss, faultOfStatus, type Said, unsure } from './http-faults.ts';

const ANSWER_MAX_BYTES = 1024 * 1024;
/** Below the 20 s that a job gives an adapter call, so that the call ends by itself and says why. */
const TIMEOUT_MS = 15_000;

/** The part of `fetch` in use here, so that a guarded sender can stand in for it (see ssrf.ts). */
export type Send = (url: string, init: SendInit) => Promise<Sent>;
export interface SendInit {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
  readonly redirect: 'manual';
  readonly signal: AbortSignal;
}
export interface Sent extends Said {
  readonly body: AsyncIterable<Uint8Array> | null;
}

export interface HttpCall extends Asked {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs?: number;
}
export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
}

/** Make the call. Answers 2xx and what `accept` lists; throws AdapterError for everything else. */
export async function callHttp(send: Send, call: HttpCall, signal: AbortSignal): Promise<HttpAnswer> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(call.timeoutMs ?? TIMEOUT_MS)]);
  if (signal.aborted) throw new AdapterError('unreachable', `${call.system} was not asked: cancelled before`, 'no');
  try {
    const sent = await send(call.url, initOf(call, limit));
    const text = await readCapped(sent, call);
    const fault = faultOfStatus(sent, call);
    if (fault !== undefined) throw fault;
    return { status: sent.status, text };
  } catch (cause) {
    throw cause instanceof AdapterError ? cause : faultOfLoss(cause, call, limit);
  }
}

/** The answer's JSON in the shape of `schema`; AdapterError 'invalid' when it is anything else (threat G10). */
export function readAnswer<T>(schema: z.ZodType<T>, answer: HttpAnswer, call: HttpCall): T {
  const parsed = schema.safeParse(jsonOf(answer.text, call));
  if (parsed.success) return parsed.data;
  // Keys of the answer may be anything at all; only plain ones are repeated.
  const path = parsed.error.issues[0]?.path.map(String).join('.') ?? '';
  const where = /^[\w.]{1,60}$/.test(path) ? path : 'the whole';
  throw new AdapterError('invalid', `${call.system} answered in a shape not understood (${where})`, unsure(call));
}

function initOf(call: HttpCall, signal: AbortSignal): SendInit {
  const init = {
    method: call.method,
    headers: { accept: 'application/json', ...call.headers },
    redirect: 'manual',
    signal,
  } as const;
  return call.body === undefined ? init : { ...init, body: call.body };
}

async function readCapped(sent: Sent, call: HttpCall): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of sent.body ?? []) {
    bytes += part.byteLength;
    if (bytes > ANSWER_MAX_BYTES) throw tooLong(call);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function jsonOf(text: string, call: HttpCall): unknown {
  try {
    // An own key "__proto__" is never honest; left in, a later spread or merge could set a prototype.
    return JSON.parse(text, (key, value) => {
      if (key === '__proto__') throw new SyntaxError(key);
      return value;
    });
  } catch {
    throw new AdapterError('invalid', `${call.system} did not answer with plain JSON`, unsure(call));
  }
}

function tooLong(call: HttpCall): AdapterError {
  return new AdapterError('invalid', `${call.system} answered with more than ${ANSWER_MAX_BYTES} bytes`, unsure(call));
}
