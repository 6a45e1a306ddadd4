// The words of the trade as types: persons, roles, requests, grants. Nothing here does anything.
// Times are integer milliseconds since 1970 UTC; durations carry their unit in the name.

declare const brand: unique symbol;
type Id<Name extends string> = string & { readonly [brand]: Name };

export type PersonId = Id<'PersonId'>;
export type RequestId = Id<'RequestId'>;
export type GrantId = Id<'GrantId'>;
export type Instant = number;

/** A chat account, named by ids that the platform never gives to anybody else (never by name or e-mail: threat B09). */
export interface AccountRef {
  readonly platform: string;
  /** Workspace, organisation or directory that vouches for the account. */
  readonly tenant: string;
  readonly user: string;
}

/** One human (or agent), however many chat accounts they have (law 8). */
export interface Person {
  readonly id: PersonId;
  readonly name: string;
  /** The address the organisation's record showed when the account was pinned; a change suspends the link. */
  readonly email: string | undefined;
  readonly accounts: readonly AccountRef[];
  /** Set when a pinned fact changed; a suspended person neither asks nor decides until an operator looked. */
  readonly suspended?: { readonly why: 'email_changed' | 'email_taken'; readonly at: Instant };
}

/** Who did something, for the log: the human behind it, and the way it came in. */
export interface Actor {
  readonly person: PersonId | 'hallpass';
  readonly kind: 'human' | 'agent' | 'system';
  /** 'slack', 'teams', 'cli', 'sweep', 'runner', 'policy' … */
  readonly via: string;
  readonly account?: AccountRef;
  readonly sponsor?: PersonId;
}

export interface ChannelRef {
  readonly platform: string;
  readonly channel: string;
}
/** Where a message lives. Opaque to everyone but the platform that made it. */
export interface MessageRef {
  readonly platform: string;
  readonly tenant: string;
  readonly channel: string;
  readonly message: string;
}

export type Risk = 'low' | 'medium' | 'high' | 'critical';

/** One stage of approval: this many different people out of these groups. Stages are passed in order. */
export interface Stage {
  readonly from: readonly string[];
  readonly count: number;
}

/** Who the person is inside the target: `id` never changes there, `name` is for people. */
export interface Principal {
  readonly id: string;
  readonly name: string;
}

/** What the target said when it granted; helps a revoke, but a revoke must work without it. */
export type Receipt = Readonly<Record<string, string>>;

/** How a click or command reached us; enough to find the very press in the platform's own records. */
export interface Evidence {
  readonly account: AccountRef;
  /** Delivery id: trigger, envelope or event id of the platform. */
  readonly delivery: string;
  readonly at: Instant;
  readonly message?: MessageRef;
}

export interface Approval {
  readonly by: PersonId;
  readonly stage: number;
  readonly at: Instant;
  readonly evidence: Evidence;
}

/** What was seen is what is granted (law 11): the digest over these is on the card and in the order. */
export interface Offer {
  readonly role: string;
  readonly target: string;
  /** Two offers with one key are the same access, whatever their roles are called (law 10). */
  readonly targetKey: string;
  /** What the adapter needs to know, as the configuration said at the time of asking. */
  readonly entitlement: JsonObject;
  readonly principal: Principal;
  /** Of what the entitlement gives today; drift between card and grant blocks the grant (threat C04). */
  readonly fingerprint: string;
  readonly durationSeconds: number;
  readonly policyVersion: string;
}

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** Why a pass ended. */
export type EndReason =
  | 'deadline'
  | 'returned'
  | 'revoked'
  | 'frozen'
  | 'signal'
  | 'drift'
  | 'uncertain'
  | 'reappeared'
  | 'late_grant'
  /** Found in the target with our mark and in no row of ours: the store was rolled back, or lost. */
  | 'orphan';

/* ------------------------------------------------------------------ request */

/** What is asked for: access, or more time on a live pass. */
export type Purpose =
  | { readonly kind: 'access' }
  | { readonly kind: 'extension'; readonly grant: GrantId }
  /** Nobody asked: access of ours that the store knew nothing of was found in this target, to be taken back. */
  | { readonly kind: 'orphan'; readonly target: string };

interface RequestCommon {
  readonly id: RequestId;
  readonly purpose: Purpose;
  readonly role: string;
  readonly requester: PersonId;
  readonly account: AccountRef;
  readonly reason: string;
  readonly durationSeconds: number;
  readonly submittedAt: Instant;
  /** The message the person asked about, when the request came from one. */
  readonly about?: MessageRef;
}

interface Opened extends RequestCommon {
  /** Goes up with every edit; a button of an older revision decides nothing (threat C01). */
  readonly revision: number;
  readonly digest: string;
  readonly offer: Offer;
  readonly stages: readonly Stage[];
  readonly approvals: readonly Approval[];
}

/** A request in one of its statuses; fields exist only where they mean something. */
export type AccessRequest =
  | (RequestCommon & { readonly status: 'evaluating'; readonly dueAt: Instant })
  | (RequestCommon & { readonly status: 'refused'; readonly code: string; readonly closedAt: Instant })
  | (Opened & { readonly status: 'pending'; readonly lapsesAt: Instant })
  | (Opened & { readonly status: 'approved'; readonly grants: readonly GrantId[]; readonly closedAt: Instant })
  | (Opened & { readonly status: 'denied'; readonly by: PersonId; readonly note: string; readonly closedAt: Instant })
  | (Opened & { readonly status: 'withdrawn' | 'lapsed'; readonly closedAt: Instant })
  | (RequestCommon & { readonly status: 'withdrawn_early'; readonly closedAt: Instant })
  /** Stands for what was asked for once and is not known any more; only its pass matters, which is being taken back. */
  | (RequestCommon & { readonly status: 'adopted'; readonly grants: readonly GrantId[]; readonly closedAt: Instant });
export type RequestStatus = AccessRequest['status'];

/* -------------------------------------------------------------------- grant */

interface GrantCommon {
  readonly id: GrantId;
  readonly request: RequestId;
  readonly person: PersonId;
  readonly digest: string;
  readonly offer: Offer;
  readonly orderedAt: Instant;
  /** Access ends here, whatever the status; never empty, so every grant has its end from birth (threat C17). */
  readonly expiresAt: Instant;
  /** What the entitlement was last seen to give, where that is not what was approved: told once for each change. */
  readonly drifted?: string;
}

/** The order to end, from the moment it was given. */
export interface Ending {
  readonly because: EndReason;
  readonly by: PersonId | 'hallpass';
  /** When the end was ordered: lag is counted from here, or from the deadline for 'deadline'. */
  readonly since: Instant;
  readonly attempts: number;
  /** First look that found it absent; the second, a settle time later, confirms (law 4). */
  readonly seenAbsentAt?: Instant;
  readonly sessionsEnded?: number;
  /** Set once the alarm for lateness went out; repeated from here. */
  readonly overdueSince?: Instant;
  readonly lastAlarmAt?: Instant;
  readonly lastFault?: string;
  /** Entered then: it was seen gone while nobody could write that down. No alarm for lateness, unless the proof fails to come. */
  readonly goneSince?: Instant;
  /** People who stated, each with evidence, that the access is gone; two different ones close the pass by hand. */
  readonly attestedBy?: readonly PersonId[];
}

/** Who is named where nobody can be: the holder and requester of an orphan. */
export const NOBODY = 'nobody' as PersonId;

/** A grant ("pass") in one of its statuses. */
export type Grant =
  | (GrantCommon & { readonly status: 'scheduled'; readonly startsAt: Instant })
  | (GrantCommon & {
      readonly status: 'granting';
      /** Looked at and found absent before the first call: whatever is there later is ours (law 9). */
      readonly cleared: boolean;
      /** The target works in its own time; what to ask it about. */
      readonly handle?: JsonObject;
      /** Calls sent to the target so far; `inFlight` until the last one's outcome is stored. */
      readonly attempts: number;
      readonly inFlight: boolean;
      /** Some call may have worked although nobody told us: from here on giving up means revoking (law 3). */
      readonly doubt: boolean;
      readonly giveUpAt: Instant;
    })
  | (GrantCommon & {
      readonly status: 'active';
      readonly receipt: Receipt;
      readonly activeAt: Instant;
      readonly warned: boolean;
    })
  | (GrantCommon & {
      readonly status: 'extending';
      readonly receipt: Receipt;
      readonly activeAt: Instant;
      readonly warned: boolean;
      /** The new deadline; `expiresAt` holds until the target confirmed. */
      readonly until: Instant;
      readonly extension: RequestId;
    })
  | (GrantCommon & {
      readonly status: 'revoking';
      readonly ending: Ending;
      readonly receipt?: Receipt;
      readonly activeAt?: Instant;
    })
  | (GrantCommon & {
      readonly status: 'revoked';
      readonly ending: Ending;
      readonly revokedAt: Instant;
      readonly activeAt?: Instant;
    })
  | (GrantCommon & { readonly status: 'force_closed'; readonly ending: Ending; readonly closedAt: Instant })
  | (GrantCommon & { readonly status: 'failed'; readonly code: GrantFailure; readonly closedAt: Instant });
export type GrantStatus = Grant['status'];

/* ------------------------------------------------------------------ surface */

/**
 * A message of ours that shows how things stand now (law 6) and is edited as they change: the card in the reviewer
 * channel, the requester's private card, an approver's private card, the holder's card before the end. Its thread
 * carries the history.
 */
export interface Surface {
  readonly id: string;
  /** Absent for the audit channel's stream, which tells every event. */
  readonly request?: RequestId;
  readonly audience: 'reviewers' | 'requester' | 'approver' | 'expiry' | 'audit';
  readonly place: { readonly channel: ChannelRef } | { readonly account: AccountRef };
  /** Cards of an extension hang in the thread of the pass they extend. */
  readonly thread?: MessageRef;
  /** Unknown until the first post was confirmed, looked up, or adopted from a press. */
  readonly message?: MessageRef;
  /** SHA-256 of what was last shown, so that an edit which changes nothing costs no call. */
  readonly shown?: string;
  /** Ledger number of the last event told in its thread; events after it are still to be told, in order. */
  readonly told: number;
  /** Of the audit stream: a message with the events up to this one was begun, and must not hold others when repeated. */
  readonly promised?: number;
  /** Others may see its channel now: that is looked at before anything more is shown there. */
  readonly suspect?: true;
}

/** Why nothing new is given in a target for now; what was given there is ended as ever. */
export type HoldReason =
  /** The store is an older one than it was: what is in the target is looked at first. */
  | 'rolled_back'
  /** Nobody could be asked yet whether the store is as old as it should be. */
  | 'unchecked'
  /** A target with live passes is not configured any more. */
  | 'target_removed';

/** Why no access came about. */
export type GrantFailure =
  | 'already_has_access'
  | 'target_refused'
  | 'timed_out'
  | 'withdrawn'
  | 'entitlement_changed'
  | 'policy_changed';
