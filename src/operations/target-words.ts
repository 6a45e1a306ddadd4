// How a target talks about what it gives, for cards; and what ending access does to sessions there. Reads only.
import type { AccessRequest } from '../core/model.ts';
import type { TargetWords } from '../messages/view.ts';
import type { LiveTarget } from '../ports/targets.ts';
import type { Tools } from './tools.ts';

export function sessionsOf({ sessions, adapter }: LiveTarget): TargetWords['sessions'] {
  return sessions ?? adapter.sessions;
}

export function targetWords(tools: Tools, request: AccessRequest): TargetWords | undefined {
  const role = tools.catalog.roles[request.role];
  const live = tools.targets.of('offer' in request ? request.offer.target : (role?.target ?? ''));
  const entitlement = 'offer' in request ? request.offer.entitlement : role?.entitlement;
  if (!live || !entitlement) return undefined;
  const { sessionsNote, expiresItself } = live.adapter;
  const sessions = sessionsOf(live);
  return {
    describes: live.adapter.describe(entitlement),
    sessions,
    expiresItself,
    // Where sessions are left alone, a card that says otherwise would frighten for nothing.
    ...(sessionsNote && sessions === 'ended' ? { sessionsNote } : {}),
  };
}
