// Everything that can be told to a request, as data. What each leads to is in request.ts.
import type {
  AccountRef,
  Evidence,
  GrantId,
  Instant,
  MessageRef,
  Offer,
  PersonId,
  Purpose,
  RequestId,
  Stage,
} from './model.ts';
import type { Standings } from './quorum.ts';
import type { Refusal } from './refusal.ts';

export interface Opening {
  readonly offer: Offer;
  readonly digest: string;
  readonly stages: readonly Stage[];
  readonly lapsesAt: Instant;
}
/** A click as it came in: what was seen on the card, and the evidence of the press. */
export interface Click {
  readonly by: PersonId;
  readonly revision: number;
  readonly digest: string;
  readonly evidence: Evidence;
}

export type RequestCommand =
  | {
      readonly type: 'submit';
      readonly id: RequestId;
      readonly purpose: Purpose;
      readonly role: string;
      readonly requester: PersonId;
      readonly account: AccountRef;
      readonly reason: string;
      readonly durationSeconds: number;
      readonly dueAt: Instant;
      readonly about?: MessageRef;
    }
  /** Access of ours was found that no request led to: the row is there so that its pass has one like any other. */
  | {
      readonly type: 'adopt';
      readonly id: RequestId;
      readonly role: string;
      readonly target: string;
      readonly account: AccountRef;
      readonly grants: readonly GrantId[];
    }
  | { readonly type: 'refuse'; readonly refusal: Refusal }
  | ({ readonly type: 'open' } & Opening)
  /** Policy itself approves: nobody is asked. */
  | ({ readonly type: 'open_approved'; readonly grants: readonly GrantId[] } & Opening)
  /** `standings` are fresh facts (≤ 60 s) about the approver and every earlier approver. */
  | ({ readonly type: 'approve'; readonly standings: Standings; readonly grants: readonly GrantId[] } & Click)
  | ({
      readonly type: 'deny';
      readonly standings: Standings;
      readonly note: string;
      readonly security: boolean;
    } & Click)
  | { readonly type: 'withdraw'; readonly by: PersonId }
  | { readonly type: 'comment'; readonly by: PersonId; readonly comment: string }
  | { readonly type: 'lapse' }
  | ({
      readonly type: 'revise';
      readonly why: 'edited' | 'policy_changed' | 'entitlement_changed' | 'approver_lost';
    } & Opening);
