// What each tick does: enter what was done without the store, sweep until nothing is due, remember what is owed. Never
// overlaps with itself and never throws: whatever failed is found again at the next tick.
import { watchSkew } from './clock-skew.ts';
import type { Emergency } from './emergency.ts';
import type { Guard } from './guard.ts';
import { type SweepPlace, sweep } from './sweep.ts';
import type { Tools } from './tools.ts';

export function openTick(
  tools: Tools,
  emergency: Pick<Emergency, 'settle'>,
  guard: Pick<Guard, 'remember'>,
): () => Promise<void> {
  let running: Promise<void> | undefined;
  const place: SweepPlace = {};
  async function once(): Promise<void> {
    // First: what is in the spool was done before anything that the sweep orders.
    await emergency.settle();
    await sweepAll(tools, place);
    await watchSkew(tools);
    await guard.remember();
  }
  return () => {
    running ??= once().finally(() => {
      running = undefined;
    });
    return running;
  };
}

async function sweepAll(tools: Tools, place: SweepPlace): Promise<void> {
  try {
    while ((await sweep(tools, place)) > 0); // a sweep looks at so many rows and no more
  } catch (error) {
    tools.log.error('the sweep failed and will be repeated at the next tick', { error });
  }
}
