// What every operation is given. Nothing here is global, so that tests run many of them side by side.
import type { Catalog } from '../core/catalog.ts';
import type { ChatPlatform } from '../ports/chat-platform.ts';
import type { Clock, Ids } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Meter } from '../ports/meter.ts';
import type { Pager } from '../ports/pager.ts';
import type { Store } from '../ports/store.ts';
import type { Targets } from '../ports/targets.ts';
import type { Trace } from '../ports/trace.ts';

/** Signs ledger heads; the key never leaves it. */
export interface LedgerSigner {
  sign(head: SignedHead): string;
  /** What a note says that this very key signed for this log; of any other `undefined`. */
  read(note: string): SignedHead | undefined;
}

export interface SignedHead {
  readonly size: number;
  readonly rootHex: string;
}

export interface Tools {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly catalog: Catalog;
  readonly targets: Targets;
  readonly chats: { readonly [platform: string]: ChatPlatform };
  /** The second path of every alarm; perhaps none. */
  readonly pagers: readonly Pager[];
  readonly signer: LedgerSigner;
  readonly meter: Meter;
  readonly trace: Trace;
  /** Keeps signed heads outside the store as well; throws when it cannot. */
  readonly keepCheckpoint: (note: string) => Promise<void>;
  /** The last of those that were kept there, oldest first; perhaps cut off, perhaps none. Throws when it cannot tell. */
  readonly seenCheckpoints: () => Promise<readonly string[]>;
  /** This process, as leases name it. */
  readonly owner: string;
  /** Something was committed: the runner need not wait for its tick. */
  readonly poke: () => void;
}
