// Modals and Home tabs: making, replacing and closing them, and the object Slack shows of them to the app.
import { elementsOf, viewProblems } from './block-kit.ts';
import type { TextObject } from './control-api.ts';
import { initialValues } from './element-state.ts';
import { type Fields, fieldsOf, flagOf, isFields, listOf, textOf } from './fields.ts';
import { VIEW_BYTES, VIEW_STACK } from './limits.ts';
import type { Block, View } from './records.ts';
import { changed, type State, slackId, unixSeconds } from './state.ts';

export interface ViewRefusal {
  readonly error: string;
  readonly problems: readonly string[];
}

/** `undefined` when Slack would take the view. `wanted` is the type that the calling method allows. */
export function refuseView(state: State, view: Fields, wanted: View['type'], replaces?: View): ViewRefusal | undefined {
  if (Buffer.byteLength(JSON.stringify(view)) > VIEW_BYTES) return { error: 'view_too_large', problems: [] };
  const problems = viewProblems(view);
  if (view.type !== wanted) problems.push(`must be a ${wanted} [json-pointer:/view/type]`);
  if (problems.length > 0) return { error: 'invalid_arguments', problems };
  const external = textOf(view, 'external_id');
  const taken = [...state.views.values()].some((other) => other.external_id === external && other.id !== replaces?.id);
  return external !== undefined && taken ? { error: 'duplicate_external_id', problems: [] } : undefined;
}

/** A new view or, with `replaces`, the next version of one: same id, new hash, fields keep what was put in. */
export function makeView(state: State, user: string, given: Fields, replaces?: View): View {
  const blocks = withIds(state, (listOf(given, 'blocks') ?? []).filter(isFields));
  const id = replaces?.id ?? slackId(state, 'V');
  const stack = openViews(state, user);
  return {
    id,
    type: given.type === 'home' ? 'home' : 'modal',
    user,
    hash: `${unixSeconds(state)}.${slackId(state, 'h')}`,
    callback_id: textOf(given, 'callback_id') ?? '',
    external_id: textOf(given, 'external_id') ?? '',
    private_metadata: textOf(given, 'private_metadata') ?? '',
    title: textObject(given, 'title') ?? { type: 'plain_text', text: state.app.name },
    submit: textObject(given, 'submit'),
    close: textObject(given, 'close'),
    blocks,
    clear_on_close: flagOf(given, 'clear_on_close'),
    notify_on_close: flagOf(given, 'notify_on_close'),
    root_view_id: replaces?.root_view_id ?? id,
    previous_view_id: replaces?.previous_view_id ?? stack.at(-1)?.id ?? null,
    values: initialValues(blocks, replaces?.values),
    errors: {},
    suggested: replaces?.suggested ?? {},
  };
}

function textObject(fields: Fields, name: string): TextObject | null {
  const value = fieldsOf(fields, name);
  const text = value && textOf(value, 'text');
  return text === undefined ? null : { type: 'plain_text', text };
}

/** Slack makes up the ids that the app left out. */
export function withIds(state: State, blocks: readonly Fields[]): readonly Block[] {
  return blocks.map((block) => {
    const named = elementsOf(block).length > 0 ? withActionIds(state, block) : block;
    return { ...named, type: String(block.type), block_id: textOf(block, 'block_id') ?? slackId(state, 'b') };
  });
}

function withActionIds(state: State, block: Fields): Fields {
  const named = (element: unknown) =>
    isFields(element) && interactive(element)
      ? { ...element, action_id: element.action_id ?? slackId(state, 'a') }
      : element;
  const next: Record<string, unknown> = { ...block };
  if (block.element !== undefined) next.element = named(block.element);
  if (block.accessory !== undefined) next.accessory = named(block.accessory);
  const elements = listOf(block, 'elements');
  if (elements) next.elements = elements.map(named);
  return next;
}

function interactive(element: Fields): boolean {
  const still = ['image', 'plain_text', 'mrkdwn'];
  const type = String(element.type);
  return !still.includes(type) && !type.startsWith('rich_text');
}

export function openViews(state: State, user: string): readonly View[] {
  const ids = state.stacks.get(user) ?? [];
  return ids.flatMap((id) => state.views.get(id) ?? []);
}

export function openAlone(state: State, view: View): void {
  for (const open of openViews(state, view.user)) state.views.delete(open.id);
  state.views.set(view.id, { ...view, previous_view_id: null });
  state.stacks.set(view.user, [view.id]);
  changed(state);
}

/** False when three views are open already. */
export function pushView(state: State, view: View): boolean {
  const stack = state.stacks.get(view.user) ?? [];
  if (stack.length >= VIEW_STACK) return false;
  state.views.set(view.id, { ...view, root_view_id: stack[0] ?? view.id });
  state.stacks.set(view.user, [...stack, view.id]);
  changed(state);
  return true;
}

export function replaceView(state: State, view: View): void {
  state.views.set(view.id, view);
  changed(state);
}

export function closeViews(state: State, user: string, ids: readonly string[]): void {
  const stack = state.stacks.get(user) ?? [];
  for (const id of ids) state.views.delete(id);
  state.stacks.set(
    user,
    stack.filter((id) => !ids.includes(id)),
  );
  changed(state);
}

/** The view object in API answers and payloads (docs.slack.dev/reference/views). */
export function viewObject(state: State, view: View): Fields {
  const { user: _user, errors: _errors, suggested: _suggested, values, title, ...shared } = view;
  return {
    ...shared,
    ...(view.type === 'modal' ? { title } : { title: { type: 'plain_text', text: 'View Title' } }),
    state: { values },
    team_id: state.team.id,
    app_id: state.app.id,
    app_installed_team_id: state.team.id,
    bot_id: state.app.botId,
  };
}
