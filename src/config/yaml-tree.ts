// Reads YAML into plain frozen data that remembers where everything stood. Only the plain part of YAML is taken: no aliases,
// anchors, merge keys, tags or directives, so that a file cannot blow up (threat H03) or reach a prototype (threat H01).
import { type Document, isAlias, isMap, isScalar, isSeq, type Pair, parseDocument, type Scalar, visit } from 'yaml';
import type { Path } from './finding.ts';
import { pathText, quote, within } from './finding.ts';
import { byPlace, type Problem, withoutMark } from './problem.ts';
import { SYNTAX_WORDS } from './syntax-words.ts';

/** A configuration of hundreds of roles is well below it. */
const MAX_BYTES = 1_048_576;
const MAX_DEPTH = 20;
const SHOWN_SYNTAX_PROBLEMS = 10;
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

type Range = readonly [start: number, end: number];

/** A value of the file with its place; maps and lists have their parts below. */
interface Located {
  readonly value: unknown;
  readonly range: Range;
  readonly keyRange?: Range;
  readonly parts?: ReadonlyMap<string | number, Located>;
}

export interface Tree {
  /** Null-prototype and frozen all through. `undefined` when the file is no YAML at all. */
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** Whether what stands there was refused already, so that nothing more is to be said of it. */
  settled(path: Path): boolean;
  /** The place of a path; of the nearest thing above it where the file has nothing there. */
  place(path: Path, mark: 'key' | 'value'): Pick<Problem, 'line' | 'column' | 'length'>;
}

/** What is gathered during one reading. */
interface Reading {
  /** Where each line begins. */
  readonly lines: readonly number[];
  readonly problems: Problem[];
  readonly settled: Path[];
}

export function readTree(source: string): Tree {
  // A byte order mark would shift the columns of the first line.
  const text = withoutMark(source);
  const reading: Reading = { lines: lineStarts(text), problems: [], settled: [] };
  const root = Buffer.byteLength(text) > MAX_BYTES ? undefined : parse(text, reading);
  if (root === undefined && reading.problems.length === 0) say(reading, [0, 1], [], ...SYNTAX_WORDS.TOO_LARGE);
  return {
    value: root?.value,
    problems: reading.problems.toSorted(byPlace),
    settled: within(reading.settled),
    place: (path, mark) => at(reading, rangeOf(root, path, mark)),
  };
}

/** `undefined` and a problem when it is not YAML; every other problem is found on the way through the nodes. */
function parse(text: string, reading: Reading): Located | undefined {
  // Unique keys are looked after below: the library compares each key with each other one, which takes minutes for a
  // hostile file.
  const options = { prettyErrors: false, uniqueKeys: false, logLevel: 'error' } as const;
  const document = parseDocument(text, { ...options, version: '1.2', schema: 'core', resolveKnownTags: false });
  const directive = /^%.*/m.exec(text);
  if (directive !== null)
    say(reading, [directive.index, directive.index + directive[0].length], [], ...SYNTAX_WORDS.DIRECTIVE);
  saySyntax(reading, document);
  if (document.contents === null) {
    if (reading.problems.length === 0) say(reading, [0, 1], [], ...SYNTAX_WORDS.EMPTY);
    return undefined;
  }
  const root = locate(document.contents, [], reading);
  return document.errors.length > 0 ? undefined : root;
}

/** A broken line breaks the ones after it: one problem a line, and only the first lines. */
function saySyntax(reading: Reading, document: Document.Parsed): void {
  const seen = new Set<number>();
  for (const error of document.errors) {
    const range = error.code === 'MISSING_CHAR' ? (openQuote(document, error.pos[0]) ?? error.pos) : error.pos;
    const { line } = at(reading, range);
    if (seen.has(line)) continue;
    seen.add(line);
    say(reading, range, [], ...SYNTAX_WORDS[error.code]);
    if (seen.size === SHOWN_SYNTAX_PROBLEMS) return;
  }
}

/** A quote that is never closed is noticed at the end of the file; what helps is where it was opened. */
function openQuote(document: Document.Parsed, end: number): Range | undefined {
  let found: Range | undefined;
  visit(document, {
    Scalar: (_, { type, range }) => {
      if (type?.startsWith('QUOTE') && range && range[0] < end && end <= range[1]) found = [range[0], range[0] + 1];
    },
  });
  return found;
}

function locate(node: unknown, path: Path, reading: Reading, fallback: Range = [0, 1]): Located {
  const range = rangeOfNode(node) ?? fallback;
  const refused = refusal(node, path);
  if (refused !== undefined) {
    settle(reading, range, path, refused);
    return { value: null, range };
  }
  if (isMap(node)) return locateMap(node.items, range, path, reading);
  if (isSeq(node)) return locateList(node.items, range, path, reading);
  if (!isScalar(node)) return { value: null, range };
  const value = plainValue(node);
  if (typeof value === 'string' && /\p{Surrogate}/u.test(value)) settle(reading, range, path, SYNTAX_WORDS.SURROGATE);
  return { value, range };
}

function refusal(node: unknown, path: Path): readonly [string, string] | undefined {
  if (isAlias(node)) return SYNTAX_WORDS.ALIAS;
  const marked = node as { readonly anchor?: unknown; readonly tag?: unknown } | null | undefined;
  if (marked?.anchor !== undefined) return SYNTAX_WORDS.ANCHOR;
  if (marked?.tag !== undefined) return SYNTAX_WORDS.TAG;
  return path.length > MAX_DEPTH ? SYNTAX_WORDS.TOO_DEEP : undefined;
}

function locateMap(pairs: readonly Pair[], range: Range, path: Path, reading: Reading): Located {
  const parts = new Map<string | number, Located>();
  for (const pair of pairs) {
    const key = isScalar(pair.key) ? keyText(pair.key) : undefined;
    const keyRange = rangeOfNode(pair.key) ?? range;
    const refused = key === undefined ? SYNTAX_WORDS.NON_STRING_KEY : refusalOfKey(key, pair, parts);
    if (key === undefined || refused !== undefined) {
      settle(
        reading,
        keyRange,
        key === '<<' || key === undefined ? path : [...path, key],
        refused ?? SYNTAX_WORDS.EMPTY,
      );
      continue;
    }
    const located = locate(pair.value, [...path, key], reading, [keyRange[1], keyRange[1] + 1]);
    parts.set(key, { ...located, keyRange });
  }
  const value: { [key: string]: unknown } = Object.create(null);
  for (const [key, part] of parts) value[key] = part.value;
  return { value: Object.freeze(value), range, parts };
}

function refusalOfKey(
  key: string,
  pair: Pair,
  parts: ReadonlyMap<string | number, Located>,
): readonly [string, string] | undefined {
  if (key === '<<') return SYNTAX_WORDS.MERGE;
  if (FORBIDDEN_KEYS.has(key)) return SYNTAX_WORDS.FORBIDDEN_KEY;
  if (parts.has(key)) return [`the key ${quote(key)} stands here a second time`, SYNTAX_WORDS.DUPLICATE_KEY[1]];
  return refusal(pair.key, []);
}

function locateList(nodes: readonly unknown[], range: Range, path: Path, reading: Reading): Located {
  const parts = nodes.map((node, index) => locate(node, [...path, index], reading, range));
  return { value: Object.freeze(parts.map((part) => part.value)), range, parts: new Map(parts.entries()) };
}

/** A number that would not be written back as it stands (2⁵³ and more, `007`, `1e3`) is an id: it stays text (threat H05). */
function plainValue(node: Scalar): unknown {
  const { value, source } = node;
  if (typeof value === 'number') return String(value) === source ? value : (source ?? String(value));
  return typeof value === 'string' || typeof value === 'boolean' ? value : null;
}

/** Keys are text, also `2024:` and `true:`. */
function keyText(key: Scalar): string {
  return typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
}

function rangeOfNode(node: unknown): Range | undefined {
  const range = (node as { readonly range?: readonly number[] } | null | undefined)?.range;
  return range?.[0] === undefined || range[1] === undefined ? undefined : [range[0], range[1]];
}

function rangeOf(root: Located | undefined, path: Path, mark: 'key' | 'value'): Range {
  let found = root;
  for (const [index, key] of path.entries()) {
    const next = found?.parts?.get(key);
    if (next === undefined) return index === 0 ? [0, 1] : (found?.keyRange ?? found?.range ?? [0, 1]);
    found = next;
  }
  return (mark === 'key' ? found?.keyRange : undefined) ?? found?.range ?? [0, 1];
}

function settle(reading: Reading, range: Range, path: Path, words: readonly [string, string]): void {
  reading.settled.push(path);
  say(reading, range, path, ...words);
}

function say(reading: Reading, range: Range, path: Path, says: string, remedy: string): void {
  reading.problems.push({ level: 'error', ...at(reading, range), path: pathText(path), says, remedy });
}

/** Our own count: the library's loses lines in files that it cannot read. */
function lineStarts(text: string): readonly number[] {
  return [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
}

function at({ lines }: Reading, [start, end]: Range): Pick<Problem, 'line' | 'column' | 'length'> {
  let [first, last] = [0, lines.length - 1];
  while (first < last) {
    const middle = Math.ceil((first + last) / 2);
    if ((lines[middle] ?? 0) <= start) first = middle;
    else last = middle - 1;
  }
  return { line: first + 1, column: start - (lines[first] ?? 0) + 1, length: Math.max(1, end - start) };
}
