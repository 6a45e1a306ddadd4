// A receiver as somebody would write it from src/grants/webhook/README.md: a real HTTP server that verifies signatures with
// code of its own, remembers what it granted, and can be told to answer in every wrong way.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

const TOLERANCE_SECONDS = 300;

interface Received {
  readonly type: string;
  readonly id: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}
/** What the receiver does with a call instead of its work. 'after' does the work first. */
export interface Fault {
  readonly when?: 'instead' | 'after';
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Close the connection without a word. */
  readonly hangUp?: boolean;
  /** Never answer. */
  readonly silent?: boolean;
}

export interface FakeReceiver {
  readonly url: string;
  readonly received: readonly Received[];
  /** Who has what, as the receiver's system sees it: `principal role`. */
  readonly holdings: ReadonlySet<string>;
  readonly people: Set<string>;
  readonly roles: Map<string, string>;
  readonly sessions: Map<string, number>;
  /** For the next call of this type, or of any. */
  fail(fault: Fault, type?: string): void;
  /** Grants are answered with 202 and done at the n-th question. */
  worksInItsOwnTime(polls: number): void;
  handsOut(secret: Readonly<Record<string, string>>): void;
  give(principalId: string, role: string): void;
  take(principalId: string, role: string): void;
  /** Nobody has anything, and no message was ever here. */
  forget(): void;
  /** Resolves at the next call. */
  contacted(): Promise<void>;
  close(): Promise<void>;
}

interface State {
  readonly key: Buffer;
  readonly received: Received[];
  /** Reasons for which somebody has a role: a grant id, or 'by hand'. */
  readonly reasons: Map<string, Set<string>>;
  readonly people: Set<string>;
  readonly roles: Map<string, string>;
  readonly sessions: Map<string, number>;
  readonly remembered: Map<string, Answer>;
  readonly waiting: Map<string, number>;
  faults: { readonly fault: Fault; readonly type: string | undefined }[];
  polls: number;
  secret: Readonly<Record<string, string>> | undefined;
  calls: number;
  wake: (() => void) | undefined;
}
interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export async function startReceiver(secret: string): Promise<FakeReceiver> {
  const state: State = {
    key: Buffer.from(secret.replace(/^whsec_/, ''), 'base64'),
    received: [],
    reasons: new Map(),
    people: new Set(),
    roles: new Map(),
    sessions: new Map(),
    remembered: new Map(),
    waiting: new Map(),
    faults: [],
    polls: 0,
    secret: undefined,
    calls: 0,
    wake: undefined,
  };
  const server = createServer((request, response) => void receive(state, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}/hook`,
    received: state.received,
    get holdings() {
      return new Set([...state.reasons].filter(([, reasons]) => reasons.size > 0).map(([holding]) => holding));
    },
    people: state.people,
    roles: state.roles,
    sessions: state.sessions,
    fail: (fault, type) => {
      state.faults.push({ fault, type });
    },
    worksInItsOwnTime: (polls) => {
      state.polls = polls;
    },
    handsOut: (handed) => {
      state.secret = handed;
    },
    give: (principalId, role) => reasonsFor(state, principalId, role).add('by hand'),
    take: (principalId, role) => reasonsFor(state, principalId, role).clear(),
    forget() {
      for (const memory of [state.reasons, state.remembered, state.waiting, state.sessions]) memory.clear();
      state.received.length = 0;
    },
    async contacted() {
      if (state.calls === 0) await new Promise<void>((resolve) => (state.wake = resolve));
      state.calls -= 1;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function receive(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = '';
  for await (const part of request) body += part;
  state.calls += 1;
  state.wake?.();
  const id = String(request.headers['webhook-id'] ?? '');
  if (request.method !== 'POST' || !isSigned(state.key, request, body))
    return reply(response, { status: 401, body: {} });
  const { type, data } = JSON.parse(body);
  state.received.push({ type, id, data, headers: request.headers, body });
  const fault = takeFault(state, type);
  if (fault?.when !== 'after' && fault !== undefined) return misbehave(response, fault);
  const answer = remembered(state, id, type, data);
  if (fault !== undefined) return misbehave(response, fault);
  reply(response, answer);
}

/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#verifying-webhook-authenticity */
function isSigned(key: Buffer, { headers }: IncomingMessage, body: string): boolean {
  const [id, timestamp, given] = ['id', 'timestamp', 'signature'].map((name) =>
    String(headers[`webhook-${name}`] ?? ''),
  );
  if (!id || id.includes('.') || Math.abs(Date.now() / 1000 - Number(timestamp)) > TOLERANCE_SECONDS) return false;
  const wanted = Buffer.from(createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64'));
  return (given ?? '').split(' ').some((one) => {
    const offered = Buffer.from(one.replace(/^v1,/, ''));
    return one.startsWith('v1,') && offered.length === wanted.length && timingSafeEqual(offered, wanted);
  });
}

/** A message that comes twice is carried out once and answered as before, as the convention advises. */
function remembered(state: State, id: string, type: string, data: Received['data']): Answer {
  const before = state.remembered.get(id);
  if (before !== undefined) return before;
  const answer = carryOut(state, type, data);
  if (answer.status < 300) state.remembered.set(id, answer);
  return answer;
}

function carryOut(state: State, type: string, data: Received['data']): Answer {
  const target = data.target as { role: string } | undefined;
  const principal = data.principal as { id: string } | undefined;
  const grantId = String(data.grant_id);
  if (target !== undefined && !state.roles.has(target.role) && type !== 'access.revoke')
    return { status: 404, body: {} };
  switch (type) {
    case 'access.resolve': {
      const name = String(data.person);
      return state.people.has(name) ? ok({ principal: { id: `id-${name}`, name } }) : { status: 404, body: {} };
    }
    case 'access.check':
      return ok({ fingerprint: `power:${target === undefined ? 'none' : state.roles.get(target.role)}` });
    case 'access.grant':
      return grant(state, principal?.id ?? '', target?.role ?? '', grantId, data);
    case 'access.revoke':
      state.waiting.delete(grantId);
      reasonsFor(state, principal?.id ?? '', target?.role ?? '').delete(grantId);
      return ok({ revoked: true });
    case 'access.inspect':
      return ok({
        presence: reasonsFor(state, principal?.id ?? '', target?.role ?? '').size > 0 ? 'present' : 'absent',
      });
    case 'access.end_sessions': {
      const ended = state.sessions.get(principal?.id ?? '') ?? 0;
      state.sessions.delete(principal?.id ?? '');
      return ok({ ended, left: 0 });
    }
    default:
      return { status: 400, body: {} };
  }
}

function grant(state: State, principalId: string, role: string, grantId: string, data: Received['data']): Answer {
  if (!state.people.has(principalId.replace(/^id-/, ''))) return { status: 404, body: {} };
  if (state.polls > 0) {
    const left = data.accepted === undefined ? state.polls : (state.waiting.get(grantId) ?? 1) - 1;
    state.waiting.set(grantId, left);
    if (left > 0) return { status: 202, body: { accepted: { job: grantId } } };
  }
  reasonsFor(state, principalId, role).add(grantId);
  const receipt = { membership: `m-${grantId}` };
  return ok(state.secret === undefined ? { receipt } : { receipt, secret: state.secret });
}

function reasonsFor(state: State, principalId: string, role: string): Set<string> {
  const holding = `${principalId} ${role}`;
  const reasons = state.reasons.get(holding) ?? new Set();
  state.reasons.set(holding, reasons);
  return reasons;
}

function takeFault(state: State, type: string): Fault | undefined {
  const next = state.faults.find((one) => one.type === undefined || one.type === type);
  state.faults = state.faults.filter((one) => one !== next);
  return next?.fault;
}

function misbehave(response: ServerResponse, { status = 200, headers = {}, body = '', hangUp, silent }: Fault): void {
  if (silent) return;
  if (hangUp) return void response.destroy();
  response.writeHead(status, headers).end(body);
}

function ok(body: unknown): Answer {
  return { status: 200, body };
}

function reply(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
