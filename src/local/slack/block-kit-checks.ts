// The small vocabulary in which the Block Kit tables are written. A check adds what is wrong to `problems`,
// worded as Slack words it: `must be less than 151 characters [json-pointer:/blocks/0/text/text]`.
import { type Fields, isFields } from './fields.ts';

export type Problems = string[];
export type Check = (value: unknown, at: string, problems: Problems) => void;

interface Field {
  readonly check: Check;
  readonly required: boolean;
}

export type Shape = Readonly<Record<string, Field>>;
/** A rule over several fields of one object, run only when each field is right by itself. */
export type Rule = (fields: Fields, at: string, problems: Problems) => void;

export function fault(problems: Problems, message: string, at: string): void {
  problems.push(`${message} [json-pointer:${at}]`);
}

export function must(check: Check): Field {
  return { check, required: true };
}

export function may(check: Check): Field {
  return { check, required: false };
}

/** Characters are UTF-16 units: where Slack counts otherwise it counts fewer. */
export function characters(most: number, least = 0): Check {
  return (value, at, problems) => {
    if (typeof value !== 'string') return fault(problems, 'must be a string', at);
    if (value.length > most) fault(problems, `must be less than ${most + 1} characters`, at);
    if (value.length < least) fault(problems, `must be more than ${least - 1} characters`, at);
  };
}

export function pattern(form: RegExp, name: string): Check {
  return (value, at, problems) => {
    if (typeof value !== 'string' || !form.test(value)) fault(problems, `must be a valid ${name}`, at);
  };
}

export function whole(least: number, most: number): Check {
  return (value, at, problems) => {
    const right = typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
    if (!right) fault(problems, `must be a whole number from ${least} to ${most}`, at);
  };
}

export function flag(value: unknown, at: string, problems: Problems): void {
  if (typeof value !== 'boolean') fault(problems, 'must be a boolean', at);
}

export function among(...allowed: readonly string[]): Check {
  return (value, at, problems) => {
    if (typeof value !== 'string' || !allowed.includes(value))
      fault(problems, `must be one of ${allowed.join(', ')}`, at);
  };
}

export function list(each: Check, most: number, least = 1): Check {
  return (value, at, problems) => {
    if (!Array.isArray(value)) return fault(problems, 'must be an array', at);
    if (value.length > most) fault(problems, `no more than ${most} items allowed`, at);
    if (value.length < least) fault(problems, `no less than ${least} items allowed`, at);
    for (const [index, item] of value.entries()) each(item, `${at}/${index}`, problems);
  };
}

/** An object with exactly these fields; Slack refuses unknown ones. */
export function shape(fields: Shape, ...rules: readonly Rule[]): Check {
  return (value, at, problems) => {
    if (!isFields(value)) return fault(problems, 'must be an object', at);
    const before = problems.length;
    checkFields(fields, value, at, problems);
    if (problems.length === before) for (const rule of rules) rule(value, at, problems);
  };
}

function checkFields(fields: Shape, value: Fields, at: string, problems: Problems): void {
  for (const [name, { check, required }] of Object.entries(fields)) {
    if (value[name] === undefined || value[name] === null) {
      if (required) fault(problems, `missing required field: ${name}`, at);
    } else check(value[name], `${at}/${name}`, problems);
  }
  for (const name of Object.keys(value))
    if (!Object.hasOwn(fields, name)) fault(problems, `invalid additional property: ${name}`, at);
}

/** An object that says by `type` which check of the table it has to pass. */
export function byType(table: Readonly<Record<string, Check>>): Check {
  return (value, at, problems) => {
    if (!isFields(value)) return fault(problems, 'must be an object', at);
    const { type } = value;
    const check = typeof type === 'string' && Object.hasOwn(table, type) ? table[type] : undefined;
    if (check) check(value, at, problems);
    else fault(problems, `unsupported type: ${String(type)}`, `${at}/type`);
  };
}
