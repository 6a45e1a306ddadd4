// Asks Slack once who we are, and checks that this is who the configuration means.
import { ChatError } from '../../ports/chat-platform.ts';
import type { Identity } from './identity.ts';
import type { SlackSettings } from './settings.ts';
import type { Web } from './web.ts';

export interface WhoWeAre {
  /** Asked again only after a failure. Rejects with ChatError. */
  read(): Promise<Identity>;
  known(): Identity | undefined;
}

export function whoWeAre(web: Web, settings: SlackSettings): WhoWeAre {
  let known: Identity | undefined;
  let asking: Promise<Identity> | undefined;
  return {
    known: () => known,
    read() {
      asking ??= ask(web, settings).then(
        (us) => {
          known = us;
          return us;
        },
        (error: unknown) => {
          asking = undefined;
          throw error;
        },
      );
      return asking;
    },
  };
}

async function ask(web: Web, settings: SlackSettings): Promise<Identity> {
  const us = await web.read((client) => client.auth.test());
  const { team_id: teamId, bot_id: botId, user_id: botUserId } = us;
  if (teamId === undefined || botId === undefined || botUserId === undefined)
    throw new ChatError('refused', 'not_a_bot_token', 'no');
  if (settings.teamId !== undefined && settings.teamId !== teamId) throw new ChatError('refused', 'wrong_team', 'no');
  const { bot } = await web.read((client) => client.bots.info({ bot: botId }));
  const appId = bot?.app_id;
  if (appId === undefined || (settings.appId !== undefined && settings.appId !== appId))
    throw new ChatError('refused', 'wrong_app', 'no');
  return {
    teamId,
    teamName: us.team ?? teamId,
    appId,
    botId,
    botUserId,
    enterpriseId: us.enterprise_id,
    orgInstall: us.is_enterprise_install === true,
  };
}
