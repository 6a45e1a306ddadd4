// Typing into an external menu: asks the app for options and remembers them, since only those can be chosen.
import { type ActOptions, actor, notSent, type Outcome, outcome, type Stage, send, topView } from './acting.ts';
import { placeOf } from './acts-chat.ts';
import { suggestedFor } from './acts-view.ts';
import { elementsOf, suggestionProblems } from './block-kit.ts';
import { CannotAct } from './cannot-act.ts';
import type { OptionShown } from './control-api.ts';
import { type Fields, wholeOf } from './fields.ts';
import { type Asked, type MessagePlace, suggestionPayload } from './payloads.ts';
import type { Block, User, View } from './records.ts';
import type { State } from './state.ts';
import { replaceView } from './views.ts';

const DEFAULT_MIN_QUERY_LENGTH = 3;

export interface SuggestTarget extends Asked {
  /** Both for a menu of a message; without them the open view is meant. */
  readonly channel?: string;
  readonly ts?: string;
}

interface Answered {
  readonly options?: readonly OptionShown[];
  readonly option_groups?: readonly { readonly label: OptionShown['text']; readonly options: readonly OptionShown[] }[];
}

export async function suggest(
  stage: Stage,
  userId: string,
  target: SuggestTarget,
  options: ActOptions = {},
): Promise<Outcome> {
  const { state } = stage;
  const user = actor(state, userId);
  const from = lookedAt(state, user, target);
  const element = externalMenu('message' in from ? (from.message.blocks ?? []) : from.blocks, target);
  const least = wholeOf(element, 'min_query_length') ?? DEFAULT_MIN_QUERY_LENGTH;
  if (target.value.length < least) return notSent(state, user, { failure: 'query_too_short' });
  const payload = suggestionPayload(state, user, from, target);
  const delivery = await send(stage, { type: 'interactive', payload, takesAnswer: true }, options);
  if (!delivery.acked) return outcome(state, user, delivery);
  if (suggestionProblems(delivery.body).length > 0)
    return outcome(state, user, delivery, { failure: 'invalid_options' });
  const { options: flat, option_groups: groups } = delivery.body as Answered;
  if (!('message' in from)) remember(state, from.id, target, flat ?? groups?.flatMap((group) => group.options) ?? []);
  return outcome(state, user, delivery, { ...(flat && { options: flat }), ...(groups && { optionGroups: groups }) });
}

function lookedAt(state: State, user: User, { channel, ts }: SuggestTarget): View | MessagePlace {
  if (channel !== undefined && ts !== undefined) return placeOf(state, user, channel, ts);
  const view = topView(state, user.id);
  if (!view) throw new CannotAct('no_open_view', user.id);
  return view;
}

function externalMenu(blocks: readonly Block[], { actionId, blockId }: Asked): Fields {
  const block = blocks.find(({ block_id }) => block_id === blockId);
  const element = block && elementsOf(block).find(({ action_id }) => action_id === actionId);
  const external = element?.type === 'external_select' || element?.type === 'multi_external_select';
  if (!element || !external) throw new CannotAct('no_such_action', `no external menu ${actionId} in ${blockId}`);
  return element;
}

function remember(state: State, viewId: string, { blockId, actionId }: Asked, options: readonly OptionShown[]): void {
  const view = state.views.get(viewId);
  if (!view) return;
  const all = [...options, ...suggestedFor(view, blockId, actionId)];
  replaceView(state, { ...view, suggested: { ...view.suggested, [`${blockId} ${actionId}`]: all } });
}
