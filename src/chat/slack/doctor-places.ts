// The doctor's questions about channels and groups: there, ours alone, readable, not empty. Changes nothing in Slack.
import type { ChannelRef } from '../../core/model.ts';
import type { ChatError, Finding } from '../../ports/chat-platform.ts';
import { ok, wrong } from './findings.ts';
import type { People } from './people.ts';
import type { Web } from './web.ts';
import { chatErrorOf } from './web-faults.ts';

const MISSING = 'missing_scope:';
const INVITE = 'write "/invite @hallpass" in the channel';

export async function checkChannel(people: People, web: Web, channel: ChannelRef): Promise<readonly Finding[]> {
  const what = `Slack channel ${channel.channel}`;
  try {
    const { name, shared, archived, botIsMember } = await people.channel(channel);
    const findings: Finding[] = [];
    if (shared)
      findings.push(wrong(what, `#${name} is shared with other organisations`, 'use a channel of your own alone'));
    if (archived) findings.push(wrong(what, `#${name} is archived`, 'unarchive it or name another channel'));
    else if (!botIsMember) findings.push(wrong(what, `the bot is not in #${name}`, INVITE));
    else findings.push(...(await readable(web, channel, what, name)));
    return findings;
  } catch (error) {
    return [channelTrouble(what, chatErrorOf(error, false))];
  }
}

export async function checkGroup(people: People, group: string): Promise<Finding> {
  const what = `Slack user group ${group}`;
  try {
    const members = await people.members(group);
    if (members.length > 0) return ok(what, `has ${members.length} member${members.length === 1 ? '' : 's'}`);
    return wrong(what, 'is empty, so that nobody is in it', 'add people to it, or list members in the configuration');
  } catch (error) {
    return groupTrouble(what, chatErrorOf(error, false));
  }
}

/** A look into the history of a channel is what finding a lost post and comparing the log with the chat need (D09). */
async function readable(web: Web, { channel }: ChannelRef, what: string, name: string): Promise<readonly Finding[]> {
  try {
    await web.read((client) => client.conversations.history({ channel, limit: 1 }));
    return [ok(what, `#${name} is there, the bot is in it and can read its own messages`)];
  } catch (error) {
    const { code } = chatErrorOf(error, false);
    return [
      wrong(what, `the history of #${name} cannot be read (${code})`, 'grant channels:history and groups:history'),
    ];
  }
}

function channelTrouble(what: string, error: ChatError): Finding {
  if (error.fault !== 'gone') return wrong(what, `could not be looked at (${error.code})`, remedyOf(error));
  return wrong(
    what,
    'is not there, or is private and the bot is not in it',
    `use the channel's id (C…), and ${INVITE}`,
  );
}

function groupTrouble(what: string, error: ChatError): Finding {
  if (error.code === 'plan_upgrade_required')
    return wrong(
      what,
      'cannot be read: user groups need a paid Slack plan',
      'list members in the configuration instead',
    );
  if (error.fault === 'gone') return wrong(what, 'is not there', "use the group's id (S…)");
  return wrong(what, `could not be read (${error.code})`, remedyOf(error));
}

function remedyOf({ code }: ChatError): string {
  if (!code.startsWith(MISSING)) return 'try again; check network and token';
  return `grant ${code.slice(MISSING.length)} to the app, then reinstall it`;
}
