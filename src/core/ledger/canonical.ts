// One text for one JSON value (RFC 8785, https://www.rfc-editor.org/rfc/rfc8785): what is hashed and signed is written here.
// Must not repair anything: a value that JSON cannot say exactly is refused, or two readers would hash different bytes.
export type { JsonValue } from '../model.ts';

/**
 * What may turn out to be JSON. An interface has no index signature, so the compiler cannot tell whether it is a
 * `JsonValue`; every value is looked at when it is written.
 */
export type Jsonable = null | boolean | number | string | object;

/** Deeper nesting is refused, cycles with it, before the stack runs out. No event comes near. */
const MAX_DEPTH = 100;

/**
 * The canonical text of a value: keys in UTF-16 order, ECMAScript numbers, no white space.
 * Throws an Error that names the place (`$.data.lines[3]`) for anything that JSON cannot say: NaN, Infinity, undefined,
 * bigint, functions, symbols, lone surrogates, holes in arrays, objects that are not plain, nesting deeper than 100.
 */
export function canonicalize(value: Jsonable): string {
  return written(value, '$', 0);
}

function written(value: unknown, path: string, depth: number): string {
  switch (typeof value) {
    case 'string':
      return quoted(value, path);
    case 'number':
      return digits(value, path);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      return value === null ? 'null' : nested(value, path, depth);
    case 'undefined':
    case 'bigint':
    case 'function':
    case 'symbol':
      throw refused(path, `${typeof value} is not JSON`);
  }
}

/** JSON.stringify writes strings as RFC 8785 §3.2.2.2 wants, but escapes a lone surrogate instead of failing. */
function quoted(value: string, path: string): string {
  if (/\p{Surrogate}/u.test(value)) throw refused(path, 'text with half a surrogate pair is not Unicode');
  return JSON.stringify(value);
}

/** String() is the very algorithm that RFC 8785 §3.2.2.3 refers to; -0 comes out as 0. */
function digits(value: number, path: string): string {
  if (!Number.isFinite(value)) throw refused(path, `${value} is not JSON`);
  return String(value);
}

function nested(value: object, path: string, depth: number): string {
  if (depth >= MAX_DEPTH) throw refused(path, `nested more than ${MAX_DEPTH} deep`);
  if (Array.isArray(value)) {
    // Array.from, because map() steps over holes.
    return `[${Array.from(value, (item: unknown, index) => written(item, `${path}[${index}]`, depth + 1)).join(',')}]`;
  }
  assertPlain(value, path);
  // The default sort compares UTF-16 code units, as §3.2.3 wants; any locale-aware one would be wrong.
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, item]) => member(key, item, path, depth)).join(',')}}`;
}

function member(key: string, item: unknown, path: string, depth: number): string {
  return `${quoted(key, `a key of ${path}`)}:${written(item, `${path}.${key}`, depth + 1)}`;
}

/** A Date, Map or Buffer would be written as something else than what it is (`{}`, mostly). */
function assertPlain(value: object, path: string): void {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw refused(path, 'not a plain object');
  if (Object.getOwnPropertySymbols(value).length > 0) throw refused(path, 'symbol keys are not JSON');
}

function refused(path: string, why: string): Error {
  return new Error(`Cannot be written as canonical JSON: ${path}: ${why}`);
}
