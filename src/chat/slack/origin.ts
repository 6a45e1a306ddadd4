// Who did it and where, from Slack's payloads. The tenant is the person's own workspace: people of another one are other
// accounts and can never be taken for ours, whatever their ids are (threat B01).
import type { AccountRef } from '../../core/model.ts';
import type { Answers, Origin } from '../../ports/chat-platform.ts';
import type { Instant } from '../../ports/clock.ts';
import type { BlockActions, MessageAction, Slash, Submission, View } from './payloads.ts';
import type { Hearer } from './private-answer.ts';

interface FromPerson {
  readonly user: { readonly id: string; readonly team_id?: string | null | undefined };
  readonly team?: { readonly id: string } | null | undefined;
}

export function accountOf({ user, team }: FromPerson, homeTeam: string): AccountRef {
  return { platform: 'slack', tenant: user.team_id ?? team?.id ?? homeTeam, user: user.id };
}

/** Slack offers commands to people of the workspace alone, and names no other one. */
export function slashOrigin(slash: Slash, at: Instant): Origin {
  return {
    account: { platform: 'slack', tenant: slash.team_id, user: slash.user_id },
    delivery: slash.trigger_id,
    at,
    channel: { platform: 'slack', channel: slash.channel_id },
  };
}

export function pressOrigin(press: BlockActions, homeTeam: string, at: Instant): Origin {
  const { channel, container } = press;
  const ts = container?.type === 'message' && container.is_ephemeral !== true ? container.message_ts : undefined;
  return {
    account: accountOf(press, homeTeam),
    delivery: press.trigger_id,
    at,
    ...(channel && { channel: { platform: 'slack', channel: channel.id } }),
    // Ephemeral messages have no place: a card must never be adopted from one.
    ...(channel && ts && { message: { platform: 'slack', tenant: homeTeam, channel: channel.id, message: ts } }),
  };
}

export function submitOrigin(submission: Submission, homeTeam: string, at: Instant): Origin {
  return { account: accountOf(submission, homeTeam), delivery: submission.trigger_id, at };
}

export function shortcutOrigin(action: MessageAction, homeTeam: string, at: Instant): Origin {
  return {
    account: accountOf(action, homeTeam),
    delivery: action.trigger_id,
    at,
    channel: { platform: 'slack', channel: action.channel.id },
  };
}

export function hearerOf(origin: Origin, responseUrl: string | undefined, thread?: string): Hearer {
  return { account: origin.account, delivery: origin.delivery, responseUrl, thread };
}

/** What stands in the fields, by field name; empty ones are left out. */
export function answersOf(view: View): Answers {
  const fields = Object.entries(view.state?.values ?? {}).flatMap(([field, elements]) =>
    Object.values(elements).map(({ value, selected_option }) => [field, value ?? selected_option?.value] as const),
  );
  return Object.fromEntries(fields.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
