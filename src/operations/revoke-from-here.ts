// Ends a pass from the machine that Hallpass runs on, without chat: for the hour when chat is what is broken. Whoever can do
// this owns the process; the reason is kept with the order.
import type { Actor, Grant, GrantId } from '../core/model.ts';
import type { Refusal } from '../core/refusal.ts';
import { change } from './change.ts';
import type { Tools } from './tools.ts';

const MACHINE: Actor = { person: 'hallpass', kind: 'system', via: 'cli' };

export type RevokedFromHere =
  | { readonly kind: 'ordered'; readonly passes: readonly GrantId[] }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** `id` of a pass, or of the request that led to it. */
export async function revokeFromHere(tools: Tools, id: string, why: string): Promise<RevokedFromHere> {
  const meant = await passesOf(tools, id);
  const changed = await change(tools, MACHINE, async (draft): Promise<RevokedFromHere> => {
    const passes: GrantId[] = [];
    let refusal: Refusal = { code: 'unknown_pass' };
    for (const grant of meant) {
      const refused = await draft.decideGrant(grant.id, { type: 'end', because: 'revoked', by: 'hallpass', why });
      if (refused) refusal = refused;
      else passes.push(grant.id);
    }
    return passes.length > 0 ? { kind: 'ordered', passes } : { kind: 'refused', refusal };
  });
  if (changed.kind === 'taken') throw new Error('an order to end that claims nothing was refused a name');
  return changed.value;
}

async function passesOf(tools: Tools, id: string): Promise<readonly Grant[]> {
  const grant = await tools.store.grant(id);
  if (grant) return [grant.row];
  const request = await tools.store.request(id);
  return request ? (await tools.store.grantsOfRequest(request.row.id)).map(({ row }) => row) : [];
}
