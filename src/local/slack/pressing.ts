// Finding the button or menu that a person means, and the `actions[]` entry that pressing it gives.
import { elementsOf } from './block-kit.ts';
import { CannotAct } from './cannot-act.ts';
import type { Answer, ElementState, OptionShown } from './control-api.ts';
import { answeredState } from './element-state.ts';
import { type Fields, isFields, listOf } from './fields.ts';
import type { Block } from './records.ts';
import { nextTs, type State } from './state.ts';

export interface Found {
  readonly block: Block;
  readonly element: Fields;
}

export function findElement(
  blocks: readonly Block[],
  actionId: string,
  blockId: string | undefined,
): Found | undefined {
  for (const block of blocks) {
    if (blockId !== undefined && block.block_id !== blockId) continue;
    const element = elementsOf(block).find((one) => one.action_id === actionId);
    if (element && dispatches(block)) return { block, element };
  }
  return undefined;
}

/** Elements of an input block stay silent until submission, unless `dispatch_action` is set. */
function dispatches(block: Block): boolean {
  return block.type !== 'input' || block.dispatch_action === true;
}

/** The entry of `actions[]`, and what the element holds afterwards when it holds anything. */
export function pressed(
  state: State,
  { block, element }: Found,
  value: Answer | undefined,
  suggested: readonly OptionShown[],
): { readonly action: Fields; readonly held?: ElementState } {
  const { type, action_id, text, style, url, confirm } = element;
  const shared = {
    type,
    action_id,
    block_id: block.block_id,
    action_ts: nextTs(state),
    ...(confirm !== undefined && { confirm }),
  };
  if (type === 'button') {
    const extra = { ...(style !== undefined && { style }), ...(url !== undefined && { url }) };
    return { action: { ...shared, text, ...extra, ...(element.value !== undefined && { value: element.value }) } };
  }
  if (value === undefined) throw new CannotAct('invalid_answer', `${String(type)} needs a value`);
  if (type === 'overflow') return { action: { ...shared, selected_option: overflowOption(element, value) } };
  const held = answered(element, value, suggested);
  return { action: { ...shared, ...held }, held };
}

function overflowOption(element: Fields, value: Answer): Fields {
  const option = (listOf(element, 'options') ?? []).filter(isFields).find((one) => one.value === value);
  if (!option) throw new CannotAct('invalid_answer', `${String(value)} is not among the options`);
  return option;
}

export function answered(element: Fields, value: Answer, suggested: readonly OptionShown[]): ElementState {
  try {
    return answeredState(element, value, suggested);
  } catch (error) {
    throw new CannotAct('invalid_answer', error instanceof Error ? error.message : 'not accepted');
  }
}
