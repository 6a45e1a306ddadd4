// What a person does in conversations: commands, messages, clicks on messages, message shortcuts.
// Refuses what Slack's client would not offer to that person (CannotAct) and sends the rest to the app.
import {
  type ActOptions,
  actor,
  answerFields,
  deliveryFailure,
  notSent,
  type Outcome,
  outcome,
  refuseStranger,
  type Stage,
  send,
  visibleChannel,
} from './acting.ts';
import { CannotAct } from './cannot-act.ts';
import type { Answer } from './control-api.ts';
import { earlierBlocks, messageAt, post, whisper } from './conversations.ts';
import { initialValues } from './element-state.ts';
import { typedText } from './markup.ts';
import { type MessagePlace, messageActionsPayload, shortcutPayload, slashPayload } from './payloads.ts';
import { findElement, pressed } from './pressing.ts';
import type { Block, Channel, Delivery, Message, User } from './records.ts';
import { respond } from './response-url.ts';
import type { State } from './state.ts';

export interface ClickTarget {
  readonly channel: string;
  readonly ts: string;
  readonly actionId: string;
  readonly blockId?: string;
  /** The chosen option of a menu. */
  readonly value?: Answer;
  /** The client has not refreshed: an earlier version of the message may be pressed. */
  readonly stale?: boolean;
}

/** A slash command. There are none in threads, and none for people of other companies. */
export async function slash(
  stage: Stage,
  userId: string,
  command: string,
  text: string,
  channelId: string,
  options: ActOptions = {},
): Promise<Outcome> {
  const { state } = stage;
  const user = actor(state, userId);
  refuseStranger(state, user);
  const channel = visibleChannel(state, user, channelId);
  const refusal = refuseCommand(state, channel, command);
  if (refusal !== undefined) return notSent(state, user, { failure: refusal });
  const payload = slashPayload(state, user, channel, command, typedText(state, text, true));
  const delivery = await send(stage, { type: 'slash_commands', payload, takesAnswer: true }, options);
  const failure = delivery.acked
    ? showAnswer(state, user, channel, delivery)
    : failed(state, user, channel, command, delivery);
  return outcome(state, user, delivery, failure === undefined ? {} : { failure });
}

function refuseCommand(state: State, channel: Channel, command: string): string | undefined {
  if (channel.is_archived) return 'is_archived';
  return state.app.commands.some((known) => known.command === command) ? undefined : 'invalid_command';
}

/** An acknowledgement may carry a message: ephemeral unless it says `in_channel`. */
function showAnswer(state: State, user: User, channel: Channel, delivery: Delivery): string | undefined {
  const answer = answerFields(delivery);
  if (answer.text === undefined && answer.blocks === undefined) return undefined;
  const place = { at: delivery.at, uses: 0, user: user.id, channel: channel.id };
  return respond(state, place, { text: answer.text, blocks: answer.blocks, response_type: answer.response_type });
}

function failed(state: State, user: User, channel: Channel, command: string, { status }: Delivery): string {
  const failure = deliveryFailure(status === 'running' ? 'timeout' : status);
  whisper(state, channel.id, user.id, { user: 'USLACKBOT', text: `${command} failed with the error "${failure}"` });
  return failure;
}

/** A message that a person writes. The app hears nothing of it: it subscribes to no messages. */
export function say(stage: Stage, userId: string, channelId: string, text: string, thread?: string): Message {
  const { state } = stage;
  const user = actor(state, userId);
  const channel = visibleChannel(state, user, channelId);
  if (channel.is_archived) throw new CannotAct('is_archived', channelId);
  if (!channel.members.includes(user.id)) throw new CannotAct('not_in_channel', `${channelId} for ${userId}`);
  if (thread !== undefined && !messageAt(state, channelId, thread)) throw new CannotAct('message_not_found', thread);
  const place = thread === undefined ? {} : { thread_ts: thread };
  return post(state, channelId, { user: user.id, text: typedText(state, text, false), ...place });
}

/** A button or menu of a message. People of other companies can press in shared channels: the app must check. */
export async function click(
  stage: Stage,
  userId: string,
  target: ClickTarget,
  options: ActOptions = {},
): Promise<Outcome> {
  const { state } = stage;
  const user = actor(state, userId);
  const place = placeOf(state, user, target.channel, target.ts);
  const found = versions(state, place, target.stale === true)
    .map((blocks) => ({ blocks, hit: findElement(blocks, target.actionId, target.blockId) }))
    .find(({ hit }) => hit !== undefined);
  if (!found?.hit) throw new CannotAct('no_such_action', `${target.actionId} on ${target.ts}`);
  const { action, held } = pressed(state, found.hit, target.value, []);
  const values = initialValues(found.blocks);
  const blockId = found.hit.block.block_id;
  const next = held ? { ...values, [blockId]: { ...values[blockId], [target.actionId]: held } } : values;
  const payload = messageActionsPayload(state, user, place, action, next);
  return outcome(state, user, await send(stage, { type: 'interactive', payload, takesAnswer: false }, options));
}

function versions(state: State, { channel, message }: MessagePlace, stale: boolean): readonly (readonly Block[])[] {
  const now = message.blocks ?? [];
  return stale ? [now, ...earlierBlocks(state, channel.id, message.ts).toReversed()] : [now];
}

/** A message that this person sees: of the channel, or one that only they see. */
export function placeOf(state: State, user: User, channelId: string, ts: string): MessagePlace {
  const channel = visibleChannel(state, user, channelId);
  const whispered = state.ephemerals.find(
    ({ to, channel: where, message }) => to === user.id && where === channelId && message.ts === ts,
  );
  if (whispered) return { channel, message: whispered.message, ephemeral: true };
  const message = messageAt(state, channelId, ts);
  if (!message) throw new CannotAct('message_not_found', `${ts} in ${channelId}`);
  return { channel, message, ephemeral: false };
}

export async function shortcut(
  stage: Stage,
  userId: string,
  callbackId: string,
  at: { readonly channel: string; readonly ts: string },
  options: ActOptions = {},
): Promise<Outcome> {
  const { state } = stage;
  const user = actor(state, userId);
  refuseStranger(state, user);
  if (!state.app.messageShortcuts.some((known) => known.callbackId === callbackId))
    throw new CannotAct('no_such_shortcut', callbackId);
  const payload = shortcutPayload(state, user, placeOf(state, user, at.channel, at.ts), callbackId);
  return outcome(state, user, await send(stage, { type: 'interactive', payload, takesAnswer: false }, options));
}
