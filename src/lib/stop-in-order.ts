// Stopping the parts of a program one after the other.
import type { Log } from '../ports/log.ts';

/** A step that fails must not keep the later ones from running: the store is always closed. */
export async function stopInOrder(log: Log, steps: readonly (readonly [string, () => Promise<void>])[]): Promise<void> {
  for (const [what, step] of steps) {
    try {
      await step();
    } catch (error) {
      log.error('a part did not stop as it should', { what, error });
    }
  }
}
