// Reads the source tree for the architecture test: files without their comments, and what they import.
import { readdirSync, readFileSync } from 'node:fs';
import { posix, relative, sep } from 'node:path';

export interface Source {
  readonly path: string;
  readonly text: string;
}

export interface Import {
  readonly from: string;
  readonly kind: 'type' | 'static' | 'late';
}

const root = posix.join(import.meta.dirname.split(sep).join('/'), '../..');

/** Every file under a folder of the repository. */
export function read(folder: string): Source[] {
  const entries = readdirSync(posix.join(root, folder), { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => posix.join(entry.parentPath.split(sep).join('/'), entry.name));
  return paths.map((path) => ({ path: relative(root, path), text: readFileSync(path, 'utf8') }));
}

/** The text without its comments; strings stay, so that `https://…` does not read as one. */
export function code({ text }: Source): string {
  const token = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g;
  return text.replace(token, (found) => (found.startsWith('/') ? '' : found));
}

const STATIC = /^(?:import|export)\s+(type\s)?(?:[\w*{}\s,$]*?\bfrom\s*)?['"]([^'"]+)['"]/gm;
const LATE = /\b(?:import|require\w*)\s*\(\s*['"]([^'"]+)['"]/g;

/** What a file imports, re-exports and requires. */
export function imports(source: Source): Import[] {
  const text = code(source);
  const early = [...text.matchAll(STATIC)].map(
    ([, type, from = '']): Import => ({ from, kind: type ? 'type' : 'static' }),
  );
  const late = [...text.matchAll(LATE)].map(([, from = '']): Import => ({ from, kind: 'late' }));
  return [...early, ...late];
}
