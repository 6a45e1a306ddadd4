// Turns what a schema found into sentences: what is wrong, and what belongs there instead.
// Must not repeat a value that the environment put in: `value` is always what stands in the file.
import type { z } from 'zod';
import { nearest } from '../core/nearest.ts';
import { type Finding, type Path, quote, valueAt, wrong } from './finding.ts';
import { hintAt } from './hints.ts';
import { keysOf, type Shape, shapeAt } from './json-schema.ts';
import { laterKey, laterValue } from './later.ts';

/** Where a schema was applied: its shape, the place in the file it stands at, and what the file has there. */
export interface Applied {
  readonly shape: Shape;
  readonly at: Path;
  readonly value: unknown;
}

type Issue = z.core.$ZodIssue;
type Union = Extract<Issue, { code: 'invalid_union' }>;

const KINDS: { readonly [expected: string]: string } = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a block of keys',
  record: 'a block of keys',
};

/** One finding for each place: a text that is too short mostly breaks a pattern as well. */
export function findingsOf(issues: readonly Issue[], applied: Applied): readonly Finding[] {
  const findings = issues.flatMap((issue) => findingsOfOne(issue, applied));
  const first = new Map(findings.toReversed().map((finding) => [JSON.stringify(finding.path), finding]));
  return [...first.values()].toReversed();
}

function findingsOfOne(issue: Issue, applied: Applied): readonly Finding[] {
  const inside = issue.path.map((key) => (typeof key === 'number' ? key : String(key)));
  const path = [...applied.at, ...inside];
  const value = valueAt(applied.value, inside);
  const hint = hintAt(applied.shape, inside, value);
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => unknownKey([...path, key], shapeAt(applied.shape, inside)));
  if (issue.code === 'invalid_key')
    return issue.issues.map((inner) => wrong(path, says(inner, path.at(-1)), hint, 'key'));
  if (value === undefined && isAbsent(applied.value, inside)) return [wrong(path, 'this key is missing', hint, 'key')];
  if (issue.code === 'invalid_union')
    return unionFindings(issue, applied) ?? [wrong(path, 'this is not of the form that belongs here', hint)];
  const later = laterValue(path, value);
  if (later !== undefined) return [notYet(path, quote(String(value)), later, 'value')];
  return [
    wrong(path, isNobody(issue, applied) ? 'the list is empty, and empty means nobody' : says(issue, value), hint),
  ];
}

function isAbsent(value: unknown, path: Path): boolean {
  const parent = valueAt(value, path.slice(0, -1));
  const key = path.at(-1);
  return key !== undefined && !(typeof parent === 'object' && parent !== null && Object.hasOwn(parent, key));
}

/** All lists of the file's own part that must not be empty are lists of people who may do something (threat B16). */
function isNobody(issue: Issue, applied: Applied): boolean {
  return issue.code === 'too_small' && issue.origin === 'array' && applied.at.length === 0;
}

function unknownKey(path: Path, parent: Shape | undefined): Finding {
  const key = String(path.at(-1));
  const later = laterKey(path);
  if (later !== undefined) return notYet(path, quote(key), later, 'key');
  const known = keysOf(parent).toSorted();
  const [meant] = nearest(key, known, 1);
  const others = known.length === 0 ? 'Remove it: no keys are known here.' : `Known here: ${known.join(', ')}.`;
  return wrong(
    path,
    `unknown key ${quote(key)}`,
    meant === undefined ? others : `Did you mean ${quote(meant)}?`,
    'key',
  );
}

function notYet(path: Path, what: string, feature: string, mark: 'key' | 'value'): Finding {
  const remedy = `Remove it: ${feature} will come with a later version, and until then nothing would be done about it.`;
  return wrong(path, `${what} is not in this version yet`, remedy, mark);
}

/** Of several forms that were tried, the one that was meant: of the right kind, and with the fewest keys amiss. */
function unionFindings(issue: Union, applied: Applied): readonly Finding[] | undefined {
  const [best] = issue.errors
    .filter((errors) => errors.every((error) => error.path.length > 0 || error.code !== 'invalid_type'))
    .toSorted((a, b) => keysAmiss(a, issue, applied) - keysAmiss(b, issue, applied) || a.length - b.length);
  if (best === undefined) return undefined;
  return findingsOf(
    best.map((error) => ({ ...error, path: [...issue.path, ...error.path] })),
    applied,
  );
}

function keysAmiss(issues: readonly Issue[], union: Union, applied: Applied): number {
  return issues.reduce((count, issue) => {
    if (issue.code === 'unrecognized_keys') return count + issue.keys.length;
    const path = [...union.path, ...issue.path].map((key) => (typeof key === 'number' ? key : String(key)));
    return count + Number(isAbsent(applied.value, path));
  }, 0);
}

function says(issue: Issue, value: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      return wrongKind(issue.expected, value);
    case 'invalid_value':
      return `${typeof value === 'string' ? quote(value) : kindOf(value)} is none of the words that belong here`;
    case 'too_small':
      return bounds(issue, 'least', issue.minimum);
    case 'too_big':
      return bounds(issue, 'most', issue.maximum);
    case 'invalid_format':
    case 'custom':
    case 'not_multiple_of':
    case 'unrecognized_keys':
    case 'invalid_union':
    case 'invalid_key':
    case 'invalid_element':
      return lowerFirst(issue.message);
  }
}

/** Sentences that a schema has for the case win over ours; the library's own do not. */
function bounds(
  issue: { readonly message: string; readonly origin: string },
  edge: 'least' | 'most',
  limit: number | bigint,
): string {
  if (!/^Too (?:small|big)/.test(issue.message)) return lowerFirst(issue.message);
  if (edge === 'least' && Number(limit) === 1 && issue.origin !== 'number') return 'it is empty';
  const unit = issue.origin === 'string' ? ' characters' : issue.origin === 'array' ? ' entries' : '';
  return `at ${edge} ${limit}${unit}`;
}

function wrongKind(expected: string, value: unknown): string {
  const wanted = KINDS[expected] ?? expected;
  if (value === null) return `the value is missing: ${wanted} belongs here`;
  return `this is ${kindOf(value)}, and ${wanted} belongs here`;
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? 'a list' : (KINDS[typeof value] ?? 'something else');
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
