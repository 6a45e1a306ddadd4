// A pass as the policy alone approves it: asked for, opened, approved and ordered in one commit, with no card in any channel.
// What becomes of it from then on is the program's.
import { digestOf } from '../../src/core/digest.ts';
import type { GrantId, Offer, RequestId } from '../../src/core/model.ts';
import { POLICY } from '../../src/operations/actors.ts';
import { change } from '../../src/operations/change.ts';
import { holdOn } from '../../src/operations/hold.ts';
import { personOf } from '../../src/operations/people.ts';
import type { Tools } from '../../src/operations/tools.ts';
import { accountOf } from './forgetful-chat.ts';
import type { Ask } from './soak-plan.ts';

const EVALUATE_WITHIN_MS = 600_000;

/** `fingerprints` by role. */
export async function orderApproved(
  tools: Tools,
  fingerprints: ReadonlyMap<string, string>,
  { user, role, minutes, reason }: Ask,
): Promise<void> {
  const [id, grant] = [tools.ids.next('req') as RequestId, tools.ids.next('pass') as GrantId];
  const account = accountOf(user);
  const offer = { ...offerOf(tools, user, role, minutes * 60), fingerprint: fingerprints.get(role) ?? '' };
  const purpose = { kind: 'access' } as const;
  const digest = digestOf(purpose, offer);
  await change(tools, POLICY, async (draft) => {
    const { person, isNew } = await personOf(tools, account);
    const now = draft.now;
    if (await holdOn(tools, offer.target, draft)) return;
    if (isNew) draft.write({ kind: 'person', row: { ...person, email: `${user}@acme.test` }, version: 0 });
    const submit = { id, purpose, role, reason, account, requester: person.id, durationSeconds: minutes * 60 };
    await draft.decideRequest(id, { type: 'submit', ...submit, dueAt: now + EVALUATE_WITHIN_MS });
    const opening = { offer, digest, stages: [], lapsesAt: now + EVALUATE_WITHIN_MS, grants: [grant] };
    await draft.decideRequest(id, { type: 'open_approved', ...opening });
    await draft.decideGrant(grant, { type: 'order', id: grant, request: id, person: person.id, digest, offer });
  });
}

function offerOf(
  { catalog, targets }: Tools,
  user: string,
  role: string,
  durationSeconds: number,
): Omit<Offer, 'fingerprint'> {
  const { target = '', entitlement = {} } = catalog.roles[role] ?? {};
  const live = targets.of(target);
  return {
    ...{ role, target, entitlement, durationSeconds, policyVersion: catalog.policyVersion },
    targetKey: live?.keyOf(entitlement) ?? '',
    principal: { id: `acct:${user}@acme.test`, name: user },
  };
}
