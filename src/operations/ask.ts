// Somebody asks for access, or for more time: what can be known at once is checked and told on the field; the rest is
// judged by a job with fresh facts. Touches only the store, so that the answer is always in time.
import type { Role } from '../core/catalog.ts';
import type { AccountRef, Grant, MessageRef, Purpose, RequestId } from '../core/model.ts';
import { judgeAll } from '../core/policy/evaluate.ts';
import type { Refusal } from '../core/refusal.ts';
import type { Origin } from '../ports/chat-platform.ts';
import { human } from './actors.ts';
import { change } from './change.ts';
import { holdOn } from './hold.ts';
import { personOf } from './people.ts';
import type { Tools } from './tools.ts';

/** Facts that cannot be had for this long end the request with a sentence. */
const EVALUATE_WITHIN_MS = 600_000;
/** A delivery counts once; platforms repeat within minutes, never after this. */
const DELIVERY_KEPT_MS = 3_600_000;

export interface Ask {
  readonly purpose: Purpose;
  readonly role: string;
  readonly durationSeconds: number;
  readonly reason: string;
  readonly about?: MessageRef;
}

export type Asked =
  | { readonly kind: 'asked'; readonly request: RequestId }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly field?: 'role' | 'duration' | 'reason' }
  /** This very delivery was taken before. */
  | { readonly kind: 'repeat' };

export async function ask(tools: Tools, origin: Origin, wish: Ask): Promise<Asked> {
  const role = tools.catalog.roles[wish.role];
  if (!role) return { kind: 'refused', refusal: { code: 'unknown_role', role: wish.role }, field: 'role' };
  const known = knownAtOnce(role, wish);
  if (known) return known;
  const held = await holdOn(tools, role.target);
  if (held) return { kind: 'refused', refusal: held };
  const id = tools.ids.next('req') as RequestId;
  const asker = await personOf(tools, origin.account);
  const outcome = await change(tools, human(asker.person.id, origin.account), async (draft) => {
    const { person, isNew } = await personOf(tools, origin.account, asker.person);
    draft.claim({ key: deliveryKey(origin), owner: id, until: draft.now + DELIVERY_KEPT_MS });
    if (isNew) draft.write({ kind: 'person', row: person, version: 0 });
    const dueAt = draft.now + EVALUATE_WITHIN_MS;
    await draft.decideRequest(id, {
      type: 'submit',
      id,
      ...wish,
      requester: person.id,
      account: origin.account,
      dueAt,
    });
  });
  if (outcome.kind === 'done') return { kind: 'asked', request: id };
  if (outcome.key.startsWith('asking:'))
    return { kind: 'refused', refusal: { code: 'already_asked', request: outcome.owner } };
  return { kind: 'repeat' };
}

/** Length and reason need no facts: the person hears at once, on the field. */
function knownAtOnce(role: Role, wish: Ask): Asked | undefined {
  const { reason, durationSeconds } = wish;
  const facts = {
    asOf: 0,
    role,
    standing: 'member',
    suspended: false,
    groups: role.who,
    candidates: [],
    reason,
    durationSeconds,
  } as const;
  const fields = { duration: 'duration', reason: 'reason' } as const;
  for (const { rule, verdict } of judgeAll(facts)) {
    const field = rule in fields ? fields[rule as keyof typeof fields] : undefined;
    if (field && verdict.kind === 'not_met') return { kind: 'refused', refusal: verdict.refusal, field };
  }
  return undefined;
}

export function deliveryKey(origin: { readonly account: AccountRef; readonly delivery: string }): string {
  return `delivery:${JSON.stringify([origin.account.platform, origin.account.tenant, origin.delivery])}`;
}

/** More time on a live pass of one's own; the role's rules decide again (a new approval, never past the maximum). */
export async function askForMore(
  tools: Tools,
  origin: Origin,
  grant: Grant,
  durationSeconds: number,
  reason: string,
): Promise<Asked> {
  const stored = await tools.store.personAt(origin.account);
  if (stored?.row.id !== grant.person) return { kind: 'refused', refusal: { code: 'not_yours' } };
  if (grant.status !== 'active') return { kind: 'refused', refusal: { code: 'not_live', status: grant.status } };
  const role = tools.catalog.roles[grant.offer.role];
  const latest = grant.orderedAt + (role?.duration.maxSeconds ?? 0) * 1000;
  if (grant.expiresAt + durationSeconds * 1000 > latest) {
    return { kind: 'refused', refusal: { code: 'extension_too_long', latest }, field: 'duration' };
  }
  return ask(tools, origin, {
    purpose: { kind: 'extension', grant: grant.id },
    role: grant.offer.role,
    durationSeconds,
    reason,
  });
}
