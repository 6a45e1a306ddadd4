// The life of a request: what each command leads to in each status. Pure; effects are jobs for others.
// Its other half, request-evolve.ts, applies the facts that come out; no status changes anywhere else.
import { accept, type Decision, type Moment, refuse } from './decision.ts';
import type { DomainEvent, RequestEvent } from './events.ts';
import type { AccessRequest, GrantId, PersonId } from './model.ts';
import { groupsNow, openStage, type Standings, stageOf, stillNeeded } from './quorum.ts';
import type { Refusal } from './refusal.ts';
import type { Click, Opening, RequestCommand } from './request-command.ts';

type Open = Extract<AccessRequest, { status: 'pending' }>;

export function decideRequest(state: AccessRequest | undefined, command: RequestCommand, moment: Moment): Decision {
  if (command.type === 'submit') return state ? wrongStatus(state) : submit(command, moment);
  if (command.type === 'adopt') return state ? wrongStatus(state) : adopt(command, moment);
  if (!state) return refuse({ code: 'unknown_request' });
  switch (command.type) {
    case 'refuse':
      return refuseRequest(state, command.refusal, moment);
    case 'open':
    case 'open_approved':
      return open(state, command, moment);
    case 'approve':
      return approve(state, command, moment);
    case 'deny':
      return deny(state, command, moment);
    case 'withdraw':
      return withdraw(state, command.by, moment);
    case 'comment':
      return comment(state, command, moment);
    case 'lapse':
      return lapse(state, moment);
    case 'revise':
      return revise(state, command, moment);
  }
}

function submit(command: Extract<RequestCommand, { type: 'submit' }>, { now, actor }: Moment): Decision {
  const { type: _type, id, reason, ...data } = command;
  const event = {
    type: 'request.submitted',
    at: now,
    actor,
    subject: { request: id },
    data,
    text: { reason },
  } as const;
  return accept([event], [{ kind: 'evaluate', at: now }]);
}

function adopt(command: Extract<RequestCommand, { type: 'adopt' }>, { now, actor }: Moment): Decision {
  const { type: _type, id, ...data } = command;
  return accept([{ type: 'request.adopted', at: now, actor, subject: { request: id }, data }]);
}

function refuseRequest(state: AccessRequest, refusal: Refusal, moment: Moment): Decision {
  if (state.status !== 'evaluating') return wrongStatus(state);
  const { code, ...facts } = refusal;
  return accept([about(state, moment, { type: 'request.refused', data: { code, facts } })]);
}

function open(
  state: AccessRequest,
  command: Opening &
    ({ readonly type: 'open' } | { readonly type: 'open_approved'; readonly grants: readonly GrantId[] }),
  moment: Moment,
): Decision {
  if (state.status !== 'evaluating') return wrongStatus(state);
  const { offer, digest, stages, lapsesAt } = command;
  const opened = about(state, moment, {
    type: 'request.opened',
    data: { offer, digest, stages, lapsesAt, revision: 1 },
  });
  if (command.type === 'open') return accept([opened]);
  return accept([
    opened,
    about(state, moment, { type: 'request.approved', data: { how: 'policy', grants: command.grants } }),
  ]);
}

function approve(
  state: AccessRequest,
  command: Extract<RequestCommand, { type: 'approve' }>,
  moment: Moment,
): Decision {
  if (state.status !== 'pending') return wrongStatus(state);
  const stale = staleClick(state, command, moment);
  if (stale) return refuse(stale);
  if (command.by === state.requester) return refuse({ code: 'own_request' });
  const voided = lostApprovals(state, command.standings);
  const kept = state.approvals.filter((given) => !voided.some((lost) => lost.by === given.by));
  // Judged by what still counts: whoever lost an approval may give one again.
  if (kept.some((given) => given.by === command.by)) return refuse({ code: 'already_approved' });
  const stage = stageOf(state.stages, kept, command.by, command.standings);
  if (stage === undefined)
    return refuse({ code: 'not_an_approver', groups: groupsOpen(state, kept, command.standings) });
  const approvals = [...kept, { by: command.by, stage, at: moment.now, evidence: command.evidence }];
  const left = stillNeeded(state.stages, approvals, command.standings);
  const events = [
    ...voided.map((lost) => about(state, moment, { type: 'approval.voided', data: { by: lost.by, why: lost.why } })),
    about(state, moment, {
      type: 'approval.given',
      data: { by: command.by, stage, evidence: command.evidence, stillNeeded: left },
    }),
  ];
  if (left > 0) return accept(events);
  return accept([
    ...events,
    about(state, moment, { type: 'request.approved', data: { how: 'people', grants: command.grants } }),
  ]);
}

function deny(state: AccessRequest, command: Extract<RequestCommand, { type: 'deny' }>, moment: Moment): Decision {
  if (state.status !== 'pending') return wrongStatus(state);
  const stale = staleClick(state, command, moment);
  if (stale) return refuse(stale);
  if (command.by === state.requester) return refuse({ code: 'own_request' });
  if (command.note.trim() === '') return refuse({ code: 'note_missing' });
  const groups = groupsNow(command.standings, command.by) ?? [];
  const mayDecide = state.stages.some((stage) => stage.from.some((group) => groups.includes(group)));
  if (!mayDecide && !command.security) return refuse({ code: 'not_an_approver', groups: groupsWanted(state) });
  const { by, evidence, note } = command;
  return accept([about(state, moment, { type: 'request.denied', data: { by, evidence }, text: { note } })]);
}

function withdraw(state: AccessRequest, by: PersonId, moment: Moment): Decision {
  if (by !== state.requester) return refuse({ code: 'not_yours' });
  if (state.status !== 'pending' && state.status !== 'evaluating') return wrongStatus(state);
  return accept([about(state, moment, { type: 'request.withdrawn', data: { by } })]);
}

function comment(
  state: AccessRequest,
  command: { readonly by: PersonId; readonly comment: string },
  moment: Moment,
): Decision {
  if (command.comment.trim() === '') return refuse({ code: 'note_missing' });
  return accept([
    about(state, moment, { type: 'request.commented', data: { by: command.by }, text: { comment: command.comment } }),
  ]);
}

function lapse(state: AccessRequest, moment: Moment): Decision {
  if (state.status !== 'pending') return wrongStatus(state);
  if (moment.now < state.lapsesAt) return refuse({ code: 'not_due' });
  return accept([about(state, moment, { type: 'request.lapsed', data: {} })]);
}

function revise(state: AccessRequest, command: Extract<RequestCommand, { type: 'revise' }>, moment: Moment): Decision {
  if (state.status !== 'pending') return wrongStatus(state);
  // Its time is over even where the sweep has not come by yet: an edit must not bring it back (threat C12).
  if (moment.now >= state.lapsesAt) return refuse({ code: 'lapsed' });
  const { why, offer, digest, stages, lapsesAt } = command;
  const data = { why, offer, digest, stages, lapsesAt, revision: state.revision + 1 };
  return accept([about(state, moment, { type: 'request.revised', data })]);
}

/** The button shows what the person saw; anything else is not what they approved (threats C01, C12). */
function staleClick(state: Open, click: Click, { now }: Moment): Refusal | undefined {
  if (now >= state.lapsesAt) return { code: 'lapsed' };
  if (click.revision !== state.revision || click.digest !== state.digest) return { code: 'outdated' };
  return undefined;
}

function lostApprovals(
  state: Open,
  standings: Standings,
): readonly { readonly by: PersonId; readonly why: 'left_group' | 'not_a_member' }[] {
  return state.approvals.flatMap(({ by, stage }): ReturnType<typeof lostApprovals> => {
    const groups = groupsNow(standings, by);
    if (!groups) return [{ by, why: 'not_a_member' as const }];
    const wanted = state.stages[stage]?.from ?? [];
    return wanted.some((group) => groups.includes(group)) ? [] : [{ by, why: 'left_group' as const }];
  });
}

/** Whoever could press now: only the first unmet stage is open. */
function groupsOpen(state: Open, kept: Open['approvals'], standings: Standings): readonly string[] {
  return state.stages[openStage(state.stages, kept, standings) ?? -1]?.from ?? [];
}

function groupsWanted(state: Open): readonly string[] {
  return [...new Set(state.stages.flatMap((stage) => stage.from))];
}

function wrongStatus(state: AccessRequest): Decision {
  return refuse({ code: 'wrong_status', status: state.status });
}

type Part<E> = E extends RequestEvent ? Omit<E, 'at' | 'actor' | 'subject'> : never;

function about(state: AccessRequest, { now, actor }: Moment, part: Part<RequestEvent>): DomainEvent {
  const grant = state.purpose.kind === 'extension' ? { grant: state.purpose.grant } : {};
  return { ...part, at: now, actor, subject: { request: state.id, ...grant } } as DomainEvent;
}
