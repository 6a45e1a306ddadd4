// What this version knows of what it finds stored: a newer one may have written the row or the leaf (threat F12). Such a row is
// left as it is and told of, never decided; such a leaf is proven and told of, never folded.
import type { EventType } from './events.ts';
import type { GrantStatus, RequestStatus } from './model.ts';

const REQUESTS: { readonly [status in RequestStatus]: true } = {
  evaluating: true,
  refused: true,
  pending: true,
  approved: true,
  denied: true,
  withdrawn: true,
  withdrawn_early: true,
  lapsed: true,
  adopted: true,
};
const GRANTS: { readonly [status in GrantStatus]: true } = {
  scheduled: true,
  granting: true,
  active: true,
  extending: true,
  revoking: true,
  revoked: true,
  force_closed: true,
  failed: true,
};
const EVENTS: { readonly [type in EventType]: true } = {
  'request.submitted': true,
  'request.refused': true,
  'request.opened': true,
  'request.revised': true,
  'approval.given': true,
  'approval.voided': true,
  'request.approved': true,
  'request.denied': true,
  'request.withdrawn': true,
  'request.lapsed': true,
  'request.adopted': true,
  'request.commented': true,
  'decision.refused': true,
  'grant.ordered': true,
  'grant.started': true,
  'grant.cleared': true,
  'grant.attempted': true,
  'grant.attempt_failed': true,
  'grant.accepted': true,
  'grant.confirmed': true,
  'grant.failed': true,
  'grant.warned': true,
  'grant.extending': true,
  'grant.extended': true,
  'grant.extension_failed': true,
  'revoke.ordered': true,
  'revoke.attempt_failed': true,
  'revoke.overdue': true,
  'revoke.seen_absent': true,
  'revoke.seen_present': true,
  'grant.late_confirmed': true,
  'grant.revoked': true,
  'grant.attested': true,
  'grant.close_asked': true,
  'grant.force_closed': true,
  'grant.reappeared': true,
  'grant.adopted': true,
  'grant.drifted': true,
  'revoke.spooled': true,
  'log.started': true,
  'log.continued': true,
  'config.loaded': true,
  'person.pinned': true,
  'person.confirmed': true,
  'person.suspended': true,
  'chat.posted': true,
  'log.rolled_back': true,
  'access.held': true,
  'access.released': true,
  'found.decided': true,
  'ingress.refused': true,
  'alarm.raised': true,
};

export function knowsRequest(status: string): status is RequestStatus {
  return Object.hasOwn(REQUESTS, status);
}

export function knowsGrant(status: string): status is GrantStatus {
  return Object.hasOwn(GRANTS, status);
}

export function knowsEvent(type: string): type is EventType {
  return Object.hasOwn(EVENTS, type);
}
