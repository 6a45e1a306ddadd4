// Everything that keeps ending access when the store cannot be written, as one part of the program: what is owed is remembered
// with each tick, the store is watched, what was overdue at the start is known.
import type { Clock, Instant } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Remembered, Spool } from '../ports/spool.ts';
import type { Store } from '../ports/store.ts';
import { type Emergency, openEmergency } from './emergency.ts';
import type { EmergencyAlarm } from './emergency-alarm.ts';
import { type Obligations, openObligations } from './obligations.ts';
import { type Owed, openOwed } from './owed.ts';
import type { SpoolQueue } from './spool-queue.ts';
import { type StoreWatch, watchStore } from './store-watch.ts';
import type { Tools } from './tools.ts';

/** The machine's clock drifts from the store's all the time: only this much is worth a write. */
const DRIFT_MS = 1_000;
/** Ten thousand passes are some megabytes: written every 20 s at most, and a few passes with every tick. */
const MS_FOR_EACH = 2;

export interface GuardParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly spool: Spool;
  readonly queue: SpoolQueue;
  readonly remembered: Remembered | undefined;
}

export interface Guard {
  /** What everybody writes through. */
  readonly store: Store;
  readonly owed: Pick<Owed, 'isSent'>;
  readonly troubleSince: StoreWatch['troubleSince'];
  /** Learns what is owed, before anything is swept. Throws when the store cannot be read. */
  begin(): Promise<void>;
  arm(tools: Tools, alarm: EmergencyAlarm): Emergency;
  /** Brings up to date what is remembered, on disk too when it changed. Never throws. */
  remember(): Promise<void>;
}

export function openGuard(parts: GuardParts): Guard {
  const { store, clock, queue } = parts;
  // The two know one another: whether a row is due is asked by the store's clock, which the obligations follow.
  const owed = openOwed(clock, () => obligations.now());
  const obligations = openObligations(clock, [(stored) => owed.saw(stored)], parts.remembered);
  const watch = watchStore(store, clock, obligations.saw);
  const keep = keeper(parts, obligations);
  return {
    store: watch.store,
    owed,
    troubleSince: watch.troubleSince,
    async begin() {
      await obligations.refresh(store);
      owed.begin();
    },
    arm: (tools, alarm) => openEmergency({ tools, watch, obligations, queue, alarm }),
    remember: keep,
  };
}

function keeper({ store, spool, log, clock }: GuardParts, obligations: Obligations): () => Promise<void> {
  let kept: { readonly changes: number; readonly aheadMs: number; readonly until: Instant } | undefined;
  return async () => {
    try {
      await obligations.refresh(store);
    } catch {
      return; // whoever swept before us has said so
    }
    const changes = obligations.changes();
    const all = obligations.remembered(store.deploymentId);
    if (kept?.changes === changes && Math.abs(all.aheadMs - kept.aheadMs) < DRIFT_MS) return;
    if (kept && clock.now() < kept.until) return;
    try {
      await spool.remember(all);
      kept = { changes, aheadMs: all.aheadMs, until: clock.now() + all.obligations.length * MS_FOR_EACH };
    } catch (error) {
      log.warn('what is owed could not be written down beside the store', { error });
    }
  };
}
