// What belongs at a place, said in the words of the schema: its meaning, the words it can take, an example.
import { nearest } from '../core/nearest.ts';
import { oneOf, type Path, quote } from './finding.ts';
import { type Shape, shapeAt } from './json-schema.ts';

/** `inside` leads from `shape` to the place; where nothing is said about the place itself, what it is part of is described. */
export function hintAt(shape: Shape, inside: Path, value: unknown): string {
  for (let length = inside.length; length > 0; length -= 1) {
    const path = inside.slice(0, length);
    const words = hintOf(shapeAt(shape, path), path.at(-1), length === inside.length ? value : undefined);
    if (words !== '') return words;
  }
  return hintOf(shape, undefined, undefined) || 'Compare it with hallpass.example.yaml.';
}

function hintOf(shape: Shape | undefined, key: string | number | undefined, value: unknown): string {
  const words = Array.isArray(shape?.enum) ? shape.enum.map(String) : [];
  const [meant] = typeof value === 'string' ? nearest(value, words, 1) : [];
  const [example] = shape?.examples ?? [];
  return [
    meant === undefined ? '' : `Did you mean ${quote(meant)}?`,
    shape?.description === undefined ? '' : `${shape.description}.`,
    words.length === 0 ? '' : `One of ${oneOf(words)}.`,
    example === undefined ? '' : `For example: ${typeof key === 'string' ? `${key}: ` : ''}${yamlOf(example)}`,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

/** An example on one line, as one would write it in the file. */
function yamlOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(yamlOf).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value).map(([key, part]) => `${key}: ${yamlOf(part)}`);
  return `{ ${entries.join(', ')} }`;
}
