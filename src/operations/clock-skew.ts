// This machine's clock beside the store's (threat E01). Deadlines go by the store's and need ours for nothing; but signatures of
// requests and the times in logs go by ours, and a machine that is far off is in trouble of some kind: people are told, and
// it gives nothing new. Ending access goes on.
import { SWEEP } from './actors.ts';
import { change } from './change.ts';
import type { Tools } from './tools.ts';

const TOLD_FROM_MS = 2_000;
const GIVES_BELOW_MS = 30_000;
const TOLD_AGAIN_MS = 3_600_000;

type Clocks = Pick<Tools, 'store'>;

/** Another replica may give it meanwhile. */
export function isTooSkewed({ store }: Clocks): boolean {
  return Math.abs(store.skewMs()) > GIVES_BELOW_MS;
}

/** Told once an hour while it lasts, by each machine for itself. Never throws. */
export async function watchSkew(tools: Tools): Promise<void> {
  const skewMs = tools.store.skewMs();
  if (Math.abs(skewMs) <= TOLD_FROM_MS) return;
  try {
    await change(tools, SWEEP, async (draft) => {
      // Taken while it was told: the commit is refused, and the alarm with it.
      const key = `skew:${tools.owner}`;
      draft.claim({ key, owner: tools.ids.next('act'), until: draft.now + TOLD_AGAIN_MS });
      const facts = { seconds: Math.round(skewMs / 1000) };
      const data = { code: 'clock_skewed', facts };
      draft.record({ type: 'alarm.raised', at: draft.now, actor: SWEEP, subject: {}, data });
    });
  } catch (error) {
    tools.log.error('the clock of this machine is off, and that could not be written down', { skewMs, error });
  }
}
