// From an ask to an offer: fresh facts about the person, the policy, the target and its entitlement, then the digest
// that people approve. Used when a request is evaluated, and again when policy or entitlement changed under it.
import type { Role } from '../core/catalog.ts';
import { digestOf } from '../core/digest.ts';
import type { AccessRequest, AccountRef, Grant, Instant, Offer, Person, Principal } from '../core/model.ts';
import { firstRefusal } from '../core/policy/evaluate.ts';
import type { Refusal } from '../core/refusal.ts';
import type { Opening } from '../core/request-command.ts';
import { ChatError } from '../ports/chat-platform.ts';
import { AdapterError, type PersonFacts } from '../ports/grant-adapter.ts';
import type { LiveTarget } from '../ports/targets.ts';
import { callTarget } from './call-target.ts';
import { liveKey } from './claims.ts';
import { holdOn } from './hold.ts';
import { candidatesFor, groupsOf } from './membership.ts';
import { identify } from './people.ts';
import type { Tools } from './tools.ts';

export type Prepared =
  | { readonly kind: 'ready'; readonly opening: Opening; readonly approvers: readonly AccountRef[] }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** Something could not be found out now; `refusal` is what to say when it stays so. */
  | { readonly kind: 'later'; readonly refusal: Refusal };

/** Touches the network; decides nothing by itself. */
export async function prepare(tools: Tools, request: AccessRequest, now: Instant): Promise<Prepared> {
  const role = tools.catalog.roles[request.role];
  if (!role) return refused({ code: 'unknown_role', role: request.role });
  const held = await holdOn(tools, role.target);
  if (held) return refused(held);
  const who = await identify(tools, request.account);
  if (who.kind === 'refused') return who;
  if (who.kind === 'unavailable') return later({ code: 'facts_unavailable', what: 'person' });
  const judged = await judge(tools, request, role, who.person, now);
  if ('kind' in judged) return judged;
  const channel = await channelProblem(tools, role);
  if (channel) return channel;
  const extended = await extendedBy(tools, request);
  const offered = await offer(tools, request, role, who.person, extended);
  if ('kind' in offered) return offered;
  const stages = role.stages;
  const opening = {
    offer: offered,
    digest: digestOf(request.purpose, offered),
    stages,
    // Nobody can say yes to more time on a pass that is over.
    lapsesAt: Math.min(now + role.pendingSeconds * 1000, extended?.expiresAt ?? Number.POSITIVE_INFINITY),
  };
  return { kind: 'ready', opening, approvers: judged.approvers };
}

async function judge(
  tools: Tools,
  request: AccessRequest,
  role: Role,
  person: Person,
  now: Instant,
): Promise<Prepared | { readonly approvers: readonly AccountRef[] }> {
  const groups = await groupsOf(tools, person, role.who);
  if (!groups) return later({ code: 'facts_unavailable', what: 'group' });
  const candidates = await candidatesFor(tools, role.stages, person);
  const verdict = firstRefusal({
    asOf: now,
    role,
    standing: 'member',
    suspended: false,
    groups,
    reason: request.reason,
    durationSeconds: request.durationSeconds,
    candidates: candidates.map((accounts) => accounts?.length),
  });
  if (verdict) return verdict.unknown ? later(verdict.refusal) : refused(verdict.refusal);
  return { approvers: candidates.flatMap((accounts) => accounts ?? []) };
}

/** No card goes where people of another company could press it (threat B01); checked again at each press. */
async function channelProblem(tools: Tools, role: Role): Promise<Prepared | undefined> {
  if (!role.reviewers) return undefined;
  const chat = tools.chats[role.reviewers.platform];
  const facts = await chat?.channel(role.reviewers).catch((error: unknown) => {
    if (!(error instanceof ChatError)) throw error;
    return undefined;
  });
  if (!facts) return later({ code: 'facts_unavailable', what: 'group' });
  return facts.shared ? refused({ code: 'channel_shared', channel: role.reviewers.channel }) : undefined;
}

async function extendedBy(tools: Tools, { purpose }: AccessRequest): Promise<Grant | undefined> {
  return purpose.kind === 'extension' ? (await tools.store.grant(purpose.grant))?.row : undefined;
}

async function offer(
  tools: Tools,
  request: AccessRequest,
  role: Role,
  person: Person,
  extended: Grant | undefined,
): Promise<Prepared | Offer> {
  const target = tools.targets.of(role.target);
  if (!target) return refused({ code: 'target_refused', target: role.target });
  if (request.purpose.kind === 'extension')
    return extended ? offerMore(tools, request, role, extended) : refused({ code: 'unknown_pass' });
  try {
    return await offerAccess(tools, request, role, person, target);
  } catch (error) {
    if (error instanceof AdapterError) return targetProblem(error, role);
    throw error;
  }
}

/** The same access for longer; measured from the first order, never past the role's longest duration. */
function offerMore(tools: Tools, request: AccessRequest, role: Role, grant: Grant): Prepared | Offer {
  if (grant.status !== 'active') return refused({ code: 'not_live', status: grant.status });
  const latest = grant.orderedAt + role.duration.maxSeconds * 1000;
  if (grant.expiresAt + request.durationSeconds * 1000 > latest) return refused({ code: 'extension_too_long', latest });
  const { policyVersion } = tools.catalog;
  // The pass was approved under the policy of its day; more of it is judged by that of now.
  return { ...grant.offer, durationSeconds: request.durationSeconds, policyVersion };
}

async function offerAccess(
  tools: Tools,
  request: AccessRequest,
  role: Role,
  person: Person,
  target: LiveTarget,
): Promise<Prepared | Offer> {
  const facts: PersonFacts = { id: person.id, name: person.name, email: person.email };
  const principal = await callTarget(tools, (signal) => target.connection.resolve(facts, signal));
  const fingerprint = await callTarget(tools, (signal) => target.connection.fingerprint(role.entitlement, signal));
  const targetKey = target.keyOf(role.entitlement);
  const taken = await liveRefusal(tools, principal, targetKey);
  if (taken) return refused(taken);
  const order = { grantId: request.id, principal, target: role.entitlement, expiresAt: 0 };
  if ((await callTarget(tools, (signal) => target.connection.inspect(order, signal))) === 'present') {
    return refused({ code: 'already_has_access', target: role.target });
  }
  const { durationSeconds } = request;
  const { policyVersion } = tools.catalog;
  return {
    role: role.name,
    target: role.target,
    targetKey,
    entitlement: role.entitlement,
    principal,
    fingerprint,
    durationSeconds,
    policyVersion,
  };
}

async function liveRefusal(tools: Tools, principal: Principal, targetKey: string): Promise<Refusal | undefined> {
  const owner = await tools.store.ownerOf(liveKey(principal.id, targetKey));
  const grant = owner ? (await tools.store.grant(owner))?.row : undefined;
  return grant
    ? { code: 'already_live', grant: grant.id, role: grant.offer.role, expiresAt: grant.expiresAt }
    : undefined;
}

function targetProblem(error: AdapterError, role: Role): Prepared {
  switch (error.fault) {
    case 'missing':
      return refused({ code: 'no_principal', target: role.target, why: error.message });
    case 'busy':
    case 'unreachable':
      return later({ code: 'target_unreachable', target: role.target });
    case 'refused':
    case 'invalid':
      return refused({ code: 'target_refused', target: role.target });
  }
}

function refused(refusal: Refusal): Prepared {
  return { kind: 'refused', refusal };
}

function later(refusal: Refusal): Prepared {
  return { kind: 'later', refusal };
}
