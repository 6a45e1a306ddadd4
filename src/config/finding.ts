// What a check found, by its path in the file; where that is in lines and columns is worked out in one place.
// Also the few careful ways to look into a value that may have any shape.

export type Path = readonly (string | number)[];

/** `mark` says what the caret points at: the value (default), its key, or nothing because it is not about the file. */
export type Mark = 'value' | 'key' | 'environment';

export interface Finding {
  readonly path: Path;
  readonly level: 'error' | 'warning';
  readonly says: string;
  readonly remedy: string;
  readonly mark?: Mark;
  readonly conceal?: true;
}

export function wrong(path: Path, says: string, remedy: string, mark: Mark = 'value'): Finding {
  return { path, level: 'error', says, remedy, mark };
}

export function doubtful(path: Path, says: string, remedy: string, mark: Mark = 'value'): Finding {
  return { path, level: 'warning', says, remedy, mark };
}

/** `roles.prod-db-readonly.who[0]` */
export function pathText(path: Path): string {
  return path.map((key, index) => (typeof key === 'number' ? `[${key}]` : index === 0 ? key : `.${key}`)).join('');
}

/** Tells whether a path is one of `above` or lies below one of them. */
export function within(above: readonly Path[]): (path: Path) => boolean {
  const known = new Set(above.map((path) => JSON.stringify(path)));
  return (path) =>
    known.size > 0 && [...path.keys(), path.length].some((length) => known.has(JSON.stringify(path.slice(0, length))));
}

/** The entries of a map, none for anything else. */
export function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}

/** The value at a path; `undefined` where the file has something else there. Never reaches into a prototype. */
export function valueAt(value: unknown, path: Path): unknown {
  let found: unknown = value;
  for (const key of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as { readonly [key: string | number]: unknown })[key];
  }
  return found;
}

/** A frozen map without a prototype: names that people type are looked up in it (threat H01). */
export function mapOf<Value>(entries: readonly (readonly [string, Value])[]): { readonly [name: string]: Value } {
  const map: { [name: string]: Value } = Object.create(null);
  for (const [name, value] of entries) map[name] = value;
  return Object.freeze(map);
}

export function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The strings of a list with their index; other items are some other check's business. */
export function textsOf(value: unknown): readonly { readonly text: string; readonly index: number }[] {
  return itemsOf(value).flatMap((item, index) => (typeof item === 'string' ? [{ text: item, index }] : []));
}

/** A value as it is quoted in a sentence. */
export function quote(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 59)}…` : text;
  return `"${short.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '�')}"`;
}

/** `a, b or c` */
export function oneOf(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`;
}
