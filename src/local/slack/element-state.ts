// What the fields of a view or message hold: Slack's `state.values`. Starts from the initial values, takes the
// person's answers, and refuses what Slack's own client would not let anybody choose.
import { elementsOf } from './block-kit.ts';
import type { Answer, ElementState, OptionShown, StateValues } from './control-api.ts';
import { type Fields, isFields, listOf, textOf } from './fields.ts';
import type { Block } from './records.ts';

type Kind = 'text' | 'option' | 'options' | 'id' | 'ids' | 'date' | 'time' | 'datetime';

interface Holder {
  readonly kind: Kind;
  /** The field of the element that it starts from. */
  readonly initial: string;
  /** The field of the state that it fills. */
  readonly holds: Exclude<keyof ElementState, 'type'>;
}

/** Elements without an entry (buttons, overflow menus) hold nothing. */
const HOLDERS: Readonly<Record<string, Holder>> = {
  plain_text_input: { kind: 'text', initial: 'initial_value', holds: 'value' },
  email_text_input: { kind: 'text', initial: 'initial_value', holds: 'value' },
  url_text_input: { kind: 'text', initial: 'initial_value', holds: 'value' },
  number_input: { kind: 'text', initial: 'initial_value', holds: 'value' },
  static_select: { kind: 'option', initial: 'initial_option', holds: 'selected_option' },
  external_select: { kind: 'option', initial: 'initial_option', holds: 'selected_option' },
  radio_buttons: { kind: 'option', initial: 'initial_option', holds: 'selected_option' },
  multi_static_select: { kind: 'options', initial: 'initial_options', holds: 'selected_options' },
  multi_external_select: { kind: 'options', initial: 'initial_options', holds: 'selected_options' },
  checkboxes: { kind: 'options', initial: 'initial_options', holds: 'selected_options' },
  users_select: { kind: 'id', initial: 'initial_user', holds: 'selected_user' },
  channels_select: { kind: 'id', initial: 'initial_channel', holds: 'selected_channel' },
  conversations_select: { kind: 'id', initial: 'initial_conversation', holds: 'selected_conversation' },
  multi_users_select: { kind: 'ids', initial: 'initial_users', holds: 'selected_users' },
  multi_channels_select: { kind: 'ids', initial: 'initial_channels', holds: 'selected_channels' },
  multi_conversations_select: { kind: 'ids', initial: 'initial_conversations', holds: 'selected_conversations' },
  datepicker: { kind: 'date', initial: 'initial_date', holds: 'selected_date' },
  timepicker: { kind: 'time', initial: 'initial_time', holds: 'selected_time' },
  datetimepicker: { kind: 'datetime', initial: 'initial_date_time', holds: 'selected_date_time' },
};

export interface Held {
  readonly block: Block;
  readonly element: Fields;
  readonly actionId: string;
}

/** Every element that holds a value, with the block it stands in. */
export function holdersIn(blocks: readonly Block[]): readonly Held[] {
  return blocks.flatMap((block) =>
    elementsOf(block).flatMap((element) => {
      const actionId = textOf(element, 'action_id');
      return actionId !== undefined && holderOf(element) ? [{ block, element, actionId }] : [];
    }),
  );
}

function holderOf(element: Fields): Holder | undefined {
  const type = textOf(element, 'type') ?? '';
  return Object.hasOwn(HOLDERS, type) ? HOLDERS[type] : undefined;
}

/** What fields hold before anybody touches them; `kept` wins where block id, action id and type are the same. */
export function initialValues(blocks: readonly Block[], kept: StateValues = {}): StateValues {
  const values: Record<string, Record<string, ElementState>> = {};
  for (const { block, element, actionId } of holdersIn(blocks)) {
    const before = kept[block.block_id]?.[actionId];
    const now = before && before.type === element.type ? before : initialState(element);
    values[block.block_id] = { ...values[block.block_id], [actionId]: now };
  }
  return values;
}

function initialState(element: Fields): ElementState {
  const type = String(element.type);
  const holder = holderOf(element);
  if (!holder) return { type };
  const several = holder.kind === 'options' || holder.kind === 'ids';
  return { type, [holder.holds]: element[holder.initial] ?? (several ? [] : null) };
}

/** Throws an Error in plain words when the client would not offer that answer. */
export function answeredState(element: Fields, answer: Answer, suggested: readonly OptionShown[]): ElementState {
  const type = String(element.type);
  const holder = holderOf(element);
  if (!holder) throw new Error(`a ${type} holds no value`);
  return { type, [holder.holds]: held(holder.kind, element, answer, suggested) };
}

function held(kind: Kind, element: Fields, answer: Answer, suggested: readonly OptionShown[]): unknown {
  switch (kind) {
    case 'options':
      return several(answer).map((value) => offered(element, value, suggested));
    case 'ids':
      return several(answer);
    case 'option':
      return answer === null ? null : offered(element, single(answer), suggested);
    case 'datetime':
      return answer === null ? null : Number(matching(single(answer), /^\d{10}$/));
    case 'date':
      return answer === null ? null : matching(single(answer), /^\d{4}-\d{2}-\d{2}$/);
    case 'time':
      return answer === null ? null : matching(single(answer), /^([01]\d|2[0-3]):[0-5]\d$/);
    case 'id':
      return answer === null ? null : single(answer);
    case 'text':
      return answer === null || answer === '' ? null : single(answer);
  }
}

function single(answer: Answer): string {
  if (typeof answer !== 'string') throw new Error('this field takes one value');
  return answer;
}

function several(answer: Answer): readonly string[] {
  if (typeof answer === 'string') throw new Error('this field takes a list of values');
  return answer ?? [];
}

function matching(value: string, form: RegExp): string {
  if (!form.test(value)) throw new Error(`${value} is no valid value here`);
  return value;
}

function offered(element: Fields, value: string, suggested: readonly OptionShown[]): OptionShown {
  const groups = (listOf(element, 'option_groups') ?? []).filter(isFields);
  const own = [...(listOf(element, 'options') ?? []), ...groups.flatMap((group) => listOf(group, 'options') ?? [])];
  const known = [...(own as readonly OptionShown[]), ...suggested];
  const found = known.find((option) => option.value === value);
  if (!found) throw new Error(`${value} is not among the options`);
  return found;
}
