// What a person does in modals and in the app's home: fill in, choose, press, submit, close.
// Slack's client checks a form before it sends it; so does this.
import { type ActOptions, actor, notSent, type Outcome, outcome, refuseStranger, type Stage, send } from './acting.ts';
import { CannotAct } from './cannot-act.ts';
import type { Answer, Answers, ElementState, OptionShown } from './control-api.ts';
import { directChannel } from './conversations.ts';
import { holdersIn } from './element-state.ts';
import { viewActionsPayload } from './payloads.ts';
import { answered, findElement, pressed } from './pressing.ts';
import type { User, View } from './records.ts';
import type { State } from './state.ts';
import { openViews, replaceView, viewObject } from './views.ts';

export interface ViewTarget {
  readonly actionId: string;
  readonly blockId?: string;
  readonly value?: Answer;
}

export function openView(state: State, user: User): View {
  const view = openViews(state, user.id).at(-1);
  if (!view) throw new CannotAct('no_open_view', user.id);
  return view;
}

function homeOf(state: State, user: User): View {
  const view = state.views.get(state.homes.get(user.id) ?? '');
  if (!view) throw new CannotAct('no_home', user.id);
  return view;
}

export async function clickInView(
  stage: Stage,
  userId: string,
  target: ViewTarget & { readonly values?: Answers },
  options: ActOptions = {},
): Promise<Outcome> {
  const user = actor(stage.state, userId);
  const view = filledIn(openView(stage.state, user), target.values ?? {});
  return press(stage, user, view, target, options);
}

export async function clickInHome(
  stage: Stage,
  userId: string,
  target: ViewTarget,
  options: ActOptions = {},
): Promise<Outcome> {
  const user = actor(stage.state, userId);
  return press(stage, user, homeOf(stage.state, user), target, options);
}

async function press(stage: Stage, user: User, view: View, target: ViewTarget, options: ActOptions): Promise<Outcome> {
  const { state } = stage;
  const found = findElement(view.blocks, target.actionId, target.blockId);
  if (!found) throw new CannotAct('no_such_action', `${target.actionId} in ${view.id}`);
  const blockId = found.block.block_id;
  const { action, held } = pressed(state, found, target.value, suggestedFor(view, blockId, target.actionId));
  const next = held ? withHeld(view, blockId, target.actionId, held) : view;
  replaceView(state, next);
  const payload = viewActionsPayload(state, user, next, action);
  return outcome(state, user, await send(stage, { type: 'interactive', payload, takesAnswer: false }, options));
}

function withHeld(view: View, blockId: string, actionId: string, held: ElementState): View {
  return { ...view, values: { ...view.values, [blockId]: { ...view.values[blockId], [actionId]: held } } };
}

export function suggestedFor(view: View, blockId: string, actionId: string): readonly OptionShown[] {
  return view.suggested[`${blockId} ${actionId}`] ?? [];
}

/** Answers are given by block id: an input block has one element. */
export function filledIn(view: View, answers: Answers): View {
  let next = view;
  const holders = holdersIn(view.blocks);
  for (const [blockId, answer] of Object.entries(answers)) {
    const holder = holders.find(({ block }) => block.type === 'input' && block.block_id === blockId);
    if (!holder) throw new CannotAct('invalid_answer', `no field ${blockId}`);
    const { element, actionId } = holder;
    next = withHeld(next, blockId, actionId, answered(element, answer, suggestedFor(view, blockId, actionId)));
  }
  return next;
}

/** Opening the app: its home, or the direct message with it. */
export async function openHome(stage: Stage, userId: string, tab: 'home' | 'messages' = 'home'): Promise<Outcome> {
  const { state, deliverer } = stage;
  const user = actor(state, userId);
  refuseStranger(state, user);
  const published = tab === 'home' ? state.views.get(state.homes.get(user.id) ?? '') : undefined;
  const view = published ? { view: viewObject(state, published) } : {};
  const channel = directChannel(state, user.id).id;
  const delivery = await deliverer.deliverEvent({ type: 'app_home_opened', user: user.id, channel, tab, ...view });
  return delivery ? outcome(state, user, delivery) : notSent(state, user);
}
