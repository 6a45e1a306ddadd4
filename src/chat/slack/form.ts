// Neutral forms → Slack's modals, and what people put into them back into answers by field name. Pure.
// The client can change everything that comes back: names, context and values are hints to look up (threats B19, C15).
import type { KnownBlock, ModalView, PlainTextOption } from '@slack/types';
import { ChatError } from '../../ports/chat-platform.ts';
import type { Field, Form, FormOption } from '../../ports/document.ts';
import { plain, sections } from './blocks.ts';
import { fitted } from './fitted.ts';
import {
  INPUT_CHARACTERS,
  INPUT_LABEL_CHARACTERS,
  OPTION_CHARACTERS,
  OPTIONS_PER_MENU,
  PLACEHOLDER_CHARACTERS,
  PRIVATE_METADATA_CHARACTERS,
  VIEW_BLOCKS,
  VIEW_CHARACTERS,
  VIEW_TITLE_CHARACTERS,
} from './limits.ts';
import type { Home } from './mrkdwn.ts';
import { shortened, visible } from './safe-text.ts';
import { CLOSE, NOTHING_TO_CHOOSE } from './words.ts';

type Input = Extract<KnownBlock, { type: 'input' }>;

/** The field that a choice stands for is the block; its element needs an id too, the same everywhere. */
export const FIELD_ACTION = 'field';

export function renderForm(form: Form, home: Home): ModalView {
  if (form.context.length > PRIVATE_METADATA_CHARACTERS) throw new ChatError('invalid', 'form_context_too_long', 'no');
  if (form.submit === undefined && form.fields.length > 0) throw new ChatError('invalid', 'form_without_submit', 'no');
  const fields = form.fields.flatMap((field) => fieldOf(field, home));
  return {
    type: 'modal',
    callback_id: form.id,
    private_metadata: form.context,
    title: plain(form.title, VIEW_TITLE_CHARACTERS),
    ...(form.submit !== undefined && { submit: plain(form.submit, VIEW_TITLE_CHARACTERS) }),
    close: plain(CLOSE, VIEW_TITLE_CHARACTERS),
    blocks: fitted(sections(form.intro, home), fields, { blocks: VIEW_BLOCKS, characters: VIEW_CHARACTERS }),
  };
}

/** The options as Slack takes them: at most 100, the end of a long label in the description. */
export function optionsOf(options: readonly FormOption[]): PlainTextOption[] {
  return options.slice(0, OPTIONS_PER_MENU).map(optionOf);
}

function fieldOf(field: Field, home: Home): readonly KnownBlock[] {
  const element = elementOf(field);
  // A menu without options cannot be drawn, and a field that is not there cannot be answered: the form says so.
  if (element === undefined) return sections([[{ strong: field.label }], [NOTHING_TO_CHOOSE]], home);
  const input: Input = {
    type: 'input',
    block_id: field.name,
    label: plain(field.label, INPUT_LABEL_CHARACTERS),
    element,
    optional: field.optional ?? false,
    ...(field.hint !== undefined && { hint: plain(field.hint, INPUT_LABEL_CHARACTERS) }),
    ...('redraws' in field && field.redraws === true && { dispatch_action: true }),
  };
  return [input];
}

function elementOf(field: Field): Input['element'] | undefined {
  switch (field.type) {
    case 'text':
      return textInput(field);
    case 'choice':
      if (field.options.length === 0) return undefined;
      return field.options.length > OPTIONS_PER_MENU ? longMenu(chosenOf(field)) : menu(field);
    case 'search':
      return longMenu(field.initial);
  }
}

function textInput(field: Extract<Field, { type: 'text' }>): Input['element'] {
  const most = Math.min(field.maxLength, INPUT_CHARACTERS);
  return {
    type: 'plain_text_input',
    action_id: FIELD_ACTION,
    multiline: field.multiline,
    max_length: most,
    ...(field.initial !== undefined && { initial_value: field.initial.slice(0, most) }),
    ...(field.placeholder !== undefined && { placeholder: plain(field.placeholder, PLACEHOLDER_CHARACTERS) }),
  };
}

function menu(field: Extract<Field, { type: 'choice' }>): Input['element'] {
  const initial = chosenOf(field);
  return {
    type: 'static_select',
    action_id: FIELD_ACTION,
    options: optionsOf(field.options),
    ...(initial && { initial_option: optionOf(initial) }),
  };
}

/** Slack asks for the options while the person types; from the first letter on, and before it. */
function longMenu(initial: FormOption | undefined): Input['element'] {
  return {
    type: 'external_select',
    action_id: FIELD_ACTION,
    min_query_length: 0,
    ...(initial && { initial_option: optionOf(initial) }),
  };
}

function chosenOf(field: Extract<Field, { type: 'choice' }>): FormOption | undefined {
  return field.options.find(({ value }) => value === field.initial);
}

function optionOf(option: FormOption): PlainTextOption {
  if (option.value === '' || option.value.length > OPTION_CHARACTERS)
    throw new ChatError('invalid', 'option_value_too_long', 'no');
  const label = visible(option.label);
  const text = shortened(label, OPTION_CHARACTERS);
  const rest = text === label ? '' : `…${label.slice(text.length - 1)}`;
  const description = [rest, option.description ?? ''].filter((part) => part !== '').join(' · ');
  return {
    text: plain(text, OPTION_CHARACTERS),
    value: option.value,
    ...(description !== '' && { description: plain(description, OPTION_CHARACTERS) }),
  };
}
