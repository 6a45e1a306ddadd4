// The holder gives a pass back, or the requester withdraws: decided at once, for it needs no fresh facts. Giving back is
// open even to a suspended or departed person: ending access is never refused for want of a check.
import type { Grant, GrantId, PersonId, RequestId } from '../core/model.ts';
import type { Refusal } from '../core/refusal.ts';
import { acceptedNote, endedNote } from '../messages/answers.ts';
import { refusalNote } from '../messages/refusals.ts';
import type { Answer, Origin } from '../ports/chat-platform.ts';
import { human } from './actors.ts';
import { deliveryKey } from './ask.ts';
import { change, type Draft } from './change.ts';
import { askKey } from './claims.ts';
import type { Tools } from './tools.ts';

const DELIVERY_KEPT_MS = 3_600_000;

export type Ended =
  | { readonly kind: 'ended'; readonly what: 'pass' | 'request'; readonly role: string }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'repeat' };

export async function returnPass(tools: Tools, origin: Origin, grant: Grant): Promise<Ended> {
  const person = (await tools.store.personAt(origin.account))?.row;
  if (!person) return { kind: 'refused', refusal: { code: 'not_yours' } };
  const outcome = await change(tools, human(person.id, origin.account), async (draft) => {
    draft.claim({ key: deliveryKey(origin), owner: tools.ids.next('act'), until: draft.now + DELIVERY_KEPT_MS });
    const refusal = await draft.decideGrant(grant.id, { type: 'end', because: 'returned', by: person.id, why: '' });
    if (!refusal) await withdrawExtension(tools, draft, person.id, grant.id);
    return refusal;
  });
  if (outcome.kind === 'taken') return { kind: 'repeat' };
  return outcome.value
    ? { kind: 'refused', refusal: outcome.value }
    : { kind: 'ended', what: 'pass', role: grant.offer.role };
}

/** Whoever gives a pass back wants no more time on it: nobody shall be asked to approve that any longer. */
async function withdrawExtension(tools: Tools, draft: Draft, by: PersonId, grant: GrantId): Promise<void> {
  const open = await tools.store.ownerOf(askKey(by, grant));
  if (open !== undefined) await draft.decideRequest(open as RequestId, { type: 'withdraw', by });
}

export async function withdrawRequest(tools: Tools, origin: Origin, id: string): Promise<Ended> {
  const person = (await tools.store.personAt(origin.account))?.row;
  const stored = await tools.store.request(id);
  if (!stored) return { kind: 'refused', refusal: { code: 'unknown_request' } };
  if (!person) return { kind: 'refused', refusal: { code: 'not_yours' } };
  const outcome = await change(tools, human(person.id, origin.account), async (draft) => {
    draft.claim({ key: deliveryKey(origin), owner: tools.ids.next('act'), until: draft.now + DELIVERY_KEPT_MS });
    return draft.decideRequest(stored.row.id, { type: 'withdraw', by: person.id });
  });
  if (outcome.kind === 'taken') return { kind: 'repeat' };
  return outcome.value
    ? { kind: 'refused', refusal: outcome.value }
    : { kind: 'ended', what: 'request', role: stored.row.role };
}

/** The pass somebody means: by id, or their only live one. */
export async function passMeant(
  tools: Tools,
  person: PersonId | undefined,
  id: string | undefined,
): Promise<Grant | 'none' | 'several'> {
  if (id !== undefined) {
    const byPass = await tools.store.grant(id);
    const byRequest = byPass ? [] : await tools.store.grantsOfRequest(id as never);
    return byPass?.row ?? byRequest[0]?.row ?? 'none';
  }
  if (!person) return 'none';
  const live = (await tools.store.liveGrants({ person }, 20))
    .map(({ row }) => row)
    .filter((grant) => grant.status !== 'revoking');
  if (live.length > 1) return 'several';
  return live[0] ?? 'none';
}

export function said(tools: Tools, ended: Ended): Answer {
  switch (ended.kind) {
    case 'ended':
      return { kind: 'note', note: endedNote(ended.what, ended.role, tools.catalog) };
    case 'refused':
      return { kind: 'note', note: refusalNote(ended.refusal, tools.catalog, { what: 'end' }) };
    case 'repeat':
      return { kind: 'note', note: acceptedNote() };
  }
}
