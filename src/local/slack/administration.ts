// What happens to the workspace behind the app's back: people leave, channels become shared, groups change, the app
// is uninstalled, messages are deleted. Changes the state first, then tells the app as Slack would.
import { CannotAct } from './cannot-act.ts';
import { eraseMessage, messageAt, replaceMessage } from './conversations.ts';
import type { Deliverer } from './deliver.ts';
import type { Fields } from './fields.ts';
import type { Channel, Delivery, Usergroup } from './records.ts';
import type { UserSeed } from './seeds.ts';
import { changed, type State, unixSeconds } from './state.ts';
import { userObject } from './web-api-people.ts';

type ChannelChange = Partial<
  Pick<Channel, 'name' | 'is_private' | 'is_archived' | 'is_ext_shared' | 'is_pending_ext_shared'>
>;

export interface Administration {
  /** Each resolves to the delivered event, `undefined` where the app does not subscribe to it. */
  changeUser(id: string, change: Partial<Omit<UserSeed, 'id'>>): Promise<Delivery | undefined>;
  changeChannel(id: string, change: ChannelChange): Promise<readonly Delivery[]>;
  join(channel: string, user: string): Promise<Delivery | undefined>;
  leave(channel: string, user: string): Promise<Delivery | undefined>;
  changeUsergroup(id: string, users: readonly string[]): Promise<Delivery | undefined>;
  /** Tokens stop working at once; both events follow. */
  uninstall(): Promise<readonly Delivery[]>;
  revokeTokens(): void;
  /** Deletes a message as an administrator or retention does: the app is not told. */
  deleteMessage(channel: string, ts: string): void;
  /** Rewrites a message without a trace, as a stolen bot token could. */
  rewriteMessage(channel: string, ts: string, text: string): void;
  /** Any other event, as it is, when the app subscribes to it. */
  event(event: Fields & { readonly type: string }): Promise<Delivery | undefined>;
}

export function createAdministration(state: State, deliverer: Deliverer): Administration {
  const tell = (event: Fields) => deliverer.deliverEvent(event);
  return {
    async changeUser(id, change) {
      const before = known(state.users.get(id), 'unknown_user', id);
      const user = { ...before, ...change };
      state.users.set(id, user);
      changed(state);
      return tell({ type: 'user_change', user: userObject(state, user, true), cache_ts: unixSeconds(state) });
    },
    async changeChannel(id, change) {
      const before = known(state.channels.get(id), 'channel_not_found', id);
      const after = { ...before, ...change };
      state.channels.set(id, after);
      changed(state);
      const told = await Promise.all(channelEvents(before, after).map(tell));
      return told.filter((delivery) => delivery !== undefined);
    },
    join: (channel, user) => setMember(state, channel, user, true).then(tell),
    leave: (channel, user) => setMember(state, channel, user, false).then(tell),
    async changeUsergroup(id, users) {
      const before = known(state.groups.get(id), 'channel_not_found', id);
      state.groups.set(id, { ...before, users: [...users] });
      changed(state);
      return tell(groupEvent(state, before, users));
    },
    async uninstall() {
      revokeAll(state);
      const events = [
        { type: 'tokens_revoked', tokens: { oauth: [], bot: [state.app.botUserId] } },
        { type: 'app_uninstalled' },
      ];
      const told = await Promise.all(events.map(tell));
      return told.filter((delivery) => delivery !== undefined);
    },
    revokeTokens: () => revokeAll(state),
    deleteMessage: (channel, ts) => eraseMessage(state, channel, ts),
    rewriteMessage(channel, ts, text) {
      const { blocks: _, ...message } = known(messageAt(state, channel, ts), 'message_not_found', ts);
      replaceMessage(state, channel, { ...message, text });
    },
    event: tell,
  };
}

function known<Thing>(thing: Thing | undefined, code: ConstructorParameters<typeof CannotAct>[0], id: string): Thing {
  if (thing === undefined) throw new CannotAct(code, id);
  return thing;
}

function channelEvents(before: Channel, after: Channel): readonly Fields[] {
  const { id: channel, is_private } = after;
  const events: Fields[] = [];
  if (!before.is_ext_shared && after.is_ext_shared)
    events.push({ type: 'channel_shared', channel, connected_team_id: 'T0OUTSIDE' });
  if (before.is_ext_shared && !after.is_ext_shared)
    events.push({ type: 'channel_unshared', channel, previously_connected_team_id: 'T0OUTSIDE', is_ext_shared: false });
  if (before.is_archived !== after.is_archived)
    events.push({
      type: `${is_private ? 'group' : 'channel'}_${after.is_archived ? 'archive' : 'unarchive'}`,
      channel,
    });
  return events;
}

async function setMember(state: State, id: string, user: string, member: boolean): Promise<Fields> {
  const channel = known(state.channels.get(id), 'channel_not_found', id);
  const others = channel.members.filter((one) => one !== user);
  state.channels.set(id, { ...channel, members: member ? [...others, user] : others });
  changed(state);
  return {
    type: member ? 'member_joined_channel' : 'member_left_channel',
    user,
    channel: id,
    channel_type: channel.is_private ? 'G' : 'C',
    team: state.team.id,
  };
}

function groupEvent(state: State, before: Usergroup, users: readonly string[]): Fields {
  const added = users.filter((user) => !before.users.includes(user));
  const removed = before.users.filter((user) => !users.includes(user));
  return {
    type: 'subteam_members_changed',
    subteam_id: before.id,
    team_id: state.team.id,
    date_update: unixSeconds(state),
    added_users: added,
    added_users_count: added.length,
    removed_users: removed,
    removed_users_count: removed.length,
  };
}

function revokeAll(state: State): void {
  for (const [token, entry] of state.tokens) state.tokens.set(token, { ...entry, revoked: true });
}
