// What Slack's own client checks in a form before it sends anything to the app: required, length, number, address.
import type { ElementState, StateValues } from './control-api.ts';
import { holdersIn } from './element-state.ts';
import { type Fields, flagOf, textOf } from './fields.ts';
import type { Block } from './records.ts';

/** By block id; empty when the form may be sent. */
export function formErrors(blocks: readonly Block[], values: StateValues): Readonly<Record<string, string>> {
  const errors: Record<string, string> = {};
  for (const { block, element, actionId } of holdersIn(blocks)) {
    if (block.type !== 'input') continue;
    const state = values[block.block_id]?.[actionId];
    const error = state ? fieldError(block, element, state) : undefined;
    if (error !== undefined) errors[block.block_id] = error;
  }
  return errors;
}

function fieldError(block: Block, element: Fields, state: ElementState): string | undefined {
  if (isEmpty(state)) return flagOf(block, 'optional') ? undefined : 'Please complete this required field.';
  return typeof state.value === 'string' ? textError(element, state.value) : undefined;
}

function isEmpty(state: ElementState): boolean {
  const { type: _, ...held } = state;
  return Object.values(held).every((value) => value === null || (Array.isArray(value) && value.length === 0));
}

function textError(element: Fields, value: string): string | undefined {
  const { min_length: least, max_length: most } = element;
  if (typeof least === 'number' && value.length < least) return `Must be at least ${least} characters.`;
  if (typeof most === 'number' && value.length > most) return `Must be at most ${most} characters.`;
  if (element.type === 'number_input') return numberError(element, value);
  if (element.type === 'email_text_input' && !/^[^\s@]+@[^\s@]+$/.test(value)) return 'Enter a valid e-mail address.';
  if (element.type === 'url_text_input' && !URL.canParse(value)) return 'Enter a valid URL.';
  return undefined;
}

function numberError(element: Fields, value: string): string | undefined {
  const number = Number(value);
  if (!Number.isFinite(number)) return 'Enter a number.';
  if (!flagOf(element, 'is_decimal_allowed') && !Number.isInteger(number)) return 'Enter a whole number.';
  const least = Number(textOf(element, 'min_value') ?? Number.NEGATIVE_INFINITY);
  const most = Number(textOf(element, 'max_value') ?? Number.POSITIVE_INFINITY);
  return number < least || number > most ? 'The number is out of range.' : undefined;
}
