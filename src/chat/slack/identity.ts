// Who we are in Slack: workspace, app and bot, read from Slack once and compared with every delivery (threat A13).
// Must not guess: as long as it is unknown, nothing is let in.
import type { Fields } from './strict-body.ts';
import { isFields } from './strict-body.ts';

export interface Identity {
  readonly teamId: string;
  readonly teamName: string;
  readonly appId: string;
  readonly botId: string;
  readonly botUserId: string;
  /** Set in an Enterprise organisation; people of its other workspaces are not strangers. */
  readonly enterpriseId: string | undefined;
  /** Installed for the whole organisation: deliveries then name the organisation and may name no workspace. */
  readonly orgInstall: boolean;
}

export type Foreign = 'wrong_app' | 'wrong_team' | 'wrong_enterprise';

/** Why a delivery is not meant for this app in this workspace; undefined when it is. */
export function foreignTo(us: Identity, body: Fields): Foreign | undefined {
  // Message shortcuts name no app: there the signature (HTTP) or the app-level token (Socket Mode) alone says which app.
  const app = body.api_app_id;
  if (app !== us.appId && !(app === undefined && body.type === 'message_action')) return 'wrong_app';
  const enterprise = idOf(body.enterprise) ?? textIn(body, 'enterprise_id');
  if (enterprise !== undefined && enterprise !== us.enterpriseId) return 'wrong_enterprise';
  const teams = teamsOf(body);
  if (teams.includes(us.teamId)) return undefined;
  if (us.orgInstall && enterprise !== undefined) return undefined;
  return 'wrong_team';
}

/**
 * The workspaces that a delivery is for. In a shared channel the person's own workspace may be another one; what counts
 * is where the app is installed: `authorizations` of an event, `view.app_installed_team_id` of a form, `team` otherwise.
 * https://docs.slack.dev/apis/slack-connect
 */
function teamsOf(body: Fields): readonly (string | undefined)[] {
  if (Array.isArray(body.authorizations) && body.authorizations.length > 0)
    return body.authorizations.map((one) => (isFields(one) ? textIn(one, 'team_id') : undefined));
  const installed = isFields(body.view) ? textIn(body.view, 'app_installed_team_id') : undefined;
  return [installed ?? idOf(body.team) ?? textIn(body, 'team_id')];
}

function idOf(value: unknown): string | undefined {
  return isFields(value) ? textIn(value, 'id') : undefined;
}

function textIn(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
