// What Slack tells without being asked. Nothing of it can decide anything: by type, an event reaches only the reading side
// of the inbox, whatever it contains (threat B18).
import type { ChatInbox } from '../../ports/chat-platform.ts';
import type { Identity } from './identity.ts';
import { EventBody } from './payloads.ts';

export interface EventReader {
  readonly inbox: Pick<ChatInbox, 'home' | 'changed'>;
  readonly us: Identity;
  readonly forgetGroup: (group: string) => void;
}

type Change = Parameters<ChatInbox['changed']>[0];
type Event = EventBody['event'];

/** Rejects when the inbox does: Slack then sends the event again. */
export async function onEvent(reader: EventReader, body: unknown): Promise<void> {
  const { event, team_id } = EventBody.parse(body);
  if (event.type === 'app_home_opened' && event.tab === 'home' && event.user !== undefined) {
    const account = { platform: 'slack', tenant: team_id ?? reader.us.teamId, user: event.user };
    return reader.inbox.home({ account });
  }
  const change = changeOf(event, reader.us);
  if (change === undefined) return;
  if (change.kind === 'group') reader.forgetGroup(change.id);
  await reader.inbox.changed(change);
}

function changeOf(event: Event, us: Identity): Change | undefined {
  switch (event.type) {
    case 'user_change':
      return about('account', event.user);
    case 'subteam_members_changed':
    case 'subteam_updated':
      return about('group', event.subteam_id ?? event.subteam?.id);
    case 'channel_archive':
    case 'channel_left':
    case 'channel_shared':
    case 'channel_unarchive':
    case 'channel_unshared':
    case 'group_archive':
    case 'group_left':
    case 'group_unarchive':
      return about('channel', event.channel);
    case 'channel_id_changed':
      return about('channel', event.old_channel_id);
    // Of all who leave channels only we matter.
    case 'member_left_channel':
      return event.user === us.botUserId ? about('channel', event.channel) : undefined;
    case 'app_uninstalled':
      return about('uninstalled', us.teamId);
    case 'tokens_revoked':
      return (event.tokens?.bot?.length ?? 0) > 0 ? about('uninstalled', us.teamId) : undefined;
  }
  return undefined;
}

function about(kind: Change['kind'], id: string | undefined): Change | undefined {
  return id === undefined ? undefined : { kind, id };
}
