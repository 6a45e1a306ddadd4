// Takes typed text apart from the left: words, quoted text, mentions, role names. Pure.
// Positions always point into the text as typed, so that what is left over is kept to the letter.
import { slip } from './nearest.ts';

export interface CommandRole {
  readonly name: string;
  readonly title: string;
}

/** Something read from the text, and where the text goes on. */
export interface Read<Value> {
  readonly value: Value;
  readonly end: number;
}

/** Phones and web pages put no-break and zero-width spaces between words; they separate like a space. */
const SPACE = '\\s\\u00AD\\u200B-\\u200D\\u2060';
const SPACES = new RegExp(`[${SPACE}]*`, 'y');
const WORD = new RegExp(`[^${SPACE}]+`, 'y');
const IS_SPACE = new RegExp(`^[${SPACE}]$`);
/** Phones turn straight quotes into these; an opening one may be closed by any of its kind. */
const DOUBLE_QUOTES = '"\u201C\u201D\u201E\u201F\u00AB\u00BB';
const SINGLE_QUOTES = "'\u2018\u2019\u201A\u201B";
const BACKTICK = '`';
const SUGGESTIONS = 3;

export function skipSpaces(text: string, at: number): number {
  SPACES.lastIndex = at;
  return at + (SPACES.exec(text)?.[0].length ?? 0);
}

export function readWord(text: string, at: number): Read<string> | undefined {
  const start = skipSpaces(text, at);
  WORD.lastIndex = start;
  const value = WORD.exec(text)?.[0];
  return value === undefined ? undefined : { value, end: start + value.length };
}

/** One word, or what stands between quotes. */
export function readToken(text: string, at: number): Read<string> | undefined {
  const quoted = readQuoted(text, at);
  return quoted?.closed === true && quoted.value !== '' ? quoted : readWord(text, at);
}

/** Everything from `at` on, to the letter, without the spaces at both ends. */
export function readRest(text: string, at: number): string {
  const start = skipSpaces(text, at);
  let end = text.length;
  while (end > start && IS_SPACE.test(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

/** `<@U123>` or `<@U123|ana>`, as Slack sends mentions when the command escapes names. The name is ignored (threat B09). */
export function readMention(text: string, at: number): Read<string> | undefined {
  const word = readWord(text, at);
  if (word === undefined) return undefined;
  const start = skipSpaces(text, at);
  const found = /^<@([A-Za-z0-9._:-]+)(?:\|[^<>]*)?>/.exec(text.slice(start, start + 300));
  return found?.[1] === undefined ? undefined : { value: found[1], end: start + found[0].length };
}

/** Quoted text with its quotes off; `closed` is false when the closing quote is missing. */
function readQuoted(text: string, at: number): (Read<string> & { readonly closed: boolean }) | undefined {
  const start = skipSpaces(text, at);
  const opener = text.charAt(start);
  const closers = [DOUBLE_QUOTES, SINGLE_QUOTES, BACKTICK].find((kind) => opener !== '' && kind.includes(opener));
  if (closers === undefined) return undefined;
  for (let index = start + 1; index < text.length; index += 1) {
    if (!closers.includes(text.charAt(index)) || !isBoundary(text, index + 1)) continue;
    return { value: readRest(text.slice(start + 1, index), 0), end: index + 1, closed: true };
  }
  return { value: readRest(text.slice(start + 1), 0), end: text.length, closed: false };
}

function isBoundary(text: string, at: number): boolean {
  return at >= text.length || IS_SPACE.test(text.charAt(at));
}

export type RoleReading =
  | { readonly kind: 'role'; readonly name: string; readonly end: number }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'unclosed'; readonly typed: string }
  | { readonly kind: 'ambiguous'; readonly typed: string; readonly roles: readonly string[] }
  | { readonly kind: 'unknown'; readonly typed: string; readonly suggestions: readonly string[] };

/** A role by name, by quoted name or title, or by its title without quotes where nothing else can be meant. */
export function readRole(text: string, at: number, roles: readonly CommandRole[]): RoleReading {
  const quoted = readQuoted(text, at);
  if (quoted !== undefined) return quotedRole(quoted, roles);
  const first = readWord(text, at);
  if (first === undefined) return { kind: 'nothing' };
  const matches = roles.flatMap((role) => {
    const end = sameWords(role.name, text, at) ?? sameWords(role.title, text, at);
    return end === undefined ? [] : [{ name: role.name, end }];
  });
  const [only] = matches;
  if (only === undefined) return { kind: 'unknown', typed: first.value, suggestions: suggest(text, at, roles) };
  if (matches.length === 1) return { kind: 'role', ...only };
  return { kind: 'ambiguous', typed: first.value, roles: matches.map((match) => match.name) };
}

function quotedRole(quoted: Read<string> & { readonly closed: boolean }, roles: readonly CommandRole[]): RoleReading {
  if (!quoted.closed) return { kind: 'unclosed', typed: quoted.value };
  const wanted = plain(quoted.value);
  const matches = roles.filter((role) => plain(role.name) === wanted || plain(role.title) === wanted);
  const [only] = matches;
  if (only !== undefined && matches.length === 1) return { kind: 'role', name: only.name, end: quoted.end };
  if (only === undefined) return { kind: 'unknown', typed: quoted.value, suggestions: suggest(quoted.value, 0, roles) };
  return { kind: 'ambiguous', typed: quoted.value, roles: matches.map((role) => role.name) };
}

/** Where the text goes on when it begins with exactly these words, whatever their case and the spaces between them. */
function sameWords(words: string, text: string, at: number): number | undefined {
  let end = at;
  for (const wanted of plain(words).split(' ')) {
    const word = readWord(text, end);
    if (word === undefined || plain(word.value) !== wanted) return undefined;
    end = word.end;
  }
  return end;
}

/** For comparing only: one case, one kind of space, straight quotes (phones turn "Ben's" into "Ben’s"). */
function plain(text: string): string {
  return text
    .replace(/[\u2018\u2019\u201A\u201B]/g, "'")
    .replace(/[\u201C-\u201F]/g, '"')
    .normalize('NFC')
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean)
    .join(' ');
}

/** Names whose name or title is near to what the text begins with. */
function suggest(text: string, at: number, roles: readonly CommandRole[]): readonly string[] {
  const word = readWord(text, at)?.value ?? '';
  const near = roles.map((role) => {
    const typed = plain(text.slice(at, at + 2 * role.title.length));
    const begun = typed.split(' ').slice(0, role.title.split(' ').length).join(' ');
    return { name: role.name, distance: Math.min(slip(word, role.name) ?? 999, slip(begun, role.title) ?? 999) };
  });
  return near
    .filter((found) => found.distance < 999)
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, SUGGESTIONS)
    .map((found) => found.name);
}
