// People, groups and channels as Slack knows them now. Nothing is remembered but group membership, and that for less than
// a minute: whoever was deactivated or left a group must not decide a moment later (threats B01–B06).
import type { UsersInfoResponse } from '@slack/web-api';
import type { AccountRef, ChannelRef } from '../../core/model.ts';
import { type AccountFacts, type ChannelFacts, ChatError } from '../../ports/chat-platform.ts';
import type { Clock, Instant } from '../../ports/clock.ts';
import type { Identity } from './identity.ts';
import type { Web } from './web.ts';

/** usergroups.users.list may be called 20 times a minute; decisions want facts of the last 60 s. */
const MEMBERS_KEPT_MS = 55_000;

export interface People {
  account(account: AccountRef): Promise<AccountFacts>;
  accountByEmail(email: string): Promise<AccountFacts | undefined>;
  members(group: string): Promise<readonly AccountRef[]>;
  channel(channel: ChannelRef): Promise<ChannelFacts>;
  /** A group changed: what is remembered of it is dropped. */
  forgetGroup(group: string): void;
}

type User = NonNullable<UsersInfoResponse['user']>;

export function peopleOf(web: Web, identity: () => Promise<Identity>, clock: Clock): People {
  const groups = new Map<string, { readonly at: Instant; readonly members: Promise<readonly AccountRef[]> }>();

  async function readMembers(group: string): Promise<readonly AccountRef[]> {
    const us = await identity();
    const { users = [] } = await web.read((client) =>
      client.usergroups.users.list({ usergroup: group, ...(us.orgInstall && { team_id: us.teamId }) }),
    );
    return users.map((user) => ({ platform: 'slack', tenant: us.teamId, user }));
  }

  return {
    async account({ platform, user }) {
      if (platform !== 'slack') throw new ChatError('invalid', 'foreign_account', 'no');
      const us = await identity();
      const asOf = clock.now();
      const answer = await web.read((client) => client.users.info({ user }));
      return factsOf(answer.user, us, asOf);
    },
    async accountByEmail(email) {
      const us = await identity();
      const asOf = clock.now();
      try {
        const answer = await web.read((client) => client.users.lookupByEmail({ email }));
        return factsOf(answer.user, us, asOf);
      } catch (error) {
        if (error instanceof ChatError && error.code === 'users_not_found') return undefined;
        throw error;
      }
    },
    members(group) {
      const now = clock.now();
      const known = groups.get(group);
      if (known && now - known.at < MEMBERS_KEPT_MS) return known.members;
      const members = readMembers(group);
      groups.set(group, { at: now, members });
      // A failure is not remembered, and only its own entry is taken away.
      members.catch(() => {
        if (groups.get(group)?.members === members) groups.delete(group);
      });
      return members;
    },
    async channel(channel) {
      if (channel.platform !== 'slack') throw new ChatError('invalid', 'foreign_channel', 'no');
      const answer = await web.read((client) => client.conversations.info({ channel: channel.channel }));
      const { name, is_ext_shared, is_pending_ext_shared, pending_shared, is_archived, is_member } =
        answer.channel ?? {};
      return {
        channel,
        name: name ?? channel.channel,
        // Doubt counts as shared: what Slack does not say must not put a card before strangers (B02).
        shared: is_ext_shared !== false || is_pending_ext_shared === true || (pending_shared?.length ?? 0) > 0,
        archived: is_archived === true,
        botIsMember: is_member === true,
      };
    },
    forgetGroup: (group) => void groups.delete(group),
  };
}

function factsOf(user: User | undefined, us: Identity, asOf: Instant): AccountFacts {
  if (user?.id === undefined) throw new ChatError('gone', 'user_not_found', 'no');
  return {
    account: { platform: 'slack', tenant: user.team_id ?? us.teamId, user: user.id },
    standing: standingOf(user, us),
    name: user.profile?.display_name || user.profile?.real_name || user.real_name || user.name || user.id,
    email: user.profile?.email,
    zone: user.tz,
    asOf,
  };
}

function standingOf(user: User, us: Identity): AccountFacts['standing'] {
  if (user.deleted === true) return 'deactivated';
  if (user.is_bot === true || user.is_workflow_bot === true || user.id === 'USLACKBOT') return 'bot';
  const colleague = us.enterpriseId !== undefined && user.enterprise_user?.enterprise_id === us.enterpriseId;
  // A profile that names no workspace is nobody we know.
  if (!colleague && (user.team_id !== us.teamId || user.is_stranger === true)) return 'stranger';
  return user.is_restricted === true || user.is_ultra_restricted === true ? 'guest' : 'member';
}
