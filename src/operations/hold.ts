// Where nothing new is given for now, and why: a name in the store, so that all replicas know it at once. Ending access never
// asks here. Whoever gives looks inside the very change that orders it: a hold that is placed at the same moment wins.
import type { HoldReason } from '../core/model.ts';
import type { Refusal } from '../core/refusal.ts';
import type { Draft } from './change.ts';
import type { Tools } from './tools.ts';

/** As a target's name: all of them. */
export const EVERYWHERE = '*';

type Held = Extract<Refusal, { code: 'access_held' }>;

/** Why nothing new may be given there now; inside a change it also guards the change. */
export async function holdOn(tools: Tools, target: string, draft?: Draft): Promise<Held | undefined> {
  // The counter first: what is placed after this look raises it, and the change is decided again.
  await draft?.guardFreeze();
  for (const where of [EVERYWHERE, target]) {
    const why = await reasonOn(tools, where);
    if (why) return { code: 'access_held', target: where, why };
  }
  return undefined;
}

/** Of this very name, not of everywhere. */
export async function reasonOn(tools: Tools, where: string): Promise<HoldReason | undefined> {
  return (await tools.store.ownerOf(holdKey(where))) as HoldReason | undefined;
}

/** A graver reason takes the place of another. False: it was held for that reason before. */
export async function placeHold(tools: Tools, draft: Draft, target: string, why: HoldReason): Promise<boolean> {
  await draft.guardFreeze();
  const before = await reasonOn(tools, target);
  if (before === why || (before && why === 'unchecked')) return false;
  if (before) draft.release(holdKey(target), before);
  draft.claim({ key: holdKey(target), owner: why });
  draft.raiseFreeze();
  draft.record({ type: 'access.held', at: draft.now, actor: draft.actor, subject: {}, data: { target, why } });
  return true;
}

/** Nothing where it is held for another reason, or not at all. */
export async function releaseHold(tools: Tools, draft: Draft, target: string, why: HoldReason): Promise<void> {
  await draft.guardFreeze();
  if ((await reasonOn(tools, target)) !== why) return;
  draft.release(holdKey(target), why);
  draft.raiseFreeze();
  draft.record({ type: 'access.released', at: draft.now, actor: draft.actor, subject: {}, data: { target, why } });
}

function holdKey(where: string): string {
  return `held:${where}`;
}
