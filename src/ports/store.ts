// What is kept, and how it changes: one commit, whole or not at all.
// Transactions never cross this line: better-sqlite3 has only synchronous ones, PostgreSQL only asynchronous ones.
import type { DomainEvent } from '../core/events.ts';
import type {
  AccessRequest,
  AccountRef,
  Grant,
  GrantId,
  Instant,
  JsonObject,
  MessageRef,
  Person,
  PersonId,
  RequestId,
  Surface,
} from '../core/model.ts';
import type { Figures } from './figures.ts';

/** `version` starts at 1 and goes up with every write; 0 in a write means "new". */
export interface Stored<Row> {
  readonly row: Row;
  readonly version: number;
}

export type Write =
  | { readonly kind: 'request'; readonly row: AccessRequest; readonly version: number }
  | { readonly kind: 'grant'; readonly row: Grant; readonly version: number }
  | { readonly kind: 'person'; readonly row: Person; readonly version: number }
  | { readonly kind: 'surface'; readonly row: Surface; readonly version: number };

/** An event on its way into the ledger; the salt hides `text` behind its commitment. */
export interface NewEvent {
  readonly event: DomainEvent;
  readonly salt: string;
}
export interface StoredEvent {
  /** Leaf index in the ledger, gap-free from 0. */
  readonly number: number;
  readonly event: DomainEvent;
  /** Leaf hash, hex. */
  readonly hash: string;
}

export type JobKind =
  | 'evaluate'
  | 'judge'
  | 'grant'
  | 'extend'
  | 'revoke'
  | 'warn'
  | 'card'
  | 'tell'
  | 'audit'
  | 'home'
  /** An alarm to one pager. */
  | 'page'
  /** The alarm in the audit channel for what is overdue in one target. */
  | 'overdue'
  /** An alarm to those who own a target. */
  | 'owners'
  | 'checkpoint'
  /** One target against what is live in it. */
  | 'reconcile'
  /** Everybody in a target without marks, after a rollback of the store. */
  | 'census'
  /** People are asked what becomes of access that the census found. */
  | 'choose'
  /** The audit channel is asked for the last signed head it saw. */
  | 'witness';

/** 0 alarm, 1 revocation, 2 decision, 3 the rest: the lower goes first wherever room is short. */
export type Lane = 0 | 1 | 2 | 3;

export interface NewJob {
  readonly id: string;
  readonly kind: JobKind;
  /** Jobs of one subject never run at the same time (law 5): `grant:…`, `request:…`, `thread:…`. */
  readonly subject: string;
  /** Fair share and pacing: `target:prod-db`, `slack-post:C1`. One slow queue starves no other. */
  readonly queue: string;
  readonly lane: Lane;
  readonly dueAt: Instant;
  readonly payload: JsonObject;
  /** In order: a job runs only when no older ordered job of its subject is left. */
  readonly ordered?: boolean;
  /**
   * One waiting job per key. Ordering it again while it waits moves it forward to the earlier time and the lower lane;
   * ordering it while it runs makes it run once more afterwards. Level-triggered work (cards, revokes) uses it.
   */
  readonly once?: string;
}
export interface Job extends NewJob {
  /** Counts claims, this one included. */
  readonly attempts: number;
  readonly owner: string;
  /** Fences every write of a late holder: goes up with each claim of the subject. */
  readonly epoch: number;
  readonly round: number;
}
/** Proof of holding a job, checked in the commit. */
export type Hold = Pick<Job, 'id' | 'subject' | 'epoch' | 'round'>;

/** A page of rows whose time has come. `next` is absent with the last one. */
export interface DueRows {
  readonly requests: readonly RequestId[];
  readonly grants: readonly GrantId[];
  readonly next?: DueCursor;
}
/** Where a page of due rows ended; `over`: there were no more of the kind. */
export interface DueCursor {
  readonly requests: DueMark | 'over';
  readonly grants: DueMark | 'over';
}
interface DueMark {
  readonly dueAt: Instant;
  readonly id: string;
}

/** The last of a page of live grants. */
export type LiveCursor = Pick<Grant, 'orderedAt' | 'id'>;

/** A name that can be taken once: a delivery id, a live (principal, target key), an account, an e-mail, a used ticket. */
export interface Claim {
  readonly key: string;
  /** Taking it again as the same owner is fine. */
  readonly owner: string;
  /** Falls free by itself then (deliveries); absent: only by release. */
  readonly until?: Instant;
}

/** All that one decision writes. */
export interface Commit {
  /** Rows that were read and not written, and must still be as they were. */
  readonly unchanged?: readonly { readonly kind: Write['kind']; readonly id: string; readonly version: number }[];
  /** The freeze counter that was seen (law: freeze is an epoch guarded in each grant commit). */
  readonly freezeEpoch?: number;
  /** Raise the freeze counter: every commit guarded by an earlier count is refused from here on. */
  readonly raiseFreezeEpoch?: true;
  readonly writes?: readonly Write[];
  readonly claims?: readonly Claim[];
  readonly releases?: readonly { readonly key: string; readonly owner: string }[];
  readonly events?: readonly NewEvent[];
  readonly jobs?: readonly NewJob[];
  /** The writer holds this job; without `finish` it goes on holding it. */
  readonly hold?: Hold;
  /** Finish the held job in the same write. */
  readonly finish?: true;
}

export type CommitResult =
  | { readonly kind: 'done' /** Ledger numbers of the events, in order. */; readonly numbers: readonly number[] }
  /** Somebody else was faster: load and decide again. */
  | { readonly kind: 'conflict' }
  /** The lease was lost: stop, write nothing more. */
  | { readonly kind: 'fenced' }
  | { readonly kind: 'taken'; readonly key: string; readonly owner: string };

export interface Pace {
  /** One job per this many ms on average … */
  readonly everyMs: number;
  /** … with this many allowed at once after a pause. */
  readonly burst: number;
  /** At most this many of the queue running at the same time. */
  readonly atOnce: number;
}

export interface ClaimWish {
  readonly owner: string;
  readonly limit: number;
  readonly leaseMs: number;
  /** How a queue is paced, by its name; called for each queue that has due work. */
  readonly pace: (queue: string) => Pace;
  /** Queues that share room: of each room at most so many jobs are taken, within `limit`. Absent: `limit` alone counts. */
  readonly rooms?: { readonly of: (queue: string) => string; readonly left: Readonly<Record<string, number>> };
}

/** A ledger head: size, root and frontier; and the last signed checkpoint. */
export interface LedgerHead {
  readonly size: number;
  readonly rootHex: string;
  readonly checkpoint?: { readonly size: number; readonly note: string; readonly at: Instant };
}
export interface StoredLeaf {
  readonly seq: number;
  readonly at: Instant;
  readonly type: string;
  readonly leaf: string;
  readonly hash: string;
  readonly salt: string;
  /** Absent when there was no personal text, or when it was erased. */
  readonly text?: JsonObject;
}

export interface Store {
  /** The store's clock: the only time that decisions and due work go by (law 12). Never goes backwards. */
  now(): Promise<Instant>;
  /** This machine's clock minus the store's, when that was last read, in ms. 0 where both are one. */
  skewMs(): number;
  /** Another process committed work: a hint to look at once. Answers how to stop listening. */
  onNews(listener: () => void): () => void;
  readonly deploymentId: string;
  request(id: string): Promise<Stored<AccessRequest> | undefined>;
  grant(id: string): Promise<Stored<Grant> | undefined>;
  person(id: string): Promise<Stored<Person> | undefined>;
  surface(id: string): Promise<Stored<Surface> | undefined>;
  /** Who holds this name (see Claim). */
  ownerOf(key: string): Promise<string | undefined>;
  commit(commit: Commit): Promise<CommitResult>;

  /** Non-final rows whose time has come, oldest first, at most `limit` of each kind, after a page: what the sweep looks at. */
  due(limit: number, after?: DueCursor): Promise<DueRows>;
  /** Lease due jobs whose subject is free, lowest lane first, fairly over queues. */
  claim(wish: ClaimWish): Promise<readonly Job[]>;
  /** Keep a lease. False: it was lost, stop. */
  renew(hold: Hold, leaseMs: number): Promise<boolean>;
  /** Give a job back for later. False: the lease was lost. `attempt: false` does not count this claim as an attempt. */
  defer(hold: Hold, dueAt: Instant, because: string, options?: { readonly attempt?: boolean }): Promise<boolean>;
  /** Nothing of this queue is claimed before then (a Retry-After). */
  holdQueue(queue: string, until: Instant): Promise<void>;
  /** When the next job could be claimed, if any: how long the runner may sleep. */
  nextDueAt(): Promise<Instant | undefined>;

  requestsOf(person: PersonId, limit: number): Promise<readonly Stored<AccessRequest>[]>;
  requestsIn(status: AccessRequest['status'], limit: number): Promise<readonly Stored<AccessRequest>[]>;
  grantsOfRequest(request: RequestId): Promise<readonly Stored<Grant>[]>;
  /** Not yet final, newest first; all people when `person` is absent. */
  liveGrants(
    filter: { readonly person?: PersonId; readonly role?: string; readonly target?: string },
    limit: number,
  ): Promise<readonly Stored<Grant>[]>;
  /** Not yet final, oldest first, after this one: to go through all of them in pages. All targets when `target` is absent. */
  liveAfter(
    target: string | undefined,
    after: LiveCursor | undefined,
    limit: number,
  ): Promise<readonly Stored<Grant>[]>;
  /** Everybody who was ever met, by their ids, after this one. */
  people(after: PersonId | undefined, limit: number): Promise<readonly Person[]>;
  surfacesOf(request: RequestId): Promise<readonly Stored<Surface>[]>;
  surfaceAt(message: MessageRef): Promise<Stored<Surface> | undefined>;
  personAt(account: AccountRef): Promise<Stored<Person> | undefined>;
  persons(ids: readonly PersonId[]): Promise<readonly Person[]>;
  /** Events about one request and its grants, in order, from this number on. */
  eventsOf(request: RequestId, from?: number): Promise<readonly StoredEvent[]>;
  event(number: number): Promise<StoredEvent | undefined>;

  readonly freezeEpoch: () => Promise<number>;
  ledgerHead(): Promise<LedgerHead>;
  leaves(from: number, limit: number): Promise<readonly StoredLeaf[]>;
  checkpoints(from: number): Promise<readonly { readonly size: number; readonly note: string; readonly at: Instant }[]>;
  /** Refused (false) when the log no longer has this root at this size. */
  saveCheckpoint(checkpoint: {
    readonly size: number;
    readonly rootHex: string;
    readonly note: string;
    readonly at: Instant;
  }): Promise<boolean>;

  /** How things stand, for whoever watches; reads only what is live. */
  figures(): Promise<Figures>;
  /** A sweep came to its end: written at most every 10 s, for `figures().sweptAt`. True: it was written. */
  beat(): Promise<boolean>;
  /** Figures for the doctor and tests. */
  counts(): Promise<{ readonly [table: string]: number }>;
  /** Remove what has run out: free claims, released leases. */
  tidy(): Promise<void>;
  close(): Promise<void>;
}
