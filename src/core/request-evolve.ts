// Applying facts to a request: folding its events gives exactly the stored row (law 14). No decision is made here;
// a fact that cannot follow from the present status is a bug and throws, so that it is never stored.
import type { DomainEvent } from './events.ts';
import { type AccessRequest, type Approval, NOBODY, type RequestId } from './model.ts';

/** Apply one fact. Facts about other things, and facts that change nothing, leave the row as it is. */
export function evolveRequest(state: AccessRequest | undefined, event: DomainEvent): AccessRequest | undefined {
  if (!state) return event.type === 'request.submitted' ? submitted(event) : adopted(event);
  if (event.subject.request !== state.id) return state;
  const at = event.at;
  switch (event.type) {
    case 'request.submitted':
    case 'request.adopted':
      throw new Error(`request ${state.id} was submitted twice`);
    case 'request.refused':
      return { ...evaluating(state), status: 'refused', code: event.data.code, closedAt: at };
    case 'request.opened':
      return { ...evaluating(state), ...event.data, approvals: [], status: 'pending' };
    case 'request.revised': {
      const { why: _why, ...opening } = event.data;
      return { ...opened(state), ...opening, approvals: [], status: 'pending' };
    }
    case 'approval.given': {
      const { by, stage, evidence } = event.data;
      return withApprovals(state, (given) => [...given, { by, stage, at, evidence }]);
    }
    case 'approval.voided':
      return withApprovals(state, (given) => given.filter((approval) => approval.by !== event.data.by));
    case 'request.approved':
      return { ...opened(state), status: 'approved', grants: event.data.grants, closedAt: at };
    case 'request.denied':
      return { ...opened(state), status: 'denied', by: event.data.by, note: event.text?.note ?? '', closedAt: at };
    case 'request.lapsed':
      return { ...opened(state), status: 'lapsed', closedAt: at };
    case 'request.withdrawn':
      if (state.status === 'evaluating') return { ...evaluating(state), status: 'withdrawn_early', closedAt: at };
      return { ...opened(state), status: 'withdrawn', closedAt: at };
  }
  return state;
}

function submitted(event: Extract<DomainEvent, { type: 'request.submitted' }>): AccessRequest {
  const id = event.subject.request as RequestId;
  return { id, ...event.data, reason: event.text?.reason ?? '', submittedAt: event.at, status: 'evaluating' };
}

/** Nobody asked; the row is there so that the pass has a request like any other. */
function adopted(event: DomainEvent): AccessRequest | undefined {
  if (event.type !== 'request.adopted') return undefined;
  const { role, target, account, grants } = event.data;
  return {
    ...{
      id: event.subject.request as RequestId,
      purpose: { kind: 'orphan', target },
      role,
      requester: NOBODY,
      account,
    },
    ...{ reason: '', durationSeconds: 0, submittedAt: event.at, status: 'adopted', grants, closedAt: event.at },
  };
}

function common(state: AccessRequest) {
  const { id, purpose, role, requester, account, reason, durationSeconds, submittedAt } = state;
  const base = { id, purpose, role, requester, account, reason, durationSeconds, submittedAt };
  return state.about ? { ...base, about: state.about } : base;
}

function evaluating(state: AccessRequest) {
  if (state.status !== 'evaluating') throw new Error(`request ${state.id} was judged already: ${state.status}`);
  return common(state);
}

function opened(state: AccessRequest) {
  if (state.status !== 'pending') throw new Error(`request ${state.id} was never opened or is closed: ${state.status}`);
  const { revision, digest, offer, stages, approvals } = state;
  return { ...common(state), revision, digest, offer, stages, approvals };
}

function withApprovals(
  state: AccessRequest,
  change: (given: readonly Approval[]) => readonly Approval[],
): AccessRequest {
  if (state.status !== 'pending') throw new Error(`request ${state.id} takes no approvals: ${state.status}`);
  return { ...state, approvals: change(state.approvals) };
}
