// Names that follow from the rows of a commit: taken while something is open, free again when it is over.
import type { AccessRequest, Grant } from '../core/model.ts';
import type { Claim } from '../ports/store.ts';

export interface Names {
  readonly claims: readonly Claim[];
  readonly releases: readonly { readonly key: string; readonly owner: string }[];
}

export function namesOfRows(requests: readonly AccessRequest[], grants: readonly Grant[]): Names {
  const names = [...requests.map(askName), ...grants.map(liveName)];
  return {
    claims: names.filter(({ open }) => open).map(({ key, owner }) => ({ key, owner })),
    releases: names.filter(({ open }) => !open).map(({ key, owner }) => ({ key, owner })),
  };
}

/** No two live grants share a membership (law 10): the name is taken at the order and falls free at the end. */
function liveName(row: Grant) {
  const over = row.status === 'failed' || row.status === 'revoked' || row.status === 'force_closed';
  return { key: liveKey(row.offer.principal.id, row.offer.targetKey), owner: row.id, open: !over };
}

/** One open request per person and role (or per pass, for more time): two cards for one wish would only confuse. */
function askName(row: AccessRequest) {
  const about = row.purpose.kind === 'extension' ? row.purpose.grant : row.role;
  const open = row.status === 'evaluating' || row.status === 'pending';
  return { key: askKey(row.requester, about), owner: row.id, open };
}

export function liveKey(principal: string, targetKey: string): string {
  return `live:${JSON.stringify([targetKey, principal])}`;
}

/** `about` is a role's name, or the id of a pass for more time on it. */
export function askKey(requester: string, about: string): string {
  return `asking:${JSON.stringify([requester, about])}`;
}
