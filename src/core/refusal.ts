// Every human "no" there is, with the facts its sentence needs. Each code has a sentence with a next step in
// messages/refusals.ts, or it does not compile (law 7).
import type { GrantStatus, HoldReason, Instant, RequestStatus } from './model.ts';

export type Refusal =
  // who is asking or deciding
  | { readonly code: 'not_a_member'; readonly standing: 'guest' | 'stranger' | 'bot' | 'deactivated' }
  | { readonly code: 'suspended' }
  | { readonly code: 'facts_unavailable'; readonly what: 'person' | 'group' | 'target' | 'policy' }
  // asking
  | { readonly code: 'unknown_role'; readonly role: string }
  | { readonly code: 'not_eligible'; readonly role: string; readonly groups: readonly string[] }
  | { readonly code: 'reason_missing' }
  | { readonly code: 'reason_too_long'; readonly limit: number; readonly length: number }
  | { readonly code: 'duration_missing' }
  | { readonly code: 'duration_unclear'; readonly text: string }
  | { readonly code: 'duration_too_short'; readonly minSeconds: number }
  | { readonly code: 'duration_too_long'; readonly maxSeconds: number }
  | { readonly code: 'no_principal'; readonly target: string; readonly why: string }
  | { readonly code: 'already_live'; readonly grant: string; readonly role: string; readonly expiresAt: Instant }
  | { readonly code: 'already_asked'; readonly request: string }
  | { readonly code: 'already_has_access'; readonly target: string }
  | { readonly code: 'nobody_can_approve'; readonly groups: readonly string[] }
  | { readonly code: 'channel_shared'; readonly channel: string }
  | { readonly code: 'target_unreachable'; readonly target: string }
  | { readonly code: 'target_refused'; readonly target: string }
  | { readonly code: 'extension_too_long'; readonly latest: Instant }
  | { readonly code: 'not_live'; readonly status: GrantStatus }
  // deciding
  | { readonly code: 'unknown_request' }
  | { readonly code: 'unknown_pass' }
  | { readonly code: 'wrong_status'; readonly status: RequestStatus | GrantStatus }
  | { readonly code: 'outdated' }
  | { readonly code: 'lapsed' }
  | { readonly code: 'own_request' }
  | { readonly code: 'already_approved' }
  | { readonly code: 'not_an_approver'; readonly groups: readonly string[] }
  | { readonly code: 'not_yours' }
  | { readonly code: 'not_security'; readonly group: string }
  /** Of an approval: the requester may not have it (any more); `why` is what they would be told. */
  | { readonly code: 'requester_cannot'; readonly why: Refusal }
  /** Nothing new is given there for now; `target` is `*` where that holds for all. */
  | { readonly code: 'access_held'; readonly target: string; readonly why: HoldReason }
  | { readonly code: 'second_person_missing' }
  | { readonly code: 'not_overdue' }
  | { readonly code: 'not_due' }
  | { readonly code: 'note_missing' };
export type RefusalCode = Refusal['code'];
