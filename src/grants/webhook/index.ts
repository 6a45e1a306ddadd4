// A signed webhook: for systems without an adapter of their own. Somebody's receiver grants, looks and revokes, and this
// adapter believes only answers in the agreed shape. README.md is the contract with the receiver.
import { createHash } from 'node:crypto';
import type { JsonObject } from '../../core/model.ts';
import { nameInTarget } from '../../lib/people-map.ts';
import { reveal } from '../../lib/secret.ts';
import { guardedSend, type Resolve } from '../../lib/ssrf.ts';
import {
  type Accepted,
  type AdapterTools,
  defineAdapter,
  type GrantAdapter,
  type GrantConnection,
  type Granted,
  type GrantOrder,
  type RevokeOrder,
} from '../../ports/grant-adapter.ts';
import { type Ask, openApi } from './api.ts';
import {
  CheckAnswer,
  EndSessionsAnswer,
  GrantAnswer,
  InspectAnswer,
  ResolveAnswer,
  RevokeAnswer,
  WebhookConfig,
  WebhookTarget,
} from './schema.ts';

/** Between the two looks that confirm an end: nobody knows what the receiver reads its answer from. */
const SETTLE_SECONDS = 5;

export const webhook = webhookAdapter();

/** The adapter, with another name server for tests. */
export function webhookAdapter(resolve?: Resolve): GrantAdapter<WebhookConfig, WebhookTarget> {
  return defineAdapter<WebhookConfig, WebhookTarget>({
    kind: 'webhook',
    title: 'Signed webhook',
    config: WebhookConfig,
    target: WebhookTarget,
    // The receiver is told the deadline and may act on it, but nobody can rely on that.
    expiresItself: false,
    sessions: 'outlive',
    sessionsFor: ({ sessions }) => (sessions === 'end' ? 'ended' : 'outlive'),
    sessionsNote: 'Ending this pass may also end other sessions of yours in that system.',
    atOnceFor: ({ at_once }) => at_once,
    settleSeconds: SETTLE_SECONDS,
    targetKey: ({ url }, target) => `webhook:${hashOf(reveal(url))}/${hashOf(canonical(target))}`,
    describe: (target) => describeTarget(target),
    connect: (config, tools) => connect(config, tools, resolve),
  });
}

function connect(config: WebhookConfig, tools: AdapterTools, resolve?: Resolve): GrantConnection<WebhookTarget> {
  // Not tools.fetch: the address is somebody's setting, and only the guarded sender sees to where it leads (threat G09).
  const send = guardedSend({ allow: config.allow_private_networks, ...(resolve === undefined ? {} : { resolve }) });
  const ask = openApi(config, send, tools.clock, tools.deploymentId);
  const connection: GrantConnection<WebhookTarget> = {
    async resolve(person, signal) {
      const data = { person: nameInTarget(config.people, person) };
      return (await ask(ResolveAnswer, { type: 'access.resolve', data }, signal)).principal;
    },
    fingerprint: async (target, signal) => (await checkOne(ask, target, signal)).fingerprint,
    grant: (order, signal) => grant(ask, order, undefined, signal),
    poll: (accepted, order, signal) => grant(ask, order, accepted, signal),
    async revoke(order, signal) {
      await ask(RevokeAnswer, { type: 'access.revoke', data: dataOf(order) }, signal);
    },
    async inspect(order, signal) {
      return (await ask(InspectAnswer, { type: 'access.inspect', data: dataOf(order) }, signal)).presence;
    },
    async check(targets, signal) {
      if (targets.length === 0) await ask(CheckAnswer, { type: 'access.check', data: {} }, signal);
      for (const target of targets) await checkOne(ask, target, signal);
    },
  };
  if (config.sessions === 'leave') return connection;
  const endSessions = (order: RevokeOrder<WebhookTarget>, signal: AbortSignal) =>
    ask(EndSessionsAnswer, { type: 'access.end_sessions', data: dataOf(order) }, signal);
  return { ...connection, endSessions };
}

function checkOne(ask: Ask, target: WebhookTarget, signal: AbortSignal): Promise<{ readonly fingerprint: string }> {
  return ask(CheckAnswer, { type: 'access.check', data: { target: targetData(target) } }, signal);
}

async function grant(
  ask: Ask,
  order: GrantOrder<WebhookTarget>,
  accepted: JsonObject | undefined,
  signal: AbortSignal,
): Promise<Granted | Accepted> {
  const data = accepted === undefined ? dataOf(order) : { ...dataOf(order), accepted };
  // One message however often it is sent; but asking how it goes is a new one each time, or a receiver that answers
  // repeated messages from memory would say "accepted" for ever. So are all others: a revoke may have to be done twice,
  // when a grant took effect late.
  const repeatable = accepted === undefined ? { repeatable: order.grantId } : {};
  const answer = await ask(GrantAnswer, { type: 'access.grant', data, ...repeatable }, signal);
  if ('accepted' in answer) return { accepted: answer.accepted };
  return answer.secret === undefined ? { receipt: answer.receipt } : { receipt: answer.receipt, secret: answer.secret };
}

function dataOf(order: RevokeOrder<WebhookTarget>): JsonObject {
  const { grantId, principal, target, expiresAt, receipt } = order;
  return {
    grant_id: grantId,
    principal: { id: principal.id, name: principal.name },
    target: targetData(target),
    expires_at: new Date(expiresAt).toISOString(),
    ...(receipt === undefined ? {} : { receipt: { ...receipt } }),
  };
}

function targetData({ role, parameters }: WebhookTarget): JsonObject {
  return parameters === undefined ? { role } : { role, parameters };
}

/** Approvers see everything that the receiver is told. */
function describeTarget({ role, parameters = {} }: WebhookTarget): string {
  const more = Object.entries(parameters).map(([name, value]) => `${name}: ${value}`);
  return more.length === 0 ? role : `${role} (${more.join(', ')})`;
}

function canonical({ role, parameters = {} }: WebhookTarget): string {
  return JSON.stringify([role, Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}
