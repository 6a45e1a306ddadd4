// What one look at a whole target carries with it, and the passes that are live there as the round begins. Pages through them
// and keeps a few words of each, so that ten thousand passes are a few megabytes.
import type { GrantId, HoldReason, Instant, JsonObject } from '../core/model.ts';
import { AdapterError } from '../ports/grant-adapter.ts';
import type { Job, LiveCursor } from '../ports/store.ts';
import type { LiveTarget } from '../ports/targets.ts';
import { liveKey } from './claims.ts';
import type { Tools } from './tools.ts';

export interface Round {
  readonly tools: Tools;
  readonly job: Job;
  readonly target: LiveTarget;
  /** By the store's clock, before anything was read: what ended later may still be seen. */
  readonly startedAt: Instant;
  /** Why nothing new was given there as the round began. */
  readonly held: HoldReason | undefined;
}

export interface LivePass extends LiveCursor {
  readonly id: GrantId;
  /** It should be there now, and for some while yet. */
  readonly isDue: boolean;
}
interface LiveEntitlement {
  readonly entitlement: JsonObject;
  /** Fingerprint that is known of each pass: as approved, or as it was last seen. */
  readonly passes: Map<GrantId, string>;
}
export interface LivePasses {
  /** By `liveKey`. */
  readonly byKey: ReadonlyMap<string, LivePass>;
  readonly entitlements: readonly LiveEntitlement[];
}

const PAGE = 500;
/** Before its deadline a pass is ended anyway, and a target that ends it by itself may be early. */
const ENDS_SOON_MS = 60_000;

export function settleMs({ adapter }: LiveTarget): number {
  return Math.max(adapter.settleSeconds, 2) * 1000;
}

export async function livePasses({ tools, target, startedAt }: Round): Promise<LivePasses> {
  const byKey = new Map<string, LivePass>();
  const entitlements = new Map<string, LiveEntitlement>();
  const [settled, lasting] = [startedAt - settleMs(target), startedAt + settleMs(target) + ENDS_SOON_MS];
  let after: LiveCursor | undefined;
  do {
    const page = await tools.store.liveAfter(target.name, after, PAGE);
    for (const { row } of page) {
      const { id, orderedAt, offer } = row;
      const isLive = row.status === 'active' || row.status === 'extending';
      const isDue = isLive && row.activeAt <= settled && row.expiresAt > lasting;
      byKey.set(liveKey(offer.principal.id, offer.targetKey), { id, orderedAt, isDue });
      if (!isLive) continue;
      const name = JSON.stringify(offer.entitlement);
      const same = entitlements.get(name) ?? { entitlement: offer.entitlement, passes: new Map() };
      entitlements.set(name, same);
      same.passes.set(id, row.drifted ?? offer.fingerprint);
    }
    after = page.length < PAGE ? undefined : page.at(-1)?.row;
  } while (after);
  return { byKey, entitlements: [...entitlements.values()] };
}

/**
 * One question among many: `undefined` when the target has no answer to this one. Throws AdapterError when it answers nothing
 * at all, for then the others can wait too.
 */
export async function asked<T>(
  { log }: Tools,
  about: { readonly [name: string]: string },
  question: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await question();
  } catch (error) {
    if (!(error instanceof AdapterError) || error.fault === 'unreachable' || error.fault === 'busy') throw error;
    log.warn('the target did not answer what it was asked', { ...about, fault: error.fault, error });
    return undefined;
  }
}
