// Slack as a chat platform: puts the parts of this folder together. Nothing outside this folder knows Slack's words.
import { backoffMs } from '../../lib/backoff.ts';
import { ChatError, type ChatInbox, type ChatPlatform, type Finding } from '../../ports/chat-platform.ts';
import type { Route } from '../../ports/route.ts';
import { listen } from './bolt-app.ts';
import { checkApp, checkSecrets } from './doctor-app.ts';
import { checkChannel, checkGroup } from './doctor-places.ts';
import type { Identity } from './identity.ts';
import { type Inbound, inboundOf } from './inbound.ts';
import { peopleOf } from './people.ts';
import { posting } from './posting.ts';
import { privateAnswers } from './private-answer.ts';
import { renderHome } from './render.ts';
import type { SlackSettings, SlackTools } from './settings.ts';
import { ALARM_AFTER_FAILURES, RETRY } from './socket-mode.ts';
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
 * `start` resolves when deliveries can come in: in Socket Mode with both connections up. While Slack cannot be reached it
 * keeps trying; it rejects with ChatError when Slack refuses us. `stop` ends the trying.
 */
export function openSlack(settings: SlackSettings, tools: SlackTools): SlackPlatform {
  const { clock, log } = tools;
  const web = openWeb(settings.botToken, settings.apiUrl, log);
  const identity = whoWeAre(web, settings);
  const people = peopleOf(web, identity.read, clock);
  const posts = posting(web, identity.read);
  const inbound = inboundOf(settings, tools, identity.known);
  const stopping = new AbortController();
  return {
    name: 'slack',
    routes: inbound.routes,
    start: (inbox) => start({ settings, tools, web, identity, people, posts, inbound }, inbox, stopping.signal),
    async stop() {
      stopping.abort();
      await inbound.stop();
    },
    post: posts.post,
    update: posts.update,
    find: posts.find,
    lastKeys: posts.lastKeys,
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

async function start(parts: Parts, inbox: ChatInbox, stopped: AbortSignal): Promise<void> {
  const { settings, tools, web, identity, people, posts, inbound } = parts;
  const { clock, ids, log } = tools;
  const us = await keepAsking(identity, tools, stopped);
  if (us === undefined) return;
  const tell = privateAnswers(posts.post, us, log);
  const desk = { inbox, us, command: settings.command, web, tell, clock, ids, log };
  listen(inbound.dispatcher, desk, { inbox, us, forgetGroup: people.forgetGroup }, log);
  await inbound.start(inbox.refused);
}

/** An outage of Slack must not keep a process from starting: revocations do not wait for a chat (promise 7). */
async function keepAsking(identity: WhoWeAre, tools: SlackTools, stopped: AbortSignal): Promise<Identity | undefined> {
  for (let failures = 1; !stopped.aborted; failures += 1) {
    try {
      return await identity.read();
    } catch (error) {
      if (!(error instanceof ChatError) || (error.fault !== 'unreachable' && error.fault !== 'busy')) throw error;
      tools.log.warn('Slack cannot be reached', { failures, code: error.code });
      if (failures === ALARM_AFTER_FAILURES) tools.onAlarm('slack_unreachable', { failures });
      await tools.clock.sleep(backoffMs(failures, RETRY, tools.ids.jitter()), stopped);
    }
  }
  return undefined;
}
