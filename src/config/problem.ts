// What is wrong with a configuration, and how it is shown: place, sentence, remedy, and the line with a caret under it.
// Must never show a secret, not even the one it complains about: these lines end up in logs and tickets.
import { scrub } from '../lib/scrub.ts';

/** `error` stops the start; `warning` is told and lived with. */
export interface Problem {
  readonly level: 'error' | 'warning';
  /** From 1; 0 when it is about the environment and not about a place in the file. */
  readonly line: number;
  /** From 1, in UTF-16 units as editors count. */
  readonly column: number;
  /** How far the caret goes; it stops at the end of the line. */
  readonly length: number;
  /** Keys from the top, e.g. `roles.prod-db-readonly.who[0]`. */
  readonly path: string;
  readonly says: string;
  readonly remedy: string;
  /** What stands at this place is a secret and is never printed. */
  readonly conceal?: true;
}

const SHOWN_PROBLEMS = 50;
const SHOWN_CHARACTERS = 160;
/** A value behind a key that names a credential, where it is neither a reference nor stars already. */
const NAMED_SECRET = /(?:password|passwd|passphrase|secret|token|key|credentials?)["']?\s*:\s*(?=[^\s$*])/i;
/** Control and formatting characters would let a file paint over the terminal that shows it. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

export function byPlace(a: Problem, b: Problem): number {
  return a.line - b.line || a.column - b.column || (a.says < b.says ? -1 : Number(a.says > b.says));
}

/** Editors count columns without the byte order mark. */
export function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/, '');
}

/** Every problem with its line, a caret and the remedy; ready to print. */
export function formatProblems(file: string, text: string, problems: readonly Problem[]): string {
  const lines = concealed(withoutMark(text), problems).split('\n');
  const shown = problems.slice(0, SHOWN_PROBLEMS).map((problem) => formatOne(file, lines, problem));
  const left = problems.length - shown.length;
  return [...shown, ...(left > 0 ? [`… and ${left} more`] : [])].join('\n\n');
}

function formatOne(file: string, lines: readonly string[], problem: Problem): string {
  const place = problem.line === 0 ? 'environment' : `${file}:${problem.line}:${problem.column}`;
  const path = problem.path === '' ? '' : `${problem.path}: `;
  const head = `${place}: ${problem.level}: ${path}${problem.says}`;
  return [head, ...caret(lines, problem), `  → ${problem.remedy}`].join('\n');
}

/** The line itself, cut around the place when it is very long, and a caret line below it. */
function caret(lines: readonly string[], { line, column, length }: Problem): readonly string[] {
  const source = lines[line - 1];
  if (line === 0 || source === undefined) return [];
  const from = Math.max(0, column - 1 - SHOWN_CHARACTERS / 2);
  const shown = veil(source.replace(/\r$/, '')).slice(from, from + SHOWN_CHARACTERS);
  const gap = ' '.repeat(Math.min(column - 1, from + shown.length) - from);
  const width = Math.max(1, Math.min(length, from + shown.length - (column - 1)));
  const number = String(line).padStart(5);
  return [`${number} | ${shown.replace(UNPRINTABLE, ' ')}`, `      | ${gap}${'^'.repeat(width)}`];
}

/** The text with stars in place of every secret that was complained about. Same length, so that carets stay in place. */
function concealed(text: string, problems: readonly Problem[]): string {
  let shown = text;
  for (const problem of problems) {
    if (problem.conceal !== true) continue;
    const start = offsetOf(text, problem.line) + problem.column - 1;
    shown =
      shown.slice(0, start) + stars(shown.slice(start, start + problem.length)) + shown.slice(start + problem.length);
  }
  return shown;
}

function offsetOf(text: string, line: number): number {
  let offset = 0;
  for (let passed = 1; passed < line; passed += 1) offset = text.indexOf('\n', offset) + 1;
  return offset;
}

/** Hides what looks like a secret in one line; needed where the file could not be read, so that nothing is known of it. */
function veil(line: string): string {
  const named = NAMED_SECRET.exec(line);
  const open = named === null ? line : hideFrom(line, named.index + named[0].length);
  const clean = scrub(open);
  if (clean === open) return open;
  let same = 0;
  while (open[same] === clean[same]) same += 1;
  return hideFrom(open, same);
}

function hideFrom(line: string, at: number): string {
  return line.slice(0, at) + stars(line.slice(at));
}

function stars(text: string): string {
  return text.replace(/[^\s]/g, '*');
}
