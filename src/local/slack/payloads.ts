// The payloads Slack sends to an app, field by field as its reference pages show them
// (docs.slack.dev/reference/interaction-payloads, /interactivity/implementing-slash-commands, /apis/events-api).
// Builds them only; who may cause one is decided in acts.
import type { StateValues } from './control-api.ts';
import type { Fields } from './fields.ts';
import { messageObject } from './message-content.ts';
import type { Channel, Message, ResponseUrl, User, View } from './records.ts';
import { issueResponseUrl } from './response-url.ts';
import { nextTs, type State, slackId, unixSeconds } from './state.ts';
import { issueTrigger } from './triggers.ts';
import { viewObject } from './views.ts';

/** The old verification token: still sent, never to be trusted (CVE-2024-35196). */
const VERIFICATION_TOKEN = 'deprecated-verification-token';

function common(state: State, user: User): Fields {
  return {
    token: VERIFICATION_TOKEN,
    api_app_id: state.app.id,
    team: { id: state.team.id, domain: state.team.domain },
    enterprise: null,
    is_enterprise_install: false,
    user: { id: user.id, username: user.name, name: user.name, team_id: user.team_id },
  };
}

function channelName(channel: Channel): string {
  if (channel.im !== undefined) return 'directmessage';
  return channel.is_private ? 'privategroup' : channel.name;
}

function responseUrl(state: State, user: User, channel: Channel, source?: ResponseUrl['source']): string {
  return issueResponseUrl(state, { user: user.id, channel: channel.id, ...(source && { source }) });
}

export function slashPayload(state: State, user: User, channel: Channel, command: string, text: string): Fields {
  return {
    token: VERIFICATION_TOKEN,
    team_id: state.team.id,
    team_domain: state.team.domain,
    channel_id: channel.id,
    channel_name: channelName(channel),
    user_id: user.id,
    user_name: user.name,
    command,
    text,
    api_app_id: state.app.id,
    is_enterprise_install: 'false',
    response_url: responseUrl(state, user, channel),
    trigger_id: issueTrigger(state, user.id),
  };
}

export interface MessagePlace {
  readonly channel: Channel;
  readonly message: Message;
  readonly ephemeral: boolean;
}

export function messageActionsPayload(
  state: State,
  user: User,
  place: MessagePlace,
  action: Fields,
  values: StateValues,
): Fields {
  const { channel, message, ephemeral } = place;
  const thread = message.thread_ts === undefined ? {} : { thread_ts: message.thread_ts };
  return {
    type: 'block_actions',
    ...common(state, user),
    container: { type: 'message', message_ts: message.ts, channel_id: channel.id, is_ephemeral: ephemeral, ...thread },
    trigger_id: issueTrigger(state, user.id),
    channel: { id: channel.id, name: channelName(channel) },
    ...(!ephemeral && { message: messageObject(state, channel.id, message, false) }),
    state: { values },
    response_url: responseUrl(state, user, channel, { ts: message.ts, ephemeral, ...thread }),
    actions: [action],
  };
}

export function viewActionsPayload(state: State, user: User, view: View, action: Fields): Fields {
  return {
    type: 'block_actions',
    ...common(state, user),
    container: { type: 'view', view_id: view.id },
    trigger_id: issueTrigger(state, user.id),
    view: viewObject(state, view),
    actions: [action],
  };
}

export function submissionPayload(state: State, user: User, view: View): Fields {
  return {
    type: 'view_submission',
    ...common(state, user),
    trigger_id: issueTrigger(state, user.id),
    view: viewObject(state, view),
    response_urls: [],
  };
}

export function closedPayload(state: State, user: User, view: View, cleared: boolean): Fields {
  return { type: 'view_closed', ...common(state, user), view: viewObject(state, view), is_cleared: cleared };
}

export interface Asked {
  readonly actionId: string;
  readonly blockId: string;
  readonly value: string;
}

export function suggestionPayload(state: State, user: User, from: View | MessagePlace, asked: Asked): Fields {
  const { actionId: action_id, blockId: block_id, value } = asked;
  const shared = { type: 'block_suggestion', ...common(state, user), action_id, block_id, value };
  if (!('message' in from))
    return { ...shared, container: { type: 'view', view_id: from.id }, view: viewObject(state, from) };
  const { channel, message, ephemeral } = from;
  return {
    ...shared,
    container: { type: 'message', message_ts: message.ts, channel_id: channel.id, is_ephemeral: ephemeral },
    channel: { id: channel.id, name: channelName(channel) },
    message: messageObject(state, channel.id, message, false),
  };
}

/** The message comes along without any history scope. */
export function shortcutPayload(state: State, user: User, place: MessagePlace, callbackId: string): Fields {
  const { channel, message } = place;
  return {
    type: 'message_action',
    ...common(state, user),
    callback_id: callbackId,
    action_ts: nextTs(state),
    trigger_id: issueTrigger(state, user.id),
    response_url: responseUrl(state, user, channel),
    channel: { id: channel.id, name: channelName(channel) },
    message_ts: message.ts,
    message: messageObject(state, channel.id, message, false),
  };
}

export function eventPayload(state: State, event: Fields): Fields {
  const { team, app } = state;
  return {
    token: VERIFICATION_TOKEN,
    type: 'event_callback',
    team_id: team.id,
    context_team_id: team.id,
    context_enterprise_id: null,
    api_app_id: app.id,
    event: { event_ts: nextTs(state), ...event },
    event_id: slackId(state, 'Ev'),
    event_time: unixSeconds(state),
    authorizations: [
      { enterprise_id: null, team_id: team.id, user_id: app.botUserId, is_bot: true, is_enterprise_install: false },
    ],
    is_ext_shared_channel: false,
    event_context: slackId(state, '4'),
  };
}
