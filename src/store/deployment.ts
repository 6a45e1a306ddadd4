// The deployment's id: given once, with the first opening, and for ever.
import { ask, askOne, keep, type Operation, type Outcome } from './ask.ts';
import { refuseMoved } from './moved.ts';
import type { Statements } from './statements.ts';

/** Empty when there is none yet. */
export function* deploymentId(s: Statements): Operation<string> {
  return (yield* askOne(s.deployment))?.id ?? '';
}

/** Likewise, for whoever asks whether it could be worked on. Throws StoreError `moved`. */
export function* knownId(s: Statements): Operation<string> {
  yield* refuseMoved(s);
  return yield* deploymentId(s);
}

/**
 * It stands in every mark that is left in a target, so it must never be another one for the same store. Replicas that start
 * together take turns at the ledger's head, the one row that is always there.
 */
export function* givenId(s: Statements, fresh: string, now: number): Operation<Outcome<string>> {
  yield* refuseMoved(s);
  yield* ask(s.lockHead);
  const known = yield* deploymentId(s);
  if (known !== '') return keep(known);
  yield* ask(s.beginDeployment, { id: fresh, now });
  return keep(fresh);
}
