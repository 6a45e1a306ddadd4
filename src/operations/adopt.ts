// Access of ours that no row knows: a request that nobody made and a pass that nobody approved, so that it is taken back, told
// and alarmed of like any other (threats F01, F13). Its card and thread are in the audit channel.
import { digestOf } from '../core/digest.ts';
import { type GrantId, type JsonObject, NOBODY, type Offer, type Principal, type RequestId } from '../core/model.ts';
import type { LiveTarget } from '../ports/targets.ts';
import type { Draft } from './change.ts';
import type { Tools } from './tools.ts';

export interface Orphan {
  /** As the target remembers it: it takes back by this id. Empty: it remembers none. */
  readonly grantId: string;
  readonly principal: Principal;
  readonly entitlement: JsonObject;
}

/** No account asked for it. */
const NO_ACCOUNT = { platform: '', tenant: '', user: '' };

/** The change is refused the name (`taken`) where a live pass has this access by now. */
export async function adopt(tools: Tools, draft: Draft, target: LiveTarget, orphan: Orphan): Promise<void> {
  const id = (orphan.grantId === '' ? tools.ids.next('pass') : orphan.grantId) as GrantId;
  const request = tools.ids.next('req') as RequestId;
  const offer = offerOf(tools, target, orphan);
  const digest = digestOf({ kind: 'orphan', target: target.name }, offer);
  const { role } = offer;
  const found = { role, target: target.name, account: NO_ACCOUNT, grants: [id] };
  await draft.decideRequest(request, { type: 'adopt', id: request, ...found });
  await draft.decideGrant(id, { type: 'adopt', id, request, person: NOBODY, digest, offer });
  const place = { channel: tools.catalog.auditChannel };
  await draft.keepSurface({ id: tools.ids.next('card'), request, audience: 'reviewers', place, told: -1 });
}

/** What can still be said of it. */
function offerOf({ catalog }: Tools, target: LiveTarget, { principal, entitlement }: Orphan): Offer {
  const targetKey = target.keyOf(entitlement);
  const roles = Object.values(catalog.roles).filter((role) => role.target === target.name);
  const role = roles.find((one) => target.keyOf(one.entitlement) === targetKey)?.name;
  return {
    role: role ?? target.adapter.describe(entitlement),
    target: target.name,
    targetKey,
    entitlement,
    principal,
    fingerprint: '',
    durationSeconds: 0,
    policyVersion: catalog.policyVersion,
  };
}
