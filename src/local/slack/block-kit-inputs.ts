// The Block Kit elements that hold a value, one table entry each: menus, pickers, choices, typed inputs.
// Stricter than Slack on purpose where Slack is vague.
import {
  among,
  type Check,
  characters,
  fault,
  flag,
  list,
  may,
  must,
  pattern,
  type Rule,
  type Shape,
  shape,
  whole,
} from './block-kit-checks.ts';
import { confirmation, oneOf, optionGroup, plain, plainOption, textOption } from './block-kit-objects.ts';
import { type Fields, isFields, listOf } from './fields.ts';
import { ID_CHARACTERS } from './limits.ts';

const TEXT_INPUT_CHARACTERS = 3_000;
export const anyId = characters(ID_CHARACTERS, 1);
const ids = list(anyId, 100, 0);
const date = pattern(/^\d{4}-\d{2}-\d{2}$/, 'date');
const time = pattern(/^([01]\d|2[0-3]):[0-5]\d$/, 'time');
const unixTime = whole(1_000_000_000, 9_999_999_999);

export function element(type: string, fields: Shape, ...rules: readonly Rule[]): Check {
  return shape({ type: must(among(type)), action_id: may(anyId), ...fields }, ...rules);
}

const placed: Shape = { placeholder: may(plain(150)), focus_on_load: may(flag) };
const asked: Shape = { ...placed, confirm: may(confirmation) };
const typed: Shape = {
  ...placed,
  dispatch_action_config: may(
    shape({ trigger_actions_on: may(list(among('on_enter_pressed', 'on_character_entered'), 2)) }),
  ),
};
const offered: Shape = {
  options: may(list(plainOption, 100)),
  option_groups: may(list(optionGroup, 100)),
};
const oneSource = oneOf('options', 'option_groups');
const severalChosen: Shape = { max_selected_items: may(whole(1, 100)) };
const listed = { response_url_enabled: may(flag) } satisfies Shape;
const filtered: Shape = {
  default_to_current_conversation: may(flag),
  filter: may(
    shape({
      include: may(list(among('im', 'mpim', 'private', 'public'), 4)),
      exclude_external_shared_channels: may(flag),
      exclude_bot_users: may(flag),
    }),
  ),
};

/** Slack refuses an initial option that is not, letter for letter, one of the options. */
function initialIsOffered(fields: Fields, at: string, problems: string[]): void {
  const groups = (listOf(fields, 'option_groups') ?? []).filter(isFields);
  const options = listOf(fields, 'options') ?? groups.flatMap((group) => listOf(group, 'options') ?? []);
  const known = new Set(options.map((option) => JSON.stringify(option)));
  const initial = fields.initial_option === undefined ? [] : [fields.initial_option];
  for (const option of [...initial, ...(listOf(fields, 'initial_options') ?? [])])
    if (!known.has(JSON.stringify(option))) fault(problems, 'initial option is not one of the options', at);
}

function lengthsFit(fields: Fields, at: string, problems: string[]): void {
  const { min_length: least, max_length: most } = fields;
  if (typeof least === 'number' && typeof most === 'number' && least > most)
    fault(problems, 'min_length is greater than max_length', at);
}

/** Elements that hold a value: they stand in inputs, and all but the typed ones in sections and actions too. */
export const choices: Readonly<Record<string, Check>> = {
  static_select: element(
    'static_select',
    { ...asked, ...offered, initial_option: may(plainOption) },
    oneSource,
    initialIsOffered,
  ),
  multi_static_select: element(
    'multi_static_select',
    { ...asked, ...offered, ...severalChosen, initial_options: may(list(plainOption, 100)) },
    oneSource,
    initialIsOffered,
  ),
  external_select: element('external_select', {
    ...asked,
    initial_option: may(plainOption),
    min_query_length: may(whole(0, 150)),
  }),
  multi_external_select: element('multi_external_select', {
    ...asked,
    ...severalChosen,
    initial_options: may(list(plainOption, 100)),
    min_query_length: may(whole(0, 150)),
  }),
  users_select: element('users_select', { ...asked, initial_user: may(anyId) }),
  multi_users_select: element('multi_users_select', { ...asked, ...severalChosen, initial_users: may(ids) }),
  channels_select: element('channels_select', { ...asked, ...listed, initial_channel: may(anyId) }),
  multi_channels_select: element('multi_channels_select', { ...asked, ...severalChosen, initial_channels: may(ids) }),
  conversations_select: element('conversations_select', {
    ...asked,
    ...listed,
    ...filtered,
    initial_conversation: may(anyId),
  }),
  multi_conversations_select: element('multi_conversations_select', {
    ...asked,
    ...filtered,
    ...severalChosen,
    initial_conversations: may(ids),
  }),
  radio_buttons: element(
    'radio_buttons',
    {
      options: must(list(textOption, 10)),
      initial_option: may(textOption),
      confirm: may(confirmation),
      focus_on_load: may(flag),
    },
    initialIsOffered,
  ),
  checkboxes: element(
    'checkboxes',
    {
      options: must(list(textOption, 10)),
      initial_options: may(list(textOption, 10)),
      confirm: may(confirmation),
      focus_on_load: may(flag),
    },
    initialIsOffered,
  ),
  datepicker: element('datepicker', { ...asked, initial_date: may(date) }),
  timepicker: element('timepicker', { ...asked, initial_time: may(time), timezone: may(characters(100, 1)) }),
  datetimepicker: element('datetimepicker', {
    initial_date_time: may(unixTime),
    confirm: may(confirmation),
    focus_on_load: may(flag),
  }),
};

const typedInputs: Readonly<Record<string, Check>> = {
  plain_text_input: element(
    'plain_text_input',
    {
      ...typed,
      initial_value: may(characters(TEXT_INPUT_CHARACTERS)),
      multiline: may(flag),
      min_length: may(whole(0, TEXT_INPUT_CHARACTERS)),
      max_length: may(whole(1, TEXT_INPUT_CHARACTERS)),
    },
    lengthsFit,
  ),
  email_text_input: element('email_text_input', { ...typed, initial_value: may(characters(TEXT_INPUT_CHARACTERS)) }),
  url_text_input: element('url_text_input', { ...typed, initial_value: may(characters(TEXT_INPUT_CHARACTERS)) }),
  number_input: element('number_input', {
    ...typed,
    is_decimal_allowed: must(flag),
    initial_value: may(characters(50)),
    min_value: may(characters(50)),
    max_value: may(characters(50)),
  }),
};

export const INPUT_ELEMENTS: Readonly<Record<string, Check>> = { ...choices, ...typedInputs };
