// The Slack app as Slack is told about it: least scopes, each with its reason, and the events we read. The files in
// manifest/ are generated from here and the doctor compares with it. Pure; knows no token.

export interface Scope {
  readonly scope: string;
  readonly kind: 'bot' | 'optional' | 'app';
  readonly why: string;
}

export const SCOPES: readonly Scope[] = [
  { scope: 'commands', kind: 'bot', why: 'The slash command and the message shortcut.' },
  {
    scope: 'chat:write',
    kind: 'bot',
    why: 'Cards and thread replies in channels the bot was invited to, and notes in its own direct messages.',
  },
  {
    scope: 'users:read',
    kind: 'bot',
    why: 'Whether a person is deactivated, a guest, a stranger or a bot; their name and time zone.',
  },
  { scope: 'users:read.email', kind: 'bot', why: 'Which person of the organisation an account belongs to.' },
  { scope: 'channels:read', kind: 'bot', why: 'Whether a public reviewer channel is shared, archived, left.' },
  { scope: 'groups:read', kind: 'bot', why: 'The same of private reviewer channels.' },
  {
    scope: 'channels:history',
    kind: 'bot',
    why: 'To find an own message whose confirmation got lost, and to compare the log with the thread.',
  },
  { scope: 'groups:history', kind: 'bot', why: 'The same in private reviewer channels.' },
  { scope: 'usergroups:read', kind: 'optional', why: 'Only when a group of the policy is a Slack user group.' },
  { scope: 'connections:write', kind: 'app', why: 'Socket Mode only: on the app-level token, to open connections.' },
];

/** What would let a stolen token do things that Hallpass never does. */
export const FORBIDDEN_SCOPES: readonly { readonly scope: RegExp; readonly why: string }[] = [
  {
    scope: /^chat:write\.customize$/,
    why: 'it lets messages carry any name and picture, which makes forged cards easy',
  },
  { scope: /^chat:write\.public$/, why: 'it lets the bot post where nobody invited it' },
  { scope: /^(?:im|mpim):history$/, why: 'it lets the bot read direct messages' },
  { scope: /^(?:im|mpim):write$/, why: 'the bot posts to people without it' },
  { scope: /^admin(?:\.|$)/, why: 'it administers the workspace' },
];

/** What Slack tells us unasked. Events of other types are taken and thrown away unread. */
export const EVENTS: readonly string[] = [
  'app_home_opened',
  'app_uninstalled',
  'tokens_revoked',
  'user_change',
  'channel_archive',
  'channel_id_changed',
  'channel_left',
  'channel_shared',
  'channel_unarchive',
  'channel_unshared',
  'group_archive',
  'group_left',
  'group_unarchive',
  'member_left_channel',
  'subteam_members_changed',
  'subteam_updated',
];

/** Slack allows 24 characters for the name of a shortcut. */
export const ABOUT_SHORTCUT = { callbackId: 'about', name: 'Request access for this' } as const;

export interface ManifestOptions {
  readonly mode: 'socket' | 'http';
  readonly command: string;
  /** `http` only: where Slack reaches us, without a slash at the end. */
  readonly baseUrl?: string;
}

/** As `apps.manifest.create` and the "From a manifest" page take it. */
export function manifest({ mode, command, baseUrl = 'https://hallpass.example.com' }: ManifestOptions): object {
  const url = mode === 'http' ? `${baseUrl}/slack/events` : undefined;
  const scopes = (kind: Scope['kind']) => SCOPES.filter((one) => one.kind === kind).map(({ scope }) => scope);
  return {
    _metadata: { major_version: 2, minor_version: 0 },
    display_information: {
      name: 'Hallpass',
      description: 'Ask for privileged access, approve it, and see it end by itself',
      background_color: '#1d3b53',
    },
    features: {
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: true },
      bot_user: { display_name: 'hallpass', always_online: true },
      shortcuts: [
        {
          type: 'message',
          name: ABOUT_SHORTCUT.name,
          callback_id: ABOUT_SHORTCUT.callbackId,
          description: 'Ask for access because of this message',
        },
      ],
      slash_commands: [
        {
          command,
          description: 'Ask for access for a while',
          usage_hint: '[role] [duration] [reason]',
          // People and channels arrive as ids, not as names that somebody else could take on.
          should_escape: true,
          ...(url !== undefined && { url }),
        },
      ],
    },
    oauth_config: { scopes: { bot: scopes('bot'), bot_optional: scopes('optional') } },
    settings: {
      event_subscriptions: { ...(url !== undefined && { request_url: url }), bot_events: [...EVENTS] },
      interactivity: {
        is_enabled: true,
        ...(url !== undefined && { request_url: url, message_menu_options_url: url }),
      },
      org_deploy_enabled: false,
      socket_mode_enabled: mode === 'socket',
      token_rotation_enabled: false,
    },
  };
}

const COMMAND = '/jit';

/** The files of manifest/, by name. */
export const MANIFESTS: Readonly<Record<string, object>> = {
  'slack.json': manifest({ mode: 'socket', command: COMMAND }),
  'slack-http.json': manifest({ mode: 'http', command: COMMAND }),
};
