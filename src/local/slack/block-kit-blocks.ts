// Every block this workspace knows. Sources: docs.slack.dev/reference/block-kit/blocks, @slack/types.
import {
  among,
  byType,
  type Check,
  characters,
  fault,
  flag,
  list,
  may,
  must,
  type Rule,
  type Shape,
  shape,
} from './block-kit-checks.ts';
import { ACCESSORIES, ACTION_ELEMENTS, image } from './block-kit-elements.ts';
import { INPUT_ELEMENTS } from './block-kit-inputs.ts';
import { anyText, mrkdwn, oneOf, plain } from './block-kit-objects.ts';
import { type Fields, isFields, listOf } from './fields.ts';
import { ID_CHARACTERS } from './limits.ts';

const SECTION_CHARACTERS = 3_000;
const FIELD_CHARACTERS = 2_000;
const LABEL_CHARACTERS = 2_000;
const MARKDOWN_CHARACTERS = 12_000;
const TABLE_ROWS = 100;
const TABLE_COLUMNS = 20;

function block(type: string, fields: Shape, ...rules: readonly Rule[]): Check {
  return shape({ type: must(among(type)), block_id: may(characters(ID_CHARACTERS, 1)), ...fields }, ...rules);
}

function sectionSaysSomething(fields: Fields, at: string, problems: string[]): void {
  if (fields.text === undefined && fields.fields === undefined)
    fault(problems, 'missing required field: text or fields', at);
}

const contextElement: Check = byType({
  image,
  plain_text: plain(SECTION_CHARACTERS),
  mrkdwn: mrkdwn(SECTION_CHARACTERS),
});

/** Rich text is Slack's own output format; only its outline is looked at. */
const richText = block('rich_text', {
  elements: must(
    list(
      (value, at, problems) => {
        const known = ['rich_text_section', 'rich_text_list', 'rich_text_quote', 'rich_text_preformatted'];
        const { type } = isFields(value) ? value : {};
        if (typeof type !== 'string' || !known.includes(type)) fault(problems, `unsupported type: ${type}`, at);
        if (!isFields(value) || !listOf(value, 'elements')) fault(problems, 'missing required field: elements', at);
      },
      100,
      0,
    ),
  ),
});

const tableCell = byType({
  raw_text: shape({ type: must(among('raw_text')), text: must(characters(SECTION_CHARACTERS, 1)) }),
  raw_number: shape({
    type: must(among('raw_number')),
    value: must((value, at, problems) => {
      if (typeof value !== 'number') fault(problems, 'must be a number', at);
    }),
    text: must(characters(SECTION_CHARACTERS, 1)),
  }),
  rich_text: richText,
});

export const BLOCKS: Readonly<Record<string, Check>> = {
  actions: block('actions', { elements: must(list(byType(ACTION_ELEMENTS), 25)) }),
  alert: block('alert', {
    text: must(anyText(SECTION_CHARACTERS)),
    level: may(among('default', 'info', 'warning', 'error', 'success')),
  }),
  context: block('context', { elements: must(list(contextElement, 10)) }),
  divider: block('divider', {}),
  header: block('header', { text: must(plain(150)) }),
  image: block(
    'image',
    {
      image_url: may(characters(3_000, 1)),
      slack_file: may(shape({ id: may(characters(ID_CHARACTERS, 1)), url: may(characters(3_000, 1)) })),
      alt_text: must(characters(2_000, 1)),
      title: may(plain(2_000)),
    },
    oneOf('image_url', 'slack_file'),
  ),
  input: block('input', {
    label: must(plain(LABEL_CHARACTERS)),
    hint: may(plain(LABEL_CHARACTERS)),
    element: must(byType(INPUT_ELEMENTS)),
    optional: may(flag),
    dispatch_action: may(flag),
  }),
  markdown: block('markdown', { text: must(characters(MARKDOWN_CHARACTERS, 1)) }),
  rich_text: richText,
  section: block(
    'section',
    {
      text: may(anyText(SECTION_CHARACTERS)),
      fields: may(list(anyText(FIELD_CHARACTERS), 10)),
      accessory: may(byType(ACCESSORIES)),
      expand: may(flag),
    },
    sectionSaysSomething,
  ),
  table: block('table', {
    rows: must(list(list(tableCell, TABLE_COLUMNS), TABLE_ROWS)),
    column_settings: may(
      list(shape({ align: may(among('left', 'center', 'right')), is_wrapped: may(flag) }), TABLE_COLUMNS),
    ),
  }),
};
