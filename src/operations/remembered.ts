// Small things that work which comes again and again must remember from one time to the next, also on another replica: kept as
// a name of its own in the store. Nothing that a decision about access rests on.
import type { Draft } from './change.ts';
import type { Tools } from './tools.ts';

/** As it was stored; `remember` needs it to see that nobody else wrote in between. */
export interface Remembered<Value> {
  readonly stored: string | undefined;
  readonly value: Value | undefined;
}

export async function recall<Value extends object>(tools: Tools, key: string): Promise<Remembered<Value>> {
  const stored = await tools.store.ownerOf(key);
  return { stored, value: stored === undefined ? undefined : (JSON.parse(stored) as Value) };
}

/** Plain JSON. `undefined` forgets it. The change is refused the name (`taken`) when somebody else was faster. */
export function remember(
  draft: Draft,
  key: string,
  before: Pick<Remembered<object>, 'stored'>,
  value: object | undefined,
): void {
  const next = value === undefined ? undefined : JSON.stringify(value);
  if (before.stored === next) return;
  if (before.stored !== undefined) draft.release(key, before.stored);
  if (next !== undefined) draft.claim({ key, owner: next });
}
