// Folder = registry: what lies in a folder of adapters or rules is what its registry lists, and none lacks its parts.
import { posix } from 'node:path';
import { imports, type Source } from './source.ts';

/** A kind of adapter: the first folder of the path. A policy rule: its file. */
export const ADAPTER_KIND = /^([a-z0-9-]+)\/./;
export const RULE_KIND = /^rules\/([a-z0-9-]+)\.ts$/;

/** What is on disk, what the registry imports, and what of it lacks something. `./` of the registry is `folder`. */
export function registryFaults(sources: readonly Source[], folder: string, kindOf: RegExp, listing: RegExp): string[] {
  const inFolder = sources
    .filter(({ path }) => path.startsWith(`${folder}/`))
    .map(({ path }) => path.slice(folder.length + 1));
  const kinds = new Set(inFolder.flatMap((path) => kindOf.exec(path)?.[1] ?? []));
  const registries = sources.filter(({ path }) => posix.dirname(path) === folder && listing.test(posix.basename(path)));
  const listed = new Set(
    registries.flatMap(imports).flatMap(({ from }) => kindOf.exec(from.replace(/^\.\//, ''))?.[1] ?? []),
  );
  if (listed.size === 0 && !sources.some(({ path }) => path === 'src/main.ts')) return []; // not put together yet
  const one = [...new Set([...kinds, ...listed])].filter((kind) => kinds.has(kind) !== listed.has(kind));
  return one.map(
    (kind) => `${folder}: ${kind} is ${kinds.has(kind) ? 'not in the registry' : 'in the registry alone'}`,
  );
}

/** What an adapter's folder, or the tests, lack. */
export function adapterFaults(family: string, src: readonly Source[], tests: readonly Source[]): string[] {
  const inFamily = new RegExp(`^src/${family}/([a-z0-9-]+)/`);
  const kinds = new Set(src.flatMap(({ path }) => inFamily.exec(path)?.[1] ?? []));
  return [...kinds].flatMap((kind) => {
    const lacks = ['index.ts', 'README.md'].filter(
      (file) => !src.some(({ path }) => path === `src/${family}/${kind}/${file}`),
    );
    const tested = tests.some(({ path, text }) => path.endsWith('.test.ts') && text.includes(`${family}/${kind}/`));
    return [...lacks, ...(tested ? [] : ['a test'])].map((what) => `src/${family}/${kind} lacks ${what}`);
  });
}
