// Approve and deny, with facts read now: who presses, who pressed before, and whom it is for. The approval that fills the
// quorum orders the grant (or the extension) in the very same commit (law 11).
import type { AccessRequest, Evidence, GrantId, Person, PersonId, RequestId } from '../core/model.ts';
import type { Standings } from '../core/quorum.ts';
import type { Refusal } from '../core/refusal.ts';
import type { Job } from '../ports/store.ts';
import { human, POLICY } from './actors.ts';
import { change, type Draft } from './change.ts';
import { EVERYWHERE, holdOn } from './hold.ts';
import { groupsOf, standingsOf } from './membership.ts';
import { identify } from './people.ts';
import { prepare } from './prepare.ts';
import { recordRefusal } from './refuse-click.ts';
import { evidenceOf, type StoredClick } from './stored-click.ts';
import type { Tools } from './tools.ts';

/** What the person saw when pressing. */
export interface Seen {
  readonly revision: number;
  readonly digest: string;
}
/** 'done': the job is finished. A refusal is still to be told; `facts_unavailable` may be had later. */
export type Weighed = Refusal | 'done';

const GROUPS_UNKNOWN: Refusal = { code: 'facts_unavailable', what: 'group' };

export async function decideClick(
  tools: Tools,
  click: StoredClick,
  seen: Seen,
  request: AccessRequest,
  person: Person,
  job: Job,
): Promise<Weighed> {
  if (request.status !== 'pending') return { code: 'wrong_status', status: request.status };
  return click.action === 'deny'
    ? deny(tools, click, seen, request, person, job)
    : approve(tools, click, seen, request, person, job);
}

type Pending = Extract<AccessRequest, { status: 'pending' }>;

/** A no is always safe: it needs neither the present policy nor a requester who could still get it. */
async function deny(
  tools: Tools,
  click: StoredClick,
  seen: Seen,
  request: Pending,
  person: Person,
  job: Job,
): Promise<Weighed> {
  const wanted = request.stages.flatMap((stage) => stage.from);
  const groups = await groupsOf(tools, person, [...wanted, tools.catalog.security]);
  if (!groups) return GROUPS_UNKNOWN;
  const command = {
    type: 'deny',
    ...seen,
    by: person.id,
    evidence: evidenceOf(click),
    standings: { [person.id]: groups },
    note: click.note ?? '',
    security: groups.includes(tools.catalog.security),
  } as const;
  return settle(tools, click, person, job, (draft) => draft.decideRequest(request.id, command));
}

async function approve(
  tools: Tools,
  click: StoredClick,
  seen: Seen,
  request: Pending,
  person: Person,
  job: Job,
): Promise<Weighed> {
  if (request.offer.policyVersion !== tools.catalog.policyVersion) return voidForPolicy(tools, request, job);
  const obstacle = await requesterProblem(tools, request);
  if (obstacle) return obstacle;
  const standings = await standingsOf(tools, person, request.approvals, request.stages);
  if (!standings) return GROUPS_UNKNOWN;
  const approving = { ...seen, by: person.id, evidence: evidenceOf(click), standings };
  return settle(tools, click, person, job, (draft) => approveIn(tools, draft, request.id, approving));
}

/** Decision or refusal, and the end of the click's job, in one commit. */
async function settle(
  tools: Tools,
  click: StoredClick,
  person: Person,
  job: Job,
  decide: (draft: Draft) => Promise<Refusal | undefined>,
): Promise<Weighed> {
  const outcome = await change(
    tools,
    human(person.id, click.account),
    async (draft) => {
      const refusal = await decide(draft);
      if (refusal) recordRefusal(tools, draft, click, refusal);
    },
    { hold: job },
  );
  return outcome.kind === 'taken' ? liveElsewhere(tools, outcome.owner) : 'done';
}

interface Approving extends Seen {
  readonly by: PersonId;
  readonly evidence: Evidence;
  readonly standings: Standings;
}

async function approveIn(
  tools: Tools,
  draft: Draft,
  id: RequestId,
  approving: Approving,
): Promise<Refusal | undefined> {
  const asked = await draft.request(id);
  const held = await holdOn(tools, asked && 'offer' in asked ? asked.offer.target : EVERYWHERE, draft);
  if (held) return held;
  const purpose = asked?.purpose;
  const live = purpose?.kind === 'extension' ? await draft.grant(purpose.grant) : undefined;
  // Looked at before anything is decided: an extension of a pass that just ended must not end up approved without effect.
  if (purpose?.kind === 'extension' && (live?.status !== 'active' || draft.now >= live.expiresAt)) {
    return live ? { code: 'not_live', status: live.status } : { code: 'unknown_pass' };
  }
  const grant = tools.ids.next('pass') as GrantId;
  const refusal = await draft.decideRequest(id, { type: 'approve', ...approving, grants: live ? [] : [grant] });
  const request = await draft.request(id);
  if (refusal || request?.status !== 'approved') return refusal;
  const { requester: person, digest, offer } = request;
  if (!live) return draft.decideGrant(grant, { type: 'order', id: grant, request: id, person, digest, offer });
  const until = live.expiresAt + offer.durationSeconds * 1000;
  return draft.decideGrant(live.id, { type: 'extend', until, extension: id });
}

/** Access goes to the requester: who left, was suspended or may not ask any more gets none, whoever says yes. */
async function requesterProblem(tools: Tools, request: Pending): Promise<Refusal | undefined> {
  const role = tools.catalog.roles[request.role];
  if (!role) return { code: 'unknown_role', role: request.role };
  const who = await identify(tools, request.account);
  if (who.kind === 'unavailable') return { code: 'facts_unavailable', what: 'person' };
  if (who.kind === 'refused') return { code: 'requester_cannot', why: who.refusal };
  const groups = await groupsOf(tools, who.person, role.who);
  if (!groups) return GROUPS_UNKNOWN;
  const isEligible = who.person.id === request.requester && groups.length > 0;
  if (isEligible) return undefined;
  return { code: 'requester_cannot', why: { code: 'not_eligible', role: role.name, groups: role.who } };
}

/** The policy changed under the card: what was seen is not what would be granted (threat C01). Approvals are void. */
async function voidForPolicy(tools: Tools, request: Pending, job: Job): Promise<Weighed> {
  const prepared = await prepare(tools, request, await tools.store.now());
  if (prepared.kind === 'refused') return { code: 'requester_cannot', why: prepared.refusal };
  if (prepared.kind === 'later') {
    const { refusal } = prepared;
    return refusal.code === 'facts_unavailable' ? refusal : { code: 'facts_unavailable', what: 'target' };
  }
  const revised = await change(
    tools,
    POLICY,
    (draft) => draft.decideRequest(request.id, { type: 'revise', why: 'policy_changed', ...prepared.opening }),
    { hold: job, keepHold: true },
  );
  return (revised.kind === 'done' && revised.value) || { code: 'outdated' };
}

async function liveElsewhere(tools: Tools, owner: string): Promise<Refusal> {
  const live = (await tools.store.grant(owner))?.row;
  if (!live) return { code: 'outdated' };
  const { id, offer, expiresAt } = live;
  return { code: 'requester_cannot', why: { code: 'already_live', grant: id, role: offer.role, expiresAt } };
}
