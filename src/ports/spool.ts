// What is kept outside the store, on the machine's own disk, so that access still ends while the store is away (law 13): what
// is owed, and what was done about it meanwhile. No reason, no reviewer and no secret is in it.
import type { GrantId, Instant, JsonObject, Principal, Receipt } from '../core/model.ts';

/** All that ending one live access needs. */
export interface Obligation {
  readonly grant: GrantId;
  readonly target: string;
  readonly principal: Principal;
  readonly entitlement: JsonObject;
  readonly receipt?: Receipt;
  /** The store's clock. */
  readonly expiresAt: Instant;
  /** `granting`: a call was sent whose outcome is not known; `revoking`: the order to end is stored, it is due now. */
  readonly status: 'granting' | 'active' | 'extending' | 'revoking';
}

export interface Remembered {
  readonly deploymentId: string;
  /** The store's clock when this was true … */
  readonly at: Instant;
  /** … and how far it was ahead of this machine's clock, in ms. */
  readonly aheadMs: number;
  readonly obligations: readonly Obligation[];
}

/** What came of trying to end one access without a store. */
export interface SpooledEnd {
  /** Unique: by it, the line is entered once. */
  readonly id: string;
  readonly grant: GrantId;
  /** The store's clock, as far as it was known. */
  readonly doneAt: Instant;
  readonly attempts: number;
  readonly seen: 'absent' | 'present' | 'unknown';
}

/** Every method throws what the disk says. What it wrote is on the disk when the promise resolves. */
export interface Spool {
  /** `undefined`: nothing was remembered, or what was cannot be read. */
  remembered(): Promise<Remembered | undefined>;
  /** Whole or not at all. */
  remember(all: Remembered): Promise<void>;
  append(end: SpooledEnd): Promise<void>;
  /** In the order in which they were appended; a line that a crash cut off is left out. */
  ends(): Promise<readonly SpooledEnd[]>;
  /** Forgets these lines: they are in the log now. */
  drop(ids: ReadonlySet<string>): Promise<void>;
}
