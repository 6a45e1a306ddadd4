// Everything that can be told to a grant, as data. What each leads to is in grant.ts.
import type { EndReason, GrantId, Instant, JsonObject, Offer, PersonId, Receipt, RequestId } from './model.ts';

export type GrantCommand =
  | {
      readonly type: 'order';
      readonly id: GrantId;
      readonly request: RequestId;
      readonly person: PersonId;
      readonly digest: string;
      readonly offer: Offer;
      readonly startsAt?: Instant;
    }
  | { readonly type: 'start' }
  /** Looked before the first call: the access is absent. */
  | { readonly type: 'cleared' }
  /** Looked before the first call: somebody else gave it already. */
  | { readonly type: 'already_there' }
  /** The entitlement or the policy is not what was approved any more (threat C04). */
  | { readonly type: 'changed'; readonly code: 'entitlement_changed' | 'policy_changed' }
  | { readonly type: 'attempt' }
  | {
      readonly type: 'attempt_failed';
      readonly fault: string;
      readonly changed: 'no' | 'maybe';
      readonly retryAt?: Instant;
    }
  | { readonly type: 'accepted'; readonly handle: JsonObject; readonly pollAt: Instant }
  | { readonly type: 'confirmed'; readonly receipt: Receipt }
  | { readonly type: 'give_up' }
  | { readonly type: 'warn' }
  | { readonly type: 'extend'; readonly until: Instant; readonly extension: RequestId }
  | { readonly type: 'extended'; readonly receipt: Receipt }
  | { readonly type: 'extension_failed'; readonly fault: string }
  | { readonly type: 'end'; readonly because: EndReason; readonly by: PersonId | 'hallpass'; readonly why: string }
  | { readonly type: 'revoke_failed'; readonly fault: string; readonly retryAt: Instant }
  | { readonly type: 'overdue'; readonly fault: string }
  | { readonly type: 'seen_absent'; readonly sessionsEnded: number; readonly settleSeconds: number }
  | { readonly type: 'seen_present' }
  /** `marked`: seen with our mark and the id of this pass, so that it is ours whatever the calls answered. */
  | { readonly type: 'reappeared'; readonly marked?: true }
  /** Somebody of security states, with evidence, that the access is gone; the second such person closes the pass. */
  | { readonly type: 'attest'; readonly by: PersonId; readonly evidence: string }
  /** Somebody at the machine, who cannot prove who they are, asks two people of security to look and attest. */
  | { readonly type: 'ask_close'; readonly evidence: string }
  | {
      readonly type: 'adopt';
      readonly id: GrantId;
      readonly request: RequestId;
      readonly person: PersonId;
      readonly digest: string;
      readonly offer: Offer;
    }
  | { readonly type: 'drifted'; readonly fingerprint: string }
  | {
      readonly type: 'spooled';
      readonly doneAt: Instant;
      readonly attempts: number;
      readonly seen: 'absent' | 'present' | 'unknown';
    };
