// Facts, in the past tense. Stored for ever as leaves of the ledger; threads, sinks and state are made from these.
// Add a type or an optional field; never change or remove one (law 14). A changed meaning is a new type.
import type {
  AccountRef,
  Actor,
  EndReason,
  Evidence,
  GrantFailure,
  GrantId,
  HoldReason,
  Instant,
  JsonObject,
  MessageRef,
  Offer,
  PersonId,
  Principal,
  Purpose,
  Receipt,
  RequestId,
  Stage,
} from './model.ts';

/** What every event has. `subject` is what it is about; personal words are in `text`, outside the leaf (law 14). */
interface Base<Type extends string, Data, Text = undefined> {
  readonly type: Type;
  readonly at: Instant;
  readonly actor: Actor;
  readonly subject: { readonly request?: RequestId; readonly grant?: GrantId; readonly person?: PersonId };
  readonly data: Data;
  readonly text?: Text;
}

export type RequestEvent =
  | Base<
      'request.submitted',
      {
        readonly purpose: Purpose;
        readonly role: string;
        readonly requester: PersonId;
        readonly account: AccountRef;
        readonly durationSeconds: number;
        readonly dueAt: Instant;
        readonly about?: MessageRef;
      },
      { readonly reason: string }
    >
  | Base<'request.refused', { readonly code: string; readonly facts: JsonObject }>
  | Base<
      'request.opened',
      {
        readonly offer: Offer;
        readonly digest: string;
        readonly stages: readonly Stage[];
        readonly lapsesAt: Instant;
        readonly revision: number;
      }
    >
  | Base<
      'request.revised',
      {
        readonly why: 'edited' | 'policy_changed' | 'entitlement_changed' | 'approver_lost';
        readonly offer: Offer;
        readonly digest: string;
        readonly stages: readonly Stage[];
        readonly lapsesAt: Instant;
        readonly revision: number;
      }
    >
  | Base<
      'approval.given',
      { readonly by: PersonId; readonly stage: number; readonly evidence: Evidence; readonly stillNeeded: number }
    >
  /** An earlier approval no longer counts: its giver left the group or was deactivated (threat B06). */
  | Base<'approval.voided', { readonly by: PersonId; readonly why: 'left_group' | 'not_a_member' }>
  | Base<'request.approved', { readonly how: 'people' | 'policy'; readonly grants: readonly GrantId[] }>
  | Base<'request.denied', { readonly by: PersonId; readonly evidence: Evidence }, { readonly note: string }>
  | Base<'request.withdrawn', { readonly by: PersonId }>
  | Base<'request.lapsed', Record<string, never>>
  /** Nobody asked: access of ours that the store knew nothing of was found in a target. */
  | Base<
      'request.adopted',
      {
        readonly role: string;
        readonly target: string;
        readonly account: AccountRef;
        readonly grants: readonly GrantId[];
      }
    >
  | Base<'request.commented', { readonly by: PersonId }, { readonly comment: string }>
  /** Somebody tried and was not let: changes nothing, is kept (a refused attempt is evidence too). */
  | Base<
      'decision.refused',
      { readonly action: string; readonly code: string; readonly account: AccountRef; readonly evidence: Evidence }
    >;

export type GrantEvent =
  | Base<
      'grant.ordered',
      {
        readonly request: RequestId;
        readonly person: PersonId;
        readonly digest: string;
        readonly offer: Offer;
        readonly expiresAt: Instant;
        readonly giveUpAt: Instant;
        readonly startsAt?: Instant;
      }
    >
  | Base<'grant.started', { readonly expiresAt: Instant; readonly giveUpAt: Instant }>
  | Base<'grant.cleared', Record<string, never>>
  | Base<'grant.attempted', { readonly attempt: number }>
  | Base<'grant.attempt_failed', { readonly attempt: number; readonly fault: string; readonly changed: 'no' | 'maybe' }>
  | Base<'grant.accepted', { readonly handle: JsonObject }>
  | Base<'grant.confirmed', { readonly receipt: Receipt }>
  | Base<'grant.failed', { readonly code: GrantFailure; readonly fault?: string }>
  | Base<'grant.warned', Record<string, never>>
  | Base<'grant.extending', { readonly until: Instant; readonly extension: RequestId }>
  | Base<'grant.extended', { readonly expiresAt: Instant; readonly receipt: Receipt }>
  | Base<'grant.extension_failed', { readonly fault: string; readonly extension: RequestId }>
  | Base<
      'revoke.ordered',
      { readonly because: EndReason; readonly by: PersonId | 'hallpass'; readonly since: Instant },
      { readonly why: string }
    >
  | Base<'revoke.attempt_failed', { readonly attempt: number; readonly fault: string }>
  | Base<'revoke.overdue', { readonly lateSeconds: number; readonly fault: string }>
  | Base<'revoke.seen_absent', { readonly sessionsEnded: number }>
  /** `voided`: people who had stated that it is gone; their word counts no more. */
  | Base<'revoke.seen_present', { readonly voided?: readonly PersonId[] }>
  | Base<'grant.late_confirmed', { readonly receipt: Receipt }>
  | Base<'grant.revoked', { readonly lagSeconds: number; readonly sessionsEnded: number }>
  /** One person states that the access is gone; with the second the pass is closed. */
  | Base<'grant.attested', { readonly by: PersonId; readonly stillNeeded: number }, { readonly evidence: string }>
  /** An operator whom nobody can name states it and asks security to; it counts for nobody's word. */
  | Base<'grant.close_asked', Record<string, never>, { readonly evidence: string }>
  | Base<'grant.force_closed', { readonly by: readonly PersonId[] }, { readonly evidence: string }>
  | Base<'grant.reappeared', Record<string, never>>
  /** Found in the target with our mark and in no row of ours; from here on it is one, and is being taken back. */
  | Base<
      'grant.adopted',
      { readonly request: RequestId; readonly person: PersonId; readonly digest: string; readonly offer: Offer }
    >
  /** What the entitlement gives changed; `fingerprint` is of what it gives now, `asApproved` again or not any more. */
  | Base<'grant.drifted', { readonly fingerprint: string; readonly asApproved: boolean }>
  /** Taken back while the store could not be written (law 13): entered from the spool. `at` is when it was done. */
  | Base<
      'revoke.spooled',
      { readonly doneAt: Instant; readonly attempts: number; readonly seen: 'absent' | 'present' | 'unknown' }
    >;

type SystemEvent =
  | Base<'log.started', { readonly deployment: string }>
  /** Nothing had happened for most of a day: silence of the log for longer is an alarm for whoever reads it. */
  | Base<'log.continued', Record<string, never>>
  | Base<'config.loaded', { readonly policyVersion: string }>
  | Base<'person.pinned', { readonly account: AccountRef }>
  /** An operator looked and lifted the suspension. */
  | Base<'person.confirmed', { readonly after: 'email_changed' | 'email_taken' }>
  | Base<'person.suspended', { readonly why: 'email_changed' | 'email_taken' }>
  | Base<
      'chat.posted',
      { readonly key: string; readonly message: MessageRef; readonly hash: string; readonly event?: number }
    >
  /** The log is shorter than a signed head that was seen outside: the store is an older one than it was (threat F13). */
  | Base<'log.rolled_back', { readonly size: number; readonly seen: number; readonly where: string }>
  /** No new access in this target (`*`: in any) until what is there was looked at. */
  | Base<'access.held', { readonly target: string; readonly why: HoldReason }>
  | Base<'access.released', { readonly target: string; readonly why: HoldReason }>
  /** Access that nobody can tell the origin of, after a rollback: people chose. */
  | Base<
      'found.decided',
      {
        readonly target: string;
        readonly role: string;
        readonly principal: Principal;
        readonly choice: 'keep' | 'revoke';
        readonly by: PersonId;
      }
    >
  | Base<'ingress.refused', { readonly code: string; readonly count: number }>
  | Base<'alarm.raised', { readonly code: string; readonly facts: JsonObject }>;

export type DomainEvent = RequestEvent | GrantEvent | SystemEvent;
export type EventType = DomainEvent['type'];
