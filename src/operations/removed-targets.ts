// A target with live passes that is not configured (any more): nothing can be ended there until it is back. It is told by name,
// and until then nothing new is given anywhere: whoever lost one target from the file may have lost more.
import { SWEEP } from './actors.ts';
import { change, type Draft } from './change.ts';
import { EVERYWHERE, placeHold, reasonOn, releaseHold } from './hold.ts';
import type { Tools } from './tools.ts';

const NAMED_MAX = 20;

/** At each start. */
export async function checkRemovedTargets(tools: Tools): Promise<void> {
  const targets = await removedTargets(tools);
  await change(tools, SWEEP, async (draft) => {
    if (targets.length === 0) return releaseHold(tools, draft, EVERYWHERE, 'target_removed');
    await placeHold(tools, draft, EVERYWHERE, 'target_removed');
    const facts = { targets: targets.join(', '), passes: await passesIn(tools, targets) };
    const data = { code: 'target_removed', facts };
    draft.record({ type: 'alarm.raised', at: draft.now, actor: SWEEP, subject: {}, data });
  });
}

/** As a target is looked at: where they were held, and nothing is left that speaks against it, new passes are given again. */
export async function releaseRemoved(tools: Tools, draft: Draft): Promise<void> {
  if ((await reasonOn(tools, EVERYWHERE)) !== 'target_removed') return;
  if ((await removedTargets(tools)).length === 0) await releaseHold(tools, draft, EVERYWHERE, 'target_removed');
}

async function removedTargets({ store, targets }: Tools): Promise<readonly string[]> {
  const { grants } = await store.figures();
  const live = new Set(grants.map(({ target }) => target));
  return [...live].filter((name) => targets.of(name) === undefined).sort();
}

async function passesIn({ store }: Tools, targets: readonly string[]): Promise<string> {
  const pages = await Promise.all(targets.map((target) => store.liveAfter(target, undefined, NAMED_MAX)));
  return pages
    .flat()
    .slice(0, NAMED_MAX)
    .map(({ row }) => row.id)
    .join(', ');
}
