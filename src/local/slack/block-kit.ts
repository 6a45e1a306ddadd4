// Decides whether blocks and views are what Slack accepts. Pure: no state, no ids, nothing is repaired.
// Every function returns the problems in Slack's words; none means accepted.
import { BLOCKS } from './block-kit-blocks.ts';
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
  type Problems,
  shape,
} from './block-kit-checks.ts';
import { plain, suggestions } from './block-kit-objects.ts';
import { type Fields, fieldsOf, isFields, listOf } from './fields.ts';
import {
  ID_CHARACTERS,
  MESSAGE_BLOCKS,
  PRIVATE_METADATA_CHARACTERS,
  VIEW_BLOCKS,
  VIEW_TITLE_CHARACTERS,
} from './limits.ts';

const anyBlock = byType(BLOCKS);

const viewFields = {
  blocks: must(list(anyBlock, VIEW_BLOCKS)),
  callback_id: may(characters(ID_CHARACTERS)),
  external_id: may(characters(ID_CHARACTERS)),
  private_metadata: may(characters(PRIVATE_METADATA_CHARACTERS)),
} as const;

const modal: Check = shape(
  {
    type: must(among('modal')),
    title: must(plain(VIEW_TITLE_CHARACTERS)),
    submit: may(plain(VIEW_TITLE_CHARACTERS)),
    close: may(plain(VIEW_TITLE_CHARACTERS)),
    clear_on_close: may(flag),
    notify_on_close: may(flag),
    submit_disabled: may(flag),
    ...viewFields,
  },
  submitBelongsToInput,
);

const home: Check = shape({ type: must(among('home')), ...viewFields });

export function messageBlockProblems(blocks: readonly unknown[]): Problems {
  const problems: Problems = [];
  list(anyBlock, MESSAGE_BLOCKS, 0)(blocks, '/blocks', problems);
  uniqueIds(blocks, '/blocks', problems);
  return problems;
}

export function viewProblems(view: Fields): Problems {
  const problems: Problems = [];
  byType({ modal, home })(view, '/view', problems);
  uniqueIds(listOf(view, 'blocks') ?? [], '/view/blocks', problems);
  oneFocus(view, problems);
  return problems;
}

/** Of the bot's answer to a `block_suggestion`. */
export function suggestionProblems(answer: unknown): Problems {
  const problems: Problems = [];
  suggestions(answer, '', problems);
  return problems;
}

/** All text of all blocks together, as far as anybody knows how Slack sums it up (see limits.ts). */
export function textLength(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + textLength(item), 0);
  if (!isFields(value)) return 0;
  const own = typeof value.text === 'string' ? value.text.length : 0;
  return Object.values(value).reduce<number>((sum, item) => sum + textLength(item), own);
}

function submitBelongsToInput(view: Fields, at: string, problems: Problems): void {
  const asks = (listOf(view, 'blocks') ?? []).some((item) => isFields(item) && item.type === 'input');
  if (asks && view.submit === undefined)
    fault(problems, '`submit` is required when an `input` block is within the `blocks` array', `${at}/submit`);
}

function uniqueIds(blocks: readonly unknown[], at: string, problems: Problems): void {
  const seen = new Set<string>();
  for (const [index, block] of blocks.entries()) {
    if (!isFields(block)) continue;
    const id = block.block_id;
    if (typeof id === 'string' && seen.has(id))
      fault(problems, `\`block_id\` "${id}" already exists`, `${at}/${index}/block_id`);
    if (typeof id === 'string') seen.add(id);
    uniqueActions(block, `${at}/${index}`, problems);
  }
}

function uniqueActions(block: Fields, at: string, problems: Problems): void {
  const seen = new Set<string>();
  for (const element of elementsOf(block)) {
    const id = element.action_id;
    if (typeof id !== 'string') continue;
    if (seen.has(id)) fault(problems, `\`action_id\` "${id}" already exists for this block`, at);
    seen.add(id);
  }
}

function oneFocus(view: Fields, problems: Problems): void {
  const blocks = (listOf(view, 'blocks') ?? []).filter(isFields);
  const focused = blocks.flatMap(elementsOf).filter((element) => element.focus_on_load === true);
  if (focused.length > 1) fault(problems, 'only one element can have `focus_on_load`', '/view/blocks');
}

/** The interactive elements of a block, in the order in which they are shown. */
export function elementsOf(block: Fields): readonly Fields[] {
  const single = fieldsOf(block, 'element') ?? fieldsOf(block, 'accessory');
  return [...(listOf(block, 'elements') ?? []).filter(isFields), ...(single ? [single] : [])];
}
