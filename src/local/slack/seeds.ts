// What a workspace is started with, in Slack's own field names, and the checks that keep it coherent.

export interface UserSeed {
  readonly id: string;
  readonly name: string;
  readonly real_name?: string;
  readonly title?: string;
  readonly email?: string;
  /** IANA zone; `Etc/UTC` when left out. */
  readonly tz?: string;
  readonly locale?: string;
  /** The workspace's own team when left out; strangers must name another. */
  readonly team_id?: string;
  readonly deleted?: boolean;
  readonly is_bot?: boolean;
  readonly is_restricted?: boolean;
  readonly is_ultra_restricted?: boolean;
  readonly is_stranger?: boolean;
}

export interface ChannelSeed {
  readonly id: string;
  readonly name: string;
  readonly is_private?: boolean;
  readonly is_archived?: boolean;
  readonly is_ext_shared?: boolean;
  readonly is_pending_ext_shared?: boolean;
  /** User ids. The bot is a member (`is_member`) only when its user id is among them. */
  readonly members: readonly string[];
}

export interface UsergroupSeed {
  readonly id: string;
  readonly handle: string;
  readonly name?: string;
  readonly users: readonly string[];
}

export interface TeamSeed {
  readonly id: string;
  readonly name: string;
  readonly domain: string;
}

interface CommandSeed {
  readonly command: string;
  readonly hint: string;
  readonly description: string;
}

export interface AppSeed {
  readonly id: string;
  readonly name: string;
  readonly botUserId: string;
  readonly botId: string;
  readonly commands: readonly CommandSeed[];
  readonly messageShortcuts: readonly { readonly callbackId: string; readonly name: string }[];
  /** Event types the app subscribes to; others are not delivered. */
  readonly events: readonly string[];
}

export const DEFAULT_TEAM: TeamSeed = { id: 'T0LOCAL', name: 'Acme', domain: 'acme' };

export const DEFAULT_APP: AppSeed = {
  id: 'A0HALLPASS',
  name: 'Hallpass',
  botUserId: 'U0HALLPASS',
  botId: 'B0HALLPASS',
  commands: [{ command: '/jit', hint: '[role] [duration] [reason]', description: 'Ask for access for a while' }],
  messageShortcuts: [],
  events: [
    'app_home_opened',
    'app_uninstalled',
    'tokens_revoked',
    'user_change',
    'channel_shared',
    'channel_unshared',
    'channel_archive',
    'channel_unarchive',
    'member_joined_channel',
    'member_left_channel',
    'subteam_members_changed',
  ],
};

/** What the offered methods need together; start with fewer to see `missing_scope`. */
export const DEFAULT_SCOPES: readonly string[] = [
  'commands',
  'chat:write',
  'users:read',
  'users:read.email',
  'channels:read',
  'groups:read',
  'im:read',
  'channels:history',
  'groups:history',
  'im:history',
  'usergroups:read',
  'files:write',
  'team:read',
];

/** Throws an Error that names the seed which cannot be. */
export function checkSeeds(
  team: TeamSeed,
  app: AppSeed,
  users: readonly UserSeed[],
  channels: readonly ChannelSeed[],
  groups: readonly UsergroupSeed[],
): void {
  const known = new Set([app.botUserId]);
  for (const user of users) {
    if (known.has(user.id)) throw new Error(`user ${user.id} twice`);
    if (user.is_stranger === true && (user.team_id ?? team.id) === team.id)
      throw new Error(`stranger ${user.id} needs a team_id of another team`);
    known.add(user.id);
  }
  for (const { id, members } of channels) refuseUnknown(known, id, members);
  for (const { id, users: members } of groups) refuseUnknown(known, id, members);
  if (new Set(channels.map(({ id }) => id)).size !== channels.length) throw new Error('a channel id twice');
}

function refuseUnknown(known: ReadonlySet<string>, place: string, members: readonly string[]): void {
  const stray = members.find((id) => !known.has(id));
  if (stray !== undefined) throw new Error(`${place} has a member ${stray} who is no user`);
}
