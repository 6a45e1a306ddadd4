// A store that was copied elsewhere must not be worked on again: two Hallpass on two copies would each end, and give, what the
// other knows nothing of. The mark is a row of the store itself, so that it goes with the file wherever that goes.
import { askOne, type Operation } from './ask.ts';
import type { Statements } from './statements.ts';
import { StoreError } from './store-error.ts';

/** Name of the counter that holds the time at which it was copied. A copy never has it. */
export const MOVED = 'moved';

/** Throws StoreError `moved`. For whoever means to write; looking is always allowed. */
export function* refuseMoved(s: Statements): Operation<void> {
  const moved = yield* askOne(s.counter, { name: MOVED });
  if (moved) throw movedAt(moved.value);
}

function movedAt(at: number): StoreError {
  const when = new Date(at).toISOString();
  return new StoreError(
    'moved',
    `This store was copied to another one at ${when}, and Hallpass works on that one since. Set store in hallpass.yaml to it. ${REOPEN}`,
  );
}

/** What undoes it, for messages. */
export const REOPEN =
  'To go back to this one on purpose, stop Hallpass everywhere, then run: hallpass store reopen <store>.';
