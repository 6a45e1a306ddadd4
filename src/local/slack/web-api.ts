// The Web API's front: reads a call, injects ordered faults, checks token, scope and rate, runs the method.
// Knows no method by name except through the table.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseArguments } from './api-arguments.ts';
import { type Reply, refuse } from './api-reply.ts';
import { appliesEffect, type Fault, type Faults } from './faults.ts';
import { type Fields, textOf } from './fields.ts';
import { readBody, sendJson } from './http-io.ts';
import { API_BODY_BYTES } from './limits.ts';
import { DISTRIBUTED_HISTORY, POST_PER_CHANNEL, type RateLimit, TIERS } from './rate-limits.ts';
import type { ApiCall } from './records.ts';
import { noticed, type State } from './state.ts';
import { METHODS, type MethodEntry } from './web-api-methods.ts';

export interface WebApi {
  readonly state: State;
  readonly faults: Faults;
  /** Absent: rate limits are off. */
  readonly rateLimit?: RateLimit;
  /** As Slack treats distributed apps outside the Marketplace: history once a minute, 15 messages. */
  readonly distributed: boolean;
}

interface Answer {
  readonly status: number;
  readonly reply: Reply;
  readonly headers: Readonly<Record<string, string>>;
}

export async function serveWebApi(
  api: WebApi,
  req: IncomingMessage,
  res: ServerResponse,
  method: string,
): Promise<void> {
  const { state } = api;
  const parsed = parseArguments(req.headers['content-type'], await readBody(req, API_BODY_BYTES));
  const { token: inBody, ...args } = 'args' in parsed ? parsed.args : {};
  const call: ApiCall = { method, args, at: state.clock.now(), outcome: 'running' };
  state.calls.push(call);
  const fault = api.faults.take(method);
  const token = bearer(req) ?? (typeof inBody === 'string' ? inBody : undefined);
  const answer = (): Answer => ('error' in parsed ? plain(refuse(parsed.error)) : decide(api, method, token, args));
  if (fault) return misbehave(state, call, fault, answer, res);
  finish(state, call, res, answer());
}

function bearer(req: IncomingMessage): string | undefined {
  return /^Bearer (\S+)$/.exec(req.headers.authorization ?? '')?.[1];
}

function plain(reply: Reply): Answer {
  return { status: 200, reply, headers: {} };
}

function finish(state: State, call: ApiCall, res: ServerResponse, answer: Answer): void {
  call.outcome = answer.reply.ok ? 'ok' : String(answer.reply.error);
  sendJson(res, answer.status, answer.reply, answer.headers);
  noticed(state);
}

function misbehave(state: State, call: ApiCall, fault: Fault, answer: () => Answer, res: ServerResponse): void {
  const real = appliesEffect(fault) ? answer() : undefined;
  if ('hang' in fault) call.outcome = 'hung';
  else if ('applyThenDrop' in fault) {
    call.outcome = 'dropped';
    res.destroy();
  } else if ('error' in fault) finish(state, call, res, plain(refuse(fault.error)));
  else finish(state, call, res, faulty(fault.status, fault.retryAfter, real));
  noticed(state);
}

function faulty(status: number, retryAfter: number | undefined, real: Answer | undefined): Answer {
  if (status === 429) return tooMany(retryAfter ?? 1);
  const reply = status === 200 && real ? real.reply : refuse(status >= 500 ? 'internal_error' : 'fatal_error');
  return { status, reply, headers: {} };
}

function tooMany(seconds: number): Answer {
  return { status: 429, reply: refuse('ratelimited'), headers: { 'retry-after': String(seconds) } };
}

function decide(api: WebApi, method: string, token: string | undefined, args: Fields): Answer {
  const entry = METHODS.get(method);
  if (!entry) return plain(refuse('unknown_method', { req_method: method }));
  const unknown = refuseToken(api.state, entry, token);
  if (unknown) return plain(unknown);
  const held = entry.token === 'app' ? ['connections:write'] : api.state.scopes;
  const needed = entry.scope?.(api.state, args);
  const headers = { 'x-oauth-scopes': held.join(','), ...(needed && { 'x-accepted-oauth-scopes': needed }) };
  if (needed !== undefined && !held.includes(needed))
    return { ...plain(refuse('missing_scope', { needed, provided: held.join(',') })), headers };
  const wait = waitSeconds(api, method, entry, args);
  if (wait > 0) return tooMany(wait);
  return { status: 200, reply: entry.run(api.state, shortened(api, method, args)), headers };
}

function refuseToken(state: State, entry: MethodEntry, token: string | undefined): Reply | undefined {
  if (token === undefined || token === '') return refuse('not_authed');
  const known = state.tokens.get(token);
  if (!known) return refuse('invalid_auth');
  if (known.revoked) return refuse('token_revoked');
  return known.kind === entry.token ? undefined : refuse('not_allowed_token_type');
}

function isHistory(method: string): boolean {
  return method === 'conversations.history' || method === 'conversations.replies';
}

function waitSeconds(api: WebApi, method: string, entry: MethodEntry, args: Fields): number {
  if (!api.rateLimit) return 0;
  if (api.distributed && isHistory(method)) return api.rateLimit(method, DISTRIBUTED_HISTORY);
  const wait = api.rateLimit(method, TIERS[entry.tier]);
  if (wait > 0 || method !== 'chat.postMessage') return wait;
  return api.rateLimit(`chat.postMessage ${textOf(args, 'channel') ?? ''}`, POST_PER_CHANNEL);
}

function shortened(api: WebApi, method: string, args: Fields): Fields {
  if (!api.distributed || !isHistory(method)) return args;
  return { ...args, limit: Math.min(15, Number(args.limit ?? 15)) };
}
