// Slack as a chat platform: puts the parts of this folder together. Nothing outside this folder knows Slack's words.
import { ChatError, type ChatInbox, type ChatPlatform, type Finding } from '../../ports/chat-platform.ts';
import type { Route } from '../../ports/route.ts';
import { listen } from './bolt-app.ts';
import { checkApp, checkSecrets } from './doctor-app.ts';
import { checkChannel, checkGroup } from './doctor-places.ts';
import { type Inbound, inboundOf } from './inbound.ts';
import { peopleOf } from './people.ts';
import { posting } from './posting.ts';
import { privateAnswers } from './private-answer.ts';
import { renderHome } from './render.ts';
import type { SlackSettings, SlackTools } from './settings.ts';
import { openWeb } from './web.ts';
import { type WhoWeAre, whoWeAre } from './who-we-are.ts';

export type { SlackSettings, SlackTools } from './settings.ts';

export interface SlackPlatform extends ChatPlatform {
  /** For the HTTP server; none in Socket Mode. */
  readonly routes: readonly Route[];
}

/**
 * Contacts nobody until `start`. Throws a TypeError when a secret is missing or too short.
 *
 * `start` rejects with ChatError when Slack refuses us or cannot be reached; it may then be called again. In Socket Mode
 * it resolves when both connections are up.
 */
export function openSlack(settings: SlackSettings, tools: SlackTools): SlackPlatform {
  const { clock, log } = tools;
  const web = openWeb(settings.botToken, settings.apiUrl, log);
  const identity = whoWeAre(web, settings);
  const people = peopleOf(web, identity.read, clock);
  const posts = posting(web, identity.read);
  const inbound = inboundOf(settings, tools, identity.known);
  return {
    name: 'slack',
    routes: inbound.routes,
    start: (inbox) => start({ settings, tools, web, identity, people, posts, inbound }, inbox),
    stop: inbound.stop,
    post: posts.post,
    update: posts.update,
    find: posts.find,
    async publishHome(account, home) {
      const us = await identity.read();
      if (account.platform !== 'slack' || account.tenant !== us.teamId)
        throw new ChatError('refused', 'foreign_account', 'no');
      const view = renderHome(home, us);
      await web.write((client) => client.views.publish({ user_id: account.user, view }));
    },
    account: people.account,
    accountByEmail: people.accountByEmail,
    members: people.members,
    channel: people.channel,
    async check(channels, groups) {
      const findings: Finding[] = [...checkSecrets(settings), ...(await checkApp(settings, clock, log))];
      for (const channel of channels) findings.push(...(await checkChannel(people, web, channel)));
      for (const group of groups) findings.push(await checkGroup(people, group));
      return findings;
    },
  };
}

interface Parts {
  readonly settings: SlackSettings;
  readonly tools: SlackTools;
  readonly web: ReturnType<typeof openWeb>;
  readonly identity: WhoWeAre;
  readonly people: ReturnType<typeof peopleOf>;
  readonly posts: ReturnType<typeof posting>;
  readonly inbound: Inbound;
}

async function start(parts: Parts, inbox: ChatInbox): Promise<void> {
  const { settings, tools, web, identity, people, posts, inbound } = parts;
  const { clock, ids, log } = tools;
  const us = await identity.read();
  const tell = privateAnswers(posts.post, us, log);
  const desk = { inbox, us, command: settings.command, web, tell, clock, ids, log };
  listen(inbound.dispatcher, desk, { inbox, us, forgetGroup: people.forgetGroup }, log);
  await inbound.start(inbox.refused);
}
