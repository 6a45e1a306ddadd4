// The JSON Schema of the configuration, for editors and for the hints in problems: the file's own keys and, below targets
// and roles, what each adapter takes.
import { z } from 'zod';
import type { GrantAdapter } from '../ports/grant-adapter.ts';
import type { PagerKind } from '../ports/pager.ts';
import { fileSchema } from './file-schema.ts';
import { REFERENCE } from './secrets.ts';

/** Spelled apart: an object with a `then` of its own is taken for a promise by whoever awaits it, and by the linter. */
const THEN = 'then';

const CONSTRAINTS: ReadonlySet<string> = new Set(['pattern', 'format', 'enum', 'const', 'minLength', 'maxLength']);

/** The part of JSON Schema that is looked into. */
export interface Shape {
  readonly [keyword: string]: unknown;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly properties?: { readonly [key: string]: Shape };
  readonly additionalProperties?: Shape | boolean;
  readonly items?: Shape;
  readonly anyOf?: readonly Shape[];
}

/** What a schema takes, before it is read into our own form. */
export function shapeOf(schema: z.ZodType): Shape {
  return z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    // Examples are dropped where a schema reads its input into something else; ours show the input.
    override: ({ zodSchema, jsonSchema }) => {
      const meta = z.globalRegistry.get(zodSchema);
      if (meta?.examples !== undefined) jsonSchema.examples = meta.examples as typeof jsonSchema.examples & {};
    },
  }) as Shape;
}

/** The schema of the whole file with these adapters; JSON Schema draft 2020-12. */
export function configJsonSchema(adapters: readonly GrantAdapter[], pagers: readonly PagerKind[]): Shape {
  const kinds = [adapters, pagers].map((known) => known.map(({ kind }) => kind)) as [string[], string[]];
  const file = shapeOf(fileSchema(...kinds));
  const withTargets = replaceIn(file, ['targets', '*'], (target) => kindsShape(target, 'adapter', adapters));
  const withGrants = replaceIn(withTargets, ['roles', '*', 'grant'], (grant) => grantShape(grant, adapters));
  const withAlarms = replaceIn(withGrants, ['alarms', '[]'], (entry) => kindsShape(entry, 'pager', pagers));
  return { title: 'Hallpass configuration', ...withAlarms };
}

/** Which of the forms it must be depends on the role's target, which JSON Schema cannot follow; the reader does. */
function grantShape(grant: Shape, adapters: readonly GrantAdapter[]): Shape {
  const { description = '' } = grant;
  return { description, anyOf: adapters.map(({ title, target }) => ({ title, ...withoutDialect(shapeOf(target)) })) };
}

/** Each kind of target or pager has its own keys, and none that another kind knows. `key` says which kind it is. */
function kindsShape(block: Shape, key: 'adapter' | 'pager', kinds: readonly (GrantAdapter | PagerKind)[]): Shape {
  return {
    ...block,
    allOf: kinds.map(({ kind, title, config }) => {
      const shape = orReference(withoutDialect(shapeOf(config)));
      return {
        if: { properties: { [key]: { const: kind } }, required: [key] },
        [THEN]: { title, ...shape, properties: { ...block.properties, ...shape.properties } },
      };
    }),
  };
}

/** Wherever a target takes text of a certain form, it takes `$NAME` as well: editors are not to complain about that. */
function orReference(shape: Shape): Shape {
  const { description, type, properties, additionalProperties, items, anyOf } = shape;
  if (type === 'string' && Object.keys(shape).some((keyword) => CONSTRAINTS.has(keyword)))
    return {
      ...(description === undefined ? {} : { description }),
      anyOf: [shape, { type, pattern: REFERENCE.source }],
    };
  return {
    ...shape,
    ...(properties && { properties: mapValues(properties, orReference) }),
    ...(typeof additionalProperties === 'object' && { additionalProperties: orReference(additionalProperties) }),
    ...(items && { items: orReference(items) }),
    ...(anyOf && { anyOf: anyOf.map(orReference) }),
  };
}

function mapValues<Part>(
  parts: { readonly [key: string]: Part },
  change: (part: Part) => Part,
): { [key: string]: Part } {
  return Object.fromEntries(Object.entries(parts).map(([key, part]) => [key, change(part)]));
}

function withoutDialect({ $schema: _, ...shape }: Shape): Shape {
  return shape;
}

/** A copy with the shape at `path` replaced; `*` is any key of a map, `[]` any entry of a list. */
function replaceIn(shape: Shape, path: readonly string[], change: (shape: Shape) => Shape): Shape {
  const [key, ...rest] = path;
  if (key === undefined) return change(shape);
  if (key === '[]') return { ...shape, items: replaceIn(shape.items ?? {}, rest, change) };
  if (key === '*') return { ...shape, additionalProperties: replaceIn(mapValue(shape), rest, change) };
  return {
    ...shape,
    properties: { ...shape.properties, [key]: replaceIn(shape.properties?.[key] ?? {}, rest, change) },
  };
}

function mapValue(shape: Shape): Shape {
  return typeof shape.additionalProperties === 'object' ? shape.additionalProperties : {};
}

/** The shape of what stands at a path, where there is one. */
export function shapeAt(shape: Shape, path: readonly (string | number)[]): Shape | undefined {
  let found: Shape | undefined = shape;
  for (const key of path) found = found === undefined ? undefined : partOf(found, key);
  return found;
}

function partOf(shape: Shape, key: string | number): Shape | undefined {
  for (const form of [shape, ...(shape.anyOf ?? [])]) {
    const part = typeof key === 'number' ? form.items : ownProperty(form, key);
    if (part !== undefined) return part;
  }
  return undefined;
}

function ownProperty(shape: Shape, key: string): Shape | undefined {
  if (shape.properties !== undefined && Object.hasOwn(shape.properties, key)) return shape.properties[key];
  return typeof shape.additionalProperties === 'object' ? shape.additionalProperties : undefined;
}

/** The keys that a shape knows, over all its forms. */
export function keysOf(shape: Shape | undefined): readonly string[] {
  if (shape === undefined) return [];
  return [shape, ...(shape.anyOf ?? [])].flatMap((form) => Object.keys(form.properties ?? {}));
}
