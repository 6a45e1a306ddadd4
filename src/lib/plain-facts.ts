// Turns what is given to the log as facts into plain JSON data: errors with their causes, no cycles, no bytes, no end.
// Never throws: a log line must not fail the work that it tells about.
import type { Facts } from '../ports/log.ts';
import { scrub } from './scrub.ts';
import { hideSecrets } from './secret.ts';

const MAX_DEPTH = 6;
const MAX_ITEMS = 100;
const MAX_CHARS = 8_000;

type Plain = string | number | boolean | null | Plain[] | { [key: string]: Plain };

/** Facts as JSON data. What cannot be told is replaced by a word in brackets. */
export function plainFacts(facts: Facts): Plain {
  return plain(facts, []);
}

function plain(value: unknown, above: readonly object[]): Plain {
  try {
    return typeof value === 'object' && value !== null ? plainObject(value, above) : plainValue(value);
  } catch {
    return '[unreadable]'; // a getter or a toJSON that throws
  }
}

function plainValue(value: unknown): Plain {
  if (typeof value === 'string') return plainText(value);
  if (typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'undefined') return null;
  return plainText(String(value));
}

function plainObject(value: object, above: readonly object[]): Plain {
  if (above.includes(value)) return '[circular]';
  if (above.length >= MAX_DEPTH) return '[too deep]';
  const inner = [...above, value];
  if (value instanceof Error) return plainError(value, inner);
  // JSON would write a Buffer as the list of its bytes, which no pattern recognises
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (hasToJson(value)) return plain(value.toJSON(), inner);
  if (value instanceof Map) return plain(Object.fromEntries(value), inner);
  if (Array.isArray(value) || value instanceof Set)
    return [...value].slice(0, MAX_ITEMS).map((item) => plain(item, inner));
  return plainEntries(Object.entries(value), inner);
}

function hasToJson(value: object): value is { toJSON(): unknown } {
  return 'toJSON' in value && typeof value.toJSON === 'function';
}

// Of an error only what is known to be harmless: SDKs hang the whole request on it, with its headers.
function plainError(error: Error, above: readonly object[]): Plain {
  const { code, fault, changed, status } = error as Error & Record<'code' | 'fault' | 'changed' | 'status', unknown>;
  const facts = { name: error.name, message: error.message, code, fault, changed, status, stack: error.stack };
  const inner = { cause: error.cause, errors: error instanceof AggregateError ? error.errors : undefined };
  return plainEntries(Object.entries({ ...facts, ...inner }), above);
}

function plainEntries(entries: readonly (readonly [string, unknown])[], above: readonly object[]): Plain {
  const kept = entries.filter(([, value]) => value !== undefined && typeof value !== 'function').slice(0, MAX_ITEMS);
  return Object.fromEntries(kept.map(([key, value]) => [plainText(key), plain(value, above)]));
}

/** A text fit for the log. Scrubbed before it is cut: half a token would no longer be recognised. */
export function plainText(value: string): string {
  const clean = scrub(hideSecrets(value));
  return clean.length <= MAX_CHARS ? clean : `${clean.slice(0, MAX_CHARS)}… (${clean.length - MAX_CHARS} more)`;
}
